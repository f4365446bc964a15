// Diagnostics on their way out: text for people, and the formats that scripts, editors and CI systems read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/diagnostics/report_formats.h"
#include "compiler/driver/exit_code.h"

namespace CLI {
class App;
}

namespace rulec {

enum class ReportFormat : uint8_t { Text, Json, Sarif, Junit, Github, Gitlab };

struct ReportOptions {
  std::string format;  // empty: text, or github where GITHUB_ACTIONS=true
  std::string color = "auto";
  std::string fail_level;  // empty: the project's, else error
  std::string output;      // a file instead of standard output
};

// --format, --color, --fail-level, --output; `options` must outlive the parsing.
void AddReportFlags(CLI::App& app, ReportOptions& options);
// --color alone, for commands whose diagnostics go to standard error as text.
void AddColorFlag(CLI::App& app, std::string& color);

// Is what goes to `descriptor` coloured? `color` is the flag's value: auto, always or never.
bool UseColor(const std::string& color, int descriptor);

// Collects the report of one or several programs; what two programs share is told once.
class Report {
 public:
  // What an error means: the rules do not compile, a command that ran well found something, or rulec.toml is wrong.
  enum class Errors : uint8_t { DoNotCompile, AreFindings, AreConfiguration };

  // `command` names the report's run ("check"). `descriptor`: where the text will go, 1 or 2, for `--color auto`.
  Report(const ReportOptions& options, std::string command, int descriptor);

  // A file that was looked at: a case of a JUnit report, whether anything is found in it or not.
  void AddFile(const std::string& path);
  // `fail_level` is the project's: error, warning, note or empty.
  void Add(const SourceSet& sources, const std::vector<Diagnostic>& diagnostics, Errors errors,
           const std::string& fail_level = "");
  // A case of its own in a JUnit report, which then has no cases by file; in JSON an object of type `test`.
  void AddCase(JunitCase test);
  // What is wrong with no place of its own, as that there is no test: a report must not look as if all were well.
  void AddFailure(const std::string& message);

  size_t errors() const { return errors_; }
  size_t warnings() const { return warnings_; }
  ReportFormat format() const { return format_; }
  bool color() const { return color_; }
  // "2 errors, 1 warning"; "" if there is nothing.
  std::string Counts() const;
  // A line for people, between the diagnostics; other formats leave it out.
  void AddText(std::string_view text);
  // An object of JSON output, which other formats leave out.
  void AddJson(std::string_view object);
  // The whole document.
  std::string Text() const;
  // Writes it where the options say; false after a complaint.
  bool Write() const;
  ExitCode Verdict() const;

 private:
  std::vector<JunitCase> JunitCases() const;
  std::string JsonLines() const;

  // Constant after construction.
  ReportFormat format_;
  bool color_;
  std::string fail_level_;
  std::string output_;
  std::string command_;
  // Changed by Add*.
  std::string body_;  // text, JSON lines, annotations
  std::vector<std::string> files_;
  std::vector<Finding> findings_;  // of the formats that are one document
  std::vector<Finding> unfit_;     // those of them that keep a program from being run
  std::vector<JunitCase> cases_;
  std::set<std::string> told_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
  bool configured_ = true;
  bool compiles_ = true;
  bool found_ = false;
};

}  // namespace rulec
