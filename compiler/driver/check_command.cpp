#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/constant_exprs.h"
#include "compiler/driver/command.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/parse_cache.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"
#include "compiler/driver/test_program.h"
#include "compiler/driver/test_runner.h"

namespace rulec {
namespace {

struct CheckOptions {
  std::vector<std::string> paths;
  std::string schemas;
  bool no_cache = false;
  ReportOptions report;
};

// What the test blocks of these files say of rules, streams and outputs that there are not, and of cells that do not
// fit. The program has no errors.
Diagnostics CheckTests(const std::vector<std::string>& files, FrontEnd& program) {
  Diagnostics mistakes;
  const std::set<std::string> own(files.begin(), files.end());
  std::unique_ptr<TestProgram> tested;
  std::optional<ConstantExprs> constants;
  for (const ast::File& file : program.loaded.files) {
    const std::string& path = program.sources.file(file.id).path();
    if (!own.contains(path)) continue;
    for (const ast::Decl& decl : file.decls) {
      const auto* test = std::get_if<ast::TestDecl>(&decl.node);
      if (test == nullptr) continue;
      if (!tested) {
        PlanChecked(&program);
        tested = TestProgram::Describe(program);
        constants.emplace(program.sources, program.loaded.files, program.schemas);
      }
      const TestRunner::Place place{std::filesystem::path(path).parent_path().string(), PackageOf(file)};
      TestRunner(*tested, *constants).Check(*test, place, mistakes);
    }
  }
  return mistakes;
}

ExitCode Check(const CheckOptions& options) {
  const ProgramPaths found = FindPrograms(options.paths);
  if (!found.error.empty()) return UsageError(found.error);
  Report report(options.report, "check", STDOUT_FILENO);
  report.Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
  std::set<std::string> files;               // programs may share some
  std::map<std::string, ParseCache> caches;  // by project
  for (const ProgramFiles& paths : found.programs) {
    ParseCache& cache =
        caches.try_emplace(paths.project.folder, options.no_cache ? "" : paths.project.folder).first->second;
    FrontEnd program;
    CompileFiles(paths.files, SchemasOf(paths.project, options.schemas), LastPhase::Check, &program,
                 [&](const SourceSet& sources, FileId file, Diagnostics& diagnostics) {
                   return cache.Parse(sources, file, diagnostics);
                 });
    if (!program.loaded.unreadable.empty()) return UsageError(program.loaded.unreadable.front());
    for (const std::string& file : paths.files) report.AddFile(file);
    report.Add(program.sources, program.diagnostics.all(), Report::Errors::DoNotCompile, paths.project.fail_level);
    if (program.typed && !program.diagnostics.has_errors()) {
      report.Add(program.sources, CheckTests(paths.files, program).all(), Report::Errors::DoNotCompile,
                 paths.project.fail_level);
    }
    for (const ast::File& file : program.loaded.files) files.insert(program.sources.file(file.id).path());
  }
  const bool whole = found.programs.size() == 1 && found.programs.front().whole_project;
  for (auto& [project, cache] : caches) cache.Save(whole);
  if (!report.Write()) return ExitCode::Usage;
  const std::string counts = report.Counts();
  Tell(fmt::format("checked {} file{}: {}\n", files.size(), files.size() == 1 ? "" : "s",
                   counts.empty() ? "nothing found" : counts));
  return report.Verdict();
}

}  // namespace

Action AddCheck(CLI::App& app) {
  auto options = std::make_shared<CheckOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "rule files, or folders of them")->required();
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_flag("--no-cache", options->no_cache, "parse also what did not change since the last check of the project");
  AddReportFlags(app, options->report);
  return [options] { return Check(*options); };
}

}  // namespace rulec
