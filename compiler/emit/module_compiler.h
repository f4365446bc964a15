// LLVM IR -> object code, for one processor.
#pragma once

#include <memory>
#include <string>

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "compiler/emit/codegen.h"

namespace rulec {

class ModuleCompiler {
 public:
  // Null, and *error, if LLVM does not know the processor.
  static std::unique_ptr<ModuleCompiler> Create(const std::string& cpu, std::string* error);

  bool has_bmi2() const;
  // "x86-64-v3": see Codegen::Level.
  std::string level() const;
  const std::string& cpu() const { return cpu_; }
  // Sets triple and data layout: before code is made.
  void Prepare(llvm::Module& module);
  // Optimizes `module` and makes its object code. Where `text` is given, the code is appended to it as `stage` says.
  std::string Compile(llvm::Module& module, CodeStage stage, std::string* text);

 private:
  explicit ModuleCompiler(std::string cpu) : cpu_(std::move(cpu)) {}
  void Optimize(llvm::Module& module);

  std::string cpu_;
  std::unique_ptr<llvm::TargetMachine> machine_;
};

}  // namespace rulec
