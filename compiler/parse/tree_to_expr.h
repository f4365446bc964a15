// The expressions of a parse tree.
#pragma once

#include "compiler/parse/tree_context.h"
#include "grammar/RuleParser.h"

namespace rulec {

// Operators, members and calls that may stand on one another, brackets apart: what walks the tree may recurse.
inline constexpr uint32_t kMaxHeight = 1000;

class ExprBuilder {
 public:
  explicit ExprBuilder(TreeContext& context) : context_(context) {}

  // Never null: what could not be parsed or is not supported is an ErrorExpr.
  ast::ExprPtr Build(grammar::RuleParser::ExprContext* tree);
  std::vector<ast::ExprPtr> BuildArguments(grammar::RuleParser::ArgumentsContext* tree);

 private:
  using Parser = grammar::RuleParser;
  // An expression and how many nodes stand on one another in it.
  struct Tall {
    ast::ExprPtr expr;
    uint32_t height = 1;
  };
  struct Sign {
    ast::BinaryOp op;
    size_t index;
  };

  Tall BuildExpr(antlr4::tree::ParseTree* tree);
  Tall BuildChain(antlr4::ParserRuleContext* tree);
  Tall BuildNegation(Parser::NegationContext* tree);
  Tall BuildComparison(Parser::ComparisonContext* tree);
  Tall BuildTail(Tall left, Parser::ComparisonTailContext* tree);
  Tall BuildUnary(Parser::UnaryContext* tree);
  Tall BuildPostfix(Parser::PostfixContext* tree);
  Tall BuildSuffix(Tall object, Parser::SuffixContext* tree);
  Tall BuildCall(Tall callee, Parser::SuffixContext* tree);
  Tall BuildPrimary(Parser::PrimaryContext* tree);
  Tall BuildLiteral(size_t index);
  Tall BuildArgument(Parser::ArgumentContext* tree);

  Tall Make(Span span, decltype(ast::Expr::node) node, uint32_t height = 1);
  Tall MakeUnary(Span span, ast::UnaryOp op, Tall operand);
  Tall MakeBinary(Sign sign, Tall left, Tall right);
  Tall Error(Span span) { return Make(span, ast::ErrorExpr{}); }
  Tall NotSupported(antlr4::ParserRuleContext* tree, size_t index, std::string_view construct);
  ast::BinaryOp ReadOperator(size_t index);
  void Foreign(size_t index, std::string_view right, std::string_view help);

  TreeContext& context_;
  bool told_height_ = false;
};

}  // namespace rulec
