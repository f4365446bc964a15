#include "compiler/check/fold.h"

#include <limits>

namespace rulec::check {
namespace {

using typed::BinaryOp;
using typed::UnaryOp;
using typed::Value;

bool FitsInt(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

std::string FoldIntegers(BinaryOp op, const Type& type, int64_t left, int64_t right, int64_t* out) {
  bool overflow = false;
  if (op == BinaryOp::Add) overflow = __builtin_add_overflow(left, right, out);
  if (op == BinaryOp::Subtract) overflow = __builtin_sub_overflow(left, right, out);
  if (op == BinaryOp::Multiply) overflow = __builtin_mul_overflow(left, right, out);
  if (type.kind == TypeKind::Int && !FitsInt(*out)) overflow = true;
  return overflow ? std::string(kOverflow) : "";
}

std::string FoldDoubles(BinaryOp op, double left, double right, double* out) {
  switch (op) {
    case BinaryOp::Add: *out = left + right; return "";
    case BinaryOp::Subtract: *out = left - right; return "";
    case BinaryOp::Multiply: *out = left * right; return "";
    default:
      if (right == 0) return std::string(kDivisionByZero);
      *out = left / right;
      return "";
  }
}

template <typename T>
bool Compare(BinaryOp op, const T& left, const T& right) {
  switch (op) {
    case BinaryOp::Equal: return left == right;
    case BinaryOp::NotEqual: return left != right;
    case BinaryOp::Less: return left < right;
    case BinaryOp::LessEqual: return left <= right;
    case BinaryOp::Greater: return left > right;
    default: return left >= right;
  }
}

bool CompareValues(BinaryOp op, TypeKind kind, const Value& left, const Value& right) {
  if (kind == TypeKind::Double) return Compare(op, left.number, right.number);
  if (kind == TypeKind::String) return Compare(op, left.text, right.text);
  if (kind == TypeKind::Bool) return Compare(op, left.boolean, right.boolean);
  return Compare(op, left.integer, right.integer);
}

}  // namespace

std::string FoldBinary(BinaryOp op, const Type& operand_type, const Type& type, const Value& left, const Value& right,
                       Value* out) {
  switch (op) {
    case BinaryOp::And: out->boolean = left.boolean && right.boolean; return "";
    case BinaryOp::Or: out->boolean = left.boolean || right.boolean; return "";
    case BinaryOp::Coalesce: *out = left; return "";
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
      if (type.kind == TypeKind::Double) return FoldDoubles(op, left.number, right.number, &out->number);
      return FoldIntegers(op, type, left.integer, right.integer, &out->integer);
    default: out->boolean = CompareValues(op, operand_type.kind, left, right); return "";
  }
}

std::string FoldUnary(UnaryOp op, const Type& type, const Value& operand, Value* out) {
  *out = operand;
  switch (op) {
    case UnaryOp::Not: out->boolean = !operand.boolean; return "";
    case UnaryOp::Negate:
      if (type.kind == TypeKind::Double) {
        out->number = -operand.number;
        return "";
      }
      return FoldIntegers(BinaryOp::Subtract, type, 0, operand.integer, &out->integer);
    case UnaryOp::IntToDouble:
    case UnaryOp::LongToDouble:
      out->integer = 0;
      return ExactDouble(operand.integer, &out->number) ? "" : std::string(kInexact);
    case UnaryOp::IsNull: *out = {.boolean = operand.is_null}; return "";
    case UnaryOp::IsNotNull: *out = {.boolean = !operand.is_null}; return "";
    default: return "";
  }
}

bool ExactDouble(int64_t integer, double* out) {
  constexpr int64_t kLimit = int64_t{1} << 53;
  *out = static_cast<double>(integer);
  return integer >= -kLimit && integer <= kLimit;
}

}  // namespace rulec::check
