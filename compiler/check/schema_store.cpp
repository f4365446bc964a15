#include "compiler/check/schema_store.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "compiler/check/project_root.h"
#include "compiler/check/read_text.h"
#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

// "12.avsc" is 12.
std::optional<int64_t> VersionOfFile(const fs::path& path) {
  if (path.extension() != ".avsc") return std::nullopt;
  const std::string stem = path.stem().string();
  int32_t version = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), version);
  if (error != std::errc() || end != stem.data() + stem.size() || version < 0) return std::nullopt;
  return version;
}

void AddFolder(const fs::path& folder, std::vector<std::string>* folders) {
  std::error_code code;
  if (!fs::is_directory(folder, code)) return;
  const std::string text = folder.string();
  if (std::find(folders->begin(), folders->end(), text) == folders->end()) folders->push_back(text);
}

}  // namespace

std::vector<std::string> SchemaFolders(const std::string& option, const std::vector<std::string>& rule_files) {
  if (!option.empty()) return {option};
  std::vector<std::string> folders;
  for (const std::string& file : rule_files) {
    if (const auto root = ProjectRoot(file)) AddFolder((fs::path(*root) / "schemas").lexically_normal(), &folders);
    AddFolder(fs::path(file).parent_path() / "schemas", &folders);
  }
  return folders;
}

SchemaStore::SchemaStore(std::vector<std::string> folders) : folders_(std::move(folders)) {
  for (const std::string& folder : folders_) ScanFolder(folder);
}

void SchemaStore::ScanFolder(const std::string& folder) {
  std::error_code code;
  for (fs::directory_iterator names(folder, code), end; !code && names != end; names.increment(code)) {
    std::error_code inner;
    const std::string full_name = names->path().filename().string();
    for (fs::directory_iterator files(names->path(), inner); !inner && files != end; files.increment(inner)) {
      const std::optional<int64_t> version = VersionOfFile(files->path());
      if (version) entries_[full_name].try_emplace(*version, Entry{.path = files->path().string()});
    }
  }
}

void SchemaStore::Add(const std::string& full_name, int64_t version, std::string path, std::string json) {
  entries_[full_name].try_emplace(version, Entry{.path = std::move(path), .text = std::move(json), .text_given = true});
}

std::vector<std::string> SchemaStore::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, versions] : entries_) names.push_back(name);
  return names;
}

std::vector<int64_t> SchemaStore::Versions(const std::string& full_name) const {
  std::vector<int64_t> versions;
  const auto found = entries_.find(full_name);
  if (found == entries_.end()) return versions;
  for (const auto& [version, entry] : found->second) versions.push_back(version);
  return versions;
}

const LoadedSchema& SchemaStore::Load(const std::string& full_name, int64_t version, SourceSet& sources) {
  Entry& entry = entries_.at(full_name).at(version);
  if (entry.loaded) return entry.result;
  entry.loaded = true;
  entry.result.path = entry.path;
  if (!entry.text_given) {
    std::string why;
    std::optional<std::string> text = ReadText(entry.path, kUsualTextBytes, &why);
    if (!text) {
      entry.result.readable = false;
      entry.result.error.message = why;
      return entry.result;
    }
    entry.text = std::move(*text);
  }
  entry.result.file = sources.Add(entry.path, std::move(entry.text));
  avro::ParsedSchema parsed = avro::ParseSchema(sources.file(entry.result.file).text());
  entry.result.document = std::move(parsed.document);
  entry.result.error = std::move(parsed.error);
  return entry.result;
}

}  // namespace rulec
