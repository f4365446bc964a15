#include "compiler/lower/wire_reader.h"

#include <algorithm>

#include <llvm/IR/IntrinsicsX86.h>

#include "avro/limits.h"
#include "compiler/lower/decode_unit.h"
#include "compiler/lower/varint.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

namespace {

// The widest single load of a reader: strings are made from 16 bytes.
constexpr uint32_t kWidestLoad = 16;
constexpr uint32_t kVarintMax = 10;
// A guess is a value that lives from record to record: more of them than this only cost memory, and time to compile.
constexpr uint32_t kMostGuesses = 24;
// Lengths below 64 take one byte.
constexpr uint32_t kShortBytesMax = 1 + 63;

}  // namespace

WireReader::WireReader(FunctionBuilder& f, DecodeUnit& unit, llvm::AllocaInst* cursor, llvm::Value* end, Fail fail,
                       Use use)
    : f_(f), unit_(unit), cursor_(cursor), end_(end), fail_(std::move(fail)), use_(use), most_guesses_(kMostGuesses) {}

void WireReader::Require(llvm::Value* condition, uint32_t code) {
  llvm::BasicBlock* failed = f_.NewBlock("failed");
  f_.Require(condition, failed, "ok");
  llvm::IRBuilder<>::InsertPointGuard guard(f_.ir());
  f_.Enter(failed);
  fail_(f_.Int32(code));
}

void WireReader::CheckBounds() {
  Require(f_.ir().CreateICmpULE(Cursor(), end_), RULERT_DECODE_CUT);
  pending_ = 0;
}

void WireReader::Reserve(uint32_t bytes) {
  if (pending_ + bytes + kWidestLoad > RULERT_SLACK) CheckBounds();
  pending_ += bytes;
}

void WireReader::Advance(uint64_t bytes) {
  if (bytes + kWidestLoad > RULERT_SLACK) {
    // Too far to step blindly: a fixed of thousands of bytes.
    CheckBounds();
    llvm::Value* left = f_.ir().CreatePtrDiff(f_.i8, end_, Cursor());
    Require(f_.ir().CreateICmpUGE(left, f_.Int64(bytes)), RULERT_DECODE_CUT);
  } else {
    Reserve(static_cast<uint32_t>(bytes));
  }
  SetCursor(f_.Address(Cursor(), bytes));
}

void WireReader::AdvanceGuessing(llvm::Value* length) {
  auto& ir = f_.ir();
  if (guesses_ >= most_guesses_) return SetCursor(f_.Address(Cursor(), length));
  ++guesses_;
  llvm::AllocaInst* guess_local = f_.Local(f_.i64, "guess");
  f_.InEntry([&] { f_.Store(guess_local, f_.Int64(1)); });
  llvm::BasicBlock* right = f_.NewBlock("guessed");
  llvm::BasicBlock* wrong = f_.NewBlock("misguessed");
  llvm::BasicBlock* on = f_.NewBlock("advanced");
  llvm::Value* guess = f_.Load(guess_local);
  // Opaque, else the optimizer would put `length`, which is equal, in its place and the chain back.
  llvm::Value* trusted = f_.Opaque(guess);
  f_.Branch(ir.CreateICmpEQ(length, guess), right, wrong, Weight::Likely);
  f_.Enter(right);
  SetCursor(f_.Address(Cursor(), trusted));
  f_.Store(guess_local, trusted);
  f_.Jump(on);
  f_.Enter(wrong);
  // Pinned, else branch and blocks would become a select, which waits for `length`.
  llvm::Value* measured = f_.Opaque(length, true);
  SetCursor(f_.Address(Cursor(), measured));
  f_.Store(guess_local, measured);
  f_.Jump(on);
  f_.Enter(on);
}

llvm::Value* WireReader::CallSlowVarint() {
  auto& ir = f_.ir();
  llvm::Value* result = ir.CreateCall(SlowVarintFunction(f_), {Cursor()});
  llvm::Value* next = ir.CreateExtractValue(result, 0);
  Require(ir.CreateICmpNE(next, llvm::ConstantPointerNull::get(f_.ptr)), RULERT_DECODE_VARINT);
  SetCursor(next);
  return ir.CreateExtractValue(result, 1);
}

llvm::Value* WireReader::ReadLong() {
  auto& ir = f_.ir();
  Reserve(kVarintMax);
  llvm::Value* word = f_.LoadUnaligned(f_.i64, Cursor(), "word");
  llvm::Value* stops = ir.CreateAnd(ir.CreateNot(word), f_.Int64(kVarintStops));
  llvm::BasicBlock* in_word = f_.NewBlock("in_word");
  llvm::BasicBlock* longer = f_.NewBlock("longer");
  llvm::BasicBlock* on = f_.NewBlock("varint");
  f_.Branch(ir.CreateICmpNE(stops, f_.Int64(0)), in_word, longer, Weight::Likely);

  f_.Enter(in_word);
  if (use_ == Use::Sequence) {
    llvm::Value* bits = ir.CreateIntrinsic(llvm::Intrinsic::cttz, {f_.i64}, {stops, ir.getTrue()});
    AdvanceGuessing(ir.CreateAdd(ir.CreateLShr(bits, f_.Int64(3)), f_.Int64(1)));
  }
  llvm::Value* value = ZigzagDecode(f_, GatherVarintBits(f_, word, stops));
  llvm::BasicBlock* from_word = ir.GetInsertBlock();
  f_.Jump(on);

  f_.Enter(longer);
  llvm::Value* long_value = CallSlowVarint();
  llvm::BasicBlock* from_longer = ir.GetInsertBlock();
  f_.Jump(on);

  f_.Enter(on);
  llvm::PHINode* phi = ir.CreatePHI(f_.i64, 2);
  phi->addIncoming(value, from_word);
  phi->addIncoming(long_value, from_longer);
  return phi;
}

llvm::Value* WireReader::FitsInt(llvm::Value* value) {
  auto& ir = f_.ir();
  return ir.CreateICmpEQ(ir.CreateSExt(ir.CreateTrunc(value, f_.i32), f_.i64), value);
}

llvm::Value* WireReader::ReadInt() {
  llvm::Value* value = ReadLong();
  Require(FitsInt(value), RULERT_DECODE_VARINT);
  return f_.ir().CreateTrunc(value, f_.i32);
}

// Up to four bytes are looked at one by one: longer numbers may be beyond their type and are read.
void WireReader::SkipNumber(bool is_int) {
  constexpr int kTested = 4;
  auto& ir = f_.ir();
  Reserve(kVarintMax);
  llvm::Value* start = Cursor();
  llvm::BasicBlock* on = f_.NewBlock("skipped");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> nexts;
  for (int i = 0; i < kTested; ++i) {
    llvm::Value* byte = f_.LoadUnaligned(f_.i8, f_.Address(start, i));
    llvm::BasicBlock* more = f_.NewBlock("more");
    nexts.emplace_back(f_.Address(start, i + 1), ir.GetInsertBlock());
    f_.Branch(ir.CreateICmpSGE(byte, ir.getInt8(0)), on, more);
    f_.Enter(more);
  }
  if (is_int) {
    Require(FitsInt(CallSlowVarint()), RULERT_DECODE_VARINT);
  } else {
    llvm::Value* word = f_.LoadUnaligned(f_.i64, start, "word");
    llvm::Value* stops = ir.CreateAnd(ir.CreateNot(word), f_.Int64(kVarintStops));
    llvm::BasicBlock* in_word = f_.NewBlock("in_word");
    llvm::BasicBlock* longer = f_.NewBlock("longer");
    f_.Branch(ir.CreateICmpNE(stops, f_.Int64(0)), in_word, longer, Weight::Likely);
    f_.Enter(in_word);
    llvm::Value* bits = ir.CreateIntrinsic(llvm::Intrinsic::cttz, {f_.i64}, {stops, ir.getTrue()});
    nexts.emplace_back(f_.Address(start, ir.CreateAdd(ir.CreateLShr(bits, f_.Int64(3)), f_.Int64(1))), in_word);
    f_.Jump(on);
    f_.Enter(longer);
    CallSlowVarint();
  }
  nexts.emplace_back(Cursor(), ir.GetInsertBlock());
  f_.Jump(on);
  f_.Enter(on);
  llvm::PHINode* next = ir.CreatePHI(f_.ptr, static_cast<unsigned>(nexts.size()));
  for (const auto& [value, block] : nexts) next->addIncoming(value, block);
  SetCursor(next);
}

llvm::Value* WireReader::ReadIndex(uint32_t count, uint32_t code) {
  auto& ir = f_.ir();
  Reserve(kVarintMax);
  llvm::Value* byte = f_.LoadUnaligned(f_.i8, Cursor(), "index");
  llvm::BasicBlock* one_byte = f_.NewBlock("one_byte");
  llvm::BasicBlock* longer = f_.NewBlock("longer");
  llvm::BasicBlock* on = f_.NewBlock("index");
  // Bit 7: more bytes follow; bit 0: negative.
  llvm::Value* plain = ir.CreateICmpEQ(ir.CreateAnd(byte, ir.getInt8(0x81)), ir.getInt8(0));
  f_.Branch(plain, one_byte, longer, Weight::Likely);
  f_.Enter(one_byte);
  llvm::Value* small = ir.CreateZExt(ir.CreateLShr(byte, ir.getInt8(1)), f_.i64);
  SetCursor(f_.Address(Cursor(), 1));
  f_.Jump(on);
  f_.Enter(longer);
  llvm::Value* large = CallSlowVarint();
  llvm::BasicBlock* from_longer = ir.GetInsertBlock();
  f_.Jump(on);
  f_.Enter(on);
  llvm::PHINode* index = ir.CreatePHI(f_.i64, 2);
  index->addIncoming(small, one_byte);
  index->addIncoming(large, from_longer);
  Require(ir.CreateICmpULT(index, f_.Int64(count)), code);
  return ir.CreateTrunc(index, f_.i32);
}

llvm::Value* WireReader::ReadBool() {
  auto& ir = f_.ir();
  Reserve(1);
  llvm::Value* byte = f_.LoadUnaligned(f_.i8, Cursor(), "bool");
  Require(ir.CreateICmpULE(byte, ir.getInt8(1)), RULERT_DECODE_BOOL);
  SetCursor(f_.Address(Cursor(), 1));
  return ir.CreateTrunc(byte, f_.i1);
}

llvm::Value* WireReader::ReadFloat() {
  Reserve(4);
  llvm::Value* value = f_.LoadUnaligned(llvm::Type::getFloatTy(f_.ir().getContext()), Cursor(), "float");
  SetCursor(f_.Address(Cursor(), 4));
  return value;
}

llvm::Value* WireReader::ReadFixed(uint32_t size) {
  llvm::Value* data = Cursor();
  Advance(size);
  return data;
}

llvm::Value* WireReader::ReadDouble() {
  Reserve(8);
  llvm::Value* value = f_.LoadUnaligned(f_.f64, Cursor(), "double");
  SetCursor(f_.Address(Cursor(), 8));
  return value;
}

WireReader::Bytes WireReader::ReadBytes() {
  auto& ir = f_.ir();
  Reserve(kShortBytesMax);
  llvm::Value* start = Cursor();
  llvm::Value* byte = f_.LoadUnaligned(f_.i8, start, "length");
  llvm::BasicBlock* shorter = f_.NewBlock("short_bytes");
  llvm::BasicBlock* longer = f_.NewBlock("long_bytes");
  llvm::BasicBlock* on = f_.NewBlock("bytes");
  llvm::Value* plain = ir.CreateICmpEQ(ir.CreateAnd(byte, ir.getInt8(0x81)), ir.getInt8(0));
  f_.Branch(plain, shorter, longer, Weight::Likely);

  f_.Enter(shorter);
  llvm::Value* short_length = ir.CreateZExt(ir.CreateLShr(byte, ir.getInt8(1)), f_.i64);
  llvm::Value* short_data = f_.Address(start, 1);
  f_.Jump(on);

  f_.Enter(longer);
  llvm::Value* result = ir.CreateCall(SlowBytesFunction(f_), {start, end_});
  llvm::Value* long_data = ir.CreateExtractValue(result, 0);
  llvm::Value* long_length = ir.CreateExtractValue(result, 1);
  llvm::BasicBlock* failed = f_.NewBlock("bad_length");
  f_.Require(ir.CreateICmpNE(long_data, llvm::ConstantPointerNull::get(f_.ptr)), failed, "good_length");
  {
    llvm::IRBuilder<>::InsertPointGuard guard(ir);
    f_.Enter(failed);
    fail_(ir.CreateTrunc(long_length, f_.i32));
  }
  llvm::BasicBlock* from_longer = ir.GetInsertBlock();
  f_.Jump(on);

  f_.Enter(on);
  llvm::PHINode* length = ir.CreatePHI(f_.i64, 2);
  length->addIncoming(short_length, shorter);
  length->addIncoming(long_length, from_longer);
  llvm::PHINode* data = ir.CreatePHI(f_.ptr, 2);
  data->addIncoming(short_data, shorter);
  data->addIncoming(long_data, from_longer);
  SetCursor(f_.Address(data, length));
  return {data, length};
}

void WireReader::Skip(const avro::Schema& type) {
  const TypeShape& shape = unit_.shape(type);
  if (shape.by_function) {
    return Call(unit_.SkipFunction(type), llvm::ConstantPointerNull::get(f_.ptr), Depth(),
                llvm::ConstantPointerNull::get(f_.ptr));
  }
  switch (type.kind) {
    case avro::Kind::Null: return;
    case avro::Kind::Bool: ReadBool(); return;
    case avro::Kind::Int: return SkipNumber(true);
    case avro::Kind::Long:
      if (guesses_ >= most_guesses_) return SkipNumber(false);
      ReadLong();
      return;
    case avro::Kind::Enum: ReadIndex(static_cast<uint32_t>(type.symbols.size()), RULERT_DECODE_SYMBOL); return;
    case avro::Kind::Float: return Advance(4);
    case avro::Kind::Double: return Advance(8);
    case avro::Kind::Fixed: return Advance(type.size);
    case avro::Kind::Bytes:
    case avro::Kind::String: ReadBytes(); return;
    case avro::Kind::Record:
      EnterLevel();
      for (const avro::Field& field : type.fields) Skip(*field.type);
      return LeaveLevel();
    case avro::Kind::Union: return SkipUnion(type);
    case avro::Kind::Array:
    case avro::Kind::Map: return;  // by function, above
  }
}

void WireReader::SkipFields(const avro::Schema& record, size_t first, size_t last) {
  Call(unit_.SkipFieldsFunction(record, first, last), llvm::ConstantPointerNull::get(f_.ptr), Depth(),
       llvm::ConstantPointerNull::get(f_.ptr), true);
}

void WireReader::SkipUnion(const avro::Schema& type) {
  auto& ir = f_.ir();
  llvm::Value* branch = ReadIndex(static_cast<uint32_t>(type.branches.size()), RULERT_DECODE_BRANCH);
  llvm::BasicBlock* on = f_.NewBlock("union");
  llvm::SwitchInst* choice = ir.CreateSwitch(branch, on, static_cast<unsigned>(type.branches.size()));
  const uint32_t before = pending_;
  uint32_t most = pending_;
  for (size_t i = 0; i < type.branches.size(); ++i) {
    if (type.branches[i]->kind == avro::Kind::Null) continue;  // nothing to step over: the default target
    llvm::BasicBlock* block = f_.NewBlock("branch");
    choice->addCase(f_.Int32(static_cast<uint32_t>(i)), block);
    f_.Enter(block);
    pending_ = before;
    Skip(*type.branches[i]);
    most = std::max(most, pending_);
    f_.Jump(on);
  }
  pending_ = most;
  f_.Enter(on);
}

void WireReader::Call(llvm::Function* function, llvm::Value* call, llvm::Value* number, llvm::Value* out,
                      bool whole_code) {
  auto& ir = f_.ir();
  CheckBounds();
  llvm::Value* result = ir.CreateCall(function, {call, Cursor(), end_, number, out});
  llvm::Value* next = ir.CreateExtractValue(result, 0);
  llvm::BasicBlock* failed = f_.NewBlock("call_failed");
  llvm::BasicBlock* on = f_.NewBlock("called");
  f_.Branch(ir.CreateICmpNE(next, llvm::ConstantPointerNull::get(f_.ptr)), on, failed, Weight::Likely);
  f_.Enter(failed);
  llvm::Value* code = ir.CreateExtractValue(result, 1);
  fail_(whole_code ? code : ir.CreateAnd(code, f_.Int32(0xff)));
  f_.Enter(on);
  SetCursor(next);
  pending_ = 0;
}

llvm::Value* WireReader::Depth() {
  if (!depth_) return f_.Int32(levels_);
  return levels_ == 0 ? depth_ : f_.ir().CreateAdd(depth_, f_.Int32(levels_));
}

void WireReader::EnterLevel() {
  ++levels_;
  // What has no caller is nested as deep as the schema's text.
  const auto most = static_cast<uint32_t>(avro::CurrentLimits().datum_depth);
  if (depth_ || levels_ > most) Require(f_.ir().CreateICmpULE(Depth(), f_.Int32(most)), RULERT_DECODE_DEPTH);
}

}  // namespace rulec::lower
