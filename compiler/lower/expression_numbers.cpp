// Conversions and arithmetic.

#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/expression.h"
#include "compiler/types/avro_type.h"
#include "stdlib/causes.h"

namespace rulec::lower {

using plan::Op;

namespace {

// 10^digits, at most 38.
llvm::Constant* PowerOfTen(llvm::Type* type, unsigned digits) {
  llvm::APInt power(128, 1);
  for (unsigned i = 0; i < digits; ++i) power *= 10;
  return llvm::ConstantInt::get(type, power);
}

llvm::Value* CauseOf(FunctionBuilder& f, rulelib::Cause cause) { return f.Int32(static_cast<uint32_t>(cause)); }

constexpr unsigned kMostDigits = 38;
// A product of numbers of so many digits each is one multiplication of 64 bits.
constexpr unsigned kDigitsOf64Bits = 18;

}  // namespace

Value ExprLowering::Convert(const Expr& expr) {
  auto& ir = f_.ir();
  Value value = Lower(expr.operands[0]);
  switch (expr.op) {
    case Op::IntToLong: value.value = ir.CreateSExt(value.value, LaneType(f_.i64)); break;
    case Op::IntToDouble: value.value = ir.CreateSIToFP(value.value, LaneType(f_.f64)); break;
    case Op::FloatToDouble: value.value = ir.CreateFPExt(value.value, LaneType(f_.f64)); break;
    default: value.value = ir.CreateSExt(value.value, f_.i128); break;
  }
  return value;
}

Value ExprLowering::LongToDouble(const Expr& expr) {
  auto& ir = f_.ir();
  Value value = Lower(expr.operands[0]);
  // |x| <= 2^53, as an unsigned comparison of x + 2^53.
  constexpr uint64_t kExact = 1ull << 53;
  llvm::Value* beyond = ir.CreateICmpUGT(ir.CreateAdd(value.value, f_.Int64(kExact)), f_.Int64(2 * kExact));
  if (value.valid) beyond = ir.CreateAnd(beyond, value.valid);
  Raise(beyond, expr, {value, {}});
  value.value = ir.CreateSIToFP(value.value, f_.f64);
  return value;
}

Value ExprLowering::Checked(const Expr& expr, llvm::Intrinsic::ID operation, const Value& left, const Value& right) {
  auto& ir = f_.ir();
  llvm::Value* result = ir.CreateIntrinsic(operation, {left.value->getType()}, {left.value, right.value});
  const bool one = expr.operands.size() == 1;  // 0 - x
  Raise(ir.CreateExtractValue(result, 1), expr, {one ? right : left, one ? Value{} : right});
  return {ir.CreateExtractValue(result, 0)};
}

Value ExprLowering::Arithmetic(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const bool floating = IsFloating(expr.type.kind);
  if (expr.op == Op::Negate) {
    if (floating) return {ir.CreateFNeg(left.value)};
    return Checked(expr, llvm::Intrinsic::ssub_with_overflow, {llvm::Constant::getNullValue(left.value->getType())},
                   left);
  }
  if (expr.op == Op::Multiply && TypeOf(expr.operands[1]).kind == TypeKind::Double && !floating) {
    return ScaleDuration(expr);
  }
  const Value right = Lower(expr.operands[1]);
  if (floating) {
    if (expr.op == Op::Add) return {ir.CreateFAdd(left.value, right.value)};
    if (expr.op == Op::Subtract) return {ir.CreateFSub(left.value, right.value)};
    return {ir.CreateFMul(left.value, right.value)};
  }
  if (expr.op == Op::Add) return Checked(expr, llvm::Intrinsic::sadd_with_overflow, left, right);
  if (expr.op == Op::Subtract) return Checked(expr, llvm::Intrinsic::ssub_with_overflow, left, right);
  return Checked(expr, llvm::Intrinsic::smul_with_overflow, left, right);
}

// A duration by a double: the nearest microsecond, a half away from zero.
Value ExprLowering::ScaleDuration(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  llvm::Value* duration = ir.CreateSIToFP(left.value, f_.f64);
  llvm::Value* exact = nullptr;
  if (expr.op == Op::Multiply) {
    exact = ir.CreateFMul(duration, right.value);
  } else {
    Raise(ir.CreateFCmpOEQ(right.value, llvm::ConstantFP::get(f_.f64, 0)), expr,
          {left, right, CauseOf(f_, rulelib::Cause::DivisionByZero)});
    exact = ir.CreateFDiv(duration, right.value);
  }
  // Truncated, and one more where at least a half was cut off: the processor has no rounding away from zero.
  llvm::Value* whole = ir.CreateUnaryIntrinsic(llvm::Intrinsic::trunc, exact);
  llvm::Value* cut = ir.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, ir.CreateFSub(exact, whole));
  llvm::Value* step = ir.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, llvm::ConstantFP::get(f_.f64, 1), exact);
  llvm::Value* up = ir.CreateFCmpOGE(cut, llvm::ConstantFP::get(f_.f64, 0.5));
  llvm::Value* rounded = ir.CreateSelect(up, ir.CreateFAdd(whole, step), whole);
  llvm::Value* size = ir.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, rounded);
  Raise(ir.CreateNot(ir.CreateFCmpOLT(size, llvm::ConstantFP::get(f_.f64, 0x1p63))), expr,
        {left, right, CauseOf(f_, rulelib::Cause::Overflow)});
  return {ir.CreateFPToSI(rounded, f_.i64)};
}

Value ExprLowering::Absolute(const Expr& expr) {
  auto& ir = f_.ir();
  const Value value = Lower(expr.operands[0]);
  if (IsFloating(expr.type.kind)) return {ir.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, value.value)};
  llvm::Type* type = value.value->getType();
  if (expr.site != plan::kNoSite) {
    const llvm::APInt least = llvm::APInt::getSignedMinValue(type->getIntegerBitWidth());
    Raise(ir.CreateICmpEQ(value.value, llvm::ConstantInt::get(type, least)), expr, {value, {}});
  }
  return {ir.CreateBinaryIntrinsic(llvm::Intrinsic::abs, value.value, ir.getFalse())};
}

Value ExprLowering::Divide(const Expr& expr) {
  auto& ir = f_.ir();
  if (expr.type.kind == TypeKind::Duration) return ScaleDuration(expr);
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  llvm::Value* zero = llvm::Constant::getNullValue(right.value->getType());
  Raise(ir.CreateFCmpOEQ(right.value, zero), expr, {left, right});
  return {ir.CreateFDiv(left.value, right.value)};
}

Value ExprLowering::DivideWhole(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  auto* type = llvm::cast<llvm::IntegerType>(left.value->getType());
  Raise(ir.CreateICmpEQ(right.value, llvm::ConstantInt::get(type, 0)), expr, {left, right});
  llvm::Value* by_minus_one = ir.CreateICmpEQ(right.value, llvm::ConstantInt::getSigned(type, -1));
  if (expr.op == Op::Quotient) {
    const llvm::APInt least = llvm::APInt::getSignedMinValue(type->getBitWidth());
    llvm::Value* beyond = ir.CreateAnd(by_minus_one, ir.CreateICmpEQ(left.value, llvm::ConstantInt::get(type, least)));
    Raise(beyond, expr, {left, right, CauseOf(f_, rulelib::Cause::Overflow)});
    return {ir.CreateSDiv(left.value, right.value)};
  }
  // The processor traps at the least number by -1; what is left there is 0, as by 1.
  llvm::Value* divisor = ir.CreateSelect(by_minus_one, llvm::ConstantInt::get(type, 1), right.value);
  return {ir.CreateSRem(left.value, divisor)};
}

// ---- Decimals: 128-bit integers of 10^-scale. A value has at most the digits of its type's precision. ----

llvm::Value* ExprLowering::ScaledUp(llvm::Value* unscaled, unsigned digits) {
  return digits == 0 ? unscaled : f_.ir().CreateMul(unscaled, PowerOfTen(f_.i128, digits));
}

llvm::Value* ExprLowering::BeyondPrecision(llvm::Value* unscaled, unsigned precision) {
  // -10^p < x < 10^p, as one unsigned comparison.
  auto& ir = f_.ir();
  const llvm::APInt bound = llvm::cast<llvm::ConstantInt>(PowerOfTen(f_.i128, precision))->getValue() - 1;
  return ir.CreateICmpUGT(ir.CreateAdd(unscaled, llvm::ConstantInt::get(f_.i128, bound)),
                          llvm::ConstantInt::get(f_.i128, bound << 1));
}

Value ExprLowering::Rescale(const Expr& expr) {
  auto& ir = f_.ir();
  const Type& from = TypeOf(expr.operands[0]);
  Value value = Lower(expr.operands[0]);
  const unsigned digits = expr.type.scale - from.scale;
  const bool has_room = from.precision + digits <= expr.type.precision;
  if (!has_room) {
    // What has more digits than the new precision leaves room for, before it is scaled: nothing wraps.
    const unsigned left = expr.type.precision > digits ? expr.type.precision - digits : 0;
    llvm::Value* beyond = BeyondPrecision(value.value, left);
    if (value.valid) beyond = ir.CreateAnd(beyond, value.valid);
    Raise(beyond, expr, {value, {}});
  }
  value.value = ScaledUp(value.value, digits);
  return value;
}

Value ExprLowering::Decimal(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Type& left_type = TypeOf(expr.operands[0]);
  if (expr.op == Op::Negate) return {ir.CreateNeg(left.value)};
  const Value right = Lower(expr.operands[1]);
  const Type& right_type = TypeOf(expr.operands[1]);
  if (expr.op == Op::Multiply) {
    if (left_type.precision + right_type.precision <= kMostDigits) {
      // Narrow factors are told to be narrow: one multiplication instead of three.
      auto narrowed = [&](llvm::Value* value, const Type& type) {
        if (type.precision > kDigitsOf64Bits) return value;
        return ir.CreateSExt(ir.CreateTrunc(value, f_.i64), f_.i128);
      };
      return {ir.CreateMul(narrowed(left.value, left_type), narrowed(right.value, right_type))};
    }
    llvm::Value* result = ir.CreateIntrinsic(llvm::Intrinsic::smul_with_overflow, {f_.i128}, {left.value, right.value});
    llvm::Value* product = ir.CreateExtractValue(result, 0);
    Raise(ir.CreateOr(ir.CreateExtractValue(result, 1), BeyondPrecision(product, expr.type.precision)), expr,
          {left, right});
    return {product};
  }
  const unsigned scale = expr.type.scale;
  const unsigned up_left = scale - left_type.scale, up_right = scale - right_type.scale;
  const unsigned digits = std::max(left_type.precision + up_left, right_type.precision + up_right);
  if (digits >= kMostDigits) {
    // Too wide to be scaled and added in 128 bits without care.
    std::vector<llvm::Value*> arguments = {memory_->context()};
    AddWords(rulert::ColumnKind::Decimal, left, arguments);
    arguments.push_back(f_.Int32(left_type.precision * 256u + left_type.scale));
    AddWords(rulert::ColumnKind::Decimal, right, arguments);
    arguments.push_back(f_.Int32(right_type.precision * 256u + right_type.scale));
    arguments.push_back(f_.Int32(expr.type.precision * 256u + scale));
    const char* symbol = expr.op == Op::Add ? "rule_decimal_add" : "rule_decimal_subtract";
    const rulert::ColumnKind kind = rulert::ColumnKind::Decimal;
    const Value result = FromCall(kind, CallSymbol(symbol, CallType(kind), arguments));
    return CheckOutcome(expr, result, {left, right}, false);
  }
  llvm::Value* a = ScaledUp(left.value, up_left);
  llvm::Value* b = ScaledUp(right.value, up_right);
  llvm::Value* sum = expr.op == Op::Add ? ir.CreateAdd(a, b) : ir.CreateSub(a, b);
  if (expr.type.precision <= digits) Raise(BeyondPrecision(sum, expr.type.precision), expr, {left, right});
  return {sum};
}

}  // namespace rulec::lower
