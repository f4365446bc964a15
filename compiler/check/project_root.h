// The folder of a project.
#pragma once

#include <optional>
#include <string>

namespace rulec {

// The nearest folder above `rule_file` that has a rulec.toml; relative to the current folder if `rule_file` is.
std::optional<std::string> ProjectRoot(const std::string& rule_file);

}  // namespace rulec
