#include "compiler/check/ast_to_typed.h"

#include "compiler/check/check_outputs.h"
#include "compiler/check/check_rule.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/check_values.h"
#include "compiler/check/context.h"

namespace rulec {
namespace {

std::string PackageOf(const ast::File& file) {
  std::string package;
  for (const ast::Name& name : file.package) package += (package.empty() ? "" : ".") + name.text;
  return package;
}

// Calls `check(decl, file)` for every declaration of one kind, in the order of files and lines.
template <typename Decl, typename Function>
void ForEach(const std::vector<ast::File>& files, Function check) {
  for (const ast::File& file : files) {
    for (const ast::Decl& decl : file.decls) {
      if (const auto* node = std::get_if<Decl>(&decl.node)) check(*node, file);
    }
  }
}

}  // namespace

typed::Program Check(SourceSet& sources, const std::vector<ast::File>& files, SchemaStore& store,
                     Diagnostics& diagnostics) {
  using check::Context;
  typed::Program program;
  Context context{.sources = sources, .diagnostics = diagnostics, .store = store, .program = program};
  check::OutputTable outputs(context);
  ForEach<ast::SchemaDecl>(files, [&](const auto& decl, const auto&) { CheckSchemaDecl(context, decl); });
  ForEach<ast::StreamDecl>(files, [&](const auto& decl, const auto&) { CheckStreamDecl(context, decl); });
  ForEach<ast::OutputDecl>(files, [&](const auto& decl, const auto& file) { outputs.Declare(decl, PackageOf(file)); });
  // Names before values: a param may be made of constants, and a constant that names a param is told so.
  ForEach<ast::ConstDecl>(files, [&](const auto& decl, const auto&) { DeclareConst(context, decl); });
  ForEach<ast::ParamDecl>(files, [&](const auto& decl, const auto&) { CheckParamDecl(context, decl); });
  CheckConsts(context, files);
  ForEach<ast::RuleDecl>(
      files, [&](const auto& decl, const auto& file) { CheckRule(context, outputs, decl, PackageOf(file)); });
  outputs.Finish();
  return program;
}

}  // namespace rulec
