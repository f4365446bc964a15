// The rules of a parse tree, `derive` with them.
#pragma once

#include "compiler/parse/tree_to_expr.h"

namespace rulec {

class RuleBuilder {
 public:
  // `damaged`: the piece has syntax errors, so that what is missing is no mistake.
  RuleBuilder(TreeContext& context, bool damaged) : context_(context), exprs_(context), damaged_(damaged) {}

  ast::RuleDecl Build(grammar::RuleParser::RuleDeclContext* tree, std::string doc);

 private:
  using Parser = grammar::RuleParser;

  ast::Annotation BuildAnnotation(Parser::AnnotationContext* tree);
  void BuildClause(Parser::ClauseContext* tree, ast::RuleDecl* rule);
  void BuildFrom(Parser::FromClauseContext* tree, ast::RuleDecl* rule);
  void BuildExpand(Parser::ExpandClauseContext* tree, ast::RuleDecl* rule);
  std::vector<ast::KeyExpr> BuildKeys(Parser::PartitionContext* tree);
  void BuildLet(Parser::LetClauseContext* tree, ast::RuleDecl* rule);
  void BuildEmit(Parser::EmitClauseContext* tree, ast::RuleDecl* rule);
  void TellNoOutput(size_t brace);
  void BuildFields(Parser::EmitBlockContext* tree, ast::EmitClause* emit);
  void BuildLater(Parser::LaterClauseContext* tree);
  void CheckWhole(const ast::RuleDecl& rule);

  TreeContext& context_;
  ExprBuilder exprs_;
  const bool damaged_;
};

}  // namespace rulec
