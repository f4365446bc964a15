// Expected tables rewritten in their files, with what came out; everything else stays as it is.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/test_runner.h"

namespace rulec {

// The text of a rule file with the tables of `updates` replaced.
std::string UpdateRules(const SourceSet& sources, FileId file, const std::vector<TableUpdate>& updates);
// The same of a file in YAML: rows that changed are written as `- {field: value}`. A table whose rows stand in `[…]`,
// or has none, stays as it is.
std::string UpdateYaml(const SourceSet& sources, FileId file, const std::vector<TableUpdate>& updates);

}  // namespace rulec
