#include "compiler/lower/utf8_check.h"

#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

constexpr uint64_t kHighBits = 0x8080808080808080;

// i1 (ptr text, i64 length), RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. Three bytes behind
// the text are readable.
llvm::Function* ValidateFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("utf8.validate")) return existing;
  auto* type = llvm::FunctionType::get(outer.i1, {outer.ptr, outer.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "utf8.validate", outer.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  llvm::Value* length = function->getArg(1);
  llvm::BasicBlock* from = ir.GetInsertBlock();
  llvm::BasicBlock* loop = f.NewBlock("loop");
  llvm::BasicBlock* one = f.NewBlock("character");
  llvm::BasicBlock* next = f.NewBlock("next");
  llvm::BasicBlock* good = f.NewBlock("good");
  llvm::BasicBlock* bad = f.NewBlock("bad");
  f.Jump(loop);
  f.Enter(loop);
  llvm::PHINode* at = ir.CreatePHI(f.i64, 2);
  f.Branch(ir.CreateICmpULT(at, length), one, good);
  f.Enter(one);
  llvm::Value* text = f.Address(function->getArg(0), at);
  auto byte = [&](uint64_t i) { return f.LoadUnaligned(f.i8, f.Address(text, i)); };
  auto literal = [&](uint8_t value) { return ir.getInt8(value); };
  auto in = [&](llvm::Value* value, llvm::Value* least, llvm::Value* most) {
    return ir.CreateAnd(ir.CreateICmpUGE(value, least), ir.CreateICmpULE(value, most));
  };
  llvm::Value* first = byte(0);
  llvm::Value* is = f.Int64(4);  // the character's length
  is = ir.CreateSelect(ir.CreateICmpULT(first, literal(0xf0)), f.Int64(3), is);
  is = ir.CreateSelect(ir.CreateICmpULT(first, literal(0xe0)), f.Int64(2), is);
  is = ir.CreateSelect(ir.CreateICmpULT(first, literal(0x80)), f.Int64(1), is);
  llvm::Value* ascii = ir.CreateICmpULT(first, literal(0x80));
  llvm::Value* valid = ir.CreateOr(ascii, in(first, literal(0xc2), literal(0xf4)));
  // After some first bytes the second one has not its whole range.
  auto least = [&](uint8_t lead, uint8_t value, llvm::Value* otherwise) {
    return ir.CreateSelect(ir.CreateICmpEQ(first, literal(lead)), literal(value), otherwise);
  };
  llvm::Value* low = least(0xe0, 0xa0, least(0xf0, 0x90, literal(0x80)));
  llvm::Value* high = least(0xed, 0x9f, least(0xf4, 0x8f, literal(0xbf)));
  valid = ir.CreateAnd(valid, ir.CreateOr(ascii, in(byte(1), low, high)));
  for (uint64_t i = 2; i < 4; ++i) {
    llvm::Value* shorter = ir.CreateICmpULE(is, f.Int64(i));
    valid = ir.CreateAnd(valid, ir.CreateOr(shorter, in(byte(i), literal(0x80), literal(0xbf))));
  }
  llvm::Value* end = ir.CreateAdd(at, is);
  f.Branch(ir.CreateAnd(valid, ir.CreateICmpULE(end, length)), next, bad);
  f.Enter(next);
  f.Jump(loop);
  at->addIncoming(f.Int64(0), from);
  at->addIncoming(end, next);
  f.Enter(good);
  ir.CreateRet(ir.getTrue());
  f.Enter(bad);
  ir.CreateRet(ir.getFalse());
  return function;
}

// i1 (i64 low, i64 high). Long texts are tested 16 bytes at a time, the last 16 of them apart.
llvm::Function* Utf8Function(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("utf8.check")) return existing;
  auto* type = llvm::FunctionType::get(outer.i1, {outer.i64, outer.i64}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, "utf8.check", outer.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  const Value string{function->getArg(0), function->getArg(1)};
  llvm::Value* length = StringLength(f, string);
  llvm::Value* data = ir.CreateIntToPtr(string.high, f.ptr);
  auto validate = [&](llvm::Value* text) { ir.CreateRet(ir.CreateCall(ValidateFunction(f), {text, length})); };
  llvm::BasicBlock* inlined = f.NewBlock("inlined");
  llvm::BasicBlock* outlined = f.NewBlock("outlined");
  llvm::BasicBlock* words = f.NewBlock("words");
  llvm::BasicBlock* vectors = f.NewBlock("vectors");
  llvm::BasicBlock* loop = f.NewBlock("loop");
  llvm::BasicBlock* last = f.NewBlock("last");
  llvm::BasicBlock* ascii = f.NewBlock("ascii");
  llvm::BasicBlock* other = f.NewBlock("other");
  f.Branch(ir.CreateICmpULE(length, f.Int64(RULERT_STRING_INLINE)), inlined, outlined);

  f.Enter(inlined);
  llvm::AllocaInst* scratch = f.Local(llvm::FixedVectorType::get(f.i64, 4), "scratch");
  ir.CreateAlignedStore(string.value, scratch, llvm::Align(8));
  ir.CreateAlignedStore(string.high, f.Address(scratch, 8), llvm::Align(8));
  validate(f.Address(scratch, offsetof(rulert_string, u)));

  f.Enter(outlined);
  f.Branch(ir.CreateICmpULT(length, f.Int64(16)), words, vectors);
  f.Enter(words);
  llvm::Value* first_word = f.LoadUnaligned(f.i64, data);
  llvm::Value* last_word = f.LoadUnaligned(f.i64, f.Address(data, ir.CreateSub(length, f.Int64(8))));
  llvm::Value* bits = ir.CreateAnd(ir.CreateOr(first_word, last_word), f.Int64(kHighBits));
  f.Branch(ir.CreateICmpEQ(bits, f.Int64(0)), ascii, other);

  f.Enter(vectors);
  auto* sixteen = llvm::FixedVectorType::get(f.i8, 16);
  llvm::Value* last_at = ir.CreateSub(length, f.Int64(16));
  f.Jump(loop);
  f.Enter(loop);
  llvm::PHINode* at = ir.CreatePHI(f.i64, 2);
  llvm::PHINode* seen = ir.CreatePHI(sixteen, 2);
  llvm::Value* both = ir.CreateOr(seen, f.LoadUnaligned(sixteen, f.Address(data, at)));
  llvm::Value* next = ir.CreateAdd(at, f.Int64(16));
  at->addIncoming(f.Int64(0), vectors);
  at->addIncoming(next, loop);
  seen->addIncoming(llvm::Constant::getNullValue(sixteen), vectors);
  seen->addIncoming(both, loop);
  f.Branch(ir.CreateICmpULE(next, last_at), loop, last);
  f.Enter(last);
  llvm::Value* all = ir.CreateOr(both, f.LoadUnaligned(sixteen, f.Address(data, last_at)));
  llvm::Value* high = ir.CreateBitCast(ir.CreateICmpSLT(all, llvm::Constant::getNullValue(sixteen)), f.i16);
  f.Branch(ir.CreateICmpEQ(high, ir.getInt16(0)), ascii, other);

  f.Enter(ascii);
  ir.CreateRet(ir.getTrue());
  f.Enter(other);
  validate(data);
  return function;
}

}  // namespace

llvm::FunctionCallee LibraryFunction(FunctionBuilder& f, const char* name, llvm::Type* result,
                                     llvm::ArrayRef<llvm::Type*> arguments) {
  return f.module().getOrInsertFunction(name, llvm::FunctionType::get(result, arguments, false));
}

llvm::Value* IsUtf8(FunctionBuilder& f, const Value& string) {
  auto& ir = f.ir();
  llvm::Value* bits = ir.CreateAnd(ir.CreateOr(string.value, string.high), f.Int64(kHighBits));
  llvm::Value* is_short = ir.CreateICmpULE(StringLength(f, string), f.Int64(RULERT_STRING_INLINE));
  llvm::Value* plain = ir.CreateAnd(is_short, ir.CreateICmpEQ(bits, f.Int64(0)));
  llvm::BasicBlock* call = f.NewBlock("check_utf8");
  llvm::BasicBlock* on = f.NewBlock("utf8");
  llvm::BasicBlock* from = ir.GetInsertBlock();
  f.Branch(plain, on, call, Weight::Likely);
  f.Enter(call);
  llvm::Value* checked = ir.CreateCall(Utf8Function(f), {string.value, string.high});
  f.Jump(on);
  f.Enter(on);
  llvm::PHINode* valid = ir.CreatePHI(f.i1, 2);
  valid->addIncoming(ir.getTrue(), from);
  valid->addIncoming(checked, call);
  return valid;
}

}  // namespace rulec::lower
