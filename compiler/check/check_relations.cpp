// in, like, matches, between, is.

#include <algorithm>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/foreign_names.h"
#include "compiler/check/operators.h"
#include "compiler/typed/walk.h"
#include "compiler/types/avro_type.h"
#include "stdlib/prepare.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

constexpr Type kBool{TypeKind::Bool};

// Does a list that is written out hold `null`?
bool HasNull(const ast::Expr& expr) {
  const auto* list = std::get_if<ast::ListExpr>(&expr.node);
  return list && std::any_of(list->items.begin(), list->items.end(),
                             [](const auto& item) { return std::holds_alternative<ast::NullLiteral>(item->node); });
}

bool IsExactOrDouble(TypeKind kind) { return kind == TypeKind::Decimal || kind == TypeKind::Double; }

// Values that `==` compares as they are: decimals of any digits, and a decimal with a double.
bool ComparesExactly(const Type& left, const Type& right) {
  return IsExactOrDouble(left.kind) && IsExactOrDouble(right.kind);
}

std::string BranchName(const Type& branch) { return branch.schema ? branch.schema->name : TypeName(branch); }

}  // namespace

// A leaf may be read twice; anything else is computed once and bound.
template <typename Body>
ExprPtr ExprChecker::Shared(Span span, ExprPtr value, Body body) {
  if (IsError(*value)) return MakeError(span);
  const Type type = value->type;
  context_.variables->push_back({"value", type});
  const auto variable = static_cast<uint32_t>(context_.variables->size() - 1);
  const Span value_span = value->span;
  const auto reference = [&] {
    return std::make_unique<typed::Expr>(typed::Expr{value_span, type, typed::VariableRef{variable}});
  };
  ExprPtr inner = body(reference(), reference());
  if (IsError(*inner)) return inner;
  const Type result = inner->type;
  return Make(context_, span, result, typed::Bind{variable, std::move(value), std::move(inner)});
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::RelationExpr& node, const Type*) {
  Checked checked;
  Facts when_true;
  ExprPtr test =
      node.op == ast::RelationOp::In ? CheckIn(expr, node, &when_true) : CheckPattern(expr, node, &when_true);
  NoteUncertain(*test, &checked);
  if (!node.negated) {
    checked.when_true = Both(std::move(checked.when_true), when_true);
    checked.expr = std::move(test);
    return checked;
  }
  checked.when_false = Both(std::move(checked.when_false), when_true);
  checked.expr =
      IsError(*test) ? std::move(test) : MakeUnary(context_, expr.span, kBool, typed::UnaryOp::Not, std::move(test));
  return checked;
}

ExprPtr ExprChecker::CheckIn(const ast::Expr& expr, const ast::RelationExpr& node, Facts* when_true) {
  ExprPtr left, right;
  const auto list_of = [](const Type& type) {
    return type.kind == TypeKind::Error || type.kind == TypeKind::Null ? Type{} : ListOf(type.NotNull());
  };
  if (MayBeSymbol(*node.left) && !WantsType(*node.right)) {
    right = CheckAny(*node.right, nullptr).expr;
    const bool list = right->type.kind == TypeKind::List;
    left = CheckAny(*node.left, list ? &ElementOf(right->type) : nullptr).expr;
  } else {
    left = CheckAny(*node.left, nullptr).expr;
    if (const auto* items = std::get_if<ast::ListExpr>(&node.right->node); items && IsError(*left)) {
      // They may be symbols of what is meant on the left.
      for (const ast::ExprPtr& item : items->items) CheckAny(*item, &left->type);
      return MakeError(expr.span);
    }
    Type expected = list_of(left->type);
    if (expected.kind == TypeKind::List && HasNull(*node.right)) expected = ListOf(left->type.OrNull());
    right = CheckAny(*node.right, &expected).expr;
  }
  if (IsError(*left) || IsError(*right)) return MakeError(expr.span);
  const Type type = right->type;
  if (type.kind == TypeKind::Map && left->type.kind == TypeKind::String) {
    if (left->type.nullable) AddNotNull(*left, when_true);
    return MakeBinary(context_, expr.span, kBool, typed::BinaryOp::In, std::move(left), std::move(right));
  }
  if (type.kind != TypeKind::List) return TellIn(expr, node, left->type, type);
  const Type element = ElementOf(type);
  AdaptLiteral(*left, element);
  if (left->type.kind == TypeKind::Null) {
    if (!element.nullable) return TellIn(expr, node, left->type, type);
    left = Convert(context_, std::move(left), element);
  }
  const Type wanted = left->type.NotNull();
  // Whichever side is narrower gives way.
  if (!SameType(wanted, element.NotNull())) {
    Type list = ListOf(element.nullable ? wanted.OrNull() : wanted);
    if (Converts(*left, element)) {
      left = Convert(context_, std::move(left), element);
    } else if (Converts(*right, list)) {
      right = Convert(context_, std::move(right), list);
    } else if (!ComparesExactly(wanted, element)) {
      return TellIn(expr, node, left->type, type);
    }
  }
  if (left->type.nullable && !ElementOf(right->type).nullable) AddNotNull(*left, when_true);
  return MakeBinary(context_, expr.span, kBool, typed::BinaryOp::In, std::move(left), std::move(right));
}

ExprPtr ExprChecker::TellIn(const ast::Expr& expr, const ast::RelationExpr& node, const Type& left, const Type& right) {
  auto builder = context_.diagnostics.Build(node.op_span, OperandTypes, {"in", TypePhrase(left), TypePhrase(right)});
  std::move(builder).Label(node.left->span, TypeName(left)).Label(node.right->span, TypeName(right));
  if (left.kind == TypeKind::Enum && right.kind == TypeKind::List && ElementOf(right).kind == TypeKind::String) {
    std::move(builder).Help("symbols stand without quotes: `x in [A, B]`");
  } else if (right.kind == TypeKind::String) {
    std::move(builder).Help("`contains(text, part)` looks for a text in another");
  } else {
    std::move(builder).Help("`x in xs` looks for an item of a list, or a key of a map");
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

ExprPtr ExprChecker::CheckPattern(const ast::Expr& expr, const ast::RelationExpr& node, Facts* when_true) {
  const bool like = node.op == ast::RelationOp::Like;
  const std::string_view word = like ? "like" : "matches";
  ExprPtr text = CheckAny(*node.left, nullptr).expr;
  ExprPtr pattern = CheckAny(*node.right, nullptr).expr;
  if (IsError(*text) || IsError(*pattern)) return MakeError(expr.span);
  for (const ExprPtr* operand : {&text, &pattern}) {
    if ((*operand)->type.kind == TypeKind::String) continue;
    context_.diagnostics.Build((*operand)->span, OperandType, {word, TypePhrase((*operand)->type)}).Emit();
    return MakeError(expr.span);
  }
  const auto* constant = std::get_if<typed::Constant>(&pattern->node);
  const std::optional<uint32_t> param = typed::ParamOf(*pattern);
  if (!constant && !param && !like) {
    context_.diagnostics.Build(pattern->span, ArgumentNotConstant, {"the expression", "matches"})
        .Help(
            "an expression is made ready once, when the rule is loaded: it is a text in quotes, a constant or a param")
        .Emit();
    return MakeError(expr.span);
  }
  const typed::Value* value = constant ? &constant->value : param ? &context_.program.params[*param].value : nullptr;
  if (value && !value->is_null && !IsPattern(like ? rulelib::kLike : rulelib::kRegex, *pattern, *value, word)) {
    return MakeError(expr.span);
  }
  if (text->type.nullable) AddNotNull(*text, when_true);
  const typed::BinaryOp op = like ? typed::BinaryOp::Like : typed::BinaryOp::Matches;
  return MakeBinary(context_, expr.span, kBool, op, std::move(text), std::move(pattern));
}

// low <= x and x <= high.
Checked ExprChecker::Check(const ast::Expr& expr, const ast::BetweenExpr& node, const Type*) {
  using ast::BinaryOp;
  ExprPtr operand = CheckAny(*node.operand, nullptr).expr;
  ExprPtr low = CheckAny(*node.low, &operand->type).expr;
  ExprPtr high = CheckAny(*node.high, &operand->type).expr;
  if (IsError(*operand) || IsError(*low) || IsError(*high)) return {MakeError(expr.span), {}, {}};
  if (operand->type.nullable) {
    return {TellNullable(context_, expr.span, *operand, node.negated ? "not between" : "between"), {}, {}};
  }
  const auto both = [&](ExprPtr first, ExprPtr second) {
    const Span low_span = Span::Cover(expr.span, node.low->span);
    ExprPtr above =
        ApplyBinary(context_, BinaryOp::GreaterEqual, node.op_span, low_span, std::move(first), std::move(low));
    if (IsError(*above)) return above;
    ExprPtr below =
        ApplyBinary(context_, BinaryOp::LessEqual, node.op_span, expr.span, std::move(second), std::move(high));
    if (IsError(*below)) return below;
    return ApplyBinary(context_, BinaryOp::And, node.op_span, expr.span, std::move(above), std::move(below));
  };
  ExprPtr test;
  if (IsConstant(*operand)) {
    ExprPtr copy = std::make_unique<typed::Expr>(
        typed::Expr{operand->span, operand->type, std::get<typed::Constant>(operand->node)});
    test = both(std::move(operand), std::move(copy));
  } else if (const auto* field = std::get_if<typed::FieldRef>(&operand->node)) {
    ExprPtr copy = std::make_unique<typed::Expr>(typed::Expr{operand->span, operand->type, *field});
    test = both(std::move(operand), std::move(copy));
  } else {
    test = Shared(expr.span, std::move(operand), both);
  }
  if (node.negated && !IsError(*test)) {
    test = MakeUnary(context_, expr.span, kBool, typed::UnaryOp::Not, std::move(test));
  }
  return {std::move(test), {}, {}};
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IsTypeExpr& node, const Type*) {
  const bool path = std::holds_alternative<ast::NameExpr>(node.operand->node) ||
                    std::holds_alternative<ast::MemberExpr>(node.operand->node);
  ExprPtr operand = path ? Whole(CheckPath(*node.operand, nullptr)) : CheckAny(*node.operand, nullptr).expr;
  if (IsError(*operand)) return {MakeError(expr.span), {kUncertain}, {kUncertain}};
  // As a union, whatever is known of it.
  std::optional<uint32_t> known;
  if (auto* narrowed = std::get_if<typed::Unary>(&operand->node);
      narrowed && narrowed->op == typed::UnaryOp::UnionToBranch) {
    known = narrowed->index;
    ExprPtr whole = std::move(narrowed->operand);
    operand = std::move(whole);
  }
  const Type type = operand->type;
  if (type.kind != TypeKind::Union) {
    auto builder = context_.diagnostics.Build(node.operand->span, NotAUnion,
                                              {context_.Quote(node.operand->span), TypePhrase(type)});
    if (const auto foreign = ForeignValue(context_.Quote(node.type.span)); foreign && foreign->right == "null") {
      std::move(builder).Suggest(std::string(foreign->help), node.type.span, "null");
    } else if (type.kind == TypeKind::Enum) {
      std::move(builder).Help("`" + context_.Quote(node.operand->span) + " == SYMBOL` asks which symbol it is");
    } else {
      std::move(builder).Help(
          "`is` asks which of its types a union holds; `is null` and `present(f)` ask other things");
    }
    std::move(builder).Emit();
    return {MakeError(expr.span), {kUncertain}, {kUncertain}};
  }
  const std::string name = context_.Quote(node.type.span);
  const int branch = BranchNamed(type, name);
  if (branch < 0) {
    std::vector<std::string> names;
    for (const Type& each : type.of->types) names.push_back(BranchName(each));
    auto builder = context_.diagnostics.Build(node.type.span, NotABranch, {context_.Quote(node.operand->span), name});
    std::move(builder)
        .Suggest("a type with a similar name is there", node.type.span, context_.Nearest(name, names))
        .Note("it is " + Enumerate(names))
        .Emit();
    return {MakeError(expr.span), {kUncertain}, {kUncertain}};
  }
  Checked checked;
  const auto index = static_cast<uint32_t>(branch);
  if (known && (*known != index || !type.nullable)) {
    const bool holds = (*known == index) != node.negated;
    context_.diagnostics.Build(expr.span, holds ? AlwaysHolds : NeverHolds, {context_.Quote(expr.span)})
        .Note("it is `" + BranchName(type.of->types[*known]) + "` here")
        .Emit();
  }
  if (const std::optional<std::string> fact = FactName(*operand)) {
    Facts& holds = node.negated ? checked.when_false : checked.when_true;
    Facts& fails = node.negated ? checked.when_true : checked.when_false;
    holds.insert(BranchFact(*fact, index));
    AddNotNull(*operand, &holds);
    fails.insert(OtherBranchFact(*fact, index));
    // Of two types it is the other one; of more, the one that nothing has ruled out.
    std::optional<uint32_t> only;
    size_t left = 0;
    for (uint32_t i = 0; i < type.of->types.size(); ++i) {
      if (i == index || scope_.facts.contains(OtherBranchFact(*fact, i))) continue;
      only = i;
      ++left;
    }
    if (left == 1) fails.insert(BranchFact(*fact, *only));
  }
  checked.expr = Make(context_, expr.span, kBool, typed::IsBranch{std::move(operand), index});
  if (node.negated) {
    checked.expr = MakeUnary(context_, expr.span, kBool, typed::UnaryOp::Not, std::move(checked.expr));
  }
  return checked;
}

}  // namespace rulec::check
