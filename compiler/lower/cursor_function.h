// The frame of the functions of a DecodeUnit.
#pragma once

#include "compiler/lower/decode_unit.h"
#include "compiler/lower/wire_reader.h"

namespace rulec::lower {

class CursorFunction {
 public:
  enum class Number : uint8_t { Depth, Other };
  CursorFunction(DecodeUnit& unit, llvm::Function* function, Number number = Number::Depth);

  FunctionBuilder& f() { return f_; }
  WireReader& reader() { return reader_; }
  llvm::Value* call() { return f_.function()->getArg(0); }
  llvm::Value* end() { return f_.function()->getArg(2); }
  llvm::Value* number() { return f_.function()->getArg(3); }
  llvm::Value* out() { return f_.function()->getArg(4); }

  // The field that is being read: it is added to the code of errors, above its lowest eight bits.
  void set_field(std::function<uint32_t()> field) { field_ = std::move(field); }
  // Ends the function where the cursor stands.
  void Return();

 private:
  void Give(llvm::Value* next, llvm::Value* code);
  void Fail(llvm::Value* code);

  FunctionBuilder f_;
  llvm::AllocaInst* cursor_;
  WireReader reader_;
  std::function<uint32_t()> field_;
};

}  // namespace rulec::lower
