#include "compiler/driver/parse_cache.h"

#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "compiler/ast/tree_bytes.h"
#include "compiler/check/read_text.h"
#include "compiler/driver/output_stream.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

// The file: the hash of all that follows; the hash of what tells this build; and for each tree the hash of its text,
// the length of its bytes (64 bits) and these.
using Hash = std::array<unsigned char, 16>;
constexpr uint64_t kMostBytes = uint64_t{256} << 20;

Hash HashOf(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  Hash hash;
  std::memcpy(hash.data(), canonical.digest, hash.size());
  return hash;
}

std::string_view TextOf(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

// A build is told by its executable: another parser, or other structs, are in another file.
Hash ThisBuild() {
  struct stat info{};
  std::string text = RULEC_VERSION;
  if (stat("/proc/self/exe", &info) == 0) {
    for (const int64_t number : {int64_t{info.st_size}, int64_t{info.st_mtim.tv_sec}, int64_t{info.st_mtim.tv_nsec}}) {
      text += ' ' + std::to_string(number);
    }
  }
  return HashOf(text);
}

// Empty if there is none.
std::string CacheFolder() {
  for (const auto& [variable, below] : {std::pair("XDG_CACHE_HOME", ""), std::pair("HOME", ".cache")}) {
    const char* folder = std::getenv(variable);
    if (folder != nullptr && fs::path(folder).is_absolute()) return fs::path(folder) / below / "rulec" / "trees";
  }
  return "";
}

std::string FileOf(const std::string& project) {
  const std::string folder = CacheFolder();
  std::error_code code;
  const fs::path whole = fs::canonical(project, code);
  if (project.empty() || folder.empty() || code) return "";
  std::string name;
  for (const unsigned char byte : HashOf(whole.string())) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
  }
  return folder + "/" + name;
}

// Projects come and go: what no check has read for a month goes with the next file that is written.
void RemoveOld(const fs::path& folder) {
  constexpr auto kMonth = std::chrono::days(30);
  std::error_code code;
  for (auto entry = fs::directory_iterator(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    std::error_code gone;
    const fs::file_time_type written = entry->last_write_time(gone);
    if (!gone && fs::file_time_type::clock::now() - written > kMonth) fs::remove(entry->path(), gone);
  }
}

std::optional<std::string_view> TakeBytes(std::string_view* from, uint64_t size) {
  if (size > from->size()) return std::nullopt;
  const std::string_view bytes = from->substr(0, size);
  from->remove_prefix(size);
  return bytes;
}

}  // namespace

ParseCache::ParseCache(const std::string& project) : path_(FileOf(project)) {
  if (!path_.empty()) Load();
}

void ParseCache::Load() {
  std::string ignored;
  std::optional<std::string> content = ReadText(path_, kMostBytes, &ignored);
  if (!content) return;
  std::error_code unwritable;
  fs::last_write_time(path_, fs::file_time_type::clock::now(), unwritable);
  loaded_ = std::move(*content);
  std::string_view left = loaded_;
  const auto sum = TakeBytes(&left, sizeof(Hash));
  if (!sum || *sum != TextOf(HashOf(left))) return;
  const auto build = TakeBytes(&left, sizeof(Hash));
  if (!build || *build != TextOf(ThisBuild())) return;
  while (!left.empty()) {
    const auto key = TakeBytes(&left, sizeof(Key));
    const auto length = TakeBytes(&left, sizeof(uint64_t));
    if (!key || !length) return;
    uint64_t size = 0;
    std::memcpy(&size, length->data(), sizeof size);
    const auto bytes = TakeBytes(&left, size);
    if (!bytes) return;
    Key hash;
    std::memcpy(hash.data(), key->data(), hash.size());
    trees_[hash] = {*bytes, false};
  }
}

ast::File ParseCache::Parse(const SourceSet& sources, FileId file, Diagnostics& diagnostics) {
  const std::string_view text = sources.file(file).text();
  // The limit may be another one than it was.
  if (text.size() > MaxTextBytes()) return ParseText(sources, file, diagnostics);
  const Key key = HashOf(text);
  const auto known = trees_.find(key);
  if (known != trees_.end()) {
    if (std::optional<ast::File> tree = ast::FromBytes(known->second.bytes, file)) {
      known->second.used = true;
      return std::move(*tree);
    }
  }
  const size_t before = diagnostics.all().size();
  ast::File tree = ParseText(sources, file, diagnostics);
  if (diagnostics.all().size() > before) return tree;
  std::string bytes = ast::ToBytes(tree);
  if (!bytes.empty()) trees_[key] = {made_.emplace_back(std::move(bytes)), true};
  return tree;
}

void ParseCache::Save(bool whole_project) {
  if (path_.empty()) return;
  const auto goes = [&](const auto& entry) { return whole_project && !entry.second.used; };
  if (made_.empty() && std::none_of(trees_.begin(), trees_.end(), goes)) return;
  std::string body(TextOf(ThisBuild()));
  for (const auto& entry : trees_) {
    if (goes(entry)) continue;
    const uint64_t size = entry.second.bytes.size();
    body += TextOf(entry.first);
    body.append(reinterpret_cast<const char*>(&size), sizeof size);
    body += entry.second.bytes;
  }
  std::error_code ignored;
  if (body.size() > kMostBytes || (fs::create_directories(fs::path(path_).parent_path(), ignored), ignored)) return;
  OutputStream out(path_);
  if (out.Write(TextOf(HashOf(body))) && out.Write(body)) out.Finish();
  RemoveOld(fs::path(path_).parent_path());
}

}  // namespace rulec
