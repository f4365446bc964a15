#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/lint_program.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"

namespace rulec {
namespace {

struct LintOptions {
  std::vector<std::string> paths;
  std::string schemas;
  ReportOptions report;
};

ExitCode LintPaths(const LintOptions& options) {
  const ProgramPaths found = FindPrograms(options.paths);
  if (!found.error.empty()) return UsageError(found.error);
  Report report(options.report, "lint", STDOUT_FILENO);
  report.Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
  size_t files = 0;
  for (const ProgramFiles& paths : found.programs) {
    FrontEnd program;
    CompileFiles(paths.files, SchemasOf(paths.project, options.schemas), LastPhase::Check, &program);
    if (!program.loaded.unreadable.empty()) return UsageError(program.loaded.unreadable.front());
    for (const std::string& file : paths.files) report.AddFile(file);
    files += paths.files.size();
    report.Add(program.sources, program.diagnostics.all(), Report::Errors::DoNotCompile, paths.project.fail_level);
    report.Add(program.sources, LintProgram(paths, program).all(), Report::Errors::AreFindings,
               paths.project.fail_level);
  }
  if (!report.Write()) return ExitCode::Usage;
  const std::string counts = report.Counts();
  Tell(fmt::format("looked at {} file{}: {}\n", files, files == 1 ? "" : "s",
                   counts.empty() ? "nothing found" : counts));
  return report.Verdict();
}

}  // namespace

Action AddLint(CLI::App& app) {
  auto options = std::make_shared<LintOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "rule files, or folders of them")->required();
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  AddReportFlags(app, options->report);
  return [options] { return LintPaths(*options); };
}

}  // namespace rulec
