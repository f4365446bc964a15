// Equality and order.

#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/cell_type.h"
#include "compiler/lower/expression.h"
#include "compiler/types/avro_type.h"

namespace rulec::lower {

using plan::Op;

namespace {

bool IsComposite(TypeKind kind) {
  return kind == TypeKind::List || kind == TypeKind::Map || kind == TypeKind::Record || kind == TypeKind::Union;
}
bool IsMixed(const Type& a, const Type& b) {
  return a.kind != b.kind || (a.kind == TypeKind::Decimal && a.scale != b.scale);
}
uint32_t FormOf(const Type& decimal) { return decimal.precision * 256u + decimal.scale; }

constexpr unsigned kMostDigits = 38;
constexpr uint32_t kMostComparedOneByOne = 16;

llvm::CmpInst::Predicate IntegerOrder(Op op) {
  switch (op) {
    case Op::Less: return llvm::CmpInst::ICMP_SLT;
    case Op::LessEqual: return llvm::CmpInst::ICMP_SLE;
    case Op::Greater: return llvm::CmpInst::ICMP_SGT;
    default: return llvm::CmpInst::ICMP_SGE;
  }
}

llvm::CmpInst::Predicate FloatingOrder(Op op) {
  switch (op) {
    case Op::Less: return llvm::CmpInst::FCMP_OLT;
    case Op::LessEqual: return llvm::CmpInst::FCMP_OLE;
    case Op::Greater: return llvm::CmpInst::FCMP_OGT;
    default: return llvm::CmpInst::FCMP_OGE;
  }
}

// -1, 0 or 1 of two uuids: their bytes in memory are the digits of a big number.
llvm::Value* CompareUuids(FunctionBuilder& f, const Value& a, const Value& b) {
  auto& ir = f.ir();
  auto swapped = [&](llvm::Value* word) { return ir.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, word); };
  llvm::Value* same_start = ir.CreateICmpEQ(a.value, b.value);
  llvm::Value* x = swapped(ir.CreateSelect(same_start, a.high, a.value));
  llvm::Value* y = swapped(ir.CreateSelect(same_start, b.high, b.value));
  return ir.CreateSub(ir.CreateZExt(ir.CreateICmpUGT(x, y), f.i32), ir.CreateZExt(ir.CreateICmpULT(x, y), f.i32));
}

}  // namespace

llvm::Value* ExprLowering::OrderOfDecimals(const Type& left_type, const Type& right_type, const Value& left,
                                           const Value& right) {
  auto& ir = f_.ir();
  if (left_type.kind != TypeKind::Decimal) {
    // A double on the left: the other way round, but NaN stays 2.
    llvm::Value* order = OrderOfDecimals(right_type, left_type, right, left);
    return ir.CreateSelect(ir.CreateICmpEQ(order, f_.Int32(2)), order, ir.CreateNeg(order));
  }
  std::vector<llvm::Value*> arguments;
  AddWords(rulert::ColumnKind::Decimal, left, arguments);
  arguments.push_back(f_.Int32(FormOf(left_type)));
  if (right_type.kind == TypeKind::Double) {
    arguments.push_back(right.value);
    return CallSymbol("rule_decimal_compare_double", f_.i32, arguments);
  }
  const unsigned scale = std::max(left_type.scale, right_type.scale);
  const unsigned up_left = scale - left_type.scale, up_right = scale - right_type.scale;
  if (left_type.precision + up_left <= kMostDigits && right_type.precision + up_right <= kMostDigits) {
    llvm::Value* a = ScaledUp(left.value, up_left);
    llvm::Value* b = ScaledUp(right.value, up_right);
    return ir.CreateSub(ir.CreateZExt(ir.CreateICmpSGT(a, b), f_.i32), ir.CreateZExt(ir.CreateICmpSLT(a, b), f_.i32));
  }
  AddWords(rulert::ColumnKind::Decimal, right, arguments);
  arguments.push_back(f_.Int32(FormOf(right_type)));
  return CallSymbol("rule_decimal_compare", f_.i32, arguments);
}

llvm::Value* ExprLowering::ValuesEqual(const Type& left_type, const Type& right_type, const Value& left,
                                       const Value& right) {
  auto& ir = f_.ir();
  if (IsMixed(left_type, right_type)) {
    return ir.CreateICmpEQ(OrderOfDecimals(left_type, right_type, left, right), f_.Int32(0));
  }
  switch (left_type.kind) {
    case TypeKind::String:
    case TypeKind::Bytes: return StringsEqual(f_, left, right);
    case TypeKind::Uuid:
      return ir.CreateAnd(ir.CreateICmpEQ(left.value, right.value), ir.CreateICmpEQ(left.high, right.high));
    case TypeKind::Float:
    case TypeKind::Double: return ir.CreateFCmpOEQ(left.value, right.value);
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Union: {
      const rulert::ColumnSpec column = plan::ColumnOf(left_type.NotNull());
      llvm::Value* equal =
          CallSymbol("rule_cells_equal", f_.i8,
                     {CellTypeConstant(f_, column), InMemory(column.kind, left), InMemory(column.kind, right)});
      return ir.CreateTrunc(equal, f_.i1);
    }
    default: return ir.CreateICmpEQ(left.value, right.value);
  }
}

Value ExprLowering::Equality(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  const Type& left_type = TypeOf(expr.operands[0]);
  const Type& right_type = TypeOf(expr.operands[1]);
  llvm::Value* equal;
  if (!left.valid && !right.valid) {
    equal = ValuesEqual(left_type, right_type, left, right);
  } else {
    llvm::Value* yes = llvm::ConstantInt::getTrue(LaneType(f_.i1));
    llvm::Value* left_valid = left.valid ? left.valid : yes;
    llvm::Value* right_valid = right.valid ? right.valid : yes;
    llvm::Value* both = ir.CreateAnd(left_valid, right_valid);
    llvm::Value* neither = ir.CreateNot(ir.CreateOr(left_valid, right_valid));
    if (IsComposite(left_type.kind)) {
      // What is null points nowhere.
      equal =
          ValueIf(both, {TypeKind::Bool}, [&] { return Value{ValuesEqual(left_type, right_type, left, right)}; }).value;
    } else {
      equal = ir.CreateAnd(both, ValuesEqual(left_type, right_type, left, right));
    }
    equal = ir.CreateOr(equal, neither);
  }
  return {expr.op == Op::Equal ? equal : ir.CreateNot(equal)};
}

Value ExprLowering::Compare(const Expr& expr) {
  auto& ir = f_.ir();
  const Value left = Lower(expr.operands[0]);
  const Value right = Lower(expr.operands[1]);
  const Type& left_type = TypeOf(expr.operands[0]);
  const Type& right_type = TypeOf(expr.operands[1]);
  llvm::Value* order = nullptr;
  if (IsMixed(left_type, right_type)) {
    order = OrderOfDecimals(left_type, right_type, left, right);
    llvm::Value* as_asked = ir.CreateICmp(IntegerOrder(expr.op), order, f_.Int32(0));
    return {ir.CreateAnd(as_asked, ir.CreateICmpNE(order, f_.Int32(2)))};
  }
  if (IsFloating(left_type.kind)) return {ir.CreateFCmp(FloatingOrder(expr.op), left.value, right.value)};
  if (left_type.kind == TypeKind::String || left_type.kind == TypeKind::Bytes) order = CompareStrings(f_, left, right);
  if (left_type.kind == TypeKind::Uuid) order = CompareUuids(f_, left, right);
  if (order) return {ir.CreateICmp(IntegerOrder(expr.op), order, f_.Int32(0))};
  return {ir.CreateICmp(IntegerOrder(expr.op), left.value, right.value)};
}

Value ExprLowering::InParams(const Expr& expr) {
  auto& ir = f_.ir();
  const Value value = Lower(expr.operands[0]);
  llvm::Value* found = nullptr;
  if (expr.count <= kMostComparedOneByOne) {
    for (uint32_t i = 0; i < expr.count; ++i) {
      llvm::Value* same = ir.CreateICmpEQ(value.value, params_.Get(expr.index + i).value);
      found = found ? ir.CreateOr(found, same) : same;
    }
  } else {
    // The last param that is not greater: the search halves [base, base + length) without a branch on what it finds.
    llvm::Type* type = value.value->getType();
    llvm::Value* first = params_.Address(expr.index);
    llvm::BasicBlock* from = ir.GetInsertBlock();
    llvm::BasicBlock* halve = f_.NewBlock("halve");
    llvm::BasicBlock* done = f_.NewBlock("halved");
    f_.Jump(halve);
    f_.Enter(halve);
    llvm::PHINode* base = ir.CreatePHI(f_.i64, 2);
    llvm::PHINode* length = ir.CreatePHI(f_.i64, 2);
    base->addIncoming(f_.Int64(0), from);
    length->addIncoming(f_.Int64(expr.count), from);
    llvm::Value* half = ir.CreateLShr(length, f_.Int64(1));
    llvm::Value* middle = ir.CreateAdd(base, half);
    llvm::Value* at = ir.CreateLoad(type, ir.CreateGEP(type, first, middle));
    base->addIncoming(ir.CreateSelect(ir.CreateICmpSLE(at, value.value), middle, base), halve);
    llvm::Value* rest = ir.CreateSub(length, half);
    length->addIncoming(rest, halve);
    f_.Branch(ir.CreateICmpUGT(rest, f_.Int64(1)), halve, done);
    f_.Enter(done);
    llvm::Value* last = base->getIncomingValueForBlock(halve);
    found = ir.CreateICmpEQ(value.value, ir.CreateLoad(type, ir.CreateGEP(type, first, last)));
  }
  return {value.valid ? ir.CreateAnd(found, value.valid) : found};
}

}  // namespace rulec::lower
