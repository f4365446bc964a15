#include "compiler/driver/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "compiler/driver/command.h"
#include "compiler/driver/explain_page.h"

namespace rulec {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

ReportFormat ToFormat(const std::string& name) {
  if (name.empty()) {
    const char* actions = std::getenv("GITHUB_ACTIONS");
    return actions != nullptr && std::string_view(actions) == "true" ? ReportFormat::Github : ReportFormat::Text;
  }
  return name == "json"     ? ReportFormat::Json
         : name == "sarif"  ? ReportFormat::Sarif
         : name == "junit"  ? ReportFormat::Junit
         : name == "github" ? ReportFormat::Github
         : name == "gitlab" ? ReportFormat::Gitlab
                            : ReportFormat::Text;
}

Severity FailLevel(const std::string& level) {
  return level == "note" ? Severity::Note : level == "warning" ? Severity::Warning : Severity::Error;
}

std::string Count(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// A file passes if nothing in it is an error; what is found in files that nobody named has its cases too.
std::vector<JunitCase> CasesByFile(const std::string& command, std::vector<std::string> files,
                                   const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (std::ranges::find(files, finding.place.file) == files.end()) files.push_back(finding.place.file);
  }
  std::vector<JunitCase> cases;
  for (const std::string& file : files) {
    JunitCase& test = cases.emplace_back();
    test.name = test.file = file;
    test.class_name = command;
    for (const Finding& finding : findings) {
      if (finding.place.file != file) continue;
      const std::string text = fmt::format("{}:{}:{}: {}[{}]: {}", file, finding.place.line, finding.place.column,
                                           SeverityWord(finding.kind->severity), finding.kind->code, finding.message);
      if (finding.kind->severity == Severity::Error) {
        test.failures.push_back({std::string(finding.kind->code), finding.message, text});
      } else {
        test.output += text + "\n";
      }
    }
  }
  return cases;
}

}  // namespace

bool UseColor(const std::string& color, int descriptor) {
  if (color != "auto") return color == "always";
  const char* term = std::getenv("TERM");
  return isatty(descriptor) != 0 && !IsSet("NO_COLOR") && term != nullptr && std::string_view(term) != "dumb";
}

void AddColorFlag(CLI::App& app, std::string& color) {
  app.add_option("--color", color, "auto (by the terminal), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void AddReportFlags(CLI::App& app, ReportOptions& options) {
  AddColorFlag(app, options.color);
  app.add_option("--format", options.format,
                 "text (default; github in a GitHub action), json, sarif, junit, github, gitlab")
      ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github", "gitlab"}));
  app.add_option("--fail-level", options.fail_level, "the least severity that fails: error (default), warning, note")
      ->check(CLI::IsMember({"error", "warning", "note"}));
  app.add_option("--output", options.output, "write the report to this file")->type_name("FILE");
}

Report::Report(const ReportOptions& options, std::string command, int descriptor)
    : format_(ToFormat(options.format)),
      color_(UseColor(options.color, descriptor) && (options.output.empty() || options.color == "always")),
      fail_level_(options.fail_level),
      output_(options.output.empty() ? "-" : options.output),
      command_(std::move(command)) {}

void Report::AddFile(const std::string& path) {
  if (std::ranges::find(files_, path) == files_.end()) files_.push_back(path);
}

void Report::Add(const SourceSet& sources, const std::vector<Diagnostic>& diagnostics, Errors errors,
                 const std::string& fail_level) {
  const Severity level = FailLevel(fail_level_.empty() ? fail_level : fail_level_);
  for (const Diagnostic& diagnostic : diagnostics) {
    const Severity severity = diagnostic.kind->severity;
    const Span span = diagnostic.primary.span;
    if (!told_
             .insert(fmt::format("{} {} {} {} {}", diagnostic.kind->code, sources.file(span.file).path(), span.begin,
                                 span.end, diagnostic.message))
             .second) {
      continue;
    }
    errors_ += severity == Severity::Error;
    warnings_ += severity == Severity::Warning;
    configured_ &= severity != Severity::Error || errors != Errors::AreConfiguration;
    compiles_ &= severity != Severity::Error || errors != Errors::DoNotCompile;
    found_ |= severity >= level;
    switch (format_) {
      case ReportFormat::Text:
        if (!body_.empty()) body_ += '\n';
        body_ += RenderText(sources, diagnostic, color_);
        break;
      case ReportFormat::Json: body_ += RenderJson(sources, diagnostic) + "\n"; break;
      case ReportFormat::Github: body_ += GithubAnnotation(ToFinding(sources, diagnostic)); break;
      case ReportFormat::Junit:
      case ReportFormat::Gitlab:
      case ReportFormat::Sarif:
        findings_.push_back(ToFinding(sources, diagnostic));
        if (severity == Severity::Error && errors != Errors::AreFindings) unfit_.push_back(findings_.back());
        break;
    }
  }
}

void Report::AddText(std::string_view text) {
  if (format_ == ReportFormat::Text) body_ += text;
}

void Report::AddJson(std::string_view object) {
  if (format_ == ReportFormat::Json) (body_ += object) += "\n";
}

void Report::AddCase(JunitCase test) {
  if (format_ == ReportFormat::Json) body_ += JsonOfCase(test) + "\n";
  cases_.push_back(std::move(test));
}

void Report::AddFailure(const std::string& message) {
  switch (format_) {
    case ReportFormat::Json: body_ += JsonOfFailure(message) + "\n"; break;
    case ReportFormat::Github: body_ += GithubAnnotation(message); break;
    case ReportFormat::Junit:
      cases_.push_back({.name = "rulec " + command_, .class_name = command_, .failures = {{"failure", message, ""}}});
      break;
    case ReportFormat::Text:
    case ReportFormat::Sarif:
    case ReportFormat::Gitlab: break;  // the exit code and standard error tell
  }
}

std::string Report::Counts() const {
  std::string text = errors_ > 0 ? Count(errors_, "error") : "";
  if (warnings_ > 0) text += (text.empty() ? "" : ", ") + Count(warnings_, "warning");
  return text;
}

std::string Report::JsonLines() const {
  return fmt::format("{{\"type\":\"version\",\"rulec\":\"{}\",\"format\":1}}\n{}", RULEC_VERSION, body_) +
         fmt::format("{{\"type\":\"summary\",\"files\":{},\"errors\":{},\"warnings\":{}}}\n", files_.size(), errors_,
                     warnings_);
}

// Each test is a case; what kept a program from being run is one of its file.
std::vector<JunitCase> Report::JunitCases() const {
  if (cases_.empty()) return CasesByFile(command_, files_, findings_);
  std::vector<JunitCase> cases = cases_;
  for (JunitCase& file : CasesByFile(command_, {}, unfit_)) cases.push_back(std::move(file));
  return cases;
}

std::string Report::Text() const {
  switch (format_) {
    case ReportFormat::Text:
    case ReportFormat::Github: return body_;
    case ReportFormat::Json: return JsonLines();
    case ReportFormat::Sarif: return SarifReport(findings_, RULEC_VERSION, ExplainPage);
    case ReportFormat::Gitlab: return GitlabReport(findings_);
    case ReportFormat::Junit: return JunitReport("rulec " + command_, JunitCases());
  }
  return body_;
}

bool Report::Write() const { return WriteWholeFile(output_, Text(), false); }

ExitCode Report::Verdict() const {
  if (!configured_) return ExitCode::Usage;
  if (!compiles_) return ExitCode::NotCompiled;
  return found_ ? ExitCode::Findings : ExitCode::Done;
}

}  // namespace rulec
