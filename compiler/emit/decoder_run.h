// A generated decoder of some slots and what the table-driven one says of them.
#pragma once

#include "avro/resolution.h"
#include "compiler/emit/cell_oracle.h"
#include "compiler/emit/codegen_fixture.h"

namespace rulec {

struct DecoderCase {
  plan::Program program;
  avro::SchemaPtr writer;
  std::shared_ptr<const avro::Resolution> resolution;
  const plan::SlotRegistry& registry() const { return program.streams[0].registry; }
  const avro::Schema& reader() const { return program.streams[0].schema->root(); }
};

inline const avro::Schema* RecordIn(const avro::Schema& type) {
  if (type.kind == avro::Kind::Record) return &type;
  const int null_branch = type.NullBranch();
  if (null_branch < 0 || type.branches.size() != 2) return nullptr;
  const avro::Schema* other = type.branches[null_branch == 0 ? 1 : 0];
  return other->kind == avro::Kind::Record ? other : nullptr;
}

// Of most fields the whole, of records also parts.
inline void AddSlots(const avro::Schema& record, const std::string& prefix, bool nullable, std::mt19937_64& random,
                     plan::SlotRegistry* registry, int depth = 0) {
  for (const avro::Field& field : record.fields) {
    const std::string path = prefix + field.name;
    const avro::Schema* inner = RecordIn(*field.type);
    if (inner && depth < 3 && random() % 3 != 0) {
      AddSlots(*inner, path + ".", nullable || field.type->kind == avro::Kind::Union, random, registry, depth + 1);
    }
    if (random() % 4 == 0) continue;
    if (auto column = ColumnFor(*field.type)) {
      column->nullable = column->nullable || nullable;
      registry->Find(path, *column);
    }
  }
}

inline std::vector<std::string> Paths(const plan::SlotRegistry& registry) {
  std::vector<std::string> paths;
  for (const rulert::SlotSpec& slot : registry.slots()) paths.push_back(slot.path);
  return paths;
}

inline DecoderCase MakeDecoderCase(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader,
                                   std::mt19937_64& random) {
  DecoderCase made;
  made.writer = writer;
  plan::Stream stream;
  stream.name = "s";
  stream.schema = reader;
  AddSlots(reader->root(), "", false, random, &stream.registry);
  const avro::ResolvedSchemas resolved = avro::ResolvePaths(writer, reader, Paths(stream.registry));
  EXPECT_TRUE(resolved.resolution) << resolved.error.path << ": " << resolved.error.message;
  made.resolution = resolved.resolution;
  made.program.streams.push_back(std::move(stream));
  return made;
}

// What the slot `path` should hold; a field that is not there is null.
inline const avro::Datum& ValueAt(const avro::Schema& record, const avro::Datum& datum, std::string_view path,
                                  const avro::Schema** type) {
  static const avro::Datum null;
  const size_t dot = path.find('.');
  const auto field = static_cast<size_t>(record.FieldIndex(path.substr(0, dot)));
  *type = record.fields[field].type;
  const avro::Datum& value = datum.items[field];
  if (dot == std::string_view::npos) return value;
  const avro::Schema* inner = RecordIn(**type);
  if (value.kind == avro::Kind::Null) return null;
  return ValueAt(*inner, value, path.substr(dot + 1), type);
}

class DecoderRun {
 public:
  DecoderRun(Codegen& codegen, const DecoderCase& made)
      : made_(made), columns_(Specs(made)), offsets_(RULERT_BATCH_ROWS) {
    CompiledModule compiled = codegen.CompileDecoder(made.program, 0, made.writer, &spec_);
    EXPECT_EQ(compiled.error, "");
    if (compiled.error.empty()) code_ = codegen.Load(compiled.module);
  }
  explicit operator bool() const { return code_ != nullptr; }

  rulert_decode Run(const std::vector<uint8_t>& bytes, uint64_t records) {
    arena_.Clear();
    block_ = WithSlack(bytes);
    rulert_decode call{};
    call.bytes = block_.data();
    call.size = bytes.size();
    call.records = records;
    call.columns = columns_.columns();
    call.row_offsets = offsets_.data();
    call.host = TestArena::host();
    call.arena = &arena_;
    reinterpret_cast<rulert_decode_fn>(code_->descriptor().function)(&call);
    return call;
  }

  void Compare(uint32_t row, const avro::Datum& expected) {
    for (size_t slot = 0; slot < made_.registry().slots().size(); ++slot) {
      const rulert::SlotSpec& spec = made_.registry().slots()[slot];
      const avro::Schema* type = nullptr;
      const avro::Datum& value = ValueAt(made_.reader(), expected, spec.path, &type);
      const bool valid = columns_.IsValid(slot, row);
      EXPECT_EQ(CompareCell(spec.column, *type, value, columns_.Cell(slot, row), valid), "")
          << spec.path << " of row " << row;
    }
  }

  bool HasCells(const avro::Datum& datum) const {
    for (const rulert::SlotSpec& slot : made_.registry().slots()) {
      const avro::Schema* type = nullptr;
      const avro::Datum& value = ValueAt(made_.reader(), datum, slot.path, &type);
      if (!HasCell(slot.column, *type, value)) return false;
    }
    return true;
  }
  const rulert_column* columns() const { return columns_.columns(); }
  const TestArena& arena() const { return arena_; }
  const rulert::DecoderSpec& spec() const { return spec_; }

 private:
  static std::vector<rulert::ColumnSpec> Specs(const DecoderCase& made) {
    std::vector<rulert::ColumnSpec> specs;
    for (const rulert::SlotSpec& slot : made.registry().slots()) specs.push_back(slot.column);
    return specs;
  }

  const DecoderCase& made_;
  TestColumns columns_;
  TestArena arena_;
  std::vector<uint8_t> block_;
  std::vector<uint32_t> offsets_;
  rulert::DecoderSpec spec_;
  std::unique_ptr<LoadedCode> code_;
};

// One datum by both: the same value, or both refuse. Returns whether it was read.
inline bool DecodedAlike(const DecoderCase& made, DecoderRun& decoder, const std::vector<uint8_t>& bytes) {
  avro::Datum expected;
  size_t used = 0;
  const avro::DecodeError refused = avro::DecodeResolved(*made.resolution, bytes, &expected, &used);
  // What takes no bytes is counted by the table over the whole datum, by generated code for each list.
  if (refused.message.find("without a byte") != std::string::npos) return false;
  const rulert_decode call = decoder.Run(bytes, 1);
  EXPECT_LE(decoder.arena().used(), 65'536u * 16 + 4096 * (bytes.size() + 16));
  if (refused || !decoder.HasCells(expected)) {
    EXPECT_NE(call.error, uint32_t{RULERT_DECODE_OK}) << refused.path << ": " << refused.message;
    EXPECT_EQ(call.rows, 0u);
    return false;
  }
  EXPECT_EQ(call.error, uint32_t{RULERT_DECODE_OK})
      << "at byte " << call.error_byte << " field " << decoder.spec().field_paths[call.error_field];
  if (call.error != RULERT_DECODE_OK) return false;
  EXPECT_EQ(call.cursor, used);
  decoder.Compare(0, expected);
  return true;
}

}  // namespace rulec
