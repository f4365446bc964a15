#include "tests/conformance/avro_json.h"

#include <cmath>
#include <cstring>

#include "stdlib/value.h"

namespace conformance {
namespace {

using avro::Kind;
using rulert::ColumnSpec;

// Each byte as the code point of its number.
std::string TextOfBytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += static_cast<char>(0xC0 | (byte >> 6));
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3F));
  }
  return text;
}

// Numbers that JSON has no digits for are told by name.
PlainJson Number(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

PlainJson InUnion(const avro::Schema& branch, PlainJson value) {
  const std::string name = branch.name.empty() ? std::string(avro::KindName(branch.kind)) : branch.name;
  return {{name, std::move(value)}};
}

template <typename T>
T Load(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof value);
  return value;
}

std::string_view View(const void* cell) {
  const auto* string = static_cast<const rulert_string*>(cell);
  return {string->length <= RULERT_STRING_INLINE ? string->u.inlined : string->u.outlined.data, string->length};
}

// Times come as microseconds.
int64_t InUnit(int64_t micros, avro::Logical logical) {
  switch (logical) {
    case avro::Logical::TimestampMillis:
    case avro::Logical::LocalTimestampMillis:
    case avro::Logical::TimeMillis: return micros / 1000;
    case avro::Logical::TimestampNanos:
    case avro::Logical::LocalTimestampNanos: return micros * 1000;
    default: return micros;
  }
}

// The least bytes of two's complement, or as many as the fixed has.
std::string DecimalBytes(const avro::Schema& schema, const void* cell) {
  const auto value = Load<rulert_decimal>(cell);
  const auto whole =
      static_cast<rulelib::Int128>(rulelib::UInt128{static_cast<uint64_t>(value.high)} << 64 | value.low);
  size_t size = schema.size;
  if (schema.kind == Kind::Bytes) {
    for (size = 1; size < 16 && (whole >> (8 * size - 1)) != (whole >> 127); ++size) {
    }
  }
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    const size_t shift = 8 * (size - 1 - i);
    bytes += static_cast<char>(static_cast<unsigned char>(whole >> (shift > 120 ? 127 : shift)));
  }
  return bytes;
}

std::string UuidText(const void* cell) {
  const auto* bytes = static_cast<const unsigned char*>(cell);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 15];
  }
  return text;
}

PlainJson Items(const avro::Schema& schema, const ColumnSpec& column, const void* cell) {
  const bool is_map = column.kind == rulert::ColumnKind::Map;
  const auto list = Load<rulert_list>(cell);
  const ColumnSpec& item = column.children[0];
  const size_t width = rulert::ColumnWidth(item.kind);
  const auto* keys = static_cast<const rulert_string*>(list.items);
  const auto* cells =
      static_cast<const unsigned char*>(list.items) + (is_map ? sizeof(rulert_string) * list.length : 0);
  PlainJson json = is_map ? PlainJson::object() : PlainJson::array();
  for (size_t i = 0; i < list.length; ++i) {
    const bool null = item.nullable && cells[list.length * width + i] == 0;
    PlainJson value = ToAvroJson(*schema.items, item, null ? nullptr : cells + i * width);
    if (is_map) {
      json[std::string(View(&keys[i]))] = std::move(value);
    } else {
      json.push_back(std::move(value));
    }
  }
  return json;
}

PlainJson Record(const avro::Schema& schema, const ColumnSpec& column, const void* cell) {
  const auto* record = Load<const unsigned char*>(cell);
  const rulert::RecordLayout layout = rulert::LayOutRecord(column);
  PlainJson json = PlainJson::object();
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    const int32_t null_byte = layout.null_bytes[i];
    const bool null = null_byte != rulert::kNone && record[null_byte] == 0;
    json[schema.fields[i].name] =
        ToAvroJson(*schema.fields[i].type, column.children[i], null ? nullptr : record + layout.offsets[i]);
  }
  return json;
}

// A union with null alone is its other branch, nullable; others have a cell of their own.
PlainJson Union(const avro::Schema& schema, const ColumnSpec& column, const void* cell) {
  std::vector<const avro::Schema*> branches;
  for (const avro::Schema* branch : schema.branches) {
    if (branch->kind != Kind::Null) branches.push_back(branch);
  }
  if (column.kind != rulert::ColumnKind::Union) return InUnion(*branches[0], ToAvroJson(*branches[0], column, cell));
  const auto value = Load<rulert_union>(cell);
  const ColumnSpec& branch = column.children.at(value.branch);
  const void* inner = rulert::ColumnWidth(branch.kind) <= 8 ? &value.u.inlined : value.u.cell;
  return InUnion(*branches[value.branch], ToAvroJson(*branches[value.branch], branch, inner));
}

}  // namespace

PlainJson ToAvroJson(const avro::Schema& schema, const avro::Datum& datum) {
  PlainJson json;
  switch (schema.kind) {
    case Kind::Null: return nullptr;
    case Kind::Bool: return datum.boolean;
    case Kind::Int:
    case Kind::Long: return datum.integer;
    case Kind::Float:
    case Kind::Double: return Number(datum.number);
    case Kind::Bytes:
    case Kind::Fixed: return TextOfBytes(datum.text);
    case Kind::String: return datum.text;
    case Kind::Enum: return schema.symbols.at(static_cast<size_t>(datum.integer));
    case Kind::Record:
      json = PlainJson::object();
      for (size_t i = 0; i < schema.fields.size(); ++i) {
        json[schema.fields[i].name] = ToAvroJson(*schema.fields[i].type, datum.items.at(i));
      }
      return json;
    case Kind::Array:
      json = PlainJson::array();
      for (const avro::Datum& item : datum.items) json.push_back(ToAvroJson(*schema.items, item));
      return json;
    case Kind::Map:
      json = PlainJson::object();
      for (size_t i = 0; i < datum.items.size(); ++i) json[datum.keys[i]] = ToAvroJson(*schema.items, datum.items[i]);
      return json;
    case Kind::Union: {
      const avro::Schema& branch = *schema.branches.at(static_cast<size_t>(datum.branch));
      return branch.kind == Kind::Null ? PlainJson(nullptr) : InUnion(branch, ToAvroJson(branch, datum));
    }
  }
  return json;
}

PlainJson ToAvroJson(const avro::Schema& schema, const ColumnSpec& column, const void* cell) {
  if (cell == nullptr) return nullptr;
  switch (schema.kind) {
    case Kind::Null: return nullptr;
    case Kind::Bool: return Load<uint8_t>(cell) != 0;
    case Kind::Int:
      if (schema.logical == avro::Logical::TimeMillis) return InUnit(Load<int64_t>(cell), schema.logical);
      return Load<int32_t>(cell);
    case Kind::Long: return InUnit(Load<int64_t>(cell), schema.logical);
    case Kind::Float: return Number(static_cast<double>(Load<float>(cell)));
    case Kind::Double: return Number(Load<double>(cell));
    case Kind::Enum: return schema.symbols.at(static_cast<size_t>(Load<int32_t>(cell)));
    case Kind::String: return column.kind == rulert::ColumnKind::Uuid ? UuidText(cell) : std::string(View(cell));
    case Kind::Bytes:
    case Kind::Fixed:
      if (column.kind == rulert::ColumnKind::Decimal) return TextOfBytes(DecimalBytes(schema, cell));
      if (column.kind == rulert::ColumnKind::Uuid) return TextOfBytes({static_cast<const char*>(cell), 16});
      return TextOfBytes(View(cell));
    case Kind::Array:
    case Kind::Map: return Items(schema, column, cell);
    case Kind::Record: return Record(schema, column, cell);
    case Kind::Union: return Union(schema, column, cell);
  }
  return nullptr;
}

}  // namespace conformance
