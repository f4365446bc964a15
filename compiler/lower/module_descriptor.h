// The one symbol that a module exports, and the functions behind it.
#pragma once

#include "compiler/lower/function_builder.h"

namespace rulec::lower {

// A function with pointer arguments, called from outside through the descriptor.
llvm::Function* NewEntryPoint(llvm::Module& module, const char* name, unsigned pointers);

// `kind` is RULERT_MODULE_*.
void WriteDescriptor(llvm::Module& module, uint32_t kind, llvm::Function* function, uint32_t flags = 0);

}  // namespace rulec::lower
