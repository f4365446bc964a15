#include "compiler/lower/varint.h"

#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "avro/limits.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

llvm::Function* InternalFunction(FunctionBuilder& f, llvm::Type* result, llvm::ArrayRef<llvm::Type*> arguments,
                                 const char* name) {
  auto* type = llvm::FunctionType::get(result, arguments, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, f.module());
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return function;
}

}  // namespace

llvm::Value* GatherVarintBits(FunctionBuilder& f, llvm::Value* word, llvm::Value* stops) {
  auto& ir = f.ir();
  // All bits up to the first stop bit, that one included.
  llvm::Value* number = ir.CreateAnd(word, ir.CreateXor(stops, ir.CreateSub(stops, f.Int64(1))));
  if (f.state().bmi2) {
    return ir.CreateIntrinsic(llvm::Intrinsic::x86_bmi_pext_64, {}, {number, f.Int64(kVarintBits)});
  }
  // Pairs of bytes, of 14-bit groups, of 28-bit groups are closed up.
  auto close_up = [&](llvm::Value* x, uint64_t low, uint64_t high, unsigned by) {
    return ir.CreateOr(ir.CreateAnd(x, f.Int64(low)), ir.CreateLShr(ir.CreateAnd(x, f.Int64(high)), f.Int64(by)));
  };
  llvm::Value* x = close_up(number, 0x007f007f007f007f, 0x7f007f007f007f00, 1);
  x = close_up(x, 0x00003fff00003fff, 0x3fff00003fff0000, 2);
  return close_up(x, 0x000000000fffffff, 0x0fffffff00000000, 4);
}

llvm::Value* ZigzagDecode(FunctionBuilder& f, llvm::Value* bits) {
  auto& ir = f.ir();
  return ir.CreateXor(ir.CreateLShr(bits, f.Int64(1)), ir.CreateNeg(ir.CreateAnd(bits, f.Int64(1))));
}

llvm::Function* SlowVarintFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("varint.slow")) return existing;
  auto* pair = llvm::StructType::get(outer.ptr, outer.i64);
  llvm::Function* function = InternalFunction(outer, pair, {outer.ptr}, "varint.slow");
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  auto give = [&](llvm::Value* next, llvm::Value* value) {
    llvm::Value* result = ir.CreateInsertValue(llvm::PoisonValue::get(pair), next, 0);
    ir.CreateRet(ir.CreateInsertValue(result, value, 1));
  };
  llvm::BasicBlock* start = ir.GetInsertBlock();
  llvm::BasicBlock* loop = f.NewBlock("loop");
  llvm::BasicBlock* last = f.NewBlock("last");
  llvm::BasicBlock* more = f.NewBlock("more");
  llvm::BasicBlock* fits = f.NewBlock("fits");
  llvm::BasicBlock* bad = f.NewBlock("bad");
  f.Jump(loop);
  f.Enter(loop);
  llvm::PHINode* at = ir.CreatePHI(f.ptr, 2);
  llvm::PHINode* shift = ir.CreatePHI(f.i64, 2);
  llvm::PHINode* sum = ir.CreatePHI(f.i64, 2);
  llvm::Value* byte = ir.CreateZExt(f.LoadUnaligned(f.i8, at), f.i64);
  llvm::Value* bits = ir.CreateAnd(byte, f.Int64(0x7f));
  llvm::Value* next_sum = ir.CreateOr(sum, ir.CreateShl(bits, shift));
  llvm::Value* next_at = f.Address(at, 1);
  f.Branch(ir.CreateICmpULT(byte, f.Int64(0x80)), last, more);
  f.Enter(more);
  llvm::Value* next_shift = ir.CreateAdd(shift, f.Int64(7));
  f.Branch(ir.CreateICmpULE(next_shift, f.Int64(63)), loop, bad);
  f.Enter(last);
  // The tenth byte has room for one bit.
  llvm::Value* is_tenth = ir.CreateICmpEQ(shift, f.Int64(63));
  f.Branch(ir.CreateAnd(is_tenth, ir.CreateICmpUGT(bits, f.Int64(1))), bad, fits);
  f.Enter(fits);
  give(next_at, ZigzagDecode(f, next_sum));
  f.Enter(bad);
  give(llvm::ConstantPointerNull::get(f.ptr), f.Int64(0));
  at->addIncoming(function->getArg(0), start);
  at->addIncoming(next_at, more);
  shift->addIncoming(f.Int64(0), start);
  shift->addIncoming(next_shift, more);
  sum->addIncoming(f.Int64(0), start);
  sum->addIncoming(next_sum, more);
  return function;
}

llvm::Function* SlowBytesFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("bytes.slow")) return existing;
  auto* pair = llvm::StructType::get(outer.ptr, outer.i64);
  llvm::Function* function = InternalFunction(outer, pair, {outer.ptr, outer.ptr}, "bytes.slow");
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  auto give = [&](llvm::Value* data, llvm::Value* length) {
    llvm::Value* result = ir.CreateInsertValue(llvm::PoisonValue::get(pair), data, 0);
    ir.CreateRet(ir.CreateInsertValue(result, length, 1));
  };
  auto require = [&](llvm::Value* condition, uint32_t code) {
    llvm::BasicBlock* failed = f.NewBlock("failed");
    f.Require(condition, failed, "ok");
    llvm::IRBuilder<>::InsertPointGuard guard(ir);
    f.Enter(failed);
    give(llvm::ConstantPointerNull::get(f.ptr), f.Int64(code));
  };
  llvm::Value* read = ir.CreateCall(SlowVarintFunction(f), {function->getArg(0)});
  llvm::Value* data = ir.CreateExtractValue(read, 0);
  llvm::Value* length = ir.CreateExtractValue(read, 1);
  require(ir.CreateICmpNE(data, llvm::ConstantPointerNull::get(f.ptr)), RULERT_DECODE_VARINT);
  require(ir.CreateICmpSGE(length, f.Int64(0)), RULERT_DECODE_LENGTH);
  // The data may begin behind the end already: then what is left is negative and every length is too long.
  require(ir.CreateICmpSLE(length, ir.CreatePtrDiff(f.i8, function->getArg(1), data)), RULERT_DECODE_CUT);
  require(ir.CreateICmpULE(length, f.Int64(static_cast<uint64_t>(avro::CurrentLimits().text_bytes))),
          RULERT_DECODE_LENGTH);
  give(data, length);
  return function;
}

namespace {

// One byte at a time, from the builder's place on.
void WriteByteByByte(FunctionBuilder& f, llvm::Value* first, llvm::Value* all_bits) {
  auto& ir = f.ir();
  llvm::BasicBlock* start = ir.GetInsertBlock();
  llvm::BasicBlock* loop = f.NewBlock("loop");
  llvm::BasicBlock* more = f.NewBlock("more");
  llvm::BasicBlock* last = f.NewBlock("last");
  f.Jump(loop);
  f.Enter(loop);
  llvm::PHINode* at = ir.CreatePHI(f.ptr, 2);
  llvm::PHINode* bits = ir.CreatePHI(f.i64, 2);
  llvm::Value* byte = ir.CreateTrunc(bits, f.i8);
  llvm::Value* next_at = f.Address(at, 1);
  llvm::Value* next_bits = ir.CreateLShr(bits, f.Int64(7));
  f.Branch(ir.CreateICmpULT(bits, f.Int64(0x80)), last, more);
  f.Enter(more);
  f.StoreUnaligned(ir.CreateOr(byte, ir.getInt8(0x80)), at);
  f.Jump(loop);
  f.Enter(last);
  f.StoreUnaligned(byte, at);
  ir.CreateRet(next_at);
  at->addIncoming(first, start);
  at->addIncoming(next_at, more);
  bits->addIncoming(all_bits, start);
  bits->addIncoming(next_bits, more);
}

// The byte of the highest bit is a number's last one: those below it carry the flag that more follow.
void WriteWord(FunctionBuilder& f, llvm::Value* at, llvm::Value* bits) {
  auto& ir = f.ir();
  llvm::Value* spread = ir.CreateIntrinsic(llvm::Intrinsic::x86_bmi_pdep_64, {}, {bits, f.Int64(kVarintBits)});
  llvm::Value* zeros =
      ir.CreateIntrinsic(llvm::Intrinsic::ctlz, {f.i64}, {ir.CreateOr(spread, f.Int64(1)), ir.getTrue()});
  llvm::Value* last_bit = ir.CreateAnd(ir.CreateSub(f.Int64(63), zeros), f.Int64(~7ull));
  llvm::Value* flags =
      ir.CreateAnd(f.Int64(kVarintStops), ir.CreateSub(ir.CreateShl(f.Int64(1), last_bit), f.Int64(1)));
  f.StoreUnaligned(ir.CreateOr(spread, flags), at);
  ir.CreateRet(f.Address(at, ir.CreateAdd(ir.CreateLShr(last_bit, f.Int64(3)), f.Int64(1))));
}

// ptr (ptr at, i64 value). Not inlined: an output has a dozen numbers, and the call costs less than compiling them all.
llvm::Function* WriteLongFunction(FunctionBuilder& outer) {
  if (auto* existing = outer.module().getFunction("varint.write")) return existing;
  llvm::Function* function = InternalFunction(outer, outer.ptr, {outer.ptr, outer.i64}, "varint.write");
  FunctionBuilder f(function, outer.state());
  auto& ir = f.ir();
  llvm::Value* at = function->getArg(0);
  llvm::Value* value = function->getArg(1);
  llvm::Value* bits = ir.CreateXor(ir.CreateShl(value, f.Int64(1)), ir.CreateAShr(value, f.Int64(63)), "zigzag");
  if (f.state().bmi2) {
    llvm::BasicBlock* longer = f.NewBlock("longer");
    f.Require(ir.CreateICmpULT(bits, f.Int64(1ull << 56)), longer, "in_word");
    WriteWord(f, at, bits);
    f.Enter(longer);
  }
  WriteByteByByte(f, at, bits);
  return function;
}

}  // namespace

llvm::Value* WriteLong(FunctionBuilder& f, llvm::Value* at, llvm::Value* value) {
  return f.ir().CreateCall(WriteLongFunction(f), {at, value});
}

}  // namespace rulec::lower
