// Avro binary, read by generated code: https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
//
// Bounds are checked once for many fields: RULERT_SLACK bytes behind a block are readable, so a check is needed only
// where more than that may have been stepped over since the last one, before a long string, and at a record's end.
//
// How far a number reaches decides where the next field begins, and on this chain of dependent loads a record's time
// is spent. So each number's length is guessed to be that of the record before and the guess checked by a branch: where
// lengths repeat (ids, times, prices in ticks) the processor runs ahead of the chain; where they do not, a wrong guess
// costs about as much as the chain would have. Where a number is only stepped over and guesses are used up, its bytes
// are tested one by one, which the processor's own guesses of branches make as quick.
#pragma once

#include <functional>

#include "avro/schema.h"
#include "compiler/lower/function_builder.h"
#include "compiler/lower/values.h"

namespace rulec::lower {

class DecodeUnit;

class WireReader {
 public:
  // Called where a malformed byte is found: ends the current block by a branch to the function's error exit.
  // The argument is an i32, one of RULERT_DECODE_*.
  using Fail = std::function<void(llvm::Value* code)>;

  enum class Use : uint8_t {
    Sequence,  // one value after the other
    Single     // one value at a known place: where it ends is of no interest
  };

  // `cursor` is a local of type ptr; `end` the first byte behind the block.
  WireReader(FunctionBuilder& f, DecodeUnit& unit, llvm::AllocaInst* cursor, llvm::Value* end, Fail fail,
             Use use = Use::Sequence);

  llvm::AllocaInst* cursor_local() const { return cursor_; }
  llvm::Value* end() const { return end_; }
  llvm::Value* Cursor() { return f_.Load(cursor_); }
  void SetCursor(llvm::Value* cursor) { f_.Store(cursor_, cursor); }

  // A zigzag number; ReadInt refuses what does not fit an int.
  llvm::Value* ReadLong();
  llvm::Value* ReadInt();
  // A union's branch or an enum's symbol, as i32, below `count`; else fails with `code`.
  llvm::Value* ReadIndex(uint32_t count, uint32_t code);
  llvm::Value* ReadBool();
  llvm::Value* ReadFloat();
  llvm::Value* ReadDouble();
  struct Bytes {
    llvm::Value* data;
    llvm::Value* length;  // i64
  };
  Bytes ReadBytes();
  // `size` bytes; 16 are readable there.
  llvm::Value* ReadFixed(uint32_t size);

  // Steps over one value of any type. It is checked as if it were read, but for the UTF-8 of strings, and what a block
  // of an array or map says of its own size is believed.
  void Skip(const avro::Schema& type);
  // Steps over the fields [first, last) of a record by one call. A field that is malformed is told by its distance from
  // `first` in the failure's code, above its lowest eight bits.
  void SkipFields(const avro::Schema& record, size_t first, size_t last);
  // Calls a function of the DecodeUnit with the cursor. Of its errors the lowest eight bits, or all.
  void Call(llvm::Function* function, llvm::Value* call, llvm::Value* number, llvm::Value* out,
            bool whole_code = false);

  // Goes on only if `condition` holds, else fails with `code`.
  void Require(llvm::Value* condition, uint32_t code);
  // Ends the current block: what is read here cannot be right.
  void Refuse(uint32_t code) { fail_(f_.Int32(code)); }

  // Levels of nesting that were entered: those of the caller, if this is the reader of a function, and its own.
  void set_depth(llvm::Value* depth) { depth_ = depth; }
  void EnterLevel();
  void LeaveLevel() { --levels_; }
  llvm::Value* Depth();

  // Verifies that the cursor is not behind the end.
  void CheckBounds();
  // After the caller's own branches: as if `bytes` more had been stepped over since the last check.
  uint32_t pending() const { return pending_; }
  void set_pending(uint32_t pending) { pending_ = pending; }
  // Lengths that are guessed from now on.
  void set_guesses(uint32_t most) { most_guesses_ = most; }

 private:
  void Reserve(uint32_t bytes);
  void Advance(uint64_t bytes);
  void AdvanceGuessing(llvm::Value* length);
  llvm::Value* CallSlowVarint();
  void SkipNumber(bool is_int);
  void SkipUnion(const avro::Schema& type);
  llvm::Value* FitsInt(llvm::Value* value);

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  llvm::AllocaInst* cursor_;
  llvm::Value* end_;
  Fail fail_;
  Use use_;
  llvm::Value* depth_ = nullptr;
  uint32_t levels_ = 0;
  uint32_t pending_ = 0;
  uint32_t guesses_ = 0;
  uint32_t most_guesses_;
};

}  // namespace rulec::lower
