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

// Writes every file below `folder`; false after a complaint.
bool WriteFiles(const fs::path& folder, const std::vector<ProjectFile>& files) {
  for (const ProjectFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code) {
      Complain(fmt::format("{}: {}", path.parent_path().string(), code.message()));
      return false;
    }
    if (!WriteWholeFile(path.string(), file.text, false)) return false;
  }
  return true;
}

// All files are written beside the folder, which then appears whole or not at all.
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
  const fs::path part = target.string() + "." + std::to_string(getpid()) + ".part";
  const bool written = WriteFiles(part, NewProject(target.filename().string()));
  if (written) fs::rename(part, target, code);
  if (!written || code) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    if (code) Complain(given + ": " + code.message());
    return ExitCode::Usage;
  }
  fmt::print("made {0}; next: rulec check {0}\n", given);
  return ExitCode::Done;
}

}  // namespace

Action AddNew(CLI::App& app) {
  auto folder = std::make_shared<std::string>();  // shared with the action, which outlives this call
  app.add_option("DIR", *folder, "the folder to make")->required();
  return [folder] { return MakeProject(*folder); };
}

}  // namespace rulec
