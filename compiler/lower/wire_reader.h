// Avro binary, read by generated code: https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
//
// Bounds are checked once for many fields: RULERT_SLACK bytes behind a block are readable, so a check is needed only
// where more than that may have been stepped over since the last one, before a long string, and at a record's end.
//
// How far a number reaches decides where the next field begins, and on this chain of dependent loads a record's time
// is spent. So each number's length is guessed to be that of the record before and the guess checked by a branch: where
// lengths repeat (ids, times, prices in ticks) the processor runs ahead of the chain; where they do not, a wrong guess
// costs about as much as the chain would have.
#pragma once

#include <functional>

#include "avro/schema.h"
#include "compiler/lower/function_builder.h"
#include "compiler/lower/values.h"

namespace rulec::lower {

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
  WireReader(FunctionBuilder& f, llvm::AllocaInst* cursor, llvm::Value* end, Fail fail, Use use = Use::Sequence);

  llvm::AllocaInst* cursor_local() const { return cursor_; }
  llvm::Value* Cursor() { return f_.Load(cursor_); }
  void SetCursor(llvm::Value* cursor) { f_.Store(cursor_, cursor); }

  // A zigzag number; `bits` 32 refuses what does not fit an int.
  llvm::Value* ReadLong();
  llvm::Value* ReadInt();
  // A union's branch or an enum's symbol, as i32, below `count`; else fails with `code`.
  llvm::Value* ReadIndex(uint32_t count, uint32_t code);
  llvm::Value* ReadBool();
  llvm::Value* ReadDouble();
  struct Bytes {
    llvm::Value* data;
    llvm::Value* length;  // i64
  };
  Bytes ReadBytes();

  // Steps over one value of any type.
  void Skip(const avro::Schema& type);

  // Verifies that the cursor is not behind the end.
  void CheckBounds();
  // After the caller's own branches: as if `bytes` more had been stepped over since the last check.
  uint32_t pending() const { return pending_; }
  void set_pending(uint32_t pending) { pending_ = pending; }

 private:
  void Reserve(uint32_t bytes);
  void Advance(uint64_t bytes);
  void AdvanceGuessing(llvm::Value* length);
  llvm::Value* ReadVarint(bool value_needed);
  llvm::Value* CallSlowVarint();
  void SkipIndex();
  void SkipUnion(const avro::Schema& type);
  void SkipByFunction(const avro::Schema& type);
  void RequireOr(llvm::Value* condition, uint32_t code);

  FunctionBuilder& f_;
  llvm::AllocaInst* cursor_;
  llvm::Value* end_;
  Fail fail_;
  Use use_;
  uint32_t pending_ = 0;
  uint32_t guesses_ = 0;
};

// Does stepping over a value of `type` take a function of its own (arrays, maps, types that contain themselves)?
bool NeedsSkipFunction(const avro::Schema& type);

}  // namespace rulec::lower
