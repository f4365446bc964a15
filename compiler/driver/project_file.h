// rulec.toml: what a folder of rules says about itself. Every key may be left out.
//
//   name       = "alerts"          the folder's name
//   rules      = ["rules"]         a folder or several; the project's own folder
//   schemas    = "schemas"
//   tests      = ["tests"]         where `rulec test` looks for *.test.yaml besides the rules
//   fail-level = "error"           or warning, note
//
//   [lint]
//   allow      = ["R0802"]         codes of R08 that `rulec lint` does not tell
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

// Paths are joined with the project's folder.
struct Project {
  std::string folder;  // empty: there is no rulec.toml
  std::string name;
  std::vector<std::string> rules;
  std::string schemas;  // empty: `schemas/` of the project
  std::vector<std::string> tests;
  std::string fail_level;  // empty: not given
  std::vector<std::string> lint_allow;
};

// Reads `folder`/rulec.toml, whose text joins `sources`. Mistakes in it are diagnostics (R0720 to R0722); a file that
// cannot be read is *error.
Project ReadProject(const std::string& folder, SourceSet& sources, Diagnostics& diagnostics, std::string* error);

}  // namespace rulec
