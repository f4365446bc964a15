// The files of a project that `rulec new` makes.
#pragma once

#include <string>
#include <vector>

namespace rulec {

struct ProjectFile {
  std::string path;  // relative to the project's folder
  std::string text;
};

// `name`: of the folder; what no package can be called is left out of the package's name.
std::vector<ProjectFile> NewProject(const std::string& name);

}  // namespace rulec
