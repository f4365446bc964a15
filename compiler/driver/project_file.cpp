#include "compiler/driver/project_file.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/check/read_text.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxProjectBytes = uint64_t{1} << 20;

class ProjectReader {
 public:
  ProjectReader(const SourceSet& sources, FileId file, Diagnostics& diagnostics, Project* project)
      : sources_(sources), file_(file), diagnostics_(diagnostics), project_(*project) {}

  void Read() {
    const toml::parse_result parsed = toml::parse(sources_.file(file_).text());
    if (!parsed) {
      const toml::source_position at = parsed.error().source().begin;
      diagnostics_.Build(SpanAt(at, 0), ProjectFileInvalid, {parsed.error().description()}).Emit();
      return;
    }
    for (const auto& [key, value] : parsed.table()) ReadTop(key, value);
  }

 private:
  // A span in the line of `at`; toml++ counts columns in code points, so the end is found by the text itself.
  Span SpanAt(toml::source_position at, size_t length) const {
    const SourceFile& source = sources_.file(file_);
    const uint32_t line = std::clamp<uint32_t>(at.line, 1, source.line_count());
    const std::string_view text = source.Line(line);
    size_t byte = 0;
    for (uint32_t column = 1; column < at.column && byte < text.size(); ++column) {
      do ++byte;
      while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0) == 0x80);
    }
    const auto start = static_cast<uint32_t>(text.data() - source.text().data() + static_cast<ptrdiff_t>(byte));
    return {file_, start, start + static_cast<uint32_t>(std::min(length, text.size() - byte))};
  }

  Span SpanOf(const toml::key& key) const { return SpanAt(key.source().begin, key.str().size()); }
  Span SpanOf(const toml::node& value) const {
    const toml::source_region& region = value.source();
    const bool one_line = region.begin.line == region.end.line && region.end.column > region.begin.column;
    return SpanAt(region.begin, one_line ? region.end.column - region.begin.column : 1);
  }

  void ReadTop(const toml::key& key, const toml::node& value) {
    const std::string_view name = key.str();
    if (name == "name") {
      Text(name, value, &project_.name);
    } else if (name == "rules") {
      Folders(name, value, &project_.rules);
    } else if (name == "schemas") {
      std::string folder;
      if (Text(name, value, &folder)) AddFolder(name, value, folder, &project_.schemas);
    } else if (name == "tests") {
      Folders(name, value, &project_.tests);
    } else if (name == "fail-level") {
      FailLevel(value);
    } else if (name == "lint") {
      Lint(value);
    } else {
      Unknown(key, "", {"name", "rules", "schemas", "tests", "fail-level", "lint"});
    }
  }

  void Unknown(const toml::key& key, std::string_view table, const std::vector<std::string>& known) {
    diagnostics_.Build(SpanOf(key), UnknownSetting, {std::string(table) + std::string(key.str())})
        .Suggest("a setting with a similar name exists", SpanOf(key), NearestName(key.str(), known))
        .Help(fmt::format("the settings are: {}", fmt::join(known, ", ")))
        .Emit();
  }

  void Invalid(std::string_view name, const toml::node& value, std::string_view what) {
    diagnostics_.Build(SpanOf(value), InvalidSetting, {name, what}).Emit();
  }

  bool Text(std::string_view name, const toml::node& value, std::string* text) {
    const auto given = value.value_exact<std::string>();
    if (!given || given->empty()) {
      Invalid(name, value, "a text");
      return false;
    }
    *text = *given;
    return true;
  }

  bool AddFolder(std::string_view name, const toml::node& value, const std::string& folder, std::string* to) {
    const fs::path path = (fs::path(project_.folder) / folder).lexically_normal();
    std::error_code code;
    if (!fs::is_directory(path, code)) {
      Invalid(name, value, fmt::format("a folder that exists, and `{}` does not", path.string()));
      return false;
    }
    *to = path.string();
    return true;
  }

  void Folders(std::string_view name, const toml::node& value, std::vector<std::string>* folders) {
    std::string text, folder;
    folders->clear();
    if (const toml::array* list = value.as_array()) {
      for (const toml::node& item : *list) {
        if (Text(name, item, &text) && AddFolder(name, item, text, &folder)) folders->push_back(folder);
      }
    } else if (value.is_string()) {
      if (Text(name, value, &text) && AddFolder(name, value, text, &folder)) folders->push_back(folder);
    } else {
      Invalid(name, value, "a folder or a list of folders");
    }
  }

  void FailLevel(const toml::node& value) {
    std::string level;
    if (!Text("fail-level", value, &level)) return;
    if (level == "error" || level == "warning" || level == "note") {
      project_.fail_level = level;
    } else {
      Invalid("fail-level", value, "`error`, `warning` or `note`");
    }
  }

  void Lint(const toml::node& value) {
    const toml::table* table = value.as_table();
    if (table == nullptr) return Invalid("lint", value, "a table");
    for (const auto& [key, entry] : *table) {
      if (key.str() != "allow") {
        Unknown(key, "lint.", {"allow"});
      } else if (const toml::array* codes = entry.as_array()) {
        for (const toml::node& code : *codes) LintCode(code);
      } else {
        Invalid("lint.allow", entry, "a list of codes");
      }
    }
  }

  void LintCode(const toml::node& value) {
    std::string code;
    if (!Text("lint.allow", value, &code)) return;
    const auto known = [&code](const DiagnosticKind* kind) { return kind->code == code; };
    if (code.starts_with("R08") && std::ranges::any_of(AllDiagnosticKinds(), known)) {
      project_.lint_allow.push_back(code);
    } else {
      Invalid("lint.allow", value, "codes of lint (R08…)");
    }
  }

  const SourceSet& sources_;
  const FileId file_;
  Diagnostics& diagnostics_;
  Project& project_;
};

}  // namespace

Project ReadProject(const std::string& folder, SourceSet& sources, Diagnostics& diagnostics, std::string* error) {
  Project project;
  project.folder = folder;
  std::error_code unknown;
  project.name = fs::weakly_canonical(folder, unknown).filename().string();
  project.rules = {folder};
  const std::string path = (fs::path(folder) / "rulec.toml").lexically_normal().string();
  std::string why;
  auto text = ReadText(path, kMaxProjectBytes, &why);
  if (!text) {
    *error = path + ": " + why;
    return project;
  }
  const FileId file = sources.Add(path, *std::move(text));
  ProjectReader(sources, file, diagnostics, &project).Read();
  std::error_code code;
  const fs::path tests = fs::path(folder) / "tests";
  if (project.tests.empty() && fs::is_directory(tests, code)) project.tests = {tests.lexically_normal().string()};
  return project;
}

}  // namespace rulec
