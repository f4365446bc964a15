// Is a string that was read valid UTF-8?
#pragma once

#include "compiler/lower/values.h"

namespace rulec::lower {

// i1. Short ASCII is told by its two words; what is longer or not ASCII takes a call.
llvm::Value* IsUtf8(FunctionBuilder& f, const Value& string);

// The function of the library `name`, declared: its address is known where the module is loaded.
llvm::FunctionCallee LibraryFunction(FunctionBuilder& f, const char* name, llvm::Type* result,
                                     llvm::ArrayRef<llvm::Type*> arguments);

}  // namespace rulec::lower
