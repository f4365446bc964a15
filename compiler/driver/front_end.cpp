#include "compiler/driver/front_end.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "compiler/check/ast_to_typed.h"
#include "compiler/driver/command.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/report.h"
#include "compiler/planner/typed_to_plan.h"

namespace rulec {

std::string SchemasOf(const Project& project, const std::string& option) {
  return option.empty() ? project.schemas : option;
}

void CompileFiles(const std::vector<std::string>& files, const std::string& schemas, LastPhase last, FrontEnd* program,
                  const ParseFunction& parse) {
  std::error_code code;
  if (!schemas.empty() && !std::filesystem::is_directory(schemas, code)) {
    program->loaded.unreadable.push_back("--schemas " + schemas + ": there is no such folder");
    return;
  }
  program->loaded = LoadProgram(files, parse, program->sources, program->diagnostics);
  if (!program->loaded.unreadable.empty() || last == LastPhase::Parse) return;
  // Mistakes within rules leave the others to be checked; any other would make names seem unknown.
  size_t in_rules = 0;
  for (const ast::File& file : program->loaded.files) in_rules += file.errors_in_rules;
  if (program->diagnostics.errors() != in_rules) return;
  std::vector<std::string> paths;
  for (const ast::File& file : program->loaded.files) paths.push_back(program->sources.file(file.id).path());
  program->schemas = SchemaStore(SchemaFolders(schemas, paths));
  program->typed =
      Check(program->sources, program->loaded.files, program->schemas, program->diagnostics, program->loaded.imports);
  if (!program->diagnostics.has_errors() && last == LastPhase::Plan) PlanChecked(program);
}

void PlanChecked(FrontEnd* program) {
  program->plan.emplace();
  const std::string misfit = PlanProgram(program->sources, *program->typed, &*program->plan);
  if (misfit.empty()) return;
  std::fprintf(stderr, "a checked program does not fit an empty plan: %s\n", misfit.c_str());
  std::abort();
}

std::optional<ExitCode> CompileOrComplain(const std::vector<std::string>& paths, const std::string& schemas,
                                          const std::string& color, LastPhase last, FrontEnd* program) {
  const ProgramPaths found = FindProgram(paths);
  if (!found.error.empty()) return UsageError(found.error);
  ReportOptions options;
  options.format = "text";
  options.color = color;
  Report report(options, "", STDERR_FILENO);
  report.Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
  if (report.errors() == 0) {
    const ProgramFiles& files = found.programs.front();
    CompileFiles(files.files, SchemasOf(files.project, schemas), last, program);
    if (!program->loaded.unreadable.empty()) return UsageError(program->loaded.unreadable.front());
    report.Add(program->sources, program->diagnostics.all(), Report::Errors::DoNotCompile);
  }
  std::fputs(report.Text().c_str(), stderr);
  if (report.errors() == 0) return std::nullopt;
  const ExitCode verdict = report.Verdict();
  Complain(report.Counts() + (verdict == ExitCode::Usage ? " in rulec.toml" : " in the rules"));
  return verdict;
}

}  // namespace rulec
