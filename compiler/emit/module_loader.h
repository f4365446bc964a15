// Object code -> code in this process, by LLVM's JIT linker.
#pragma once

#include <memory>

#include "compiler/emit/codegen.h"

namespace llvm::orc {
class ExecutionSession;
class JITDylib;
class ObjectLinkingLayer;
}  // namespace llvm::orc

namespace rulec {

// Code that it loaded must be destroyed before it. Loading and unloading: from one thread at a time.
class ModuleLoader {
 public:
  // Modules find `symbols` and mem*.
  explicit ModuleLoader(const std::vector<HostSymbol>& symbols);
  ~ModuleLoader();
  std::unique_ptr<LoadedCode> Load(const ObjectModule& module);

 private:
  std::unique_ptr<llvm::orc::ExecutionSession> session_;
  std::unique_ptr<llvm::orc::ObjectLinkingLayer> layer_;
  llvm::orc::JITDylib* host_ = nullptr;  // what modules call
  uint64_t loaded_ = 0;
};

}  // namespace rulec
