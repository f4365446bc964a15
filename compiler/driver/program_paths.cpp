#include "compiler/driver/program_paths.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "compiler/check/project_root.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

// Where one project of several paths is read once.
class Finder {
 public:
  explicit Finder(ProgramPaths* found) : found_(*found) {}

  // False and an error if there is no program.
  bool Append(const std::string& path) {
    std::error_code code;
    if (fs::is_directory(path, code)) return AppendFolder(path);
    if (fs::path(path).filename() == "rulec.toml" && fs::exists(path, code)) {  // stands for its project
      const std::string folder = fs::path(path).parent_path().string();
      return AppendProject(folder.empty() ? "." : folder);
    }
    if (!fs::exists(path, code)) return Fail(path + ": " + (code ? code.message() : "no such file or folder"));
    if (!IsNew(path)) return true;
    const auto root = ProjectRoot(path);
    found_.programs.push_back({{path}, root ? ReadOnce(*root) : Project{}, false});
    return found_.error.empty();
  }

 private:
  bool Fail(std::string error) {
    if (found_.error.empty()) found_.error = std::move(error);
    return false;
  }

  // Was no path named that leads to the same place?
  bool IsNew(const std::string& path) {
    std::error_code code;
    const fs::path canonical = fs::weakly_canonical(path, code);
    return named_.insert(code ? path : canonical.string()).second;
  }

  const Project& ReadOnce(const std::string& folder) {
    std::error_code code;
    const auto [at, added] = projects_.try_emplace(fs::weakly_canonical(folder, code).string());
    if (!added) return at->second;
    std::string error;
    at->second = ReadProject(folder, found_.sources, found_.diagnostics, &error);
    if (!error.empty()) Fail(std::move(error));
    return at->second;
  }

  bool AppendFolder(const std::string& path) {
    std::error_code code;
    return fs::exists(fs::path(path) / "rulec.toml", code) ? AppendProject(path) : AppendFiles(path);
  }

  // One program.
  bool AppendProject(const std::string& path) {
    if (!IsNew(path)) return true;
    Project project = ReadOnce(path);
    std::vector<std::string> files;
    std::string error;
    for (const std::string& folder : project.rules) {
      for (std::string& file : FilesBelow(folder, ".rule", &error)) files.push_back(std::move(file));
    }
    if (!error.empty()) return Fail(error);
    if (!found_.error.empty()) return false;
    if (files.empty()) return found_.diagnostics.has_errors() || Fail(path + ": there is no rule file in this folder");
    found_.programs.push_back({std::move(files), std::move(project), true});
    return true;
  }

  // A program for each file and for each project in the folder.
  bool AppendFiles(const std::string& path) {
    const auto root = ProjectRoot((fs::path(path) / "x").string());
    const Project project = root ? ReadOnce(*root) : Project{};
    std::string error;
    std::vector<std::string> projects;
    const std::vector<std::string> files = FilesBelow(path, ".rule", &error, InnerProjects::LeftOut, &projects);
    if (!error.empty()) return Fail(error);
    if (files.empty() && projects.empty()) return Fail(path + ": there is no rule file in this folder");
    for (const std::string& file : files) {
      if (IsNew(file)) found_.programs.push_back({{file}, project, false});
    }
    for (const std::string& inner : projects) {
      if (!AppendProject(inner)) return false;
    }
    return found_.error.empty();
  }

  ProgramPaths& found_;
  std::map<std::string, Project> projects_;
  std::set<std::string> named_;
};

}  // namespace

std::vector<std::string> FilesBelow(const std::string& folder, std::string_view ending, std::string* error,
                                    InnerProjects inner, std::vector<std::string>* projects) {
  std::vector<std::string> files;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      const bool hidden = it->path().filename().string().starts_with('.');
      const bool project = inner == InnerProjects::LeftOut && fs::exists(it->path() / "rulec.toml", ignored);
      if (hidden || project) it.disable_recursion_pending();
      if (!hidden && project && projects) projects->push_back(it->path().lexically_normal().string());
    } else if (it->path().filename().string().ends_with(ending)) {
      files.push_back(it->path().lexically_normal().string());
    }
  }
  if (code) *error = folder + ": " + code.message();
  std::sort(files.begin(), files.end());
  if (projects) std::sort(projects->begin(), projects->end());
  return files;
}

ProgramPaths FindPrograms(const std::vector<std::string>& paths) {
  ProgramPaths found;
  Finder finder(&found);
  for (const std::string& path : paths) {
    if (!finder.Append(path)) break;
  }
  // With a project file that is wrong, what is found in the rules may only follow from that.
  if (found.diagnostics.has_errors()) found.programs.clear();
  return found;
}

ProgramPaths FindProgram(const std::vector<std::string>& paths) {
  ProgramPaths found = FindPrograms(paths);
  ProgramFiles whole;
  for (ProgramFiles& program : found.programs) {
    whole.files.insert(whole.files.end(), program.files.begin(), program.files.end());
    if (whole.project.folder.empty()) whole.project = program.project;
  }
  found.programs.clear();
  if (!whole.files.empty()) found.programs.push_back(std::move(whole));
  return found;
}

}  // namespace rulec
