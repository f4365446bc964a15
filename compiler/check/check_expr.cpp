#include "compiler/check/check_expr.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/check/operators.h"
#include "compiler/check/resolve.h"
#include "compiler/check/timestamp_text.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// The names of `a.b.c`, from the left; empty if something else than a name stands there.
std::vector<ast::Name> PathOf(const ast::Expr& expr) {
  std::vector<ast::Name> reversed;
  const ast::Expr* at = &expr;
  while (const auto* member = std::get_if<ast::MemberExpr>(&at->node)) {
    reversed.push_back(member->member);
    at = member->object.get();
  }
  const auto* name = std::get_if<ast::NameExpr>(&at->node);
  if (!name) return {};
  reversed.push_back(name->name);
  return {reversed.rbegin(), reversed.rend()};
}

Checked Plain(ExprPtr expr) { return {std::move(expr), {}, {}}; }

}  // namespace

ExprPtr ExprChecker::Value(const ast::Expr& expr, const Type* expected) { return CheckAny(expr, expected).expr; }

ExprPtr ExprChecker::Condition(const ast::Expr& expr, Facts* proven) {
  Checked checked = CheckAny(expr, nullptr);
  const Type type = checked.expr->type;
  if (type.kind == TypeKind::Error) return std::move(checked.expr);
  if (type.kind != TypeKind::Bool || type.nullable) {
    Diagnostics::Builder builder = context_.diagnostics.Build(expr.span, ConditionNotBool, {TypePhrase(type)});
    if (type.kind == TypeKind::Bool) {
      std::move(builder).Help("`" + context_.Quote(expr.span) + " ?? false` decides what null means");
    }
    std::move(builder).Emit();
    return MakeError(expr.span);
  }
  if (proven) *proven = std::move(checked.when_true);
  return std::move(checked.expr);
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
  return Plain(CheckPath(expr, expected));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::MemberExpr&, const Type* expected) {
  return Plain(CheckPath(expr, expected));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::MetaExpr& node, const Type*) {
  return Plain(CheckMeta(expr, node));
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::CallExpr& node, const Type*) {
  return Plain(CheckCall(expr, node));
}

Checked ExprChecker::NotYet(const ast::Expr& expr) {
  context_.diagnostics.Build(expr.span, NotSupportedYet, {"this expression"}).Emit();
  return Plain(MakeError(expr.span));
}

// ---- Paths ----

ExprPtr ExprChecker::CheckPath(const ast::Expr& expr, const Type* expected) {
  const std::vector<ast::Name> path = PathOf(expr);
  if (path.empty()) return CheckMemberOfValue(expr);
  const size_t mistakes = context_.diagnostics.errors();
  ExprPtr resolved = ResolvePath(context_, scope_, expr.span, path, expected);
  if (context_.diagnostics.errors() == mistakes) WarnOfNullSafe(expr);
  return resolved;
}

// Records with nulls are not read yet, so what stands before `?.` is never null.
void ExprChecker::WarnOfNullSafe(const ast::Expr& expr) {
  const ast::Expr* at = &expr;
  while (const auto* member = std::get_if<ast::MemberExpr>(&at->node)) {
    at = member->object.get();
    if (!member->null_safe) continue;
    context_.diagnostics.Build(at->span, NeverNull, {context_.Quote(at->span), "?."}).Emit();
  }
}

ExprPtr ExprChecker::CheckMemberOfValue(const ast::Expr& expr) {
  const ast::Expr* at = &expr;
  while (const auto* member = std::get_if<ast::MemberExpr>(&at->node)) at = member->object.get();
  const ExprPtr object = CheckAny(*at, nullptr).expr;
  if (object->type.kind != TypeKind::Error) {
    context_.diagnostics.Build(at->span, NoMembers, {context_.Quote(at->span), TypePhrase(object->type)}).Emit();
  }
  return MakeError(expr.span);
}

// A name that only an expected enum can give a meaning.
bool ExprChecker::MayBeSymbol(const ast::Expr& expr) const {
  const auto* name = std::get_if<ast::NameExpr>(&expr.node);
  return name && !IsNameInScope(context_, scope_, name->name.text);
}

// ---- Operators ----

Checked ExprChecker::Check(const ast::Expr& expr, const ast::BinaryExpr& node, const Type* expected) {
  using ast::BinaryOp;
  if (node.op == BinaryOp::And || node.op == BinaryOp::Or) return CheckLogic(expr, node);
  const bool equality = node.op == BinaryOp::Equal || node.op == BinaryOp::NotEqual;
  const bool coalesce = node.op == BinaryOp::Coalesce;
  const Type* outer = coalesce ? expected : nullptr;
  ExprPtr left, right;
  // Of `SELL == side` the right side tells what the left one is.
  const bool right_first = MayBeSymbol(*node.left) && !MayBeSymbol(*node.right);
  if (right_first) {
    right = CheckAny(*node.right, outer).expr;
    left = CheckAny(*node.left, &right->type).expr;
  } else {
    left = CheckAny(*node.left, outer).expr;
    right = CheckAny(*node.right, &left->type).expr;
  }
  Checked checked;
  const bool test = equality && (left->type.kind == TypeKind::Null) != (right->type.kind == TypeKind::Null);
  if (test) {
    NoteNullTest(left->type.kind == TypeKind::Null ? *right : *left, node.op == BinaryOp::Equal, &checked);
  } else if (equality && left->type.nullable != right->type.nullable) {
    // What equals a value that is not null is not null.
    const std::optional<std::string> fact = FactName(left->type.nullable ? *left : *right);
    if (fact) (node.op == BinaryOp::Equal ? checked.when_true : checked.when_false).insert(*fact);
  }
  checked.expr = ApplyBinary(context_, node, expr.span, std::move(left), std::move(right));
  return checked;
}

void ExprChecker::NoteNullTest(const typed::Expr& operand, bool is_null, Checked* checked) {
  if (const std::optional<std::string> fact = FactName(operand)) {
    (is_null ? checked->when_false : checked->when_true).insert(*fact);
  }
}

// The right operand is only computed where the left one does not decide, so it knows what the left one proves.
Checked ExprChecker::CheckLogic(const ast::Expr& expr, const ast::BinaryExpr& node) {
  const bool conjunction = node.op == ast::BinaryOp::And;
  Checked left = CheckAny(*node.left, nullptr);
  const Facts outer = scope_.facts;
  scope_.facts = Both(outer, conjunction ? left.when_true : left.when_false);
  Checked right = CheckAny(*node.right, nullptr);
  scope_.facts = outer;

  Checked checked;
  if (conjunction) {
    checked.when_true = Both(left.when_true, right.when_true);
    checked.when_false = Common(left.when_false, Both(left.when_true, right.when_false));
  } else {
    checked.when_false = Both(left.when_false, right.when_false);
    checked.when_true = Common(left.when_true, Both(left.when_false, right.when_true));
  }
  checked.expr = ApplyBinary(context_, node, expr.span, std::move(left.expr), std::move(right.expr));
  return checked;
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::UnaryExpr& node, const Type*) {
  if (node.op == ast::UnaryOp::Negate) {
    // As one literal, so that the least long can be written.
    if (const auto* number = std::get_if<ast::IntLiteral>(&node.operand->node)) {
      return Plain(CheckInteger(expr.span, number->digits, true));
    }
    return Plain(ApplyNegate(context_, expr.span, CheckAny(*node.operand, nullptr).expr));
  }
  Checked operand = CheckAny(*node.operand, nullptr);
  return {ApplyNot(context_, expr.span, std::move(operand.expr)), std::move(operand.when_false),
          std::move(operand.when_true)};
}

Checked ExprChecker::Check(const ast::Expr& expr, const ast::IsNullExpr& node, const Type*) {
  Checked checked;
  ExprPtr operand = CheckAny(*node.operand, nullptr).expr;
  NoteNullTest(*operand, !node.negated, &checked);
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
  return MakeConstant(span, {TypeKind::Long}, {.integer = value}, true);
}

// `text` is what from_chars reads: a percentage comes with its exponent, so that 0.1% is the double nearest to 0.001.
ExprPtr ExprChecker::CheckFloat(Span span, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    context_.diagnostics.Build(span, ConstantError, {context_.Quote(span), "it does not fit a double"}).Emit();
    return MakeError(span);
  }
  return MakeConstant(span, {TypeKind::Double}, {.number = value});
}

// `timestamp("2024-05-01T00:00:00Z")`, a literal, is the only call so far.
ExprPtr ExprChecker::CheckCall(const ast::Expr& expr, const ast::CallExpr& node) {
  const ast::StringLiteral* text = nullptr;
  if (node.arguments.size() == 1) text = std::get_if<ast::StringLiteral>(&node.arguments.front().value->node);
  if (node.callee.text != "timestamp" || !text) {
    const bool computed = node.callee.text == "timestamp";
    context_.diagnostics
        .Build(node.callee.span, NotSupportedYet,
               {computed ? "`timestamp` of anything but a text in quotes" : "the function `" + node.callee.text + "`"})
        .Emit();
    return MakeError(expr.span);
  }
  const std::optional<int64_t> microseconds = ParseTimestamp(text->value);
  if (!microseconds) {
    context_.diagnostics.Build(expr.span, ConstantError, {context_.Quote(expr.span), "it is not a time in ISO 8601"})
        .Help("as in `timestamp(\"2024-05-01T13:30:00.250Z\")`")
        .Emit();
    return MakeError(expr.span);
  }
  return MakeConstant(expr.span, {TypeKind::Timestamp}, {.integer = *microseconds});
}

// ---- What begins with @ ----

ExprPtr ExprChecker::CheckMeta(const ast::Expr& expr, const ast::MetaExpr& node) {
  if (node.name.text == "time") return CheckTime(expr, node);
  static const std::vector<std::string> kLater{"stream",         "partition", "offset", "key",  "headers",
                                               "schema_version", "window",    "match",  "rank", "suppressed"};
  for (const std::string& later : kLater) {
    if (node.name.text != later) continue;
    context_.diagnostics.Build(expr.span, NotSupportedYet, {"`@" + later + "`"}).Emit();
    return MakeError(expr.span);
  }
  std::vector<std::string> candidates = kLater;
  candidates.push_back("time");
  std::string nearest = context_.Nearest(node.name.text, candidates);
  if (!nearest.empty()) nearest = (node.of ? node.of->text + "@" : "@") + nearest;
  context_.diagnostics.Build(expr.span, UnknownMeta, {node.name.text})
      .Suggest("something with a similar name exists", expr.span, std::move(nearest))
      .Emit();
  return MakeError(expr.span);
}

ExprPtr ExprChecker::CheckTime(const ast::Expr& expr, const ast::MetaExpr& node) {
  if (scope_.constant) {
    context_.diagnostics.Build(expr.span, NotConstant, {"@time"}).Emit();
    return MakeError(expr.span);
  }
  if (node.of && !(scope_.alias && scope_.alias->text == node.of->text)) {
    std::vector<std::string> aliases;
    if (scope_.alias) aliases.push_back(scope_.alias->text);
    context_.diagnostics.Build(node.of->span, UnknownName, {node.of->text})
        .Under("not an alias in this rule")
        .Suggest("an alias with a similar name exists", node.of->span, context_.Nearest(node.of->text, aliases))
        .Emit();
    return MakeError(expr.span);
  }
  if (!scope_.stream) return MakeError(expr.span);
  if (scope_.stream->time.empty()) {
    if (scope_.record && !scope_.stream->time_told) {
      context_.diagnostics.Build(expr.span, NoEventTime, {scope_.stream->name})
          .Label(scope_.stream->span, "declared without `time`")
          .Help("`stream " + scope_.stream->name + " : … { time FIELD }` names the field that holds it")
          .Emit();
    }
    return MakeError(expr.span);
  }
  return std::make_unique<typed::Expr>(typed::Expr{expr.span, {TypeKind::Timestamp}, typed::MetaRef{}});
}

}  // namespace rulec::check
