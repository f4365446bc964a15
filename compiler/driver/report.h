// Diagnostics on their way out: text for people, JSON lines for scripts.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/exit_code.h"

namespace CLI {
class App;
}

namespace rulec {

enum class ReportFormat : uint8_t { Text, Json };

struct ReportOptions {
  std::string format = "text";
  std::string color = "auto";
  std::string fail_level = "error";
  std::string output;  // a file instead of standard output
};

// --format, --color, --fail-level, --output; `options` must outlive the parsing.
void AddReportFlags(CLI::App& app, ReportOptions& options);
// --color alone, for commands whose diagnostics go to standard error as text.
void AddColorFlag(CLI::App& app, ReportOptions& options);

// Collects the report of one or several programs; what two programs share is told once.
class Report {
 public:
  // `descriptor`: where the text will go, 1 or 2, for `--color auto`.
  Report(const ReportOptions& options, int descriptor);
  void Add(const SourceSet& sources, const Diagnostics& diagnostics);

  size_t errors() const { return errors_; }
  size_t warnings() const { return warnings_; }
  // "2 errors, 1 warning"; "" if there is nothing.
  std::string Counts() const;
  // With the version line before it and the summary behind it, if it is JSON.
  std::string Text(size_t files) const;
  ExitCode Verdict() const;

 private:
  ReportFormat format_;
  bool color_;
  Severity fail_level_;
  std::string body_;
  std::set<std::string> told_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
};

}  // namespace rulec
