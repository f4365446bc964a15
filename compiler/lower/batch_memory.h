// What a rule's code needs of the runtime besides rows: memory of the batch, and the context of library functions.
#pragma once

#include "compiler/lower/values.h"

namespace rulec::lower {

class BatchMemory {
 public:
  // `call` points to a rulert_rule_call.
  BatchMemory(FunctionBuilder& f, llvm::Value* call) : f_(f), call_(call) {}

  // The address of `bytes` (i64, not 0) bytes, 16-byte aligned, or null if there are none left.
  llvm::Value* Allocate(llvm::Value* bytes);
  // A rulert_context whose outcome is RULERT_VALUE. Whoever finds another one sets it back.
  llvm::Value* context();

 private:
  void LoadHost();

  FunctionBuilder& f_;
  llvm::Value* call_;
  // Loaded before the loop, once something asks for them.
  llvm::Value* host_ = nullptr;
  llvm::Value* arena_ = nullptr;
  llvm::Value* allocate_ = nullptr;
  llvm::AllocaInst* context_ = nullptr;
};

}  // namespace rulec::lower
