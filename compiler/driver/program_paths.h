// What the paths on a command line name: a folder with rulec.toml is one program, else each file with its imports is.
// A folder without one may hold projects, which are programs each. What is named twice counts once.
#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/project_file.h"

namespace rulec {

struct ProgramFiles {
  std::vector<std::string> files;  // rule files, not empty
  Project project;                 // the nearest above the files; none: its folder is empty
  bool whole_project = false;      // all files of `project`
};

struct ProgramPaths {
  std::vector<ProgramFiles> programs;
  std::string error;  // "rules: there is no rule file in this folder", else empty
  // Mistakes in the rulec.toml files.
  SourceSet sources;
  Diagnostics diagnostics;
};

// Every path on its own; for `check`.
ProgramPaths FindPrograms(const std::vector<std::string>& paths);
// All paths as one program; for `run`, `build`, `explain` and `gen`.
ProgramPaths FindProgram(const std::vector<std::string>& paths);

// Other projects (folders with a rulec.toml) within a folder.
enum class InnerProjects : uint8_t { LeftOut, Entered };

// Every file below `folder` whose name ends in `ending`, sorted; hidden folders are left out. Projects that are left
// out go to *projects, if it is given.
std::vector<std::string> FilesBelow(const std::string& folder, std::string_view ending, std::string* error,
                                    InnerProjects inner = InnerProjects::LeftOut,
                                    std::vector<std::string>* projects = nullptr);

}  // namespace rulec
