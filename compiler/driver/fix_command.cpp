// `rulec fix`: the suggestions of check and lint that are beyond doubt, applied.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "compiler/driver/apply_edits.h"
#include "compiler/driver/command.h"
#include "compiler/driver/lint_program.h"
#include "compiler/driver/program_paths.h"
#include "compiler/driver/unified_diff.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

struct FixOptions {
  std::vector<std::string> paths;
  std::string schemas;
  bool dry_run = false;
};

// One fix can make room for another. Each round takes at least one away, and this many are enough for what people
// write.
constexpr int kMostRounds = 10;

struct Change {
  std::string path;
  std::string before, after;
  size_t fixes = 0;
};

size_t SyntaxErrors(const std::string& path, const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add(path, text), diagnostics);
  return diagnostics.errors();
}

// What one round would change of a program's own files.
std::vector<Change> Changes(const ProgramFiles& paths, const FrontEnd& program) {
  const std::set<std::string> own(paths.files.begin(), paths.files.end());
  const Diagnostics lint = LintProgram(paths, program);
  std::map<FileId, std::vector<SuggestedEdit>> edits;
  for (const Diagnostics* diagnostics : {&program.diagnostics, &lint}) {
    for (const Diagnostic& diagnostic : diagnostics->all()) {
      for (const SuggestedEdit& edit : diagnostic.edits) {
        if (edit.certain) edits[edit.span.file].push_back(edit);
      }
    }
  }
  std::vector<Change> changes;
  for (auto& [file, list] : edits) {
    const SourceFile& source = program.sources.file(file);
    if (!own.contains(source.path())) continue;
    EditedText edited = ApplyEdits(source.text(), std::move(list));
    Change change{source.path(), std::string(source.text()), std::move(edited.text), edited.applied};
    // A file that would no longer parse is left as it is.
    const bool worse = SyntaxErrors(change.path, change.after) > SyntaxErrors(change.path, change.before);
    if (!worse && change.before != change.after) changes.push_back(std::move(change));
  }
  return changes;
}

struct Done {
  size_t fixes = 0;
  size_t errors = 0;  // of programs that nothing more is fixed in
  std::set<std::string> files;
};

// False after a complaint.
bool FixProgram(const ProgramFiles& paths, const FixOptions& options, Done* done) {
  for (int round = 0; round < (options.dry_run ? 1 : kMostRounds); ++round) {
    FrontEnd program;
    CompileFiles(paths.files, SchemasOf(paths.project, options.schemas), LastPhase::Check, &program);
    if (!program.loaded.unreadable.empty()) {
      Complain(program.loaded.unreadable.front());
      return false;
    }
    const std::vector<Change> changes = Changes(paths, program);
    for (const Change& change : changes) {
      const bool written = options.dry_run
                               ? WriteWholeFile("-", UnifiedDiff(change.path, change.before, change.after), false)
                               : WriteWholeFile(change.path, change.after, false);
      if (!written) return false;
      done->fixes += change.fixes;
      done->files.insert(change.path);
    }
    if (changes.empty()) {
      done->errors += program.diagnostics.errors();
      return true;
    }
  }
  return true;
}

ExitCode Fix(const FixOptions& options) {
  const ProgramPaths found = FindPrograms(options.paths);
  if (!found.error.empty()) return UsageError(found.error);
  for (const Diagnostic& diagnostic : found.diagnostics.all()) return UsageError("rulec.toml: " + diagnostic.message);
  Done done;
  for (const ProgramFiles& paths : found.programs) {
    if (!FixProgram(paths, options, &done)) return ExitCode::Usage;
  }
  Tell(fmt::format("{} {} fix{} in {} file{}\n", options.dry_run ? "would do" : "did", done.fixes,
                   done.fixes == 1 ? "" : "es", done.files.size(), done.files.size() == 1 ? "" : "s"));
  if (done.errors > 0) {
    Complain(fmt::format("{} error{} left that no fix is beyond doubt for", done.errors, done.errors == 1 ? "" : "s"),
             "`rulec check` shows them");
    return ExitCode::NotCompiled;
  }
  return options.dry_run && done.fixes > 0 ? ExitCode::Findings : ExitCode::Done;
}

}  // namespace

Action AddFix(CLI::App& app) {
  auto options = std::make_shared<FixOptions>();  // shared with the action, which outlives this call
  app.add_option("PATH", options->paths, "rule files, or folders of them")->required();
  app.add_option("--schemas", options->schemas, "the folder of schemas")->type_name("DIR");
  app.add_flag("--dry-run", options->dry_run,
               "print what would change and change nothing; ends with 1 if anything would");
  return [options] { return Fix(*options); };
}

}  // namespace rulec
