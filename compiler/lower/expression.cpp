#include "compiler/lower/expression.h"

#include <llvm/IR/Intrinsics.h>

namespace rulec::lower {

using plan::Expr;
using plan::Op;

namespace {

bool IsNumberInLanes(TypeKind kind) { return kind != TypeKind::String && kind != TypeKind::Error; }

bool OpInLanes(Op op) { return op != Op::Coalesce && op != Op::Divide && op != Op::LongToDouble; }

}  // namespace

ExprFacts::ExprFacts(const plan::Rule& rule) {
  for (const Expr& expr : rule.exprs) {
    bool fails = expr.site != plan::kNoSite;
    bool lanes = IsNumberInLanes(expr.type.kind) && OpInLanes(expr.op);
    for (plan::ExprId operand : expr.operands) {
      fails = fails || can_fail[operand];
      lanes = lanes && in_lanes[operand];
    }
    can_fail.push_back(fails);
    in_lanes.push_back(lanes && !fails);
  }
}

Value ParamValues::Load(uint32_t index, llvm::Value* params) {
  const rulert::ParamSpec& param = rule_.params[index];
  Value value = LoadValue(f_, param.column.kind, f_.Address(params, param.offset));
  if (param.column.nullable) {
    // The byte behind the value tells whether there is one.
    const uint64_t flag_at = param.offset + rulert::ColumnWidth(param.column.kind);
    value.valid = f_.ir().CreateTrunc(f_.ir().CreateLoad(f_.i8, f_.Address(params, flag_at)), f_.i1);
  }
  if (lanes_ != 0) {
    value.value = f_.ir().CreateVectorSplat(lanes_, value.value);
    if (value.valid) value.valid = f_.ir().CreateVectorSplat(lanes_, value.valid);
  }
  return value;
}

Value ParamValues::Get(uint32_t index) {
  // There are no registers for more, and hundreds of values that live through a loop keep the register allocator busy
  // for seconds. Pinned, else the loads would be moved out of the loop all the same.
  if (index >= kMostInRegisters) return Load(index, f_.Opaque(params_, true));
  auto [known, is_new] = loaded_.try_emplace(index);
  if (is_new) known->second = f_.InEntry([&] { return Load(index, params_); });
  return known->second;
}

ExprLowering::ExprLowering(FunctionBuilder& f, const plan::Rule& rule, const ExprFacts& facts, RowSource& source,
                           ParamValues& params, RaiseError raise, unsigned lanes)
    : f_(f), rule_(rule), facts_(facts), source_(source), params_(params), raise_(std::move(raise)), lanes_(lanes) {}

llvm::Type* ExprLowering::LaneType(llvm::Type* scalar) {
  return lanes_ == 0 ? scalar : llvm::FixedVectorType::get(scalar, lanes_);
}

Value ExprLowering::Lower(plan::ExprId id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  const Value value = Compute(rule_.exprs[id]);
  known_[id] = value;
  return value;
}

Value ExprLowering::Compute(const Expr& expr) {
  auto& ir = f_.ir();
  switch (expr.op) {
    case Op::Slot: return source_.Slot(expr.index);
    case Op::EventTime: return {source_.EventTime()};
    case Op::Param: return params_.Get(expr.index);
    case Op::Null:
    case Op::Bool: return Constant(expr);
    case Op::IntToLong: {
      Value value = Lower(expr.operands[0]);
      value.value = ir.CreateSExt(value.value, LaneType(f_.i64));
      return value;
    }
    case Op::IntToDouble: {
      Value value = Lower(expr.operands[0]);
      value.value = ir.CreateSIToFP(value.value, LaneType(f_.f64));
      return value;
    }
    case Op::LongToDouble: return LongToDouble(expr);
    case Op::Negate:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply: return Arithmetic(expr);
    case Op::Divide: return Divide(expr);
    case Op::Equal:
    case Op::NotEqual: return Equality(expr);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: return Compare(expr);
    case Op::And:
    case Op::Or: return Logical(expr);
    case Op::Not: return {ir.CreateNot(Lower(expr.operands[0]).value)};
    case Op::IsNull:
    case Op::IsNotNull: {
      llvm::Value* valid = Lower(expr.operands[0]).valid;
      if (!valid) valid = llvm::ConstantInt::getTrue(LaneType(f_.i1));
      return {expr.op == Op::IsNull ? ir.CreateNot(valid) : valid};
    }
    case Op::Coalesce: return Coalesce(expr);
    case Op::NotNull: {
      Value value = Lower(expr.operands[0]);
      value.valid = nullptr;
      return value;
    }
  }
  llvm_unreachable("every operation is handled above");
}

Value ExprLowering::Constant(const Expr& expr) {
  if (expr.op == Op::Bool) return {llvm::ConstantInt::get(LaneType(f_.i1), expr.index)};
  Value null = ZeroOf(f_, plan::ColumnOf(expr.type.OrNull()));
  if (lanes_ != 0) {
    null.value = llvm::Constant::getNullValue(LaneType(null.value->getType()));
    null.valid = llvm::Constant::getNullValue(LaneType(f_.i1));
  }
  return null;
}

void ExprLowering::Raise(llvm::Value* failed, const Expr& expr, const Value& left, const Value& right) {
  llvm::BasicBlock* error = f_.NewBlock("rule_error");
  llvm::BasicBlock* on = f_.NewBlock("no_error");
  f_.Branch(failed, error, on, Weight::Unlikely);
  f_.Enter(error);
  raise_(expr.site, left, right);
  f_.Enter(on);
}

Value ExprLowering::LongToDouble(const Expr& expr) {
  auto& ir = f_.ir();
  Value value = Lower(expr.operands[0]);
  // |x| <= 2^53, as an unsigned comparison of x + 2^53.
  constexpr uint64_t kExact = 1ull << 53;
  llvm::Value* beyond = ir.CreateICmpUGT(ir.CreateAdd(value.value, f_.Int64(kExact)), f_.Int64(2 * kExact));
  if (value.valid) beyond = ir.CreateAnd(beyond, value.valid);
  Raise(beyond, expr, {value.value}, {});
  value.value = ir.CreateSIToFP(value.value, f_.f64);
  return value;
}

Value ExprLowering::CheckedInteger(const Expr& expr, const Value& left, const Value& right) {
  auto& ir = f_.ir();
  llvm::Intrinsic::ID operation = llvm::Intrinsic::sadd_with_overflow;
  if (expr.op == Op::Subtract || expr.op == Op::Negate) operation = llvm::Intrinsic::ssub_with_overflow;
  if (expr.op == Op::Multiply) operation = llvm::Intrinsic::smul_with_overflow;
  llvm::Value* result = ir.CreateIntrinsic(operation, {left.value->getType()}, {left.value, right.value});
  if (expr.op == Op::Negate) {
    Raise(ir.CreateExtractValue(result, 1), expr, right, {});
  } else {
    Raise(ir.CreateExtractValue(result, 1), expr, left, right);
  }
  return {ir.CreateExtractValue(result, 0)};
}

Value ExprLowering::Arithmetic(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const bool is_double = expr.type.kind == TypeKind::Double;
  if (expr.op == Op::Negate) {
    if (is_double) return {ir.CreateFNeg(left.value)};
    return CheckedInteger(expr, {llvm::Constant::getNullValue(left.value->getType())}, left);
  }
  const Value right = Lower(expr.operands[1]);
  if (!is_double) return CheckedInteger(expr, left, right);
  if (expr.op == Op::Add) return {ir.CreateFAdd(left.value, right.value)};
  if (expr.op == Op::Subtract) return {ir.CreateFSub(left.value, right.value)};
  return {ir.CreateFMul(left.value, right.value)};
}

Value ExprLowering::Divide(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  Raise(ir.CreateFCmpOEQ(right.value, llvm::ConstantFP::get(f_.f64, 0.0)), expr, left, right);
  return {ir.CreateFDiv(left.value, right.value)};
}

llvm::Value* ExprLowering::ValuesEqual(TypeKind kind, const Value& a, const Value& b) {
  if (kind == TypeKind::String) return StringsEqual(f_, a, b);
  if (kind == TypeKind::Double) return f_.ir().CreateFCmpOEQ(a.value, b.value);
  return f_.ir().CreateICmpEQ(a.value, b.value);
}

Value ExprLowering::Equality(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  TypeKind kind = rule_.exprs[expr.operands[0]].type.kind;
  if (kind == TypeKind::Null) kind = rule_.exprs[expr.operands[1]].type.kind;
  llvm::Value* equal = ValuesEqual(kind, left, right);
  if (left.valid || right.valid) {
    llvm::Value* yes = llvm::ConstantInt::getTrue(LaneType(f_.i1));
    llvm::Value* left_valid = left.valid ? left.valid : yes;
    llvm::Value* right_valid = right.valid ? right.valid : yes;
    llvm::Value* both = ir.CreateAnd(left_valid, right_valid);
    llvm::Value* neither = ir.CreateNot(ir.CreateOr(left_valid, right_valid));
    equal = ir.CreateOr(ir.CreateAnd(both, equal), neither);
  }
  return {expr.op == Op::Equal ? equal : ir.CreateNot(equal)};
}

Value ExprLowering::Compare(const Expr& expr) {
  auto& ir = f_.ir();
  Value left = Lower(expr.operands[0]);
  Value right = Lower(expr.operands[1]);
  const TypeKind kind = rule_.exprs[expr.operands[0]].type.kind;
  if (kind == TypeKind::Double) {
    switch (expr.op) {
      case Op::Less: return {ir.CreateFCmpOLT(left.value, right.value)};
      case Op::LessEqual: return {ir.CreateFCmpOLE(left.value, right.value)};
      case Op::Greater: return {ir.CreateFCmpOGT(left.value, right.value)};
      default: return {ir.CreateFCmpOGE(left.value, right.value)};
    }
  }
  if (kind == TypeKind::String) {
    left.value = CompareStrings(f_, left, right);
    right.value = f_.Int32(0);
  }
  switch (expr.op) {
    case Op::Less: return {ir.CreateICmpSLT(left.value, right.value)};
    case Op::LessEqual: return {ir.CreateICmpSLE(left.value, right.value)};
    case Op::Greater: return {ir.CreateICmpSGT(left.value, right.value)};
    default: return {ir.CreateICmpSGE(left.value, right.value)};
  }
}

Value ExprLowering::Conditionally(plan::ExprId id) {
  const auto before = known_;
  const Value value = Lower(id);
  known_ = before;
  return value;
}

Value ExprLowering::Logical(const Expr& expr) {
  auto& ir = f_.ir();
  llvm::Value* left = LowerCondition(expr.operands[0]);
  const bool is_and = expr.op == Op::And;
  // What cannot fail and costs little is computed without a branch, which the processor would have to guess.
  if (lanes_ != 0 || facts_.in_lanes[expr.operands[1]]) {
    llvm::Value* right = LowerCondition(expr.operands[1]);
    return {is_and ? ir.CreateAnd(left, right) : ir.CreateOr(left, right)};
  }
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* other = f_.NewBlock(is_and ? "and" : "or");
  llvm::BasicBlock* on = f_.NewBlock("decided");
  f_.Branch(left, is_and ? other : on, is_and ? on : other);
  f_.Enter(other);
  llvm::Value* right = Conditionally(expr.operands[1]).value;
  llvm::BasicBlock* from_right = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  llvm::PHINode* result = ir.CreatePHI(f_.i1, 2);
  result->addIncoming(ir.getInt1(!is_and), from);
  result->addIncoming(right, from_right);
  return {result};
}

Value ExprLowering::Coalesce(const Expr& expr) {
  auto& ir = f_.ir();
  Value left = Lower(expr.operands[0]);
  if (!left.valid) return left;
  llvm::Value* present = left.valid;
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* other = f_.NewBlock("coalesce");
  llvm::BasicBlock* on = f_.NewBlock("coalesced");
  f_.Branch(present, on, other);
  f_.Enter(other);
  const Value right = Conditionally(expr.operands[1]);
  llvm::BasicBlock* from_right = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  if (!right.valid) {
    left.valid = nullptr;
  } else {
    left.valid = ir.getTrue();
  }
  return Merge(f_, left, from, right, from_right);
}

}  // namespace rulec::lower
