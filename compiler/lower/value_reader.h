// Reads values of any type as cells, written as the writer's schema says and resolved to the reader's.
#pragma once

#include "compiler/lower/cursor_function.h"
#include "compiler/lower/values.h"

namespace rulec::lower {

class ValueReader {
 public:
  // `call` is the rulert_decode, which has the arena.
  ValueReader(FunctionBuilder& f, DecodeUnit& unit, WireReader& reader, llvm::Value* call)
      : f_(f), unit_(unit), reader_(reader), call_(call) {}

  // The next value. `column` is that of the reader's type and lives as long as the DecodeUnit.
  Value Read(avro::ActionId action, const rulert::ColumnSpec& column);
  // The same into memory. `null_byte` is where a nullable cell's byte is, else unused.
  void ReadInto(avro::ActionId action, const rulert::ColumnSpec& column, llvm::Value* address, llvm::Value* null_byte);

 private:
  using Action = avro::Resolution::Action;
  Value Null(const rulert::ColumnSpec& column);
  bool GivesNull(const Action& action) const;
  Value ReadPlain(const Action& action, avro::ActionId id, const rulert::ColumnSpec& column);
  Value ReadWriterUnion(const Action& action, const rulert::ColumnSpec& column);
  Value ReadNullable(const Action& action, uint32_t null_branch, const rulert::ColumnSpec& column);
  Value ReadReaderUnion(const Action& action, const rulert::ColumnSpec& column);
  Value InUnion(uint32_t branch, const Value& value, const rulert::ColumnSpec& column);
  Value ReadComposite(avro::ActionId id, const rulert::ColumnSpec& column);
  llvm::Value* ReadSymbol(const Action& action);
  Value ReadScalar(const avro::Schema& writer, const avro::Schema& reader, const rulert::ColumnSpec& column);
  llvm::Value* ReadWhole(const avro::Schema& writer);
  llvm::Value* ReadTimestamp(const avro::Schema& writer, avro::Logical logical);
  llvm::Value* ReadFloating(const avro::Schema& writer, llvm::Type* type);
  WireReader::Bytes ReadRaw(const avro::Schema& writer);
  Value ReadText(const avro::Schema& writer, bool is_utf8);
  llvm::Value* ReadDecimal(const avro::Schema& writer, uint8_t precision);
  Value ReadUuid(const avro::Schema& writer);

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  WireReader& reader_;
  llvm::Value* call_;
};

// ptr (ptr call, i64 bytes): memory of the call's arena, or null.
llvm::Value* Allocate(FunctionBuilder& f, llvm::Value* call, llvm::Value* bytes);

}  // namespace rulec::lower
