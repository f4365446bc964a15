// Functions of the library. Which registers they take their arguments in is told in stdlib/value.h.

#include "compiler/lower/cell_type.h"
#include "compiler/lower/expression.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using plan::Pass;
using rulert::ColumnKind;

llvm::Type* ExprLowering::CallType(ColumnKind kind) {
  if (kind == ColumnKind::Decimal || IsTwoWords(kind)) {
    return llvm::StructType::get(f_.module().getContext(), {f_.i64, f_.i64});
  }
  return f_.MemoryType(kind);
}

void ExprLowering::AddWords(ColumnKind kind, const Value& value, std::vector<llvm::Value*>& arguments) {
  auto& ir = f_.ir();
  if (IsTwoWords(kind)) {
    arguments.push_back(value.value);
    arguments.push_back(value.high);
  } else if (kind == ColumnKind::Decimal) {
    arguments.push_back(ir.CreateTrunc(value.value, f_.i64));
    arguments.push_back(ir.CreateTrunc(ir.CreateLShr(value.value, 64), f_.i64));
  } else {
    arguments.push_back(kind == ColumnKind::Bool ? ir.CreateZExt(value.value, f_.i8) : value.value);
  }
}

Value ExprLowering::FromCall(ColumnKind kind, llvm::Value* result) {
  auto& ir = f_.ir();
  if (kind == ColumnKind::Bool) return {ir.CreateTrunc(result, f_.i1)};
  if (!result->getType()->isStructTy()) return {result};
  llvm::Value* low = ir.CreateExtractValue(result, 0);
  llvm::Value* high = ir.CreateExtractValue(result, 1);
  if (kind != ColumnKind::Decimal) return {low, high};
  return {ir.CreateOr(ir.CreateZExt(low, f_.i128), ir.CreateShl(ir.CreateZExt(high, f_.i128), 64))};
}

llvm::CallInst* ExprLowering::CallSymbol(const char* symbol, llvm::Type* result,
                                         llvm::ArrayRef<llvm::Value*> arguments) {
  std::vector<llvm::Type*> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  llvm::FunctionCallee callee = f_.module().getOrInsertFunction(symbol, llvm::FunctionType::get(result, types, false));
  auto* function = llvm::cast<llvm::Function>(callee.getCallee());
  function->setDoesNotThrow();
  // The convention of C: a bool fills its register's lowest 32 bits.
  for (unsigned i = 0; i < types.size(); ++i) {
    if (types[i]->isIntegerTy(8)) function->addParamAttr(i, llvm::Attribute::ZExt);
  }
  if (result->isIntegerTy(8)) function->addRetAttr(llvm::Attribute::ZExt);
  return f_.ir().CreateCall(callee, arguments);
}

llvm::Value* ExprLowering::InMemory(ColumnKind kind, const Value& value) {
  llvm::AllocaInst* cell = f_.Local(llvm::ArrayType::get(f_.i64, 2), "cell");
  cell->setAlignment(llvm::Align(16));
  StoreValue(f_, kind, value, cell);
  return cell;
}

Value ExprLowering::CheckOutcome(const Expr& expr, const Value& result, const std::vector<Value>& operands,
                                 bool can_be_null) {
  auto& ir = f_.ir();
  llvm::Value* context = memory_->context();
  if (expr.site == plan::kNoSite && !can_be_null) return result;
  llvm::Value* outcome = f_.Member(context, offsetof(rulert_context, outcome), f_.i32, "outcome");
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* special = f_.NewBlock("no_value");
  llvm::BasicBlock* on = f_.NewBlock("called");
  f_.Branch(ir.CreateICmpEQ(outcome, f_.Int32(RULERT_VALUE)), on, special, can_be_null ? Weight::Even : Weight::Likely);
  f_.Enter(special);
  f_.SetMember(context, offsetof(rulert_context, outcome), f_.Int32(RULERT_VALUE));
  if (expr.site != plan::kNoSite) {
    ErrorDetails details;
    if (!operands.empty()) details.left = operands[0];
    if (operands.size() > 1) details.right = operands[1];
    details.cause = f_.Member(context, offsetof(rulert_context, cause), f_.i32, "cause");
    if (!can_be_null) {
      raise_(expr.site, details);
    } else {
      Raise(ir.CreateICmpEQ(outcome, f_.Int32(RULERT_ERROR)), expr, details);
    }
  }
  if (!can_be_null) {
    f_.Enter(on);
    return result;
  }
  const Value null = ZeroOf(f_, {plan::KindOf(expr.type.kind), true});
  llvm::BasicBlock* from_null = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  return Merge(f_, result, from, null, from_null);
}

Value ExprLowering::CallNow(const Expr& expr, const std::vector<Value>& operands) {
  const plan::Callee& callee = rule_.callees[expr.index];
  std::vector<llvm::Value*> arguments;
  if (callee.context) arguments.push_back(memory_->context());
  for (const plan::Argument& argument : callee.arguments) {
    const Value* operand = argument.operand < operands.size() ? &operands[argument.operand] : nullptr;
    switch (argument.pass) {
      case Pass::Value:
        if (operand->value->getType()->isPointerTy()) {
          arguments.push_back(operand->value);  // what is prepared
        } else {
          AddWords(plan::KindOf(TypeOf(expr.operands[argument.operand]).kind), *operand, arguments);
        }
        break;
      case Pass::Pointer:
        arguments.push_back(InMemory(plan::KindOf(TypeOf(expr.operands[argument.operand]).kind), *operand));
        break;
      case Pass::Valid:
        arguments.push_back(operand->valid ? f_.ir().CreateZExt(operand->valid, f_.i8)
                                           : static_cast<llvm::Value*>(f_.ir().getInt8(1)));
        break;
      case Pass::Number: arguments.push_back(f_.Int32(argument.number)); break;
      case Pass::CellType: arguments.push_back(CellTypeConstant(f_, plan::ColumnOf(argument.type))); break;
      case Pass::Names: arguments.push_back(NamesConstant(f_, argument.type.schema->symbols)); break;
    }
  }
  const ColumnKind kind = plan::KindOf(expr.type.kind);
  const Value result = FromCall(kind, CallSymbol(callee.symbol.c_str(), CallType(kind), arguments));
  return callee.context ? CheckOutcome(expr, result, operands, callee.gives_null) : result;
}

Value ExprLowering::Call(const Expr& expr) {
  const plan::Callee& callee = rule_.callees[expr.index];
  std::vector<Value> operands;
  llvm::Value* all_valid = nullptr;
  for (size_t i = 0; i < expr.operands.size(); ++i) {
    operands.push_back(Lower(expr.operands[i]));
    llvm::Value* valid = operands.back().valid;
    if (!valid || callee.TellsNullOf(static_cast<uint32_t>(i))) continue;
    all_valid = all_valid ? f_.ir().CreateAnd(all_valid, valid) : valid;
  }
  return ValueIf(all_valid, expr.type, [&] { return CallNow(expr, operands); });
}

Value ExprLowering::Concat(const Expr& expr) {
  const size_t count = expr.operands.size();
  std::vector<Value> operands;
  for (const plan::ExprId operand : expr.operands) operands.push_back(Lower(operand));
  llvm::AllocaInst* parts = f_.Local(llvm::ArrayType::get(f_.i64, 2 * count), "parts");
  for (size_t i = 0; i < count; ++i) {
    StoreValue(f_, ColumnKind::String, operands[i], f_.Address(parts, i * sizeof(rulert_string)));
  }
  llvm::Value* result =
      CallSymbol("rule_concat_all", CallType(ColumnKind::String), {memory_->context(), parts, f_.Int64(count)});
  return CheckOutcome(expr, FromCall(ColumnKind::String, result), {}, false);
}

}  // namespace rulec::lower
