#include "compiler/parse/tree_to_expr.h"

#include <algorithm>

#include "compiler/parse/habits.h"
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

// Where the grammar has a rule at that place of every whole context: most of the time of a dynamic_cast is saved.
ParserRuleContext* RuleAt(ParserRuleContext* tree, size_t child) {
  return static_cast<ParserRuleContext*>(tree->children[child]);
}

size_t IndexOf(ParseTree* terminal) { return static_cast<TerminalNode*>(terminal)->getSymbol()->getTokenIndex(); }

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

ast::ExprPtr ExprBuilder::Part(ParserRuleContext* tree, uint32_t* height) {
  Tall part = BuildExpr(tree);
  *height = std::max(*height, part.height);
  return std::move(part.expr);
}

ExprBuilder::Tall ExprBuilder::BuildExpr(ParserRuleContext* rule) {
  if (rule->exception || rule->children.empty()) return Error(context_.SpanOf(rule));
  switch (rule->getRuleIndex()) {
    case Parser::RuleExpr: {
      auto* expr = static_cast<Parser::ExprContext*>(rule);
      switch (context_.token(context_.First(rule)).type) {
        case RuleLexer::LAMBDA:
        case RuleLexer::LAMBDA_OPEN: return BuildLambda(expr);
        case RuleLexer::IF: return BuildIf(expr);
        default: return BuildExpr(RuleAt(rule, 0));
      }
    }
    case Parser::RuleNegation: return BuildNegation(static_cast<Parser::NegationContext*>(rule));
    case Parser::RuleComparison: return BuildComparison(static_cast<Parser::ComparisonContext*>(rule));
    case Parser::RuleUnary: return BuildUnary(static_cast<Parser::UnaryContext*>(rule));
    case Parser::RulePostfix: return BuildPostfix(static_cast<Parser::PostfixContext*>(rule));
    default: return BuildChain(rule);
  }
}

// t => body, (a, b) => body
ExprBuilder::Tall ExprBuilder::BuildLambda(Parser::ExprContext* tree) {
  ast::LambdaExpr lambda;
  uint32_t height = 0;
  for (ParseTree* child : tree->children) {
    ParserRuleContext* rule = AsRule(child);
    if (!rule && context_.token(IndexOf(child)).type == RuleLexer::LAMBDA) {
      lambda.parameters.push_back(context_.NameAt(IndexOf(child)));
    } else if (rule && rule->getRuleIndex() == Parser::RuleName) {
      lambda.parameters.push_back(context_.NameAt(context_.First(rule)));
    } else if (rule) {
      lambda.body = Part(rule, &height);
    }
  }
  if (!lambda.body) return Error(context_.SpanOf(tree));
  return Make(context_.SpanOf(tree), std::move(lambda), height + 1);
}

ExprBuilder::Tall ExprBuilder::BuildIf(Parser::ExprContext* tree) {
  if (tree->children.size() < 6) return Error(context_.SpanOf(tree));
  uint32_t height = 0;
  ast::IfExpr expr;
  expr.condition = Part(RuleAt(tree, 1), &height);
  expr.then = Part(RuleAt(tree, 3), &height);
  expr.otherwise = Part(RuleAt(tree, 5), &height);
  return Make(context_.SpanOf(tree), std::move(expr), height + 1);
}

// operand (sign operand)*, from left to right.
ExprBuilder::Tall ExprBuilder::BuildChain(ParserRuleContext* tree) {
  Tall left = BuildExpr(RuleAt(tree, 0));
  for (size_t i = 1; i + 1 < tree->children.size(); i += 2) {
    const size_t index = IndexOf(tree->children[i]);
    left = MakeBinary({ReadOperator(index), index}, std::move(left), BuildExpr(RuleAt(tree, i + 1)));
  }
  return left;
}

ast::BinaryOp ExprBuilder::ReadOperator(size_t index) {
  using ast::BinaryOp;
  switch (context_.token(index).type) {
    case RuleLexer::OR_OR:
      Foreign(index, "or", "it is written `or`; texts are put together by `concat(a, b)`");
      [[fallthrough]];
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
  if (context_.token(index).type == RuleLexer::ASSIGN && NamesField(context_.piece(), context_.file_text(), index)) {
    context_.diagnostics()
        .Build(span, ForeignOperator, {"="})
        .Suggest("a field's name stands before `:`", Span::Cover(context_.SpanOf(index - 1), span),
                 std::string(context_.text(index - 1)) + ":")
        .Emit();
    return;
  }
  const std::string message = help.empty() ? "it is written `" + std::string(right) + "`" : std::string(help);
  context_.diagnostics()
      .Build(span, ForeignOperator, {context_.text(index)})
      .Suggest(message, span, std::string(right))
      .Emit();
}

ExprBuilder::Tall ExprBuilder::BuildNegation(Parser::NegationContext* tree) {
  if (tree->children.size() < 2) return BuildExpr(RuleAt(tree, 0));
  const size_t sign = context_.First(tree);
  if (context_.token(sign).type == RuleLexer::BANG) Foreign(sign, "not ", "it is written `not`");
  return MakeUnary(context_.SpanOf(tree), ast::UnaryOp::Not, BuildExpr(RuleAt(tree, 1)));
}

ExprBuilder::Tall ExprBuilder::BuildComparison(Parser::ComparisonContext* tree) {
  Tall left = BuildExpr(RuleAt(tree, 0));
  if (tree->children.size() > 2) {
    const auto* second = RuleAt(tree, 2);
    const auto* first = RuleAt(tree, 1);
    context_.diagnostics()
        .Build(context_.SpanOf(context_.First(second)), ChainedComparison)
        .Under("a second comparison")
        .Label(context_.SpanOf(context_.First(first)), "the first one")
        .Help("join them with `and`: `a < b and b < c`")
        .Emit();
    return Error(context_.SpanOf(tree));
  }
  if (tree->children.size() < 2) return left;
  return BuildTail(std::move(left), static_cast<Parser::ComparisonTailContext*>(RuleAt(tree, 1)));
}

ExprBuilder::Tall ExprBuilder::BuildTail(Tall left, Parser::ComparisonTailContext* tree) {
  const size_t sign = context_.First(tree);
  switch (context_.token(sign).type) {
    case RuleLexer::IS: return BuildIs(std::move(left), tree);
    case RuleLexer::NOT:
    case RuleLexer::IN:
    case RuleLexer::LIKE:
    case RuleLexer::MATCHES:
    case RuleLexer::BETWEEN: return BuildWord(std::move(left), tree);
    default: return MakeBinary({ReadOperator(sign), sign}, std::move(left), BuildExpr(RuleAt(tree, 1)));
  }
}

ExprBuilder::Tall ExprBuilder::BuildIs(Tall left, Parser::ComparisonTailContext* tree) {
  const Span span = Span::Cover(left.expr->span, context_.SpanOf(tree));
  const bool negated = tree->NOT() != nullptr;
  if (tree->NULL_()) return Make(span, ast::IsNullExpr{std::move(left.expr), negated}, left.height + 1);
  auto* type = tree->type();
  if (!type || type->exception) return Error(span);
  return Make(span, ast::IsTypeExpr{std::move(left.expr), BuildType(type), negated}, left.height + 1);
}

// a in b, a not between b and c
ExprBuilder::Tall ExprBuilder::BuildWord(Tall left, Parser::ComparisonTailContext* tree) {
  const Span span = Span::Cover(left.expr->span, context_.SpanOf(tree));
  const size_t first = context_.First(tree);
  const bool negated = context_.token(first).type == RuleLexer::NOT;
  const size_t word = negated ? first + 1 : first;
  const Span op_span = Span::Cover(context_.SpanOf(first), context_.SpanOf(word));
  std::vector<ast::ExprPtr> operands;
  uint32_t height = left.height;
  for (ParseTree* child : tree->children) {
    ParserRuleContext* rule = AsRule(child);
    if (rule && rule->getRuleIndex() == Parser::RuleCoalesce) operands.push_back(Part(rule, &height));
  }
  const bool between = context_.token(word).type == RuleLexer::BETWEEN;
  if (operands.size() != (between ? 2U : 1U)) return Error(span);
  if (between) {
    return Make(
        span, ast::BetweenExpr{op_span, negated, std::move(left.expr), std::move(operands[0]), std::move(operands[1])},
        height + 1);
  }
  const ast::RelationOp op = context_.token(word).type == RuleLexer::IN     ? ast::RelationOp::In
                             : context_.token(word).type == RuleLexer::LIKE ? ast::RelationOp::Like
                                                                            : ast::RelationOp::Matches;
  return Make(span, ast::RelationExpr{op, negated, op_span, std::move(left.expr), std::move(operands[0])}, height + 1);
}

ExprBuilder::Tall ExprBuilder::BuildUnary(Parser::UnaryContext* tree) {
  if (tree->children.size() < 2) return BuildExpr(RuleAt(tree, 0));
  return MakeUnary(context_.SpanOf(tree), ast::UnaryOp::Negate, BuildExpr(RuleAt(tree, 1)));
}

ExprBuilder::Tall ExprBuilder::BuildPostfix(Parser::PostfixContext* tree) {
  ParserRuleContext* primary = RuleAt(tree, 0);
  if (primary->exception || primary->children.empty()) return Error(context_.SpanOf(tree));
  Tall object = BuildPrimary(static_cast<Parser::PrimaryContext*>(primary));
  for (size_t i = 1; i < tree->children.size(); ++i) {
    ParserRuleContext* suffix = RuleAt(tree, i);
    if (suffix->exception) return Error(context_.SpanOf(tree));
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
    case RuleLexer::LBRACKET: return BuildIndex(std::move(object), tree);
    default: context_.NotSupportedAlone(context_.SpanOf(sign), "`over`"); return Error(span);
  }
}

// a[i], a[from..to]
ExprBuilder::Tall ExprBuilder::BuildIndex(Tall object, Parser::SuffixContext* tree) {
  const Span span = Span::Cover(object.expr->span, context_.SpanOf(tree));
  uint32_t height = object.height;
  bool range = false;
  ast::ExprPtr from, to;
  for (ParseTree* child : tree->children) {
    if (ParserRuleContext* rule = AsRule(child)) {
      (range ? to : from) = Part(rule, &height);
    } else if (context_.token(IndexOf(child)).type == RuleLexer::RANGE) {
      range = true;
    }
  }
  if (range) {
    return Make(span, ast::SliceExpr{std::move(object.expr), std::move(from), std::move(to)}, height + 1);
  }
  if (!from) return Error(span);
  return Make(span, ast::IndexExpr{std::move(object.expr), std::move(from)}, height + 1);
}

// The function that is called: `f`, or `a.b.f` with its package.
std::optional<ast::Name> ExprBuilder::CalleeOf(const ast::Expr& expr) {
  if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) return name->name;
  const auto* member = std::get_if<ast::MemberExpr>(&expr.node);
  if (!member || member->null_safe) return std::nullopt;
  const std::optional<ast::Name> package = CalleeOf(*member->object);
  if (!package) return std::nullopt;
  return ast::Name{package->text + "." + member->member.text, expr.span};
}

ExprBuilder::Tall ExprBuilder::BuildCall(Tall callee, Parser::SuffixContext* tree) {
  const Span span = Span::Cover(callee.expr->span, context_.SpanOf(tree));
  std::optional<ast::Name> name = CalleeOf(*callee.expr);
  if (!name) {
    const bool told = context_.token(context_.First(tree)).begin >= context_.piece().quiet_from;
    if (!told && !std::holds_alternative<ast::ErrorExpr>(callee.expr->node)) {
      auto builder = context_.diagnostics().Build(context_.SpanOf(context_.First(tree)), MisplacedClause, {"`(`"});
      std::move(builder).Label(callee.expr->span, "this is not the name of a function");
      if (const auto* method = std::get_if<ast::MemberExpr>(&callee.expr->node)) {
        const Span object = method->object->span;
        const std::string_view text = context_.file_text().substr(object.begin, object.end - object.begin);
        std::move(builder).Help("a function stands before all that it takes: `" + method->member.text + "(" +
                                (text.size() <= 40 ? std::string(text) : "…") + (tree->arguments() ? ", …)`" : ")`"));
      }
      std::move(builder).Emit();
    }
    return Error(span);
  }
  ast::CallExpr call;
  call.callee = *std::move(name);
  uint32_t height = 0;
  if (auto* arguments = tree->arguments(); arguments && !arguments->exception) {
    for (ParseTree* child : arguments->children) {
      auto* argument = dynamic_cast<Parser::ArgumentContext*>(child);
      if (!argument) continue;
      ast::Argument built;
      if (BuildArgument(argument, &built, &height)) call.arguments.push_back(std::move(built));
    }
  }
  return Make(span, std::move(call), height + 1);
}

bool ExprBuilder::BuildArgument(Parser::ArgumentContext* tree, ast::Argument* argument, uint32_t* height) {
  if (tree->exception || tree->children.empty()) {
    argument->value = Error(context_.SpanOf(tree)).expr;
    return true;
  }
  if (auto* filter = tree->FILTER()) {
    context_.NotSupportedAlone(context_.SpanOf(IndexOf(filter)), "`where` in an argument");
    if (context_.token(context_.First(tree)).type == RuleLexer::FILTER) return false;
  }
  bool colon = false;
  for (ParseTree* child : tree->children) {
    if (ParserRuleContext* rule = AsRule(child)) {
      if (colon && argument->value) argument->key = std::move(argument->value);
      argument->value = Part(rule, height);
      if (!tree->COLON() || colon) return true;
      continue;
    }
    const uint16_t type = context_.token(IndexOf(child)).type;
    if (type == RuleLexer::LABEL) argument->name = context_.NameAt(IndexOf(child));
    colon = colon || type == RuleLexer::COLON;
  }
  if (!argument->value) argument->value = Error(context_.SpanOf(tree)).expr;
  return true;
}

std::vector<ast::ExprPtr> ExprBuilder::BuildArguments(Parser::ArgumentsContext* tree) {
  std::vector<ast::ExprPtr> arguments;
  if (!tree || tree->exception) return arguments;
  for (ParseTree* child : tree->children) {
    auto* argument = dynamic_cast<Parser::ArgumentContext*>(child);
    if (!argument) continue;
    told_height_ = false;
    ast::Argument built;
    uint32_t height = 0;
    if (!BuildArgument(argument, &built, &height)) continue;
    if (built.name || built.key) {
      const Span span = built.name ? built.name->span : built.key->span;
      context_.diagnostics()
          .Build(span, MisplacedClause, {"`" + std::string(built.name ? built.name->text : "…") + ":`"})
          .Help("the values of an annotation have no names")
          .Emit();
    }
    arguments.push_back(std::move(built.value));
  }
  return arguments;
}

ExprBuilder::Tall ExprBuilder::BuildPrimary(Parser::PrimaryContext* tree) {
  const size_t first = context_.First(tree);
  switch (context_.token(first).type) {
    case RuleLexer::LPAREN: {
      // The brackets belong to the expression's place in the text, and to nothing else.
      if (tree->children.size() < 2) return Error(context_.SpanOf(tree));
      Tall inner = BuildExpr(RuleAt(tree, 1));
      inner.expr->span = context_.SpanOf(tree);
      return inner;
    }
    case RuleLexer::LBRACKET: return BuildList(tree);
    case RuleLexer::CASE: return BuildCase(tree);
    case RuleLexer::FORMAT_OPEN: return BuildFormat(tree);
    default: return BuildLiteral(first);
  }
}

ExprBuilder::Tall ExprBuilder::BuildList(Parser::PrimaryContext* tree) {
  ast::ListExpr list;
  uint32_t height = 0;
  for (ParseTree* child : tree->children) {
    if (ParserRuleContext* rule = AsRule(child)) list.items.push_back(Part(rule, &height));
  }
  return Make(context_.SpanOf(tree), std::move(list), height + 1);
}

ExprBuilder::Tall ExprBuilder::BuildCase(Parser::PrimaryContext* tree) {
  ast::CaseExpr expr;
  uint32_t height = 0;
  uint16_t word = 0;
  for (ParseTree* child : tree->children) {
    ParserRuleContext* rule = AsRule(child);
    if (!rule) {
      word = context_.token(IndexOf(child)).type;
      continue;
    }
    ast::ExprPtr part = Part(rule, &height);
    if (word == RuleLexer::WHEN) {
      expr.branches.push_back({std::move(part), nullptr});
    } else if (word == RuleLexer::ELSE) {
      expr.otherwise = std::move(part);
    } else if (!expr.branches.empty()) {
      expr.branches.back().value = std::move(part);
    }
  }
  if (expr.branches.empty() || !expr.branches.back().value) return Error(context_.SpanOf(tree));
  return Make(context_.SpanOf(tree), std::move(expr), height + 1);
}

ExprBuilder::Tall ExprBuilder::BuildFormat(Parser::PrimaryContext* tree) {
  ast::FormatExpr format;
  uint32_t height = 0;
  for (ParseTree* child : tree->children) {
    if (auto* hole = dynamic_cast<Parser::HoleContext*>(child)) {
      BuildHole(hole, &format.parts.emplace_back(), &height);
    } else if (const size_t index = IndexOf(child); context_.token(index).type == RuleLexer::FORMAT_TEXT) {
      ast::FormatPart& part = format.parts.emplace_back();
      part.text = ReadFormatText(context_.text(index), context_.SpanOf(index), context_.diagnostics());
    }
  }
  return Make(context_.SpanOf(tree), std::move(format), height + 1);
}

void ExprBuilder::BuildHole(Parser::HoleContext* tree, ast::FormatPart* part, uint32_t* height) {
  if (tree->exception || !tree->expr()) {
    part->value = Error(context_.SpanOf(tree)).expr;
    return;
  }
  part->value = Part(tree->expr(), height);
  if (auto* spec = tree->FORMAT_SPEC()) {
    const size_t index = IndexOf(spec);
    part->spec = std::string(context_.text(index).substr(1));
    part->spec_span = context_.SpanOf(index);
    ++part->spec_span.begin;
  }
}

// A name may have points: `market.Side`.
ast::TypeRef ExprBuilder::BuildType(Parser::TypeContext* tree) {
  ast::TypeRef type;
  type.span = context_.SpanOf(tree);
  for (ParseTree* child : tree->children) {
    ParserRuleContext* rule = AsRule(child);
    if (!rule) {
      const size_t index = IndexOf(child);
      if (context_.token(index).type == RuleLexer::INT)
        type.numbers.push_back(WithoutUnderscores(context_.text(index)));
      type.nullable = type.nullable || context_.token(index).type == RuleLexer::QUESTION;
    } else if (rule->getRuleIndex() == Parser::RuleType) {
      type.arguments.push_back(BuildType(static_cast<Parser::TypeContext*>(rule)));
    } else {
      type.name.span = context_.SpanOf(rule);
      for (const ast::Name& part : context_.Path(rule)) {
        type.name.text += (type.name.text.empty() ? "" : ".") + part.text;
      }
    }
  }
  return type;
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
