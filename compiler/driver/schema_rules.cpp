#include "compiler/driver/schema_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/load_program.h"
#include "compiler/check/schema_store.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/program_paths.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

// Does a diagnostic tell the same of the same place? Texts of files do not change between two checks.
bool Same(const Diagnostic& a, const Diagnostic& b) {
  const Span x = a.primary.span, y = b.primary.span;
  return a.kind == b.kind && a.message == b.message && x.file == y.file && x.begin == y.begin && x.end == y.end;
}

// The rule whose text holds `span`, or "".
std::string RuleAt(const std::vector<ast::File>& files, Span span) {
  for (const ast::File& file : files) {
    for (const ast::Decl& decl : file.decls) {
      const auto* rule = std::get_if<ast::RuleDecl>(&decl.node);
      const bool holds = decl.span.file == span.file && decl.span.begin <= span.begin && span.end <= decl.span.end;
      if (rule != nullptr && holds) return rule->name.text;
    }
  }
  return "";
}

bool Declares(const std::vector<ast::File>& files, const std::string& full_name) {
  for (const ast::File& file : files) {
    for (const ast::Decl& decl : file.decls) {
      const auto* schema = std::get_if<ast::SchemaDecl>(&decl.node);
      if (schema != nullptr && schema->full_name == full_name) return true;
    }
  }
  return false;
}

class RulesWith {
 public:
  RulesWith(const NewSchema& schema, Report* report) : schema_(schema), report_(*report) {}

  // False and *error if a file cannot be read.
  bool Check(const ProgramFiles& program, const std::string& schemas, std::string* error) {
    Diagnostics parsed;
    SourceSet sources;
    const LoadedProgram loaded = LoadProgram(program.files, ParseText, sources, parsed);
    if (!loaded.unreadable.empty()) {
      *error = loaded.unreadable.front();
      return false;
    }
    std::vector<std::string> paths;
    for (const ast::File& file : loaded.files) paths.push_back(sources.file(file.id).path());
    const std::vector<std::string> folders = SchemaFolders(SchemasOf(program.project, schemas), paths);
    if (!parsed.has_errors() && !Declares(loaded.files, schema_.document->root().name)) return true;
    ++programs_;
    Diagnostics before;
    SchemaStore now(folders);
    if (!parsed.has_errors()) rulec::Check(sources, loaded.files, now, before, loaded.imports);
    uncompiled_ += parsed.has_errors() || before.has_errors();
    report_.Add(sources, parsed.all(), Report::Errors::DoNotCompile);
    if (before.has_errors()) report_.Add(sources, before.all(), Report::Errors::DoNotCompile);
    if (parsed.has_errors() || before.has_errors()) return true;
    CheckWithNew(loaded, folders, before, sources);
    return true;
  }

  size_t programs() const { return programs_; }
  size_t uncompiled() const { return uncompiled_; }
  const std::vector<std::string>& broken() const { return broken_; }

 private:
  void CheckWithNew(const LoadedProgram& loaded, const std::vector<std::string>& folders, const Diagnostics& before,
                    SourceSet& sources) {
    const std::string& name = schema_.document->root().name;
    SchemaStore later(folders);
    const std::vector<int64_t> versions = later.Versions(name);
    const int64_t version = versions.empty() ? 1 : versions.back() + 1;
    later.Add(name, version, schema_.path, schema_.text);
    Diagnostics all, news;
    rulec::Check(sources, loaded.files, later, all, loaded.imports);
    for (Diagnostic diagnostic : all.all()) {
      const auto same = [&diagnostic](const Diagnostic& old) { return Same(old, diagnostic); };
      if (std::ranges::any_of(before.all(), same)) continue;
      const std::string rule = RuleAt(loaded.files, diagnostic.primary.span);
      diagnostic.notes.push_back(fmt::format("{} with {} as version {} of `{}`",
                                             rule.empty() ? "this breaks" : "rule `" + rule + "` breaks", schema_.path,
                                             version, name));
      if (diagnostic.kind->severity == Severity::Error && !rule.empty() &&
          std::ranges::find(broken_, rule) == broken_.end()) {
        broken_.push_back(rule);
      }
      news.Add(std::move(diagnostic));
    }
    report_.Add(sources, news.all(), Report::Errors::AreFindings);
  }

  const NewSchema& schema_;
  Report& report_;
  size_t programs_ = 0;    // that declare the schema
  size_t uncompiled_ = 0;  // of these, without the new version too
  std::vector<std::string> broken_;
};

}  // namespace

bool CheckRulesWith(const NewSchema& schema, const std::vector<std::string>& paths, const std::string& schemas,
                    Report* report, std::string* summary, std::string* error) {
  const ProgramPaths found = FindPrograms(paths);
  *error = found.error;
  if (!error->empty()) return false;
  report->Add(found.sources, found.diagnostics.all(), Report::Errors::AreConfiguration);
  if (found.diagnostics.has_errors()) return true;
  RulesWith rules(schema, report);
  for (const ProgramFiles& program : found.programs) {
    if (!rules.Check(program, schemas, error)) return false;
  }
  const std::string& name = schema.document->root().name;
  if (rules.programs() == 0) {
    *summary += fmt::format("no rule declares schema `{}`\n", name);
  } else if (rules.uncompiled() == rules.programs()) {
    *summary += fmt::format("the rules with schema `{}` do not compile without {} either\n", name, schema.path);
  } else if (rules.broken().empty()) {
    *summary += fmt::format("no rule breaks with {} as the next version of `{}`\n", schema.path, name);
  } else {
    *summary += fmt::format("{} rule{} with {} as the next version of `{}`: {}\n", rules.broken().size(),
                            rules.broken().size() == 1 ? " breaks" : "s break", schema.path, name,
                            fmt::join(rules.broken(), ", "));
  }
  return true;
}

}  // namespace rulec
