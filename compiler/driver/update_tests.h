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
// *left counts tables that are no lists of rows with a dash each, which stay as they are.
std::string UpdateYaml(const SourceSet& sources, FileId file, const std::vector<TableUpdate>& updates, size_t* left);

}  // namespace rulec
