#include "compiler/check/ast_to_typed.h"

#include <unordered_map>

#include "compiler/check/check_functions.h"
#include "compiler/check/check_outputs.h"
#include "compiler/check/check_rules.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/check_values.h"
#include "compiler/check/context.h"
#include "compiler/check/unused.h"

namespace rulec {
namespace {

// Calls `check(decl, file)` for every declaration of one kind, in the order of files and lines.
template <typename Decl, typename Function>
void ForEach(const std::vector<ast::File>& files, Function check) {
  for (const ast::File& file : files) {
    for (const ast::Decl& decl : file.decls) {
      if (const auto* node = std::get_if<Decl>(&decl.node)) check(*node, file);
    }
  }
}

using check::Context;

// Names before values: they may use each other in any order.
void DeclareNames(Context& context, const std::vector<ast::File>& files) {
  ForEach<ast::SchemaDecl>(
      files, [&](const auto& decl, const auto& file) { CheckSchemaDecl(context, decl, PackageOf(file)); });
  ForEach<ast::ConstDecl>(files,
                          [&](const auto& decl, const auto& file) { DeclareConst(context, decl, PackageOf(file)); });
  ForEach<ast::FnDecl>(files,
                       [&](const auto& decl, const auto& file) { DeclareFunction(context, decl, PackageOf(file)); });
}

void CheckValues(Context& context, const std::vector<ast::File>& files) {
  ForEach<ast::ParamDecl>(files,
                          [&](const auto& decl, const auto& file) { CheckParamDecl(context, decl, PackageOf(file)); });
  CheckConsts(context);
  CheckFunctions(context);
}

// It is not checked, and nothing is told of rules that read what it may have made.
void NoteIncomplete(Context& context, const ast::RuleDecl& rule) {
  context.rules_missing = true;
  if (rule.derived) context.unreadable_streams.insert(rule.name.text);
  for (const ast::Stage& stage : rule.stages) {
    if (const auto* emit = std::get_if<ast::EmitClause>(&stage)) context.unreadable_streams.insert(emit->output.text);
  }
}

}  // namespace

std::string PackageOf(const ast::File& file) {
  std::string package;
  for (const ast::Name& name : file.package) package += (package.empty() ? "" : ".") + name.text;
  return package;
}

void check::CheckValueDecls(Context& context, const std::vector<ast::File>& files) {
  DeclareNames(context, files);
  CheckValues(context, files);
}

typed::Program Check(SourceSet& sources, const std::vector<ast::File>& files, SchemaStore& store,
                     Diagnostics& diagnostics, const std::vector<ImportLink>& imports) {
  typed::Program program;
  Context context{.sources = sources, .diagnostics = diagnostics, .store = store, .program = program};
  check::OutputTable outputs(context);
  DeclareNames(context, files);
  ForEach<ast::StreamDecl>(
      files, [&](const auto& decl, const auto& file) { CheckStreamDecl(context, decl, PackageOf(file)); });
  ForEach<ast::OutputDecl>(files, [&](const auto& decl, const auto& file) { outputs.Declare(decl, PackageOf(file)); });
  CheckValues(context, files);
  std::vector<check::RuleInFile> rules;
  ForEach<ast::RuleDecl>(files, [&](const auto& decl, const auto& file) {
    context.files_with_rules.insert(file.id);
    if (decl.incomplete) return NoteIncomplete(context, decl);
    if (decl.derived) outputs.DeclareDerive(decl.name, PackageOf(file));
    rules.push_back({&decl, PackageOf(file)});
  });
  CheckRules(context, outputs, rules);
  // What was not understood may have used it.
  if (!diagnostics.has_errors()) {
    WarnOfUnused(context);
    outputs.WarnOfUnused();
    WarnOfUnusedImports(context, imports);
  }
  return program;
}

}  // namespace rulec
