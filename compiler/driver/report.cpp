#include "compiler/driver/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace rulec {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// By the terminal; NO_COLOR and a dumb terminal turn it off.
bool UseColor(const std::string& color, int descriptor) {
  if (color != "auto") return color == "always";
  const char* term = std::getenv("TERM");
  return isatty(descriptor) != 0 && !IsSet("NO_COLOR") && term != nullptr && std::string_view(term) != "dumb";
}

Severity FailLevel(const std::string& level) {
  return level == "note" ? Severity::Note : level == "warning" ? Severity::Warning : Severity::Error;
}

std::string Count(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

void AddColorFlag(CLI::App& app, ReportOptions& options) {
  app.add_option("--color", options.color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void AddReportFlags(CLI::App& app, ReportOptions& options) {
  AddColorFlag(app, options);
  app.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app.add_option("--fail-level", options.fail_level, "the least severity that fails: error (default), warning, note")
      ->check(CLI::IsMember({"error", "warning", "note"}));
  app.add_option("--output", options.output, "write the report to this file")->type_name("FILE");
}

Report::Report(const ReportOptions& options, int descriptor)
    : format_(options.format == "json" ? ReportFormat::Json : ReportFormat::Text),
      color_(UseColor(options.color, descriptor) && options.output.empty()),
      fail_level_(FailLevel(options.fail_level)) {}

void Report::Add(const SourceSet& sources, const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    std::string text = format_ == ReportFormat::Json ? RenderJson(sources, diagnostic) + "\n"
                                                     : RenderText(sources, diagnostic, color_);
    if (!told_.insert(text).second) continue;
    if (format_ == ReportFormat::Text && !body_.empty()) body_ += '\n';
    body_ += text;
    errors_ += diagnostic.kind->severity == Severity::Error;
    warnings_ += diagnostic.kind->severity == Severity::Warning;
  }
}

std::string Report::Counts() const {
  std::string text = errors_ > 0 ? Count(errors_, "error") : "";
  if (warnings_ > 0) text += (text.empty() ? "" : ", ") + Count(warnings_, "warning");
  return text;
}

std::string Report::Text(size_t files) const {
  if (format_ == ReportFormat::Text) return body_;
  return fmt::format("{{\"type\":\"version\",\"rulec\":\"{}\",\"format\":1}}\n{}", RULEC_VERSION, body_) +
         fmt::format("{{\"type\":\"summary\",\"files\":{},\"errors\":{},\"warnings\":{}}}\n", files, errors_,
                     warnings_);
}

ExitCode Report::Verdict() const {
  if (errors_ > 0) return ExitCode::NotCompiled;
  const bool found =
      (fail_level_ <= Severity::Warning && warnings_ > 0) || (fail_level_ == Severity::Note && !told_.empty());
  return found ? ExitCode::Findings : ExitCode::Done;
}

}  // namespace rulec
