#include "compiler/emit/module_loader.h"

#include <cstring>

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/Error.h>

namespace rulec {

namespace {

using llvm::orc::ExecutionSession;
using llvm::orc::ExecutorAddr;
using llvm::orc::JITDylib;

// Failures here are bugs of ours: the objects come from our own code generator.
void Check(llvm::Error error) {
  if (error) llvm::report_fatal_error(std::move(error));
}

template <typename T>
T Check(llvm::Expected<T> value) {
  if (!value) llvm::report_fatal_error(value.takeError());
  return std::move(*value);
}

class JitCode : public LoadedCode {
 public:
  JitCode(ExecutionSession& session, JITDylib& library, const rulert_module* descriptor)
      : session_(session), library_(library), descriptor_(descriptor) {}
  ~JitCode() override {
    Check(session_.removeJITDylib(library_));
    session_.getSymbolStringPool()->clearDeadEntries();
  }
  const rulert_module& descriptor() const override { return *descriptor_; }

 private:
  ExecutionSession& session_;
  JITDylib& library_;
  const rulert_module* descriptor_;
};

}  // namespace

ModuleLoader::ModuleLoader(const std::vector<HostSymbol>& library) {
  auto control = Check(llvm::orc::SelfExecutorProcessControl::Create());
  auto& memory = control->getMemMgr();
  session_ = std::make_unique<ExecutionSession>(std::move(control));
  layer_ = std::make_unique<llvm::orc::ObjectLinkingLayer>(*session_, memory);
  host_ = &session_->createBareJITDylib("host");
  auto symbol = [](auto* function) {
    return llvm::orc::ExecutorSymbolDef(ExecutorAddr::fromPtr(function),
                                        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
  };
  llvm::orc::SymbolMap symbols;
  symbols[session_->intern("memcpy")] = symbol(static_cast<void* (*)(void*, const void*, size_t)>(&memcpy));
  symbols[session_->intern("memmove")] = symbol(static_cast<void* (*)(void*, const void*, size_t)>(&memmove));
  symbols[session_->intern("memset")] = symbol(static_cast<void* (*)(void*, int, size_t)>(&memset));
  symbols[session_->intern("memcmp")] = symbol(static_cast<int (*)(const void*, const void*, size_t)>(&memcmp));
  // LLVM turns a memcmp that is only tested for equality into bcmp.
  symbols[session_->intern("bcmp")] = symbol(static_cast<int (*)(const void*, const void*, size_t)>(&memcmp));
  for (const HostSymbol& function : library) {
    symbols[session_->intern(function.name)] = llvm::orc::ExecutorSymbolDef(
        ExecutorAddr::fromPtr(function.address), llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
  }
  Check(host_->define(llvm::orc::absoluteSymbols(std::move(symbols))));
}

ModuleLoader::~ModuleLoader() { Check(session_->endSession()); }

std::unique_ptr<LoadedCode> ModuleLoader::Load(const ObjectModule& module) {
  JITDylib& library = session_->createBareJITDylib(module.name + "#" + std::to_string(loaded_++));
  library.addToLinkOrder(*host_);
  Check(layer_->add(library, llvm::MemoryBuffer::getMemBuffer(module.object, module.name, false)));
  auto symbol = Check(session_->lookup({&library}, session_->intern(RULERT_MODULE_SYMBOL)));
  return std::make_unique<JitCode>(*session_, library, symbol.getAddress().toPtr<const rulert_module*>());
}

}  // namespace rulec
