// The folder of a project.
#pragma once

#include <optional>
#include <string>

namespace rulec {

// The nearest folder above `rule_file` that has a rulec.toml.
std::optional<std::string> ProjectRoot(const std::string& rule_file);

}  // namespace rulec
