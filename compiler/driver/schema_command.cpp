// `rulec schema check`: may a schema be registered, and which rules would it break?
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <memory>

#include "avro/compatibility.h"
#include "compiler/check/read_text.h"
#include "compiler/driver/command.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"
#include "compiler/driver/schema_place.h"
#include "compiler/driver/schema_rules.h"

namespace rulec {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxSchemaBytes = uint64_t{16} << 20;

struct SchemaCheckOptions {
  std::string path;
  std::vector<std::string> against;
  std::vector<std::string> rules;
  std::string schemas;
  std::string mode = "backward";
  ReportOptions report;
};

struct SchemaFile {
  std::string path;
  FileId file = 0;
  avro::SchemaPtr document;  // null: it is not valid, which has been told
};

// The number that a file's name begins with; files without one come last, by name.
int64_t VersionOf(const fs::path& path) {
  const std::string stem = path.stem().string();
  int64_t version = INT64_MAX;
  std::from_chars(stem.data(), stem.data() + stem.size(), version);
  return version;
}

// A folder stands for the versions in it, from first to last.
std::vector<std::string> OlderFiles(const std::vector<std::string>& given, std::string* error) {
  std::vector<std::string> files;
  for (const std::string& path : given) {
    std::error_code code;
    if (!fs::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> versions = FilesBelow(path, ".avsc", error);
    if (versions.empty() && error->empty()) *error = path + ": there is no .avsc file in this folder";
    std::ranges::stable_sort(versions, {}, VersionOf);
    files.insert(files.end(), versions.begin(), versions.end());
  }
  return files;
}

bool ReadSchema(const std::string& path, SourceSet& sources, Diagnostics& diagnostics, SchemaFile* schema,
                std::string* error) {
  std::string why;
  auto text = ReadText(path, kMaxSchemaBytes, &why);
  if (!text) {
    *error = path + ": " + why;
    return false;
  }
  schema->path = path;
  schema->file = sources.Add(path, *std::move(text));
  const SourceFile& source = sources.file(schema->file);
  avro::ParsedSchema parsed = avro::ParseSchema(source.text());
  schema->document = std::move(parsed.document);
  if (schema->document) return true;
  const uint32_t line = std::clamp<uint32_t>(parsed.error.line, 1, source.line_count());
  const auto start = static_cast<uint32_t>(source.Line(line).data() - source.text().data());
  const uint32_t column = std::max<uint32_t>(parsed.error.column, 1) - 1;
  const uint32_t at = std::min<uint32_t>(start + column, static_cast<uint32_t>(source.text().size()));
  diagnostics.Build({schema->file, at, at}, InvalidSchemaFile, {parsed.error.message}).Emit();
  return true;
}

const DiagnosticKind& KindOf(avro::IncompatibilityKind kind) {
  switch (kind) {
    case avro::IncompatibilityKind::NameMismatch: return SchemaNameMismatch;
    case avro::IncompatibilityKind::FixedSizeMismatch: return SchemaFixedSize;
    case avro::IncompatibilityKind::MissingEnumSymbols: return SchemaEnumSymbols;
    case avro::IncompatibilityKind::ReaderFieldMissingDefaultValue: return SchemaFieldWithoutDefault;
    case avro::IncompatibilityKind::TypeMismatch: return SchemaTypeMismatch;
    case avro::IncompatibilityKind::MissingUnionBranch: return SchemaUnionBranch;
    case avro::IncompatibilityKind::AmbiguousAlias: return SchemaAmbiguousAlias;
    case avro::IncompatibilityKind::TooLarge: return SchemaTooLarge;
  }
  return SchemaTypeMismatch;
}

const DiagnosticKind& KindOf(avro::LogicalChangeKind kind) {
  switch (kind) {
    case avro::LogicalChangeKind::UnitChanged: return SchemaUnitChanged;
    case avro::LogicalChangeKind::DecimalChanged: return SchemaDecimalChanged;
    case avro::LogicalChangeKind::Added: return SchemaLogicalAdded;
    case avro::LogicalChangeKind::Removed: return SchemaLogicalRemoved;
    case avro::LogicalChangeKind::Changed: return SchemaLogicalChanged;
  }
  return SchemaLogicalChanged;
}

// What stands between the new schema and older ones, each finding under the part of the reader's text that it is about.
class Findings {
 public:
  Findings(const SourceSet& sources, const SchemaFile& newer, const std::vector<SchemaFile>& older,
           Diagnostics& diagnostics)
      : sources_(sources), newer_(newer), older_(older), diagnostics_(diagnostics) {}

  void Tell(const avro::VersionFindings& found) {
    for (const avro::Incompatibility& each : found.incompatibilities) {
      Tell(found, KindOf(each.kind), each.path, each.message, avro::IncompatibilityName(each.kind));
    }
    for (const avro::LogicalChange& each : found.logical_changes) {
      Tell(found, KindOf(each.kind), each.path, each.message, "");
    }
  }

 private:
  void Tell(const avro::VersionFindings& found, const DiagnosticKind& kind, const std::string& path,
            const std::string& message, std::string_view registry_word) {  // a registry looks at no logical type
    const SchemaFile& old = older_[found.version];
    const SchemaFile& reader = found.new_is_reader ? newer_ : old;
    const SchemaFile& writer = found.new_is_reader ? old : newer_;
    auto builder = diagnostics_.Build(SchemaPlace(sources_, reader.file, path), kind, {message});
    std::move(builder)
        .Label(SchemaPlace(sources_, writer.file, ""), "what is read was written by this")
        .Note(fmt::format("at {} of {}, which reads what {} wrote ({})", path, reader.path, writer.path,
                          found.new_is_reader ? "backward" : "forward"));
    if (!registry_word.empty()) std::move(builder).Note(fmt::format("a registry calls it {}", registry_word));
    std::move(builder).Emit();
  }

  const SourceSet& sources_;
  const SchemaFile& newer_;
  const std::vector<SchemaFile>& older_;
  Diagnostics& diagnostics_;
};

struct SchemaCheck {
  SourceSet sources;
  Diagnostics diagnostics;
  SchemaFile newer;
  std::vector<SchemaFile> older;
};

// What is told on standard error at the end. Without `-transitive` only the last version counts.
std::string Verdict(bool compatible, const SchemaCheckOptions& options, size_t older) {
  if (older == 0) return "";
  const bool all = options.mode.ends_with("transitive") || options.mode == "none" || older == 1;
  return fmt::format("{} is {}compatible with {} version{} ({})\n", options.path, compatible ? "" : "not ",
                     all ? fmt::format("{}", older) : fmt::format("the last of {}", older), older == 1 ? "" : "s",
                     options.mode);
}

// A registry writes `FULL_TRANSITIVE`.
std::string AsWeWriteIt(std::string mode) {
  for (char& c : mode) c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return mode;
}

ExitCode CheckSchema(const SchemaCheckOptions& given) {
  SchemaCheckOptions options = given;
  options.mode = AsWeWriteIt(given.mode);
  const auto mode = avro::CompatibilityModeByName(options.mode);
  if (!mode) {
    return UsageError(fmt::format("--mode {}: there is no such mode", given.mode),
                      "backward, forward, full, each also with -transitive, or none");
  }
  if (options.against.empty() && options.rules.empty()) {
    return UsageError("there is nothing to check the schema against",
                      "name older versions by --against, or rules by --rules");
  }
  std::string error;
  const std::vector<std::string> older = OlderFiles(options.against, &error);
  if (!error.empty()) return UsageError(error);

  SchemaCheck check;
  if (!ReadSchema(options.path, check.sources, check.diagnostics, &check.newer, &error)) return UsageError(error);
  for (const std::string& path : older) {
    if (!ReadSchema(path, check.sources, check.diagnostics, &check.older.emplace_back(), &error)) {
      return UsageError(error);
    }
  }
  Report report(options.report, "schema check", STDOUT_FILENO);
  report.AddFile(options.path);
  report.Add(check.sources, check.diagnostics.all(), Report::Errors::DoNotCompile);
  bool compatible = true;
  std::string summary;
  if (!check.diagnostics.has_errors()) {
    std::vector<avro::SchemaPtr> documents;
    for (const SchemaFile& schema : check.older) documents.push_back(schema.document);
    const auto found = avro::CheckVersions(check.newer.document->root(), documents, *mode);
    compatible = avro::IsCompatible(found);
    Diagnostics findings;
    Findings tell(check.sources, check.newer, check.older, findings);
    for (const avro::VersionFindings& version : found) tell.Tell(version);
    report.Add(check.sources, findings.all(), Report::Errors::AreFindings);
    summary = Verdict(compatible, options, older.size());
    const NewSchema schema{options.path, std::string(check.sources.file(check.newer.file).text()),
                           check.newer.document};
    if (!options.rules.empty() && !CheckRulesWith(schema, options.rules, options.schemas, &report, &summary, &error)) {
      return UsageError(error);
    }
  }
  if (!report.Write()) return ExitCode::Usage;
  Tell(summary);
  return report.Verdict();
}

}  // namespace

Action AddSchema(CLI::App& app) {
  auto options = std::make_shared<SchemaCheckOptions>();  // shared with the action, which outlives this call
  CLI::App* check = app.add_subcommand("check", "is a new version of a schema compatible, and which rules break?");
  check->set_help_flag("-h,--help", "print this help");
  check->add_option("NEW", options->path, "the new version's file (.avsc)")->required();
  check->add_option("--against", options->against, "older versions from first to last, or the folder that has them")
      ->type_name("OLD");
  check->add_option("--rules", options->rules, "rules to check with the new version as the latest")->type_name("DIR");
  check->add_option("--schemas", options->schemas, "the folder of schemas of the rules")->type_name("DIR");
  check->add_option("--mode", options->mode, "backward (default), forward, full, each also with -transitive, or none");
  AddReportFlags(*check, options->report);
  app.require_subcommand(1);
  return [options] { return CheckSchema(*options); };
}

}  // namespace rulec
