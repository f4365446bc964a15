#include "compiler/check/build.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "compiler/check/fold.h"
#include "compiler/typed/walk.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;
using typed::UnaryOp;

constexpr int kMaxPrecision = 38;

// Of one constant, and of all that a program holds.
constexpr uint64_t kMaxConstantBytes = 32 << 20;
constexpr uint64_t kMaxProgramBytes = 256 << 20;
constexpr uint32_t kMaxTypeDepth = 64;

// About what it takes in memory.
uint64_t BytesOf(const typed::Value& value) {
  uint64_t bytes = sizeof(value) + value.text.size();
  for (const typed::Value& item : value.items) bytes += BytesOf(item);
  for (const std::string& key : value.keys) bytes += sizeof(key) + key.size();
  return bytes;
}

// What an int and a long are beside decimals.
Type DecimalOfWhole(TypeKind kind) { return DecimalOf(kind == TypeKind::Int ? 10 : 19, 0); }

bool AllConstant(const typed::Expr& expr) {
  bool any = false, all = true;
  typed::ForEachChild(expr, [&](const typed::Expr& child) {
    any = true;
    all = all && std::holds_alternative<typed::Constant>(child.node);
  });
  return any && all;
}

bool HoldsVariables(const typed::Expr& expr) {
  if (std::holds_alternative<typed::Bind>(expr.node)) return true;
  const auto* call = std::get_if<typed::IntrinsicCall>(&expr.node);
  return call && call->lambda.has_value();
}

bool AnyError(const typed::Expr& expr) {
  bool any = false;
  typed::ForEachChild(expr, [&](const typed::Expr& child) { any = any || IsError(child); });
  return any;
}

// An empty list, map or record has no children, and is a constant all the same.
bool IsEmptyLiteral(const typed::Expr& expr) {
  const auto* list = std::get_if<typed::ListLiteral>(&expr.node);
  const auto* map = std::get_if<typed::MapLiteral>(&expr.node);
  return (list && list->items.empty()) || (map && map->keys.empty());
}

std::optional<Type> CommonDecimal(const Type& a, const Type& b) {
  const int scale = std::max(a.scale, b.scale);
  const int precision = std::max(a.precision - a.scale, b.precision - b.scale) + scale;
  if (precision > kMaxPrecision) return std::nullopt;
  return DecimalOf(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

int BranchOf(const Type& type, const Type& value) {
  for (size_t i = 0; i < type.of->types.size(); ++i) {
    if (SameType(type.of->types[i], value.NotNull())) return static_cast<int>(i);
  }
  return -1;
}

// A list of numbers as one of a wider kind: item by item.
bool ItemsWiden(const Type& from, const Type& to) {
  if (from.kind != TypeKind::List || to.kind != TypeKind::List) return false;
  const Type& a = ElementOf(from);
  const Type& b = ElementOf(to);
  return a.nullable == b.nullable && IsNumber(a.kind) && IsNumber(b.kind) && a.kind < b.kind &&
         !(a.kind == TypeKind::Long && b.kind == TypeKind::Float) &&
         !(a.kind == TypeKind::Int && b.kind == TypeKind::Float);
}

// A constant list or map whose items convert.
std::optional<typed::Value> ConvertItems(const Type& from, const Type& to, const typed::Value& value) {
  typed::Value converted = value;
  if (value.is_null) return converted;
  for (typed::Value& item : converted.items) {
    const Type& a = ElementOf(from);
    const Type& b = ElementOf(to);
    if (item.is_null && !b.nullable) return std::nullopt;
    if (item.is_null || SameType(a.NotNull(), b.NotNull())) continue;
    if (IsWhole(a.kind) && b.kind == TypeKind::Int) {
      if (item.integer < std::numeric_limits<int32_t>::min() || item.integer > std::numeric_limits<int32_t>::max()) {
        return std::nullopt;
      }
    } else if (IsWhole(a.kind) && IsFloating(b.kind)) {
      item = {.number = static_cast<double>(item.integer)};
    } else if (!(IsWhole(a.kind) && b.kind == TypeKind::Long) && !(IsFloating(a.kind) && b.kind == TypeKind::Double)) {
      return std::nullopt;
    }
  }
  return converted;
}

ExprPtr WidenItems(Context& context, ExprPtr list, const Type& to) {
  const Span span = list->span;
  const Type element = ElementOf(list->type);
  context.variables->push_back({"item", element});
  const auto variable = static_cast<uint32_t>(context.variables->size() - 1);
  ExprPtr item = std::make_unique<typed::Expr>(typed::Expr{span, element, typed::VariableRef{variable}});
  typed::IntrinsicCall map{typed::Intrinsic::Map, {}, typed::Lambda{variable, nullptr}};
  map.lambda->body = Widen(context, std::move(item), ElementOf(to).kind);
  map.arguments.push_back(std::move(list));
  return Make(context, span, to, std::move(map));
}

bool IsItems(const Type& from, const Type& to) {
  return from.kind == to.kind && (from.kind == TypeKind::List || from.kind == TypeKind::Map);
}

}  // namespace

ExprPtr MakeError(Span span) { return std::make_unique<typed::Expr>(typed::Expr{span, {}, typed::ErrorExpr{}}); }

ExprPtr MakeConstant(Span span, const Type& type, typed::Value value, bool literal, std::string digits) {
  return std::make_unique<typed::Expr>(
      typed::Expr{span, type, typed::Constant{std::move(value), literal, std::move(digits)}});
}

bool IsError(const typed::Expr& expr) { return expr.type.kind == TypeKind::Error; }
bool IsConstant(const typed::Expr& expr) { return std::holds_alternative<typed::Constant>(expr.node); }

bool Charge(Context& context, Span span, const typed::Value& value) {
  if (value.items.empty() && value.text.size() < 1024) return true;
  const uint64_t bytes = BytesOf(value);
  context.constant_bytes += bytes;
  const bool one = bytes > kMaxConstantBytes;
  if (!one && context.constant_bytes <= kMaxProgramBytes) return true;
  // Of the sum the first that goes beyond it is told.
  if (one || context.constant_bytes - bytes <= kMaxProgramBytes) {
    context.diagnostics
        .Build(span, ConstantError,
               {context.Quote(span),
                one ? "the constant takes more than 32 MiB" : "the constants of the program take more than 256 MiB"})
        .Emit();
  }
  return false;
}

ExprPtr Make(Context& context, Span span, const Type& type, decltype(typed::Expr::node) node) {
  if (TypeDepth(type) > kMaxTypeDepth) {
    context.diagnostics.Build(span, EndlessValue, {context.Quote(span)}).Emit();
    return MakeError(span);
  }
  auto expr = std::make_unique<typed::Expr>(typed::Expr{span, type, std::move(node)});
  if (type.kind == TypeKind::Error || AnyError(*expr)) return MakeError(span);
  const bool closed = HoldsVariables(*expr) ? typed::IsClosed(*expr) : AllConstant(*expr) || IsEmptyLiteral(*expr);
  if (!closed) return expr;
  Evaluator evaluator;
  typed::Value value;
  switch (evaluator.Evaluate(*expr, &value)) {
    case Outcome::NotKnown: return expr;
    case Outcome::Value:
      return Charge(context, span, value) ? MakeConstant(span, type, std::move(value)) : MakeError(span);
    case Outcome::Error: break;
  }
  context.diagnostics.Build(span, ConstantError, {context.Quote(span), evaluator.cause()}).Emit();
  return MakeError(span);
}

ExprPtr MakeUnary(Context& context, Span span, const Type& type, UnaryOp op, ExprPtr operand, uint32_t index) {
  return Make(context, span, type, typed::Unary{op, std::move(operand), index});
}

ExprPtr MakeBinary(Context& context, Span span, const Type& type, typed::BinaryOp op, ExprPtr left, ExprPtr right) {
  return Make(context, span, type, typed::Binary{op, std::move(left), std::move(right)});
}

void AdaptLiteral(typed::Expr& expr, const Type& type) {
  auto* constant = std::get_if<typed::Constant>(&expr.node);
  if (!constant || !constant->literal) return;
  if (type.kind == TypeKind::Int && expr.type.kind == TypeKind::Long) {
    const int64_t value = constant->value.integer;
    if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max()) return;
    expr.type.kind = TypeKind::Int;
  } else if (type.kind == TypeKind::Float && IsNumber(expr.type.kind) && expr.type.kind != TypeKind::Float) {
    const double value =
        expr.type.kind == TypeKind::Double ? constant->value.number : static_cast<double>(constant->value.integer);
    const double nearest = static_cast<double>(static_cast<float>(value));
    if (!std::isfinite(nearest) || (nearest == 0.0 && value != 0.0)) return;
    expr.type = {TypeKind::Float};
    constant->value = {.number = nearest};
  } else if (type.kind == TypeKind::Decimal && IsNumber(expr.type.kind)) {
    Type exact;
    typed::Int128 value = 0;
    const std::string digits = constant->digits.empty() ? std::to_string(constant->value.integer) : constant->digits;
    if (!DecimalOfDigits(digits, &exact, &value)) return;
    expr.type = exact;
    constant->value = {.decimal = value};
  }
}

ExprPtr Widen(Context& context, ExprPtr expr, TypeKind kind) {
  const Type from = expr->type;
  if (from.kind == kind || from.kind == TypeKind::Error || from.kind == TypeKind::Null) return expr;
  const Span span = expr->span;
  const Type to{kind, from.nullable};
  const auto* constant = std::get_if<typed::Constant>(&expr->node);
  // A literal is rounded to the nearest double, like `0.1`.
  if (constant && constant->literal && IsWhole(from.kind) && IsFloating(kind)) {
    return MakeConstant(span, to, {.number = static_cast<double>(constant->value.integer)});
  }
  if (kind == TypeKind::Long) return MakeUnary(context, span, to, UnaryOp::IntToLong, std::move(expr));
  const UnaryOp op = from.kind == TypeKind::Int     ? UnaryOp::IntToDouble
                     : from.kind == TypeKind::Float ? UnaryOp::FloatToDouble
                                                    : UnaryOp::LongToDouble;
  return MakeUnary(context, span, to, op, std::move(expr));
}

std::optional<Type> CommonType(const Type& a, const Type& b) {
  const auto nullable = [&](Type type) {
    type.nullable = a.nullable || b.nullable;
    return type;
  };
  if (a.kind == TypeKind::Error) return b;
  if (b.kind == TypeKind::Error) return a;
  if (a.kind == TypeKind::Null) return b.OrNull();
  if (b.kind == TypeKind::Null) return a.OrNull();
  if (SameType(a.NotNull(), b.NotNull())) return nullable(a);
  if (IsNumber(a.kind) && IsNumber(b.kind)) {
    const bool mixed = IsFloating(a.kind) != IsFloating(b.kind);
    return nullable({mixed ? TypeKind::Double : std::max(a.kind, b.kind)});
  }
  const bool decimal = a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal;
  if (decimal && a.kind != TypeKind::Union && b.kind != TypeKind::Union) {
    const Type left = IsWhole(a.kind) ? DecimalOfWhole(a.kind) : a;
    const Type right = IsWhole(b.kind) ? DecimalOfWhole(b.kind) : b;
    if (left.kind != right.kind) return std::nullopt;
    const std::optional<Type> common = CommonDecimal(left, right);
    return common ? std::optional(nullable(*common)) : std::nullopt;
  }
  if (a.kind == TypeKind::Union && BranchOf(a, b) >= 0) return nullable(a);
  if (b.kind == TypeKind::Union && BranchOf(b, a) >= 0) return nullable(b);
  if (ItemsWiden(a, b)) return nullable(b);
  if (ItemsWiden(b, a)) return nullable(a);
  return std::nullopt;
}

bool Converts(const typed::Expr& expr, const Type& type) {
  const Type& from = expr.type;
  if (from.kind == TypeKind::Error || from.kind == TypeKind::Null) return true;
  if (SameType(from.NotNull(), type.NotNull())) return true;
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  if (constant && IsItems(from, type)) return ConvertItems(from, type, constant->value).has_value();
  if (ItemsWiden(from, type)) return true;
  if (IsNumber(from.kind) && IsNumber(type.kind)) {
    return from.kind < type.kind && (type.kind != TypeKind::Float);
  }
  if (type.kind == TypeKind::Decimal) {
    const Type decimal = IsWhole(from.kind) ? DecimalOfWhole(from.kind) : from;
    return decimal.kind == TypeKind::Decimal && decimal.scale <= type.scale &&
           decimal.precision - decimal.scale <= type.precision - type.scale;
  }
  return type.kind == TypeKind::Union && BranchOf(type, from) >= 0;
}

ExprPtr Convert(Context& context, ExprPtr expr, const Type& type) {
  AdaptLiteral(*expr, type);
  const Type from = expr->type;
  const Span span = expr->span;
  if (from.kind == TypeKind::Error) return expr;
  if (!Converts(*expr, type)) return nullptr;
  if (from.kind == TypeKind::Null) return MakeConstant(span, type.OrNull(), {.is_null = true});
  Type to = type;
  to.nullable = from.nullable;
  if (SameType(from.NotNull(), type.NotNull())) return expr;
  if (const auto* constant = std::get_if<typed::Constant>(&expr->node); constant && IsItems(from, type)) {
    return MakeConstant(span, to, std::move(*ConvertItems(from, type, constant->value)));
  }
  if (ItemsWiden(from, type)) return WidenItems(context, std::move(expr), to);
  if (IsNumber(type.kind)) return Widen(context, std::move(expr), type.kind);
  if (type.kind == TypeKind::Decimal) {
    if (IsWhole(from.kind)) {
      Type whole = DecimalOfWhole(from.kind);
      whole.nullable = from.nullable;
      expr = MakeUnary(context, span, whole, UnaryOp::WholeToDecimal, std::move(expr));
    }
    if (SameType(expr->type.NotNull(), type.NotNull())) return expr;
    return MakeUnary(context, span, to, UnaryOp::Rescale, std::move(expr));
  }
  if (type.kind == TypeKind::Union) {
    const auto branch = static_cast<uint32_t>(BranchOf(type, from));
    return MakeUnary(context, span, to, UnaryOp::BranchToUnion, std::move(expr), branch);
  }
  return expr;
}

}  // namespace rulec::check
