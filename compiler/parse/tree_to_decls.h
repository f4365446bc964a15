// The declarations of a parse tree.
#pragma once

#include "compiler/parse/tree_to_expr.h"

namespace rulec {

class DeclBuilder {
 public:
  // `docs`: the file's `///` lines. `damaged`: the piece has syntax errors, so that what is missing is no mistake.
  DeclBuilder(TreeContext& context, const std::vector<DocLine>& docs, bool damaged)
      : context_(context), exprs_(context), docs_(docs), damaged_(damaged) {}

  void Build(grammar::RuleParser::PieceContext* piece, ast::File* file);

 private:
  using Parser = grammar::RuleParser;

  void BuildDeclaration(Parser::DeclarationContext* tree, ast::File* file);
  void BuildPackage(Parser::PackageDeclContext* tree, ast::File* file);
  void BuildImport(Parser::ImportDeclContext* tree, ast::File* file);
  ast::SchemaDecl BuildSchema(Parser::SchemaDeclContext* tree);
  std::optional<ast::VersionRange> BuildVersions(Parser::VersionsContext* tree);
  std::optional<int64_t> ReadVersion(size_t index);
  ast::StreamDecl BuildStream(Parser::StreamDeclContext* tree);
  void BuildStreamOption(Parser::StreamOptionContext* tree, ast::StreamDecl* stream);
  std::optional<ast::StreamDuration> BuildDuration(Parser::DurationContext* tree);
  ast::FnDecl BuildFn(Parser::FnDeclContext* tree);
  std::string DocBefore(size_t index) const;

  TreeContext& context_;
  ExprBuilder exprs_;
  const std::vector<DocLine>& docs_;
  const bool damaged_;
};

}  // namespace rulec
