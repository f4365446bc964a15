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
  ast::TypeRef BuildType(grammar::RuleParser::TypeContext* tree);

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

  Tall BuildExpr(antlr4::ParserRuleContext* tree);
  Tall BuildChain(antlr4::ParserRuleContext* tree);
  Tall BuildNegation(Parser::NegationContext* tree);
  Tall BuildComparison(Parser::ComparisonContext* tree);
  Tall BuildWord(Tall left, Parser::ComparisonTailContext* tree);
  Tall BuildIs(Tall left, Parser::ComparisonTailContext* tree);
  Tall BuildTail(Tall left, Parser::ComparisonTailContext* tree);
  Tall BuildUnary(Parser::UnaryContext* tree);
  Tall BuildPostfix(Parser::PostfixContext* tree);
  Tall BuildSuffix(Tall object, Parser::SuffixContext* tree);
  Tall BuildCall(Tall callee, Parser::SuffixContext* tree);
  static std::optional<ast::Name> CalleeOf(const ast::Expr& expr);
  Tall BuildIndex(Tall object, Parser::SuffixContext* tree);
  Tall BuildLambda(Parser::ExprContext* tree);
  Tall BuildIf(Parser::ExprContext* tree);
  Tall BuildList(Parser::PrimaryContext* tree);
  Tall BuildCase(Parser::PrimaryContext* tree);
  Tall BuildFormat(Parser::PrimaryContext* tree);
  void BuildHole(Parser::HoleContext* tree, ast::FormatPart* part, uint32_t* height);
  Tall BuildPrimary(Parser::PrimaryContext* tree);
  Tall BuildLiteral(size_t index);
  // False if it is nothing but a `where`, which was told.
  bool BuildArgument(Parser::ArgumentContext* tree, ast::Argument* argument, uint32_t* height);
  // A part of a node: its height counts for the whole.
  ast::ExprPtr Part(antlr4::ParserRuleContext* tree, uint32_t* height);

  Tall Make(Span span, decltype(ast::Expr::node) node, uint32_t height = 1);
  Tall MakeUnary(Span span, ast::UnaryOp op, Tall operand);
  Tall MakeBinary(Sign sign, Tall left, Tall right);
  Tall Error(Span span) { return Make(span, ast::ErrorExpr{}); }
  ast::BinaryOp ReadOperator(size_t index);
  void Foreign(size_t index, std::string_view right, std::string_view help);

  TreeContext& context_;
  bool told_height_ = false;
};

}  // namespace rulec
