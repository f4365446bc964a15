#include "compiler/check/project_root.h"

#include <filesystem>

namespace rulec {

namespace fs = std::filesystem;

namespace {

// As it is shown to people: from the current folder, unless the rule file was named from the root.
std::string Shown(const fs::path& folder, const std::string& rule_file) {
  std::error_code code;
  const fs::path here = fs::current_path(code);
  if (code || fs::path(rule_file).is_absolute()) return folder.string();
  const fs::path relative = folder.lexically_relative(here);
  return relative.empty() ? folder.string() : relative.string();
}

}  // namespace

std::optional<std::string> ProjectRoot(const std::string& rule_file) {
  std::error_code code;
  fs::path folder = fs::absolute(rule_file, code).lexically_normal().parent_path();
  if (code) return std::nullopt;
  while (true) {
    if (fs::exists(folder / "rulec.toml", code)) return Shown(folder, rule_file);
    if (!folder.has_parent_path() || folder == folder.parent_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace rulec
