#include "compiler/driver/program_paths.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace rulec {
namespace {

namespace fs = std::filesystem;

// Every *.rule below `folder`, sorted; hidden folders and other projects within it are left out.
std::vector<std::string> RuleFiles(const fs::path& folder, std::error_code& error) {
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end; it.increment(error)) {
    if (it->is_directory(error)) {
      if (it->path().filename().string().starts_with('.') || fs::exists(it->path() / "rulec.toml", error)) {
        it.disable_recursion_pending();
      }
    } else if (it->path().extension() == ".rule") {
      files.push_back(it->path().lexically_normal().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Appends the programs of one path; false and *error if there is none.
bool AppendPrograms(const std::string& path, std::vector<std::vector<std::string>>* programs, std::string* error) {
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    if (!fs::exists(path, code)) {
      *error = path + ": no such file or folder";
      return false;
    }
    programs->push_back({path});
    return true;
  }
  std::vector<std::string> files = RuleFiles(path, code);
  if (code) {
    *error = path + ": " + code.message();
  } else if (files.empty()) {
    *error = path + ": there is no rule file in this folder";
  } else if (fs::exists(fs::path(path) / "rulec.toml", code)) {
    programs->push_back(std::move(files));
  } else {
    for (std::string& file : files) programs->push_back({std::move(file)});
  }
  return error->empty();
}

}  // namespace

ProgramPaths FindPrograms(const std::vector<std::string>& paths) {
  ProgramPaths found;
  for (const std::string& path : paths) {
    if (!AppendPrograms(path, &found.programs, &found.error)) return {{}, found.error};
  }
  return found;
}

ProgramPaths FindProgram(const std::vector<std::string>& paths) {
  ProgramPaths found = FindPrograms(paths);
  std::vector<std::string> all;
  for (const std::vector<std::string>& files : found.programs) all.insert(all.end(), files.begin(), files.end());
  if (!all.empty()) found.programs = {std::move(all)};
  return found;
}

}  // namespace rulec
