#include "runtime/job/job_config.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace rulert {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr std::array<std::string_view, 10> kUriOptions = {"path",   "format", "compression", "codec",   "delimiter",
                                                          "header", "null",   "framing",     "version", "ids"};

std::string Escaped(std::string_view text) {
  constexpr std::string_view kPlain = "-_./";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return escaped;
}

class ConfigReader {
 public:
  ConfigReader(const std::string& path, JobConfig* config)
      : path_(path), folder_(fs::path(path).parent_path()), config_(*config) {}

  Error Read(const toml::table& table) {
    for (const auto& [key, value] : table) {
      if (Error error = ReadTop(key, value)) return error;
    }
    return {};
  }

  Error Wrong(const toml::source_region& at, const std::string& what) const {
    return Error::Environment("`" + path_ + "` line " + std::to_string(at.begin.line) + ": " + what);
  }

 private:
  using Entries = std::vector<JobConfig::Entry>;

  Error ReadTop(const toml::key& key, const toml::node& value) {
    if (key == "in") return ReadUris(key, value, &config_.inputs);
    if (key == "out") return ReadUris(key, value, &config_.outputs);
    if (key == "param") return ReadValues(key, value, &config_.params);
    if (key == "limit") return ReadValues(key, value, &config_.limits);
    if (key == "progress") return ReadText(key, value, &config_.progress);
    if (key == "parallelism") return ReadText(key, value, &config_.parallelism);
    return Wrong(key.source(), "there is no setting `" + std::string(key.str()) +
                                   "`; there are: in, out, param, limit, progress, parallelism");
  }

  // A number, a text, a date: as the flag would have it.
  Error ReadText(const toml::key& key, const toml::node& value, std::string* text) const {
    if (const auto* given = value.as_string()) {
      *text = given->get();
      return {};
    }
    if (value.is_table() || value.is_array())
      return Wrong(value.source(), "`" + std::string(key.str()) + "` is one value");
    std::ostringstream out;
    out << toml::node_view<const toml::node>(value);
    *text = out.str();
    return {};
  }

  Error ReadValues(const toml::key& key, const toml::node& value, Entries* entries) const {
    const toml::table* table = value.as_table();
    if (table == nullptr)
      return Wrong(value.source(), "`" + std::string(key.str()) + "` is a table of names and values");
    for (const auto& [name, one] : *table) {
      std::string text;
      if (Error error = ReadText(name, one, &text)) return error;
      entries->emplace_back(name.str(), text);
    }
    return {};
  }

  Error ReadUris(const toml::key& key, const toml::node& value, Entries* entries) const {
    const toml::table* table = value.as_table();
    if (table == nullptr)
      return Wrong(value.source(), "`" + std::string(key.str()) + "` is a table of names and files");
    for (const auto& [name, given] : *table) {
      const toml::array* list = given.as_array();
      if (list == nullptr) {
        if (Error error = ReadUri(name, given, entries)) return error;
        continue;
      }
      for (const toml::node& one : *list) {
        if (Error error = ReadUri(name, one, entries)) return error;
      }
    }
    return {};
  }

  Error ReadUri(const toml::key& name, const toml::node& value, Entries* entries) const {
    if (const auto* text = value.as_string()) {
      entries->emplace_back(name.str(), InFolder(text->get()));
      return {};
    }
    const toml::table* table = value.as_table();
    if (table == nullptr)
      return Wrong(value.source(), "`" + std::string(name.str()) + "` is a file, or a table with `path`");
    std::string path, options;
    for (const auto& [option, given] : *table) {
      std::string text;
      if (Error error = ReadText(option, given, &text)) return error;
      if (std::find(kUriOptions.begin(), kUriOptions.end(), option.str()) == kUriOptions.end()) {
        return Wrong(option.source(), "there is no option `" + std::string(option.str()) + "` of a file");
      }
      if (option == "path") {
        path = InFolder(text);
        continue;
      }
      if (option == "ids") text = InFolder(text);
      options += (options.empty() ? "?" : "&") + std::string(option.str()) + "=" + Escaped(text);
    }
    if (path.empty()) return Wrong(value.source(), "`" + std::string(name.str()) + "` has no `path`");
    entries->emplace_back(name.str(), path + options);
    return {};
  }

  std::string InFolder(const std::string& path) const {
    if (path.empty() || path == "-" || path.starts_with("-?") || path.find("://") != std::string::npos) return path;
    return (folder_ / path).string();
  }

  const std::string& path_;
  fs::path folder_;
  JobConfig& config_;
};

}  // namespace

Result<JobConfig> ReadJobConfig(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return Error::Environment("--config " + path + ": it is a directory");
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::Environment("--config " + path + ": " + std::strerror(errno));
  std::string text(kMostBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMostBytes) return Error::Environment("--config " + path + ": it has more than 1 MiB");
  JobConfig config;
  ConfigReader reader(path, &config);
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) return reader.Wrong(parsed.error().source(), std::string(parsed.error().description()));
  if (Error error = reader.Read(parsed.table())) return error;
  return config;
}

}  // namespace rulert
