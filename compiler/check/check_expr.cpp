#include "compiler/check/check_expr.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

Checked Plain(ExprPtr expr) { return {std::move(expr), {}, {}}; }

bool IsPath(const ast::Expr& expr) {
  return std::holds_alternative<ast::NameExpr>(expr.node) || std::holds_alternative<ast::MemberExpr>(expr.node);
}

// A list, map or record that is written out: its parts can take the type of what stands beside it.
bool IsMadeHere(const ast::Expr& expr) {
  const auto* call = std::get_if<ast::CallExpr>(&expr.node);
  return std::holds_alternative<ast::ListExpr>(expr.node) ||
         (call && (call->callee.text == "map" || call->callee.text == "record"));
}

}  // namespace

ExprPtr ExprChecker::Value(const ast::Expr& expr, const Type* expected) {
  ExprPtr value = CheckAny(expr, expected).expr;
  if (value->type.kind == TypeKind::Bool && !IsConstant(*value)) LearnFrom(context_, *value, scope_.ranges);
  return value;
}

ExprPtr ExprChecker::Condition(const ast::Expr& expr, Facts* proven) {
  Checked checked = InnerCondition(expr);
  if (IsError(*checked.expr)) {
    if (proven) *proven = std::move(checked.when_true);
    return std::move(checked.expr);
  }
  if (const auto* constant = std::get_if<typed::Constant>(&checked.expr->node)) {
    const bool named = std::holds_alternative<ast::NameExpr>(expr.node);
    const DiagnosticKind& kind = constant->value.boolean ? AlwaysHolds : NeverHolds;
    // A constant that switches a rule on or off says so itself; what is never null was told.
    const bool told = !context_.diagnostics.all().empty() && context_.diagnostics.all().back().kind == &NeverNull &&
                      context_.diagnostics.all().back().primary.span.begin >= expr.span.begin;
    if (!named && !told) context_.diagnostics.Build(expr.span, kind, {context_.Quote(expr.span)}).Emit();
  } else {
    scope_.ranges = LearnFrom(context_, *checked.expr, scope_.ranges).when_true;
  }
  if (proven) *proven = std::move(checked.when_true);
  return std::move(checked.expr);
}

Checked ExprChecker::InnerCondition(const ast::Expr& expr) {
  Checked checked = CheckAny(expr, nullptr);
  checked.expr = AsCondition(expr, std::move(checked.expr));
  return checked;
}

ExprPtr ExprChecker::AsCondition(const ast::Expr& expr, ExprPtr value) {
  const Type type = value->type;
  if (type.kind == TypeKind::Error || (type.kind == TypeKind::Bool && !type.nullable)) return value;
  Diagnostics::Builder builder = context_.diagnostics.Build(expr.span, ConditionNotBool, {TypePhrase(type)});
  if (type.kind == TypeKind::Bool) {
    std::move(builder).Help("`" + context_.Quote(expr.span) + " ?? false` decides what null means");
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

// One small function for each kind of node: what they hold on the stack adds up over the height of an expression.
Checked ExprChecker::CheckAny(const ast::Expr& expr, const Type* expected) {
  return std::visit([&](const auto& node) { return Check(expr, node, expected); }, expr.node);
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::ErrorExpr&, const Type*) {
  return Plain(MakeError(expr.span));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::NullLiteral&, const Type*) {
  return Plain(MakeConstant(expr.span, {TypeKind::Null, true}, {.is_null = true}));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::BoolLiteral& node, const Type*) {
  return Plain(MakeConstant(expr.span, {TypeKind::Bool}, {.boolean = node.value}));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IntLiteral& node, const Type*) {
  return Plain(CheckInteger(expr.span, node.digits, false));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::FloatLiteral& node, const Type*) {
  return Plain(CheckFloat(expr.span, node.digits));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::PercentLiteral& node, const Type*) {
  return Plain(CheckFloat(expr.span, node.digits + "e-2"));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::StringLiteral& node, const Type*) {
  return Plain(MakeConstant(expr.span, {TypeKind::String}, {.text = node.value}));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::DurationLiteral& node, const Type*) {
  return Plain(MakeConstant(expr.span, {TypeKind::Duration}, {.integer = node.microseconds}));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::NameExpr&, const Type* expected) {
  return Plain(Whole(CheckPath(expr, expected)));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::MemberExpr&, const Type* expected) {
  return Plain(Whole(CheckPath(expr, expected)));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::MetaExpr& node, const Type*) {
  return Plain(CheckMeta(expr, node));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected) {
  Checked checked = CheckCall(expr, node, expected);
  NoteUncertain(*checked.expr, &checked);
  return checked;
}

// Lambdas are arguments of a few functions, which look at them themselves.
Checked ExprChecker::Check(const ast::Expr& expr, const ast::LambdaExpr&, const Type*) {
  context_.diagnostics.Build(expr.span, LambdaMisplaced)
      .Help("`any(xs, x => …)`, and so `all`, `map`, `filter`, `find`, `count_if`")
      .Emit();
  return Plain(MakeError(expr.span));
}

// Does what is expected alone give it a type: a bare symbol, an empty list or map, a list of such?
bool ExprChecker::WantsType(const ast::Expr& expr) const {
  if (const auto* list = std::get_if<ast::ListExpr>(&expr.node)) {
    return std::all_of(list->items.begin(), list->items.end(), [&](const auto& item) { return WantsType(*item); });
  }
  const auto* call = std::get_if<ast::CallExpr>(&expr.node);
  return (call && call->callee.text == "map" && call->arguments.empty()) || MayBeSymbol(expr) ||
         std::holds_alternative<ast::NullLiteral>(expr.node);
}

// Values that should have one type: those that have one of themselves come first, and tell the others. `enter` sets the
// scope for each.
std::vector<ExprPtr> ExprChecker::CheckAlike(const std::vector<const ast::Expr*>& exprs, const Type* expected,
                                             const std::function<void(size_t)>& enter) {
  std::vector<ExprPtr> values(exprs.size());
  Type found;
  for (const bool wanting : {false, true}) {
    for (size_t i = 0; i < exprs.size(); ++i) {
      if (WantsType(*exprs[i]) != wanting) continue;
      if (enter) enter(i);
      values[i] = CheckAny(*exprs[i], expected).expr;
      if (expected || values[i]->type.kind == TypeKind::Null) continue;
      found = values[i]->type.NotNull();
      expected = &found;
    }
  }
  return values;
}

// A name that only an expected enum can give a meaning.
bool ExprChecker::MayBeSymbol(const ast::Expr& expr) const {
  const auto* name = std::get_if<ast::NameExpr>(&expr.node);
  return name && !IsNameInScope(name->name.text);
}

// ---- Operators ----

Checked ExprChecker::Check(const ast::Expr& expr, const ast::BinaryExpr& node, const Type* expected) {
  using ast::BinaryOp;
  if (node.op == BinaryOp::And || node.op == BinaryOp::Or) return CheckLogic(expr, node);
  const bool equality = node.op == BinaryOp::Equal || node.op == BinaryOp::NotEqual;
  const bool coalesce = node.op == BinaryOp::Coalesce;
  const Type* outer = coalesce ? expected : nullptr;
  ExprPtr left, right;
  // Of `SELL == side` and `[] + xs` the right side tells what the left one is.
  const bool right_first =
      (WantsType(*node.left) && !WantsType(*node.right)) || (IsMadeHere(*node.left) && !IsMadeHere(*node.right));
  if (equality && std::holds_alternative<ast::NullLiteral>(node.right->node) && IsPath(*node.left)) {
    left = Asked(CheckPath(*node.left, nullptr));
    right = CheckAny(*node.right, nullptr).expr;
  } else if (right_first) {
    right = CheckAny(*node.right, outer).expr;
    left = CheckAny(*node.left, &right->type).expr;
  } else {
    left = CheckAny(*node.left, outer).expr;
    right = CheckAny(*node.right, &left->type).expr;
  }
  Checked checked;
  if (equality && (IsError(*left) || IsError(*right))) NoteUncertain(IsError(*left) ? *left : *right, &checked);
  const bool test = equality && (left->type.kind == TypeKind::Null) != (right->type.kind == TypeKind::Null);
  if (test) {
    NoteNullTest(left->type.kind == TypeKind::Null ? *right : *left, node.op == BinaryOp::Equal, &checked);
  } else if (equality && left->type.nullable != right->type.nullable) {
    // What equals a value that is not null is not null.
    AddNotNull(left->type.nullable ? *left : *right,
               node.op == BinaryOp::Equal ? &checked.when_true : &checked.when_false);
  }
  checked.expr = ApplyBinary(context_, node.op, node.op_span, expr.span, std::move(left), std::move(right));
  return checked;
}

// A test of something wrong could have proven anything.
void ExprChecker::NoteUncertain(const typed::Expr& tested, Checked* checked) {
  if (!IsError(tested)) return;
  checked->when_true.insert(kUncertain);
  checked->when_false.insert(kUncertain);
}

void ExprChecker::NoteNullTest(const typed::Expr& operand, bool is_null, Checked* checked) {
  AddNotNull(operand, is_null ? &checked->when_false : &checked->when_true);
}

// The right operand is only computed where the left one does not decide, so it knows what the left one proves.
Checked ExprChecker::CheckLogic(const ast::Expr& expr, const ast::BinaryExpr& node) {
  const bool conjunction = node.op == ast::BinaryOp::And;
  Checked left = CheckAny(*node.left, nullptr);
  Facts outer = scope_.facts;
  const Facts& learned = conjunction ? left.when_true : left.when_false;
  scope_.facts.insert(learned.begin(), learned.end());
  Checked right = CheckAny(*node.right, nullptr);
  scope_.facts = std::move(outer);

  Checked checked;
  if (conjunction) {
    checked.when_false = Common(left.when_false, Both(left.when_true, right.when_false));
    checked.when_true = Both(std::move(left.when_true), right.when_true);
  } else {
    checked.when_true = Common(left.when_true, Both(left.when_false, right.when_true));
    checked.when_false = Both(std::move(left.when_false), right.when_false);
  }
  checked.expr = ApplyBinary(context_, node.op, node.op_span, expr.span, std::move(left.expr), std::move(right.expr));
  return checked;
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::UnaryExpr& node, const Type* expected) {
  if (node.op == ast::UnaryOp::Negate) {
    // As one literal, so that the least long can be written.
    if (const auto* number = std::get_if<ast::IntLiteral>(&node.operand->node)) {
      return Plain(CheckInteger(expr.span, number->digits, true));
    }
    return Plain(ApplyNegate(context_, expr.span, CheckAny(*node.operand, expected).expr));
  }
  Checked operand = CheckAny(*node.operand, nullptr);
  return {ApplyNot(context_, expr.span, std::move(operand.expr)), std::move(operand.when_false),
          std::move(operand.when_true)};
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IsNullExpr& node, const Type*) {
  Checked checked;
  // Asking a record whether it is null does not use it as a whole.
  const bool path = IsPath(*node.operand);
  ExprPtr operand = path ? CheckPath(*node.operand, nullptr) : CheckAny(*node.operand, nullptr).expr;
  NoteUncertain(*operand, &checked);
  NoteNullTest(*operand, !node.negated, &checked);
  if (path) operand = Asked(std::move(operand));
  checked.expr =
      ApplyIsNull(context_, expr.span, std::move(operand), node.negated, node.negated ? "is not null" : "is null");
  return checked;
}

// ---- Literals ----

ExprPtr ExprChecker::CheckInteger(Span span, const std::string& digits, bool negative) {
  constexpr uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  if (error != std::errc() || end != digits.data() + digits.size() || magnitude > kMax + (negative ? 1 : 0)) {
    context_.diagnostics.Build(span, IntegerTooLarge, {context_.Quote(span)})
        .Note("a long goes from -9223372036854775808 to 9223372036854775807")
        .Emit();
    return MakeError(span);
  }
  const auto value = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  return MakeConstant(span, {TypeKind::Long}, {.integer = value}, true, (negative ? "-" : "") + digits);
}

// `text` is what from_chars reads: a percentage comes with its exponent, so that 0.1% is the double nearest to 0.001.
ExprPtr ExprChecker::CheckFloat(Span span, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    context_.diagnostics.Build(span, ConstantError, {context_.Quote(span), "it does not fit a double"}).Emit();
    return MakeError(span);
  }
  return MakeConstant(span, {TypeKind::Double}, {.number = value}, true, text);
}

}  // namespace rulec::check
