#include "compiler/parse/tree_to_expr.h"

#include <algorithm>

#include "compiler/parse/literals.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using antlr4::ParserRuleContext;
using antlr4::tree::ParseTree;
using antlr4::tree::TerminalNode;
using grammar::RuleLexer;

namespace {

// Children are walked in order: asking a context for its n-th part searches from the first one every time.
ParserRuleContext* AsRule(ParseTree* tree) { return dynamic_cast<ParserRuleContext*>(tree); }

size_t IndexOf(ParseTree* terminal) {
  auto* node = dynamic_cast<TerminalNode*>(terminal);
  return node ? node->getSymbol()->getTokenIndex() : 0;
}

}  // namespace

ast::ExprPtr ExprBuilder::Build(Parser::ExprContext* tree) {
  told_height_ = false;
  return BuildExpr(tree).expr;
}

ExprBuilder::Tall ExprBuilder::Make(Span span, decltype(ast::Expr::node) node, uint32_t height) {
  auto expr = std::make_unique<ast::Expr>();
  expr->span = span;
  if (height > kMaxHeight) {
    if (!told_height_) {
      context_.diagnostics()
          .Build(span, ExpressionTooLong, {std::to_string(kMaxHeight)})
          .Help("name parts of it with `let`")
          .Emit();
    }
    told_height_ = true;
    expr->node = ast::ErrorExpr{};
    return {std::move(expr), 1};
  }
  expr->node = std::move(node);
  return {std::move(expr), height};
}

ExprBuilder::Tall ExprBuilder::MakeUnary(Span span, ast::UnaryOp op, Tall operand) {
  return Make(span, ast::UnaryExpr{op, std::move(operand.expr)}, operand.height + 1);
}

ExprBuilder::Tall ExprBuilder::MakeBinary(Sign sign, Tall left, Tall right) {
  const Span span = Span::Cover(left.expr->span, right.expr->span);
  const uint32_t height = std::max(left.height, right.height) + 1;
  return Make(span, ast::BinaryExpr{sign.op, context_.SpanOf(sign.index), std::move(left.expr), std::move(right.expr)},
              height);
}

ExprBuilder::Tall ExprBuilder::NotSupported(ParserRuleContext* tree, size_t index, std::string_view construct) {
  context_.NotSupported(context_.SpanOf(index), construct);
  return Error(context_.SpanOf(tree));
}

ExprBuilder::Tall ExprBuilder::BuildExpr(ParseTree* tree) {
  ParserRuleContext* rule = AsRule(tree);
  if (!rule) return Error({context_.file(), 0, 0});
  if (rule->exception || rule->children.empty()) return Error(context_.SpanOf(rule));
  switch (rule->getRuleIndex()) {
    case Parser::RuleExpr: {
      const size_t first = context_.First(rule);
      if (context_.token(first).type == RuleLexer::LAMBDA) return NotSupported(rule, first, "a lambda");
      if (context_.token(first).type == RuleLexer::IF) return NotSupported(rule, first, "`if`");
      return BuildExpr(rule->children[0]);
    }
    case Parser::RuleNegation: return BuildNegation(static_cast<Parser::NegationContext*>(rule));
    case Parser::RuleComparison: return BuildComparison(static_cast<Parser::ComparisonContext*>(rule));
    case Parser::RuleUnary: return BuildUnary(static_cast<Parser::UnaryContext*>(rule));
    case Parser::RulePostfix: return BuildPostfix(static_cast<Parser::PostfixContext*>(rule));
    default: return BuildChain(rule);
  }
}

// operand (sign operand)*, from left to right.
ExprBuilder::Tall ExprBuilder::BuildChain(ParserRuleContext* tree) {
  Tall left = BuildExpr(tree->children[0]);
  for (size_t i = 1; i + 1 < tree->children.size(); i += 2) {
    const size_t index = IndexOf(tree->children[i]);
    left = MakeBinary({ReadOperator(index), index}, std::move(left), BuildExpr(tree->children[i + 1]));
  }
  return left;
}

ast::BinaryOp ExprBuilder::ReadOperator(size_t index) {
  using ast::BinaryOp;
  switch (context_.token(index).type) {
    case RuleLexer::OR_OR: Foreign(index, "or", {}); [[fallthrough]];
    case RuleLexer::OR: return BinaryOp::Or;
    case RuleLexer::AND_AND: Foreign(index, "and", {}); [[fallthrough]];
    case RuleLexer::AND: return BinaryOp::And;
    case RuleLexer::COALESCE: return BinaryOp::Coalesce;
    case RuleLexer::PLUS: return BinaryOp::Add;
    case RuleLexer::MINUS: return BinaryOp::Subtract;
    case RuleLexer::PERCENT_SIGN:
      context_.diagnostics()
          .Build(context_.SpanOf(index), PercentOperator)
          .Help(
              "the rest of a division is `mod(a, b)`; a share of a hundred is written as in `5%`, followed by a space")
          .Emit();
      return BinaryOp::Divide;
    case RuleLexer::STAR: return BinaryOp::Multiply;
    case RuleLexer::SLASH: return BinaryOp::Divide;
    case RuleLexer::LESS_GREATER: Foreign(index, "!=", {}); [[fallthrough]];
    case RuleLexer::NOT_EQUAL: return BinaryOp::NotEqual;
    case RuleLexer::LESS: return BinaryOp::Less;
    case RuleLexer::LESS_EQUAL: return BinaryOp::LessEqual;
    case RuleLexer::GREATER: return BinaryOp::Greater;
    case RuleLexer::GREATER_EQUAL: return BinaryOp::GreaterEqual;
    case RuleLexer::ASSIGN:
    case RuleLexer::SAME: Foreign(index, "==", "two values are compared with `==`"); [[fallthrough]];
    default: return BinaryOp::Equal;
  }
}

void ExprBuilder::Foreign(size_t index, std::string_view right, std::string_view help) {
  const Span span = context_.SpanOf(index);
  const std::string message = help.empty() ? "it is written `" + std::string(right) + "`" : std::string(help);
  context_.diagnostics()
      .Build(span, ForeignOperator, {context_.text(index)})
      .Suggest(message, span, std::string(right))
      .Emit();
}

ExprBuilder::Tall ExprBuilder::BuildNegation(Parser::NegationContext* tree) {
  if (tree->children.size() < 2) return BuildExpr(tree->children[0]);
  const size_t sign = context_.First(tree);
  if (context_.token(sign).type == RuleLexer::BANG) Foreign(sign, "not ", "it is written `not`");
  return MakeUnary(context_.SpanOf(tree), ast::UnaryOp::Not, BuildExpr(tree->children[1]));
}

ExprBuilder::Tall ExprBuilder::BuildComparison(Parser::ComparisonContext* tree) {
  Tall left = BuildExpr(tree->children[0]);
  if (tree->children.size() > 2) {
    const auto* second = AsRule(tree->children[2]);
    const auto* first = AsRule(tree->children[1]);
    context_.diagnostics()
        .Build(context_.SpanOf(context_.First(second)), ChainedComparison)
        .Under("a second comparison")
        .Label(context_.SpanOf(context_.First(first)), "the first one")
        .Help("join them with `and`: `a < b and b < c`")
        .Emit();
    return Error(context_.SpanOf(tree));
  }
  if (tree->children.size() < 2) return left;
  return BuildTail(std::move(left), static_cast<Parser::ComparisonTailContext*>(AsRule(tree->children[1])));
}

ExprBuilder::Tall ExprBuilder::BuildTail(Tall left, Parser::ComparisonTailContext* tree) {
  const size_t sign = context_.First(tree);
  const Span span = Span::Cover(left.expr->span, context_.SpanOf(tree));
  const auto later = [&](std::string_view construct) {
    context_.NotSupported(context_.SpanOf(sign), construct);
    return Error(span);
  };
  switch (context_.token(sign).type) {
    case RuleLexer::IS: {
      const bool negated = tree->NOT() != nullptr;
      if (!tree->NULL_()) return later("`is` with a type");
      return Make(span, ast::IsNullExpr{std::move(left.expr), negated}, left.height + 1);
    }
    case RuleLexer::NOT: {
      const std::string word = "`not " + std::string(context_.text(sign + 1)) + "`";
      return later(word);
    }
    case RuleLexer::IN:
    case RuleLexer::LIKE:
    case RuleLexer::MATCHES:
    case RuleLexer::BETWEEN: return later("`" + std::string(context_.text(sign)) + "`");
    default: return MakeBinary({ReadOperator(sign), sign}, std::move(left), BuildExpr(tree->children[1]));
  }
}

ExprBuilder::Tall ExprBuilder::BuildUnary(Parser::UnaryContext* tree) {
  if (tree->children.size() < 2) return BuildExpr(tree->children[0]);
  return MakeUnary(context_.SpanOf(tree), ast::UnaryOp::Negate, BuildExpr(tree->children[1]));
}

ExprBuilder::Tall ExprBuilder::BuildPostfix(Parser::PostfixContext* tree) {
  ParserRuleContext* primary = AsRule(tree->children[0]);
  if (!primary || primary->exception || primary->children.empty()) return Error(context_.SpanOf(tree));
  Tall object = BuildPrimary(static_cast<Parser::PrimaryContext*>(primary));
  for (size_t i = 1; i < tree->children.size(); ++i) {
    ParserRuleContext* suffix = AsRule(tree->children[i]);
    if (!suffix || suffix->exception) return Error(context_.SpanOf(tree));
    object = BuildSuffix(std::move(object), static_cast<Parser::SuffixContext*>(suffix));
  }
  return object;
}

ExprBuilder::Tall ExprBuilder::BuildSuffix(Tall object, Parser::SuffixContext* tree) {
  const size_t sign = context_.First(tree);
  const Span span = Span::Cover(object.expr->span, context_.SpanOf(tree));
  switch (context_.token(sign).type) {
    case RuleLexer::DOT:
    case RuleLexer::SAFE_DOT: {
      const bool safe = context_.token(sign).type == RuleLexer::SAFE_DOT;
      return Make(span, ast::MemberExpr{std::move(object.expr), context_.NameAt(sign + 1), safe}, object.height + 1);
    }
    case RuleLexer::META_OF: {
      ast::MetaExpr meta;
      meta.name = context_.NameAt(sign);
      if (auto* name = std::get_if<ast::NameExpr>(&object.expr->node)) {
        meta.of = std::move(name->name);
        return Make(span, std::move(meta));
      }
      context_.diagnostics()
          .Build(context_.SpanOf(sign), MisplacedClause, {"`" + std::string(context_.text(sign)) + "`"})
          .Under("it touches the name of an alias, as in `t@time`")
          .Emit();
      return Error(span);
    }
    case RuleLexer::LPAREN: return BuildCall(std::move(object), tree);
    case RuleLexer::LBRACKET: context_.NotSupported(context_.SpanOf(sign), "an index in brackets"); return Error(span);
    default: context_.NotSupportedAlone(context_.SpanOf(sign), "`over`"); return Error(span);
  }
}

ExprBuilder::Tall ExprBuilder::BuildCall(Tall callee, Parser::SuffixContext* tree) {
  const Span span = Span::Cover(callee.expr->span, context_.SpanOf(tree));
  auto* name = std::get_if<ast::NameExpr>(&callee.expr->node);
  if (!name) {
    if (!std::holds_alternative<ast::ErrorExpr>(callee.expr->node)) {
      context_.diagnostics()
          .Build(context_.SpanOf(context_.First(tree)), MisplacedClause, {"`(`"})
          .Label(callee.expr->span, "this is not the name of a function")
          .Emit();
    }
    return Error(span);
  }
  ast::CallExpr call;
  call.callee = std::move(name->name);
  uint32_t height = 0;
  if (auto* arguments = tree->arguments(); arguments && !arguments->exception) {
    for (ParseTree* child : arguments->children) {
      auto* argument = dynamic_cast<Parser::ArgumentContext*>(child);
      if (!argument) continue;
      Tall built = BuildArgument(argument);
      height = std::max(height, built.height);
      if (built.expr) call.arguments.push_back({std::nullopt, nullptr, std::move(built.expr)});
    }
  }
  return Make(span, std::move(call), height + 1);
}

// Without an expression if there is nothing but a `where`.
ExprBuilder::Tall ExprBuilder::BuildArgument(Parser::ArgumentContext* tree) {
  if (tree->exception || tree->children.empty()) return Error(context_.SpanOf(tree));
  const size_t first = context_.First(tree);
  if (context_.token(first).type == RuleLexer::LABEL) {
    context_.NotSupported(context_.SpanOf(first), "a named argument");
    return Error(context_.SpanOf(tree));
  }
  if (auto* filter = tree->FILTER()) {
    context_.NotSupportedAlone(context_.SpanOf(IndexOf(filter)), "`where` in an argument");
    if (context_.token(first).type == RuleLexer::FILTER) return {nullptr, 0};
  }
  if (auto* colon = tree->COLON()) {
    context_.NotSupported(context_.SpanOf(IndexOf(colon)), "a pair of key and value");
    return Error(context_.SpanOf(tree));
  }
  return BuildExpr(tree->children[0]);
}

std::vector<ast::ExprPtr> ExprBuilder::BuildArguments(Parser::ArgumentsContext* tree) {
  std::vector<ast::ExprPtr> arguments;
  if (!tree || tree->exception) return arguments;
  for (ParseTree* child : tree->children) {
    auto* argument = dynamic_cast<Parser::ArgumentContext*>(child);
    if (!argument) continue;
    told_height_ = false;
    if (Tall built = BuildArgument(argument); built.expr) arguments.push_back(std::move(built.expr));
  }
  return arguments;
}

ExprBuilder::Tall ExprBuilder::BuildPrimary(Parser::PrimaryContext* tree) {
  const size_t first = context_.First(tree);
  switch (context_.token(first).type) {
    case RuleLexer::LPAREN: {
      // The brackets belong to the expression's place in the text, and to nothing else.
      if (tree->children.size() < 2) return Error(context_.SpanOf(tree));
      Tall inner = BuildExpr(tree->children[1]);
      inner.expr->span = context_.SpanOf(tree);
      return inner;
    }
    case RuleLexer::LBRACKET: return NotSupported(tree, first, "a list");
    case RuleLexer::CASE: return NotSupported(tree, first, "`case`");
    case RuleLexer::FORMAT_STRING: return NotSupported(tree, first, "a formatted string");
    default: return BuildLiteral(first);
  }
}

ExprBuilder::Tall ExprBuilder::BuildLiteral(size_t index) {
  const Span span = context_.SpanOf(index);
  const std::string_view text = context_.text(index);
  switch (context_.token(index).type) {
    case RuleLexer::NULL_: return Make(span, ast::NullLiteral{});
    case RuleLexer::TRUE_: return Make(span, ast::BoolLiteral{true});
    case RuleLexer::FALSE_: return Make(span, ast::BoolLiteral{false});
    case RuleLexer::INT: return Make(span, ast::IntLiteral{WithoutUnderscores(text)});
    case RuleLexer::FLOAT: return Make(span, ast::FloatLiteral{WithoutUnderscores(text)});
    case RuleLexer::PERCENT:
      return Make(span, ast::PercentLiteral{WithoutUnderscores(text.substr(0, text.size() - 1))});
    case RuleLexer::STRING: return Make(span, ast::StringLiteral{ReadString(text, span, context_.diagnostics())});
    case RuleLexer::DURATION: {
      const std::optional<int64_t> us = ReadDuration(text, span, context_.diagnostics());
      return us ? Make(span, ast::DurationLiteral{*us}) : Error(span);
    }
    case RuleLexer::BAD_NUMBER: TellBadNumber(text, span, context_.diagnostics()); return Error(span);
    case RuleLexer::META: return Make(span, ast::MetaExpr{context_.NameAt(index), std::nullopt});
    default: return Make(span, ast::NameExpr{context_.NameAt(index)});
  }
}

}  // namespace rulec
