#include "compiler/check/operators.h"

#include <algorithm>
#include <string>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/operator_types.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using ast::BinaryOp;
using typed::ExprPtr;
using typed::UnaryOp;

constexpr Type kBool{TypeKind::Bool};

// One application of a binary operator.
class Application {
 public:
  Application(Context& context, BinaryOp op, Span op_span, Span span, ExprPtr left, ExprPtr right)
      : context_(context), op_(op), op_span_(op_span), span_(span), left_(std::move(left)), right_(std::move(right)) {}

  ExprPtr Apply() {
    if (IsError(*left_) || IsError(*right_)) return MakeError(span_);
    AdaptLiteral(*left_, right_->type);
    AdaptLiteral(*right_, left_->type);
    switch (op_) {
      case BinaryOp::And:
      case BinaryOp::Or: return Logic();
      case BinaryOp::Coalesce: return Coalesce();
      case BinaryOp::Equal:
      case BinaryOp::NotEqual: return Equality();
      case BinaryOp::Less:
      case BinaryOp::LessEqual:
      case BinaryOp::Greater:
      case BinaryOp::GreaterEqual: return Order();
      default: return Arithmetic();
    }
  }

 private:
  // ---- and, or ----

  ExprPtr Logic() {
    for (const ExprPtr* operand : {&left_, &right_}) {
      if ((*operand)->type.kind != TypeKind::Bool) return TellOperand(**operand);
    }
    if (RefuseNull(*left_) || RefuseNull(*right_)) return MakeError(span_);
    return Make(kBool);
  }

  // ---- ?? ----

  ExprPtr Coalesce() {
    if (left_->type.kind == TypeKind::Null) return TellOperand(*left_);
    if (right_->type.kind == TypeKind::Null) return std::move(left_);
    const std::optional<Type> common = CommonType(left_->type, right_->type);
    if (!common) return TellTypes();
    if (!left_->type.nullable) {
      TellNeverNull();
      return std::move(left_);
    }
    ConvertBoth(*common);
    Type type = *common;
    type.nullable = right_->type.nullable;
    return Make(type);
  }

  void TellNeverNull() {
    context_.diagnostics.Build(left_->span, NeverNull, {context_.Quote(left_->span), "??"})
        .Suggest("leave the other value out", span_, std::string(context_.sources.Text(left_->span)))
        .Emit();
  }

  // ---- comparison ----

  ExprPtr Equality() {
    const bool negated = op_ == BinaryOp::NotEqual;
    if (right_->type.kind == TypeKind::Null) return NullTest(std::move(left_), negated);
    if (left_->type.kind == TypeKind::Null) return NullTest(std::move(right_), negated);
    if (!Comparable()) return TellTypes();
    return Make(kBool);
  }

  ExprPtr NullTest(ExprPtr operand, bool negated) {
    return ApplyIsNull(context_, span_, std::move(operand), negated, OperatorText(op_));
  }

  ExprPtr Order() {
    if (!IsOrdered(left_->type.kind) || !IsOrdered(right_->type.kind) || !Comparable()) return TellTypes();
    if (RefuseNull(*left_) || RefuseNull(*right_)) return MakeError(span_);
    return Make(kBool);
  }

  // Brings both operands to one type; a decimal and a double stay as they are, and so do decimals.
  bool Comparable() {
    const TypeKind left = left_->type.kind;
    const TypeKind right = right_->type.kind;
    if (left == TypeKind::Decimal && right == TypeKind::Decimal) return true;
    if (left == TypeKind::Decimal && IsFloating(right)) {
      right_ = Widen(context_, std::move(right_), TypeKind::Double);
      return true;
    }
    if (right == TypeKind::Decimal && IsFloating(left)) {
      left_ = Widen(context_, std::move(left_), TypeKind::Double);
      return true;
    }
    const bool decimal = left == TypeKind::Decimal || right == TypeKind::Decimal;
    if (decimal && left != TypeKind::Union && right != TypeKind::Union) return WholesToDecimal();
    const std::optional<Type> common = CommonType(left_->type, right_->type);
    if (!common) return false;
    ConvertBoth(*common);
    return true;
  }

  void ConvertBoth(const Type& type) {
    left_ = Convert(context_, std::move(left_), type);
    right_ = Convert(context_, std::move(right_), type);
  }

  // An int or long beside a decimal.
  bool WholesToDecimal() {
    for (ExprPtr* operand : {&left_, &right_}) {
      const TypeKind kind = (*operand)->type.kind;
      if (kind == TypeKind::Decimal) continue;
      if (kind != TypeKind::Int && kind != TypeKind::Long) return false;
      *operand = Convert(context_, std::move(*operand), DecimalOf(kind == TypeKind::Int ? 10 : 19, 0));
    }
    return true;
  }

  // ---- arithmetic ----

  ExprPtr Arithmetic() {
    if (op_ == BinaryOp::Add && left_->type.kind == TypeKind::List) WidenLists();
    const ArithmeticRule rule = ArithmeticOf(op_, left_->type, right_->type);
    if (rule.result.kind == TypeKind::Error) return rule.too_precise ? TellTooPrecise() : TellTypes();
    if (RefuseNull(*left_) || RefuseNull(*right_)) return MakeError(span_);
    if (rule.swapped) std::swap(left_, right_);
    if (rule.result.kind == TypeKind::Decimal) {
      WholesToDecimal();
    } else {
      if (rule.left != TypeKind::Error) left_ = Widen(context_, std::move(left_), rule.left);
      if (rule.right != TypeKind::Error) right_ = Widen(context_, std::move(right_), rule.right);
    }
    return Make(rule.result, rule.concat ? typed::BinaryOp::Concat : static_cast<typed::BinaryOp>(op_));
  }

  // Items of numbers take the wider type.
  void WidenLists() {
    if (left_->type.nullable || right_->type.nullable || right_->type.kind != TypeKind::List) return;
    if (const std::optional<Type> common = CommonType(left_->type, right_->type)) ConvertBoth(*common);
  }

  // ---- the result ----

  ExprPtr Make(const Type& type) { return Make(type, static_cast<typed::BinaryOp>(op_)); }
  ExprPtr Make(const Type& type, typed::BinaryOp op) {
    return MakeBinary(context_, span_, type, op, std::move(left_), std::move(right_));
  }

  // ---- what is wrong ----

  bool RefuseNull(const typed::Expr& operand) {
    if (!operand.type.nullable) return false;
    TellNullable(context_, span_, operand, OperatorText(op_));
    return true;
  }

  ExprPtr TellOperand(const typed::Expr& operand) {
    context_.diagnostics.Build(operand.span, OperandType, {OperatorText(op_), TypePhrase(operand.type)}).Emit();
    return MakeError(span_);
  }

  ExprPtr TellTypes() {
    const Type left = left_->type;
    const Type right = right_->type;
    const bool arithmetic = op_ <= BinaryOp::Subtract;
    const bool comparison = op_ >= BinaryOp::Equal && op_ <= BinaryOp::GreaterEqual;
    if (left.kind == TypeKind::Timestamp && IsNumber(right.kind)) return TellTimestamp(*right_);
    if (right.kind == TypeKind::Timestamp && IsNumber(left.kind)) return TellTimestamp(*left_);
    if (comparison && left.kind == TypeKind::Enum && right.kind == TypeKind::String) return TellEnum(left, *right_);
    if (comparison && right.kind == TypeKind::Enum && left.kind == TypeKind::String) return TellEnum(right, *left_);
    if (arithmetic && left.kind == TypeKind::Decimal && IsFloating(right.kind)) return TellDecimal(left, *right_);
    if (arithmetic && right.kind == TypeKind::Decimal && IsFloating(left.kind)) return TellDecimal(right, *left_);
    Diagnostics::Builder builder =
        context_.diagnostics.Build(op_span_, OperandTypes, {OperatorText(op_), TypePhrase(left), TypePhrase(right)});
    std::move(builder).Label(left_->span, TypeName(left)).Label(right_->span, TypeName(right));
    for (const typed::Expr* operand : {left_.get(), right_.get()}) {
      if (const auto declared = DeclarationOf(context_, *operand)) std::move(builder).Label(*declared, "declared here");
    }
    const std::string help = AdviceFor(op_, left, right);
    if (!help.empty()) std::move(builder).Help(help);
    std::move(builder).Emit();
    return MakeError(span_);
  }

  ExprPtr TellTooPrecise() {
    context_.diagnostics.Build(span_, DecimalTooPrecise, {OperatorText(op_)})
        .Label(left_->span, TypeName(left_->type))
        .Label(right_->span, TypeName(right_->type))
        .Help("`decimal(x, p, s)` of an operand gives it fewer digits behind the point")
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellDecimal(const Type& decimal, const typed::Expr& number) {
    const std::string text = context_.Quote(number.span);
    context_.diagnostics.Build(number.span, DecimalWithDouble, {OperatorText(op_), TypePhrase(number.type)})
        .Under("this is " + TypePhrase(number.type))
        .Help("`decimal(" + text + ", " + std::to_string(decimal.precision) + ", " + std::to_string(decimal.scale) +
              ")` makes it a decimal, `double(…)` of the other operand a double")
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellTimestamp(const typed::Expr& number) {
    context_.diagnostics.Build(number.span, TimestampWithNumber, {OperatorText(op_), TypePhrase(number.type)})
        .Under("this is " + TypePhrase(number.type))
        .Help("to shift a timestamp add a duration to it: `+ 5s`; the difference of two timestamps is a duration")
        .Help("a field that holds a time is a timestamp if its schema says `\"logicalType\": \"timestamp-micros\"`")
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellEnum(const Type& type, const typed::Expr& string) {
    std::string symbol;
    if (const auto* constant = std::get_if<typed::Constant>(&string.node)) {
      symbol = context_.Nearest(constant->value.text, type.schema->symbols);
    }
    context_.diagnostics.Build(string.span, EnumWithString, {type.schema->name})
        .Suggest("write the symbol without quotes", string.span, symbol)
        .Emit();
    return MakeError(span_);
  }

  Context& context_;
  const BinaryOp op_;
  const Span op_span_;
  const Span span_;
  ExprPtr left_;
  ExprPtr right_;
};

ExprPtr TellUnary(Context& context, Span span, std::string_view op, const typed::Expr& operand) {
  context.diagnostics.Build(operand.span, OperandType, {op, TypePhrase(operand.type)}).Emit();
  return MakeError(span);
}

}  // namespace

std::string_view OperatorText(BinaryOp op) {
  switch (op) {
    case BinaryOp::Multiply: return "*";
    case BinaryOp::Divide: return "/";
    case BinaryOp::Add: return "+";
    case BinaryOp::Subtract: return "-";
    case BinaryOp::Coalesce: return "??";
    case BinaryOp::Equal: return "==";
    case BinaryOp::NotEqual: return "!=";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEqual: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEqual: return ">=";
    case BinaryOp::And: return "and";
    case BinaryOp::Or: return "or";
  }
  return "";
}

ExprPtr TellNullable(Context& context, Span span, const typed::Expr& operand, std::string_view op) {
  const std::string text = context.Quote(operand.span);
  auto builder = context.diagnostics.Build(operand.span, NullableOperand, {text, op});
  if (const auto declared = DeclarationOf(context, operand)) std::move(builder).Label(*declared, "declared here");
  std::move(builder).Under("this is " + TypePhrase(operand.type));
  if (op == ".") {
    std::move(builder).Help("`" + text + "?.…` is null where `" + text + "` is");
  } else {
    std::move(builder).Help("`" + text + " ?? …` gives it a value where it is null");
  }
  std::move(builder).Help("`" + text + " is not null and …` asks first").Emit();
  return MakeError(span);
}

ExprPtr ApplyBinary(Context& context, BinaryOp op, Span op_span, Span span, ExprPtr left, ExprPtr right) {
  return Application(context, op, op_span, span, std::move(left), std::move(right)).Apply();
}

ExprPtr ApplyNegate(Context& context, Span span, ExprPtr operand) {
  const Type type = operand->type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  const bool signed_value = IsNumber(type.kind) || type.kind == TypeKind::Duration || type.kind == TypeKind::Decimal;
  if (!signed_value) return TellUnary(context, span, "-", *operand);
  if (type.nullable) return TellNullable(context, span, *operand, "-");
  // As one literal: `-1.50` is a decimal beside decimals.
  if (auto* constant = std::get_if<typed::Constant>(&operand->node);
      constant && constant->literal && type.kind == TypeKind::Double) {
    typed::Value value{.number = -constant->value.number};
    const bool negative = constant->digits.starts_with('-');
    return MakeConstant(span, type, std::move(value), true,
                        negative ? constant->digits.substr(1) : "-" + constant->digits);
  }
  return MakeUnary(context, span, type, UnaryOp::Negate, std::move(operand));
}

ExprPtr ApplyNot(Context& context, Span span, ExprPtr operand) {
  const Type type = operand->type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  if (type.kind != TypeKind::Bool) return TellUnary(context, span, "not", *operand);
  if (type.nullable) return TellNullable(context, span, *operand, "not");
  return MakeUnary(context, span, kBool, UnaryOp::Not, std::move(operand));
}

ExprPtr ApplyIsNull(Context& context, Span span, ExprPtr operand, bool negated, std::string_view written) {
  const Type type = operand->type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  if (type.kind != TypeKind::Null && !type.nullable) {
    context.diagnostics.Build(operand->span, NeverNull, {context.Quote(operand->span), written})
        .Under("this is " + TypePhrase(type))
        .Emit();
    return MakeConstant(span, kBool, {.boolean = negated});
  }
  if (type.kind == TypeKind::Null) return MakeConstant(span, kBool, {.boolean = !negated});
  return MakeUnary(context, span, kBool, negated ? UnaryOp::IsNotNull : UnaryOp::IsNull, std::move(operand));
}

}  // namespace rulec::check
