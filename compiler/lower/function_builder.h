// What every generated function is built with: an IRBuilder, the types of the ABI, locals, and branches with weights.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include <llvm/IR/BasicBlock.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include "avro/schema.h"
#include "runtime/abi/program.h"

namespace rulec::lower {

// What the functions of one module share.
struct ModuleState {
  bool bmi2 = true;  // may the code use pext and pdep?
  std::map<const avro::Schema*, llvm::Function*> skip_functions;
};

enum class Weight : uint8_t { Even, Likely, Unlikely };

class FunctionBuilder {
 public:
  // Begins `function` with an empty entry block; the builder stands in its body.
  FunctionBuilder(llvm::Function* function, ModuleState& state);
  FunctionBuilder(const FunctionBuilder&) = delete;
  FunctionBuilder& operator=(const FunctionBuilder&) = delete;

  llvm::IRBuilder<>& ir() { return ir_; }
  llvm::Function* function() { return function_; }
  llvm::Module& module() { return *function_->getParent(); }
  ModuleState& state() { return state_; }

  llvm::Type* const i1;
  llvm::Type* const i8;
  llvm::Type* const i16;
  llvm::Type* const i32;
  llvm::Type* const i64;
  llvm::Type* const i128;
  llvm::Type* const f32;
  llvm::Type* const f64;
  llvm::PointerType* const ptr;

  llvm::ConstantInt* Int64(uint64_t value) { return ir_.getInt64(value); }
  llvm::ConstantInt* Int32(uint32_t value) { return ir_.getInt32(value); }

  // A variable of the function; promoted to a register later.
  llvm::AllocaInst* Local(llvm::Type* type, const llvm::Twine& name);
  llvm::Value* Load(llvm::AllocaInst* local) { return ir_.CreateLoad(local->getAllocatedType(), local); }
  void Store(llvm::AllocaInst* local, llvm::Value* value) { ir_.CreateStore(value, local); }

  // Members of the ABI's structs, by offsetof.
  llvm::Value* Member(llvm::Value* base, size_t offset, llvm::Type* type, const llvm::Twine& name = "");
  void SetMember(llvm::Value* base, size_t offset, llvm::Value* value);
  llvm::Value* Address(llvm::Value* base, llvm::Value* byte_offset) { return ir_.CreateGEP(i8, base, byte_offset); }
  llvm::Value* Address(llvm::Value* base, uint64_t byte_offset) { return Address(base, Int64(byte_offset)); }
  // Memory at any address: alignment 1.
  llvm::Value* LoadUnaligned(llvm::Type* type, llvm::Value* address, const llvm::Twine& name = "");
  void StoreUnaligned(llvm::Value* value, llvm::Value* address);

  llvm::BasicBlock* NewBlock(const llvm::Twine& name);
  void Enter(llvm::BasicBlock* block) { ir_.SetInsertPoint(block); }
  void Jump(llvm::BasicBlock* block) { ir_.CreateBr(block); }
  // `weight` is that of the first target.
  void Branch(llvm::Value* condition, llvm::BasicBlock* yes, llvm::BasicBlock* no, Weight weight = Weight::Even);
  // Goes on only if `condition` holds, else to `otherwise`, which is rare.
  void Require(llvm::Value* condition, llvm::BasicBlock* otherwise, const llvm::Twine& name);

  // The same value, about which the optimizer knows nothing. With `pinned` it also may not be moved or speculated.
  llvm::Value* Opaque(llvm::Value* value, bool pinned = false);

  // Code that runs once, before the body: loads of constants and column pointers.
  template <typename F>
  auto InEntry(F make) {
    llvm::IRBuilder<>::InsertPointGuard guard(ir_);
    ir_.SetInsertPoint(entry_->getTerminator());
    return make();
  }

  // Register type of a value, and the type its cell has in memory. What is two words (IsTwoWords in values.h) has no
  // register type.
  llvm::Type* RegisterType(rulert::ColumnKind kind) const;
  llvm::Type* MemoryType(rulert::ColumnKind kind) const;

 private:
  llvm::Function* function_;
  llvm::IRBuilder<> ir_;
  llvm::BasicBlock* entry_;
  ModuleState& state_;
};

}  // namespace rulec::lower
