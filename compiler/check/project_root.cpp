#include "compiler/check/project_root.h"

#include <filesystem>

namespace rulec {

namespace fs = std::filesystem;

std::optional<std::string> ProjectRoot(const std::string& rule_file) {
  std::error_code code;
  fs::path folder = fs::absolute(rule_file, code).lexically_normal().parent_path();
  if (code) return std::nullopt;
  while (true) {
    if (fs::exists(folder / "rulec.toml", code)) return folder.string();
    if (!folder.has_parent_path() || folder == folder.parent_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

}  // namespace rulec
