// Writes cells as Avro binary: https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
#pragma once

#include "compiler/lower/encode_unit.h"
#include "compiler/lower/values.h"

namespace rulec::lower {

// Does a value of the column fit a type of the output's schema (no union)? 0: no; more: the better.
int FitOf(const avro::Schema& type, const rulert::ColumnSpec& column);
// The branch of a union that takes values of the column, or -1.
int BranchFor(const avro::Schema& type, const rulert::ColumnSpec& column);
// Has the column's cell parts, so that a function writes it?
bool IsComposite(rulert::ColumnKind kind);

class ValueWriter {
 public:
  // Ends the block where a value cannot be held by the schema; the argument is an i32, one of RULERT_DECODE_*.
  using Fail = std::function<void(llvm::Value* code)>;

  // A leaf's bytes besides those of a string or fixed, and what is overwritten behind them.
  static constexpr uint64_t kLeafMax = 64;

  // `at` is a local of type ptr. With Checks::EachValue, room before `limit` is looked for at each value, else there is
  // room for all but composites.
  enum class Checks : uint8_t { EachValue, Composites };
  ValueWriter(FunctionBuilder& f, EncodeUnit& unit, llvm::AllocaInst* at, llvm::Value* limit, Checks checks, Fail fail)
      : f_(f), unit_(unit), at_(at), limit_(limit), checks_(checks), fail_(std::move(fail)) {}

  void Write(const avro::Schema& type, const rulert::ColumnSpec& column, const Value& value);
  // The null of a union with null.
  void WriteNull(const avro::Schema& type);
  void WriteLongNumber(llvm::Value* number);
  void Require(llvm::Value* condition, uint32_t code);
  // Goes on only if there are `bytes` (i64) before the limit.
  void RequireRoom(llvm::Value* bytes);
  void Call(llvm::Function* function, llvm::Value* from, llvm::Value* row);

  llvm::Value* At() { return f_.Load(at_); }

 private:
  void WriteIndex(uint32_t index);
  void WriteUnion(const avro::Schema& type, const rulert::ColumnSpec& column, const Value& value);
  void WritePlain(const avro::Schema& type, const rulert::ColumnSpec& column, const Value& value);
  void WriteComposite(const avro::Schema& type, const rulert::ColumnSpec& column, const Value& value);
  void WriteNumber(const avro::Schema& type, llvm::Value* value);
  void WriteTime(avro::Logical logical, llvm::Value* micros);
  void WriteSymbol(const avro::Schema& type, const rulert::ColumnSpec& column, llvm::Value* symbol);
  void WriteText(const avro::Schema& type, const Value& text);
  void WriteDecimal(const avro::Schema& type, llvm::Value* value);
  void WriteUuid(const avro::Schema& type, const Value& uuid);
  void Put(llvm::Value* value, uint64_t bytes);
  void Advance(llvm::Value* at) { f_.Store(at_, at); }

  FunctionBuilder& f_;
  EncodeUnit& unit_;
  llvm::AllocaInst* at_;
  llvm::Value* limit_;
  Checks checks_;
  Fail fail_;
};

// The bodies of EncodeUnit's functions.
void WriteWriteFunction(EncodeUnit& unit, llvm::Function* function, const avro::Schema& type,
                        const rulert::ColumnSpec& column);

// The frame of such a function: what goes wrong is returned.
class WriteFunctionFrame {
 public:
  WriteFunctionFrame(EncodeUnit& unit, llvm::Function* function);
  FunctionBuilder& f() { return f_; }
  ValueWriter& writer() { return writer_; }
  llvm::Value* from() { return f_.function()->getArg(2); }
  llvm::Value* row() { return f_.function()->getArg(3); }
  // It is added to the code of errors, above its lowest eight bits.
  void set_leaf(uint32_t leaf) { leaf_ = leaf; }
  void Return();

 private:
  void Give(llvm::Value* at, llvm::Value* code);
  FunctionBuilder f_;
  llvm::AllocaInst* at_;
  ValueWriter writer_;
  uint32_t leaf_ = 0;
};

}  // namespace rulec::lower
