// What tests of decoders share: slots for a schema, and rows as text.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "avro/datum.h"
#include "avro/schema.h"
#include "runtime/decode/datum_cell.h"
#include "runtime/decode/record_decoder.h"
#include "runtime/encode/json_value.h"
#include "runtime/record/batch_arena.h"
#include "runtime/record/column_buffer.h"

namespace rulert {

inline avro::SchemaPtr ParseOrDie(std::string_view json) {
  auto parsed = avro::ParseSchema(json);
  if (!parsed.document) ADD_FAILURE() << parsed.error.message;
  return parsed.document;
}

// The column for values of a schema, as the compiler makes it; none for what rules cannot read as a whole.
inline std::optional<ColumnSpec> SpecOf(const avro::Schema& schema, int depth = 0) {
  using avro::Kind;
  using avro::Logical;
  constexpr int kMostDepth = 12;  // cuts types that contain themselves
  if (depth > kMostDepth) return std::nullopt;
  ColumnSpec spec;
  const auto add = [&](const avro::Schema& child) {
    auto inner = SpecOf(child, depth + 1);
    if (inner) spec.children.push_back(std::move(*inner));
    return inner.has_value();
  };
  switch (schema.kind) {
    case Kind::Null: return std::nullopt;
    case Kind::Bool: spec.kind = ColumnKind::Bool; break;
    case Kind::Int:
      spec.kind = schema.logical == Logical::Date         ? ColumnKind::Date
                  : schema.logical == Logical::TimeMillis ? ColumnKind::TimeOfDay
                                                          : ColumnKind::Int;
      break;
    case Kind::Long:
      spec.kind = schema.logical == Logical::None         ? ColumnKind::Long
                  : schema.logical == Logical::TimeMicros ? ColumnKind::TimeOfDay
                                                          : ColumnKind::Timestamp;
      break;
    case Kind::Float: spec.kind = ColumnKind::Float; break;
    case Kind::Double: spec.kind = ColumnKind::Double; break;
    case Kind::String: spec.kind = schema.logical == Logical::Uuid ? ColumnKind::Uuid : ColumnKind::String; break;
    case Kind::Bytes:
    case Kind::Fixed:
      spec.kind = schema.logical == Logical::Uuid ? ColumnKind::Uuid : ColumnKind::Bytes;
      if (schema.logical == Logical::Decimal) {
        if (schema.precision > 38) return std::nullopt;
        spec.kind = ColumnKind::Decimal;
        spec.precision = static_cast<uint8_t>(schema.precision);
        spec.scale = static_cast<uint8_t>(schema.scale);
      } else if (spec.kind == ColumnKind::Bytes && schema.kind == Kind::Fixed) {
        spec.fixed_size = schema.size;
      }
      break;
    case Kind::Enum:
      spec.kind = ColumnKind::Enum;
      spec.symbols = schema.symbols;
      break;
    case Kind::Array:
    case Kind::Map:
      spec.kind = schema.kind == Kind::Array ? ColumnKind::List : ColumnKind::Map;
      if (!add(*schema.items)) return std::nullopt;
      break;
    case Kind::Record:
      spec.kind = ColumnKind::Record;
      for (const avro::Field& field : schema.fields) {
        if (!add(*field.type)) return std::nullopt;
        spec.names.push_back(field.name);
      }
      break;
    case Kind::Union: {
      const auto branches = NotNullBranches(schema);
      if (branches.empty()) return std::nullopt;
      if (branches.size() == 1) {
        auto only = SpecOf(*branches.front(), depth + 1);
        if (!only) return std::nullopt;
        spec = std::move(*only);
      } else {
        spec.kind = ColumnKind::Union;
        for (const avro::Schema* branch : branches) {
          if (!add(*branch)) return std::nullopt;
          spec.names.push_back(branch->name.empty() ? std::string(avro::KindName(branch->kind)) : branch->name);
        }
      }
      spec.nullable = schema.NullBranch() >= 0;
      break;
    }
  }
  spec.type_name = NotNull(schema).name;
  return spec;
}

// Slots of a record's schema: each field whole, and with `random` some records in parts, or both ways.
class SlotChooser {
 public:
  explicit SlotChooser(std::mt19937_64* random = nullptr) : random_(random) {}

  std::vector<SlotSpec> Choose(const avro::Schema& record) {
    Add(record, "", false, 0);
    return std::move(slots_);
  }

 private:
  bool Flip(uint32_t of) { return random_ != nullptr && (*random_)() % of == 0; }

  void Add(const avro::Schema& record, const std::string& prefix, bool nullable, int depth) {
    for (const avro::Field& field : record.fields) {
      if (Flip(6)) continue;
      const avro::Schema& type = NotNull(*field.type);
      const bool is_record = type.kind == avro::Kind::Record;
      auto spec = SpecOf(*field.type);
      const bool parts = is_record && depth < 3 && Flip(2);
      if (spec && !(parts && Flip(2))) {
        spec->nullable |= nullable;
        slots_.push_back({prefix + field.name, *spec});
      }
      const bool null = field.type->kind == avro::Kind::Union && field.type->NullBranch() >= 0;
      if (parts) Add(type, prefix + field.name + ".", nullable || null, depth + 1);
    }
  }

  std::mt19937_64* random_;
  std::vector<SlotSpec> slots_;
};

inline std::vector<int32_t> AllOf(const std::vector<SlotSpec>& slots) {
  std::vector<int32_t> all;
  for (size_t i = 0; i < slots.size(); ++i) all.push_back(static_cast<int32_t>(i));
  return all;
}

// The type of a slot with the units of the schema that its path leads to.
inline CellType TypeOfSlot(const avro::Schema& root, const SlotSpec& slot) {
  const avro::Schema* at = &root;
  std::string_view path = slot.path;
  while (true) {
    const size_t dot = path.find('.');
    const avro::Schema& record = NotNull(*at);
    at = record.fields[static_cast<size_t>(record.FieldIndex(path.substr(0, dot)))].type;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  auto type = MakeCellType(slot.column, *at);
  if (!type.ok()) ADD_FAILURE() << slot.path << ": " << type.error().message();
  return std::move(*type);
}

// Columns for all slots, and rows as one JSON text each.
class TestBatch {
 public:
  TestBatch(const avro::Schema& root, const std::vector<SlotSpec>& slots) : slots_(slots) {
    for (size_t i = 0; i < slots.size(); ++i) {
      columns_.push_back(pool_.Get(i, slots[i].column.nullable));
      types_.push_back(TypeOfSlot(root, slots[i]));
    }
  }

  struct Failed {
    size_t row;
    uint32_t error;
    uint64_t byte;
    DecodeProblem problem;
  };
  struct Outcome {
    std::vector<std::string> rows;
    std::vector<Failed> errors;
    uint64_t cursor = 0;  // where it ended
  };

  // Runs `decoder` over a block until it is done (or lost).
  Outcome Run(RecordDecoder& decoder, const Block& given) {
    Outcome outcome;
    std::string padded(reinterpret_cast<const char*>(given.bytes), given.size);
    padded.resize(given.size + RULERT_SLACK, '\xAA');
    Block block = given;
    block.bytes = reinterpret_cast<const uint8_t*>(padded.data());
    decoder.Begin(block);
    rulert_decode call{};
    call.bytes = block.bytes;
    call.size = block.size;
    call.records = block.records;
    call.columns = columns_.data();
    call.row_offsets = offsets_.data();
    call.host = ArenaHost();
    call.arena = &arena_;
    while (call.records > 0) {
      arena_.Reset();
      decoder.Decode(&call);
      for (uint32_t row = 0; row < call.rows; ++row) outcome.rows.push_back(RowText(row));
      if (call.error != RULERT_DECODE_OK) {
        outcome.errors.push_back({outcome.rows.size(), call.error, call.error_byte, decoder.Problem(call)});
        if (outcome.errors.back().problem.loss != Loss::Record) break;
      } else if (call.rows == 0 && call.records != 0) {
        ADD_FAILURE() << "no progress";
        break;
      }
    }
    outcome.cursor = call.cursor;
    return outcome;
  }

  Outcome RunText(RecordDecoder& decoder, std::string_view text, const std::string* header = nullptr,
                  bool open = false) {
    Block block;
    block.bytes = reinterpret_cast<const uint8_t*>(text.data());
    block.size = text.size();
    block.records = kUnknownRecords;
    block.header = header;
    block.open = open;
    return Run(decoder, block);
  }

  std::string RowText(uint32_t row) const {
    std::string text = "{";
    for (size_t i = 0; i < slots_.size(); ++i) {
      text += (i == 0 ? "\"" : ",\"") + slots_[i].path + "\":";
      const bool valid = IsValid(columns_[i], row);
      AppendJson(types_[i], valid ? CellOf(columns_[i], types_[i].width, row) : nullptr, &text);
    }
    return text + "}";
  }

  // What a datum of `root` has in the slots; empty if some value has no cell.
  std::string DatumText(const avro::Schema& root, const avro::Datum& datum) {
    std::string text = "{";
    for (size_t i = 0; i < slots_.size(); ++i) {
      text += (i == 0 ? "\"" : ",\"") + slots_[i].path + "\":";
      if (!AppendSlot(root, datum, slots_[i].path, types_[i], &text)) return "";
    }
    return text + "}";
  }

  const std::vector<CellType>& types() const { return types_; }
  const std::vector<rulert_column>& columns() const { return columns_; }
  BatchArena& arena() { return arena_; }

 private:
  bool AppendSlot(const avro::Schema& declared, const avro::Datum& datum, std::string_view path, const CellType& type,
                  std::string* text) {
    if (datum.kind == avro::Kind::Null) {
      *text += "null";
      return true;
    }
    const avro::Schema& record =
        declared.kind == avro::Kind::Union ? *declared.branches[static_cast<size_t>(datum.branch)] : declared;
    const size_t dot = path.find('.');
    const auto field = static_cast<size_t>(record.FieldIndex(path.substr(0, dot)));
    if (dot != std::string_view::npos) {
      return AppendSlot(*record.fields[field].type, datum.items[field], path.substr(dot + 1), type, text);
    }
    Cell cell;
    bool null = false;
    const CellMemory memory{ArenaHost(), &arena_};
    // A part of a nullable record: its own schema may have no null.
    if (DatumToCell(type, *record.fields[field].type, datum.items[field], memory, cell.bytes, &null) !=
        RULERT_DECODE_OK) {
      return false;
    }
    AppendJson(type, null ? nullptr : cell.bytes, text);
    return true;
  }

  std::vector<SlotSpec> slots_;
  ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::vector<CellType> types_;
  std::vector<uint32_t> offsets_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  BatchArena arena_;
};

}  // namespace rulert
