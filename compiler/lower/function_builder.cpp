#include "compiler/lower/function_builder.h"

#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/MDBuilder.h>

namespace rulec::lower {

FunctionBuilder::FunctionBuilder(llvm::Function* function, ModuleState& state)
    : i1(llvm::Type::getInt1Ty(function->getContext())),
      i8(llvm::Type::getInt8Ty(function->getContext())),
      i16(llvm::Type::getInt16Ty(function->getContext())),
      i32(llvm::Type::getInt32Ty(function->getContext())),
      i64(llvm::Type::getInt64Ty(function->getContext())),
      i128(llvm::Type::getInt128Ty(function->getContext())),
      f32(llvm::Type::getFloatTy(function->getContext())),
      f64(llvm::Type::getDoubleTy(function->getContext())),
      ptr(llvm::PointerType::getUnqual(function->getContext())),
      function_(function),
      ir_(function->getContext()),
      state_(state) {
  entry_ = llvm::BasicBlock::Create(function->getContext(), "entry", function);
  llvm::BasicBlock* body = llvm::BasicBlock::Create(function->getContext(), "body", function);
  ir_.SetInsertPoint(entry_);
  ir_.CreateBr(body);
  ir_.SetInsertPoint(body);
}

llvm::AllocaInst* FunctionBuilder::Local(llvm::Type* type, const llvm::Twine& name) {
  llvm::IRBuilder<> entry(entry_, entry_->begin());
  return entry.CreateAlloca(type, nullptr, name);
}

llvm::Value* FunctionBuilder::Member(llvm::Value* base, size_t offset, llvm::Type* type, const llvm::Twine& name) {
  return ir_.CreateLoad(type, Address(base, offset), name);
}

void FunctionBuilder::SetMember(llvm::Value* base, size_t offset, llvm::Value* value) {
  ir_.CreateStore(value, Address(base, offset));
}

llvm::Value* FunctionBuilder::LoadUnaligned(llvm::Type* type, llvm::Value* address, const llvm::Twine& name) {
  return ir_.CreateAlignedLoad(type, address, llvm::Align(1), name);
}

void FunctionBuilder::StoreUnaligned(llvm::Value* value, llvm::Value* address) {
  ir_.CreateAlignedStore(value, address, llvm::Align(1));
}

llvm::BasicBlock* FunctionBuilder::NewBlock(const llvm::Twine& name) {
  return llvm::BasicBlock::Create(function_->getContext(), name, function_);
}

void FunctionBuilder::Branch(llvm::Value* condition, llvm::BasicBlock* yes, llvm::BasicBlock* no, Weight weight) {
  llvm::MDNode* weights = nullptr;
  llvm::MDBuilder metadata(function_->getContext());
  if (weight == Weight::Likely) weights = metadata.createBranchWeights(1u << 20, 1);
  if (weight == Weight::Unlikely) weights = metadata.createBranchWeights(1, 1u << 20);
  ir_.CreateCondBr(condition, yes, no, weights);
}

void FunctionBuilder::Require(llvm::Value* condition, llvm::BasicBlock* otherwise, const llvm::Twine& name) {
  llvm::BasicBlock* go_on = NewBlock(name);
  Branch(condition, go_on, otherwise, Weight::Likely);
  Enter(go_on);
}

llvm::Value* FunctionBuilder::Opaque(llvm::Value* value, bool pinned) {
  llvm::FunctionType* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
  return ir_.CreateCall(type, llvm::InlineAsm::get(type, "", "=r,0", pinned), {value});
}

llvm::Type* FunctionBuilder::RegisterType(rulert::ColumnKind kind) const {
  return kind == rulert::ColumnKind::Bool ? i1 : MemoryType(kind);
}

llvm::Type* FunctionBuilder::MemoryType(rulert::ColumnKind kind) const {
  using rulert::ColumnKind;
  switch (kind) {
    case ColumnKind::Bool: return i8;
    case ColumnKind::Int:
    case ColumnKind::Enum:
    case ColumnKind::Date: return i32;
    case ColumnKind::Long:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return i64;
    case ColumnKind::Float: return f32;
    case ColumnKind::Double: return f64;
    case ColumnKind::Decimal: return i128;
    case ColumnKind::Record: return ptr;
    case ColumnKind::String:
    case ColumnKind::Bytes:
    case ColumnKind::Uuid:
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Union: return llvm::FixedVectorType::get(i64, 2);
  }
  llvm_unreachable("every kind is handled above");
}

}  // namespace rulec::lower
