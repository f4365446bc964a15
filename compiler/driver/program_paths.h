// What the paths on a command line name: a folder with rulec.toml is one program, else each file with its imports is.
#pragma once

#include <string>
#include <vector>

namespace rulec {

struct ProgramPaths {
  std::vector<std::vector<std::string>> programs;  // rule files, each list not empty
  std::string error;                               // "rules: there is no rule file in this folder", else empty
};

// Every path on its own; for `check`.
ProgramPaths FindPrograms(const std::vector<std::string>& paths);
// All paths as one program; for `run`, `build`, `explain` and `gen`.
ProgramPaths FindProgram(const std::vector<std::string>& paths);

}  // namespace rulec
