#include "compiler/lower/batch_memory.h"

#include "runtime/abi/abi.h"

namespace rulec::lower {

void BatchMemory::LoadHost() {
  if (host_) return;
  host_ = f_.Member(call_, offsetof(rulert_rule_call, host), f_.ptr, "host");
  arena_ = f_.Member(call_, offsetof(rulert_rule_call, arena), f_.ptr, "arena");
}

llvm::Value* BatchMemory::Allocate(llvm::Value* bytes) {
  if (!allocate_) {
    f_.InEntry([&] {
      LoadHost();
      allocate_ = f_.Member(host_, offsetof(rulert_host, allocate), f_.ptr, "allocate");
    });
  }
  llvm::CallInst* call =
      f_.ir().CreateCall(llvm::FunctionType::get(f_.ptr, {f_.ptr, f_.i64}, false), allocate_, {arena_, bytes});
  call->setDoesNotThrow();
  return call;
}

llvm::Value* BatchMemory::context() {
  if (context_) return context_;
  f_.InEntry([&] {
    LoadHost();
    context_ = f_.Local(llvm::ArrayType::get(f_.i64, sizeof(rulert_context) / 8), "context");
    f_.SetMember(context_, offsetof(rulert_context, host), host_);
    f_.SetMember(context_, offsetof(rulert_context, arena), arena_);
    f_.SetMember(context_, offsetof(rulert_context, outcome), f_.Int64(0));  // and cause
  });
  return context_;
}

}  // namespace rulec::lower
