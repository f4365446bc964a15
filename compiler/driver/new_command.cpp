// `rulec new DIR`: a project that checks, tests and runs at once.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/new_project.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

// Writes every file below `folder`, which stands for what was `given`; false after a complaint.
bool WriteFiles(const fs::path& folder, const std::string& given, const std::vector<ProjectFile>& files) {
  for (const ProjectFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code) {
      Complain(fmt::format("{}: {}", given, code.message()));
      return false;
    }
    if (!WriteWholeFile(path.string(), file.text, false)) return false;
  }
  return true;
}

// What is in `part` goes into the empty folder `target`, which stays the same folder for whoever stands in it.
void MoveInto(const fs::path& part, const fs::path& target, std::error_code& code) {
  std::vector<fs::path> moved;
  for (fs::directory_iterator it(part, code), end; !code && it != end; it.increment(code)) {
    moved.push_back(target / it->path().filename());
  }
  for (const fs::path& path : moved) {
    if (!code) fs::rename(part / path.filename(), path, code);
  }
  std::error_code ignored;
  for (const fs::path& path : moved) {
    if (code) fs::remove_all(path, ignored);
  }
  fs::remove_all(part, ignored);
}

// All files are written aside first; they appear all or none.
ExitCode MakeProject(const std::string& given) {
  std::error_code code;
  const fs::path folder = fs::absolute(given).lexically_normal() / "";
  const fs::path target = folder.parent_path();
  if (fs::exists(target, code) && (!fs::is_directory(target, code) || !fs::is_empty(target, code))) {
    return UsageError(given + ": this exists and is not an empty folder", "name a folder that does not exist");
  }
  if (code) return UsageError(given + ": " + code.message());
  fs::create_directories(target.parent_path(), code);
  if (code) return UsageError(target.parent_path().string() + ": " + code.message());
  const bool there = fs::exists(target, code);
  const std::string passing = "." + std::to_string(getpid()) + ".part";
  const fs::path part = there ? target / passing : fs::path(target.string() + passing);
  const bool written = WriteFiles(part, given, NewProject(target.filename().string()));
  if (written && there) MoveInto(part, target, code);
  if (written && !there) fs::rename(part, target, code);
  if (!written || code) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    if (code) Complain(given + ": " + code.message());
    return ExitCode::Usage;
  }
  return WriteWholeFile("-", fmt::format("made {0}; next: rulec check {0}\n", given), false) ? ExitCode::Done
                                                                                             : ExitCode::Usage;
}

}  // namespace

Action AddNew(CLI::App& app) {
  auto folder = std::make_shared<std::string>();  // shared with the action, which outlives this call
  app.add_option("DIR", *folder, "the folder to make")->required();
  return [folder] { return MakeProject(*folder); };
}

}  // namespace rulec
