#include "compiler/driver/lint_program.h"

#include <algorithm>
#include <set>

#include "compiler/lint/ast_to_lint.h"

namespace rulec {

Diagnostics LintProgram(const ProgramFiles& paths, const FrontEnd& program) {
  const auto syntax = [](const Diagnostic& diagnostic) { return diagnostic.kind->code.starts_with("R01"); };
  Diagnostics told, found;
  if (std::ranges::any_of(program.diagnostics.all(), syntax)) return told;
  const std::set<std::string> own(paths.files.begin(), paths.files.end());
  for (const ast::File& file : program.loaded.files) {
    if (own.contains(program.sources.file(file.id).path())) Lint(program.sources, file, found);
  }
  const std::vector<std::string>& allowed = paths.project.lint_allow;
  for (const Diagnostic& diagnostic : found.all()) {
    if (std::ranges::find(allowed, diagnostic.kind->code) == allowed.end()) told.Add(diagnostic);
  }
  return told;
}

}  // namespace rulec
