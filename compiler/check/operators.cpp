#include "compiler/check/operators.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "compiler/check/fold.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::BinaryOp;
using typed::ExprPtr;
using typed::UnaryOp;

constexpr Type kBool{TypeKind::Bool};
constexpr Type kLong{TypeKind::Long};
constexpr Type kDouble{TypeKind::Double};
constexpr Type kTimestamp{TypeKind::Timestamp};
constexpr Type kDuration{TypeKind::Duration};

bool IsWhole(TypeKind kind) { return kind == TypeKind::Int || kind == TypeKind::Long; }

// One application of a binary operator.
class Application {
 public:
  Application(Context& context, const ast::BinaryExpr& written, Span span, ExprPtr left, ExprPtr right)
      : context_(context), written_(written), span_(span), left_(std::move(left)), right_(std::move(right)) {}

  ExprPtr Apply() {
    using ast::BinaryOp;
    if (left_->type.kind == TypeKind::Error || right_->type.kind == TypeKind::Error) return MakeError(span_);
    AdaptLiteral(*left_, right_->type);
    AdaptLiteral(*right_, left_->type);
    switch (written_.op) {
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
    if (!Unify()) return TellTypes();
    if (!left_->type.nullable) {
      TellNeverNull();
      return std::move(left_);
    }
    return Make({right_->type.kind, right_->type.nullable, left_->type.schema});
  }

  void TellNeverNull() {
    context_.diagnostics.Build(left_->span, NeverNull, {context_.Quote(left_->span), "??"})
        .Suggest("leave the other value out", span_, std::string(context_.sources.Text(left_->span)))
        .Emit();
  }

  // ---- comparison ----

  ExprPtr Equality() {
    const bool negated = written_.op == ast::BinaryOp::NotEqual;
    if (right_->type.kind == TypeKind::Null) return NullTest(std::move(left_), negated);
    if (left_->type.kind == TypeKind::Null) return NullTest(std::move(right_), negated);
    if (!Unify()) return TellTypes();
    return Make(kBool);
  }

  ExprPtr NullTest(ExprPtr operand, bool negated) {
    return ApplyIsNull(context_, span_, std::move(operand), negated, OperatorText(written_.op));
  }

  ExprPtr Order() {
    const TypeKind kind = left_->type.kind;
    const bool ordered =
        IsNumber(kind) || kind == TypeKind::String || kind == TypeKind::Timestamp || kind == TypeKind::Duration;
    if (!ordered || right_->type.kind == TypeKind::Null) return TellTypes();
    if (!Unify()) return TellTypes();
    if (RefuseNull(*left_) || RefuseNull(*right_)) return MakeError(span_);
    return Make(kBool);
  }

  // Brings both operands to one type; whether they may be null does not matter.
  bool Unify() {
    const Type left = left_->type;
    const Type right = right_->type;
    if (IsNumber(left.kind) && IsNumber(right.kind)) {
      WidenBoth(std::max(left.kind, right.kind));
      return true;
    }
    return SameType(left.NotNull(), right.NotNull());
  }

  // TypeKind lists the numbers from narrow to wide.
  void WidenBoth(TypeKind kind) {
    static_assert(TypeKind::Int < TypeKind::Long && TypeKind::Long < TypeKind::Double);
    left_ = Widen(context_, std::move(left_), kind);
    right_ = Widen(context_, std::move(right_), kind);
  }

  // ---- arithmetic ----

  ExprPtr Arithmetic() {
    const Type result = ArithmeticType();
    if (result.kind == TypeKind::Error) return TellTypes();
    if (RefuseNull(*left_) || RefuseNull(*right_)) return MakeError(span_);
    ConvertForArithmetic(result);
    return Make(result);
  }

  Type ArithmeticType() const {
    using ast::BinaryOp;
    const TypeKind left = left_->type.kind;
    const TypeKind right = right_->type.kind;
    const BinaryOp op = written_.op;
    if (IsNumber(left) && IsNumber(right)) return op == BinaryOp::Divide ? kDouble : Type{std::max(left, right)};
    const bool spans = left == TypeKind::Duration && right == TypeKind::Duration;
    if (op == BinaryOp::Divide) return spans ? kDouble : Type{};
    if (op == BinaryOp::Multiply) {
      const bool scaled =
          (left == TypeKind::Duration && IsWhole(right)) || (IsWhole(left) && right == TypeKind::Duration);
      return scaled ? kDuration : Type{};
    }
    if (spans) return kDuration;
    if (left == TypeKind::Timestamp && right == TypeKind::Duration) return kTimestamp;
    if (op == BinaryOp::Add && left == TypeKind::Duration && right == TypeKind::Timestamp) return kTimestamp;
    if (op == BinaryOp::Subtract && left == TypeKind::Timestamp && right == TypeKind::Timestamp) return kDuration;
    return {};
  }

  void ConvertForArithmetic(const Type& result) {
    if (IsNumber(result.kind)) return WidenBoth(result.kind);
    if (written_.op != ast::BinaryOp::Multiply) return;
    if (right_->type.kind == TypeKind::Duration) std::swap(left_, right_);
    right_ = Widen(context_, std::move(right_), TypeKind::Long);
  }

  // ---- the result ----

  ExprPtr Make(const Type& type) {
    if (left_->type.kind == TypeKind::Error || right_->type.kind == TypeKind::Error) return MakeError(span_);
    const auto op = static_cast<BinaryOp>(written_.op);
    const auto* left = std::get_if<typed::Constant>(&left_->node);
    const auto* right = std::get_if<typed::Constant>(&right_->node);
    if (left && right && !left->value.is_null && !right->value.is_null) {
      typed::Value value;
      const std::string wrong = FoldBinary(op, left_->type, type, left->value, right->value, &value);
      if (wrong.empty()) return MakeConstant(span_, type, std::move(value));
      context_.diagnostics.Build(span_, ConstantError, {context_.Quote(span_), wrong}).Emit();
      return MakeError(span_);
    }
    return std::make_unique<typed::Expr>(
        typed::Expr{span_, type, typed::Binary{op, std::move(left_), std::move(right_)}});
  }

  // ---- what is wrong ----

  bool RefuseNull(const typed::Expr& operand) {
    if (!operand.type.nullable) return false;
    const std::string text = context_.Quote(operand.span);
    context_.diagnostics.Build(operand.span, NullableOperand, {text, OperatorText(written_.op)})
        .Under("this is " + TypePhrase(operand.type))
        .Help("`" + text + " ?? …` gives it a value where it is null")
        .Help("`" + text + " is not null and …` asks first")
        .Emit();
    return true;
  }

  ExprPtr TellOperand(const typed::Expr& operand) {
    context_.diagnostics.Build(operand.span, OperandType, {OperatorText(written_.op), TypePhrase(operand.type)}).Emit();
    return MakeError(span_);
  }

  ExprPtr TellTypes() {
    const Type left = left_->type;
    const Type right = right_->type;
    if (left.kind == TypeKind::Timestamp && IsNumber(right.kind)) return TellTimestamp(*right_);
    if (right.kind == TypeKind::Timestamp && IsNumber(left.kind)) return TellTimestamp(*left_);
    if (left.kind == TypeKind::Enum && right.kind == TypeKind::String) return TellEnum(left, *right_);
    if (right.kind == TypeKind::Enum && left.kind == TypeKind::String) return TellEnum(right, *left_);
    Diagnostics::Builder builder = context_.diagnostics.Build(
        written_.op_span, OperandTypes, {OperatorText(written_.op), TypePhrase(left), TypePhrase(right)});
    std::move(builder).Label(left_->span, TypeName(left)).Label(right_->span, TypeName(right));
    const std::string help = Advice(left, right);
    if (!help.empty()) std::move(builder).Help(help);
    std::move(builder).Emit();
    return MakeError(span_);
  }

  std::string Advice(const Type& left, const Type& right) const {
    const bool with_duration = left.kind == TypeKind::Duration || right.kind == TypeKind::Duration;
    const bool with_number = IsNumber(left.kind) || IsNumber(right.kind);
    if (with_duration && with_number) return "a duration has its unit: `500ms`, `10s`, `1h30m`";
    if (left.kind == TypeKind::Enum && SameType(left.NotNull(), right.NotNull())) {
      return "symbols of an enum have no order, compare them with `==` and `!=`";
    }
    return "";
  }

  ExprPtr TellTimestamp(const typed::Expr& number) {
    context_.diagnostics.Build(number.span, TimestampWithNumber, {OperatorText(written_.op), TypePhrase(number.type)})
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
  const ast::BinaryExpr& written_;
  const Span span_;
  ExprPtr left_;
  ExprPtr right_;
};

ExprPtr TellUnary(Context& context, Span span, std::string_view op, const typed::Expr& operand) {
  context.diagnostics.Build(operand.span, OperandType, {op, TypePhrase(operand.type)}).Emit();
  return MakeError(span);
}

ExprPtr TellNullableUnary(Context& context, Span span, std::string_view op, const typed::Expr& operand) {
  const std::string text = context.Quote(operand.span);
  context.diagnostics.Build(operand.span, NullableOperand, {text, op})
      .Under("this is " + TypePhrase(operand.type))
      .Help("`" + text + " ?? …` gives it a value where it is null")
      .Help("`" + text + " is not null and …` asks first")
      .Emit();
  return MakeError(span);
}

}  // namespace

std::string_view OperatorText(ast::BinaryOp op) {
  using ast::BinaryOp;
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

ExprPtr MakeError(Span span) { return std::make_unique<typed::Expr>(typed::Expr{span, {}, typed::ErrorExpr{}}); }

ExprPtr MakeConstant(Span span, const Type& type, typed::Value value, bool literal) {
  return std::make_unique<typed::Expr>(typed::Expr{span, type, typed::Constant{std::move(value), literal}});
}

ExprPtr MakeUnary(Context& context, Span span, const Type& type, UnaryOp op, ExprPtr operand) {
  if (const auto* constant = std::get_if<typed::Constant>(&operand->node)) {
    typed::Value value;
    const bool propagates = constant->value.is_null && op != UnaryOp::IsNull && op != UnaryOp::IsNotNull;
    if (propagates) return MakeConstant(span, type, constant->value);
    const std::string wrong = FoldUnary(op, type, constant->value, &value);
    if (wrong.empty()) return MakeConstant(span, type, std::move(value));
    context.diagnostics.Build(span, ConstantError, {context.Quote(span), wrong}).Emit();
    return MakeError(span);
  }
  return std::make_unique<typed::Expr>(typed::Expr{span, type, typed::Unary{op, std::move(operand)}});
}

void AdaptLiteral(typed::Expr& expr, const Type& neighbour) {
  const auto* constant = std::get_if<typed::Constant>(&expr.node);
  if (!constant || !constant->literal || neighbour.kind != TypeKind::Int) return;
  const int64_t value = constant->value.integer;
  if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max()) return;
  expr.type.kind = TypeKind::Int;
}

ExprPtr Widen(Context& context, ExprPtr expr, TypeKind kind) {
  const Type from = expr->type;
  if (from.kind == kind || from.kind == TypeKind::Error) return expr;
  const Span span = expr->span;
  const Type to{kind, from.nullable};
  if (kind == TypeKind::Long) return MakeUnary(context, span, to, UnaryOp::IntToLong, std::move(expr));
  const auto* constant = std::get_if<typed::Constant>(&expr->node);
  // A literal is rounded to the nearest double, like `0.1`.
  if (constant && constant->literal) {
    return MakeConstant(span, to, {.number = static_cast<double>(constant->value.integer)});
  }
  const UnaryOp op = from.kind == TypeKind::Int ? UnaryOp::IntToDouble : UnaryOp::LongToDouble;
  return MakeUnary(context, span, to, op, std::move(expr));
}

ExprPtr ApplyBinary(Context& context, const ast::BinaryExpr& written, Span span, ExprPtr left, ExprPtr right) {
  return Application(context, written, span, std::move(left), std::move(right)).Apply();
}

ExprPtr ApplyNegate(Context& context, Span span, ExprPtr operand) {
  const Type type = operand->type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  if (!IsNumber(type.kind) && type.kind != TypeKind::Duration) return TellUnary(context, span, "-", *operand);
  if (type.nullable) return TellNullableUnary(context, span, "-", *operand);
  return MakeUnary(context, span, type, UnaryOp::Negate, std::move(operand));
}

ExprPtr ApplyNot(Context& context, Span span, ExprPtr operand) {
  const Type type = operand->type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  if (type.kind != TypeKind::Bool) return TellUnary(context, span, "not", *operand);
  if (type.nullable) return TellNullableUnary(context, span, "not", *operand);
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
