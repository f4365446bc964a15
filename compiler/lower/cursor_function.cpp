#include "compiler/lower/cursor_function.h"

#include "runtime/abi/abi.h"

namespace rulec::lower {

CursorFunction::CursorFunction(DecodeUnit& unit, llvm::Function* function, Number number)
    : f_(function, unit.state()),
      cursor_(f_.Local(f_.ptr, "cursor")),
      reader_(f_, unit, cursor_, function->getArg(2), [this](llvm::Value* code) { Fail(code); }) {
  f_.Store(cursor_, function->getArg(1));
  if (number == Number::Depth) reader_.set_depth(function->getArg(3));
}

void CursorFunction::Return() {
  reader_.CheckBounds();
  Give(reader_.Cursor(), f_.Int32(RULERT_DECODE_OK));
}

void CursorFunction::Give(llvm::Value* next, llvm::Value* code) {
  auto& ir = f_.ir();
  llvm::Value* result = ir.CreateInsertValue(llvm::PoisonValue::get(f_.function()->getReturnType()), next, 0);
  ir.CreateRet(ir.CreateInsertValue(result, code, 1));
}

// What was read behind the end was not there: the record is cut, whatever its bytes seemed to say.
void CursorFunction::Fail(llvm::Value* code) {
  auto& ir = f_.ir();
  llvm::Value* behind = ir.CreateICmpUGT(f_.Load(cursor_), end());
  code = ir.CreateSelect(behind, f_.Int32(RULERT_DECODE_CUT), code);
  if (field_) code = ir.CreateAdd(code, f_.Int32(field_() << 8));
  Give(llvm::ConstantPointerNull::get(f_.ptr), code);
}

}  // namespace rulec::lower
