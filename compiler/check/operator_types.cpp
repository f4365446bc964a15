#include "compiler/check/operator_types.h"

#include <algorithm>

#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using ast::BinaryOp;

constexpr int kMaxDigits = 38;

ArithmeticRule Numbers(BinaryOp op, TypeKind left, TypeKind right) {
  TypeKind kind = std::max(left, right);
  if (IsFloating(left) != IsFloating(right) || (op == BinaryOp::Divide && !IsFloating(kind))) kind = TypeKind::Double;
  return {.result = {kind}, .left = kind, .right = kind};
}

// The digits that no result exceeds, at most 38: what does not fit is a rule error.
ArithmeticRule Decimals(BinaryOp op, const Type& left, const Type& right) {
  const auto as_decimal = [](const Type& type) {
    if (type.kind == TypeKind::Int) return DecimalOf(10, 0);
    return type.kind == TypeKind::Long ? DecimalOf(19, 0) : type;
  };
  const Type a = as_decimal(left), b = as_decimal(right);
  if (a.kind != TypeKind::Decimal || b.kind != TypeKind::Decimal) return {};
  int scale = std::max(a.scale, b.scale);
  int precision = std::max(a.precision - a.scale, b.precision - b.scale) + scale + 1;
  if (op == BinaryOp::Multiply) {
    scale = a.scale + b.scale;
    precision = a.precision + b.precision;
  } else if (op == BinaryOp::Divide) {
    scale = std::max(6, a.scale + b.precision + 1);
    precision = a.precision - a.scale + b.scale + scale;
  }
  if (scale > kMaxDigits) return {.too_precise = true};
  precision = std::clamp(precision, std::max(scale, 1), kMaxDigits);
  return {.result = DecimalOf(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale))};
}

ArithmeticRule WithDuration(BinaryOp op, TypeKind left, TypeKind right) {
  if (left == TypeKind::Duration && right == TypeKind::Duration) {
    if (op == BinaryOp::Divide) {
      return {.result = {TypeKind::Double}, .left = TypeKind::Double, .right = TypeKind::Double};
    }
    return {.result = {op == BinaryOp::Multiply ? TypeKind::Error : TypeKind::Duration}};
  }
  if (op == BinaryOp::Multiply && (IsNumber(left) || IsNumber(right))) {
    const TypeKind number = IsNumber(left) ? left : right;
    return {.result = {TypeKind::Duration},
            .right = IsWhole(number) ? TypeKind::Long : TypeKind::Double,
            .swapped = IsNumber(left)};
  }
  if (left == TypeKind::Timestamp && (op == BinaryOp::Add || op == BinaryOp::Subtract)) {
    return {.result = {TypeKind::Timestamp}};
  }
  if (right == TypeKind::Timestamp && op == BinaryOp::Add) return {.result = {TypeKind::Timestamp}};
  return {};
}

}  // namespace

ArithmeticRule ArithmeticOf(BinaryOp op, const Type& left, const Type& right) {
  const TypeKind a = left.kind, b = right.kind;
  if (IsNumber(a) && IsNumber(b)) return Numbers(op, a, b);
  if (a == TypeKind::Decimal || b == TypeKind::Decimal) return Decimals(op, left, right);
  if (a == TypeKind::Duration || b == TypeKind::Duration) return WithDuration(op, a, b);
  const bool times = a == TypeKind::Timestamp && b == TypeKind::Timestamp;
  if (op == BinaryOp::Subtract && times) return {.result = {TypeKind::Duration}};
  if (op == BinaryOp::Add && a == TypeKind::List && SameType(left.NotNull(), right.NotNull())) {
    return {.result = left.NotNull(), .concat = true};
  }
  return {};
}

std::string AdviceFor(BinaryOp op, const Type& left, const Type& right) {
  const auto either = [&](TypeKind kind) { return left.kind == kind || right.kind == kind; };
  const bool arithmetic = op <= BinaryOp::Subtract;
  if (either(TypeKind::Duration) && (IsNumber(left.kind) || IsNumber(right.kind))) {
    if (op == BinaryOp::Divide)
      return "a duration divided by a duration is a number: `d / 1s`; half of one is `d * 0.5`";
    return "a duration has its unit: `500ms`, `10s`, `1h30m`";
  }
  if (left.kind == TypeKind::Enum && SameType(left.NotNull(), right.NotNull())) {
    return "symbols of an enum have no order, compare them with `==` and `!=`";
  }
  if (op == BinaryOp::Add && either(TypeKind::String))
    return "texts are put together by f\"{a} {b}\" or `concat(a, b)`";
  if (either(TypeKind::String)) {
    const TypeKind other = left.kind == TypeKind::String ? right.kind : left.kind;
    const bool made = other == TypeKind::Timestamp || other == TypeKind::Date || other == TypeKind::TimeOfDay ||
                      other == TypeKind::Uuid || other == TypeKind::Bool || IsNumber(other);
    if (made) return "`" + TypeName(Type{other}) + "(…)` makes " + TypePhrase(Type{other}) + " of a text";
  }
  const auto floating = [&](const Type& type) { return type.kind == TypeKind::Float || type.kind == TypeKind::Double; };
  if (either(TypeKind::Decimal) && (floating(left) || floating(right))) {
    return "`decimal(x, p, s)` makes a decimal of a double, `double(x)` a double of a decimal";
  }
  if (either(TypeKind::Union)) return "`x is T and …` says which of its types a union is";
  if (arithmetic && either(TypeKind::Date)) return "`add_days(d, n)` and `days_between(a, b)` compute with dates";
  if (either(TypeKind::Date) && either(TypeKind::Timestamp)) return "`to_date(t)` is the date of a timestamp";
  return "";
}

}  // namespace rulec::check
