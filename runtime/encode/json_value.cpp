#include "runtime/encode/json_value.h"

#include <cmath>

#include "runtime/base/text.h"
#include "runtime/record/column_buffer.h"
#include "runtime/record/json_shape.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulert {
namespace {

void AppendTime(const CellType& type, const void* cell, std::string* out) {
  const auto micros = LoadCell<int64_t>(cell);
  int64_t count = 0;
  if (FromMicros(micros, type.unit, &count)) return AppendInteger(count, out);
  // Beyond what nanoseconds can count; readers take this form as well.
  rulelib::AppendTimestamp(micros, out);
}

bool IsFinite(const CellType& type, const void* cell) {
  return type.kind == ColumnKind::Float ? std::isfinite(LoadCell<float>(cell)) : std::isfinite(LoadCell<double>(cell));
}

void AppendQuotedPlain(const CellType& type, const void* cell, std::string* out) {
  *out += '"';
  AppendPlainText(type, cell, out);
  *out += '"';
}

void AppendItems(const CellType& type, const void* cell, std::string* out) {
  const bool map = type.kind == ColumnKind::Map;
  const ListView items(type, cell);
  *out += map ? '{' : '[';
  for (uint32_t i = 0; i < items.size(); ++i) {
    if (i != 0) *out += ',';
    if (map) {
      AppendJsonString(items.key(i), out);
      *out += ':';
    }
    AppendJson(items.element(), items.item(i), out);
  }
  *out += map ? '}' : ']';
}

void AppendRecord(const CellType& type, const void* cell, std::string* out) {
  const RecordView fields(type, cell);
  *out += '{';
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i != 0) *out += ',';
    AppendJsonString(type.names[i], out);
    *out += ':';
    AppendJson(type.children[i], fields.field(i), out);
  }
  *out += '}';
}

uint8_t ShapeOf(const CellType& type, const void* cell) {
  switch (type.kind) {
    case ColumnKind::Float:
    case ColumnKind::Double: return IsFinite(type, cell) ? kJsonFraction : kJsonNotFinite;
    case ColumnKind::String:
    case ColumnKind::Bytes: return ShapeOfText(TextOf(cell));
    case ColumnKind::Enum: return ShapeOfText(EnumSymbol(type.symbols, LoadCell<int32_t>(cell)));
    default: return WrittenShapes(type);
  }
}

void AppendUnion(const CellType& type, const void* cell, std::string* out) {
  const BranchView view(type, cell);
  if (view.branch >= type.children.size()) {
    *out += "null";  // cannot come from a decoder
    return;
  }
  const CellType& branch = type.children[view.branch];
  const uint8_t shape = ShapeOf(branch, view.value);
  const bool bare = BranchOfShape(type, shape) == static_cast<int32_t>(view.branch);
  if (bare && !(shape == kJsonObject && type.tagged_objects)) return AppendJson(branch, view.value, out);
  *out += '{';
  AppendJsonString(branch.tag, out);
  *out += ':';
  AppendJson(branch, view.value, out);
  *out += '}';
}

}  // namespace

std::string_view EnumSymbol(const std::vector<std::string>& symbols, int32_t number) {
  if (number < 0 || static_cast<size_t>(number) >= symbols.size()) return "?";
  return symbols[static_cast<size_t>(number)];
}

void AppendJsonBytes(std::string_view bytes, std::string* out) {
  constexpr char digits[] = "0123456789abcdef";
  *out += '"';
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\') {
      *out += c;
    } else if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else {
      *out += "\\u00";
      *out += digits[byte >> 4];
      *out += digits[byte & 15];
    }
  }
  *out += '"';
}

void AppendPlainText(const CellType& type, const void* cell, std::string* out) {
  switch (type.kind) {
    case ColumnKind::Bool: *out += LoadCell<uint8_t>(cell) != 0 ? "true" : "false"; return;
    case ColumnKind::Int:
    case ColumnKind::Date: return AppendInteger(LoadCell<int32_t>(cell), out);
    case ColumnKind::Long:
    case ColumnKind::Duration: return AppendInteger(LoadCell<int64_t>(cell), out);
    case ColumnKind::Timestamp:
    case ColumnKind::TimeOfDay: return AppendTime(type, cell, out);
    case ColumnKind::Float: return rulelib::AppendFloat(LoadCell<float>(cell), out);
    case ColumnKind::Double: return rulelib::AppendDouble(LoadCell<double>(cell), out);
    case ColumnKind::String: *out += TextOf(cell); return;
    case ColumnKind::Enum: *out += EnumSymbol(type.symbols, LoadCell<int32_t>(cell)); return;
    case ColumnKind::Decimal: {
      const auto value = LoadCell<rulert_decimal>(cell);
      return rulelib::AppendDecimal(rulelib::Unscaled(rulelib::FromAbi(value)), type.scale, out);
    }
    case ColumnKind::Uuid: {
      char text[36];
      rule_uuid_to_text(static_cast<const uint8_t*>(cell), text);
      out->append(text, sizeof text);
      return;
    }
    case ColumnKind::Bytes:
      for (const char c : TextOf(cell)) {
        const auto byte = static_cast<uint8_t>(c);
        if (byte >= 0x80) *out += static_cast<char>(0xC0 | (byte >> 6));
        *out += byte >= 0x80 ? static_cast<char>(0x80 | (byte & 0x3F)) : c;
      }
      return;
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Record:
    case ColumnKind::Union: return AppendJson(type, cell, out);
  }
}

void AppendJson(const CellType& type, CellPointer cell, std::string* out) {
  if (cell == nullptr) {
    *out += "null";
    return;
  }
  switch (type.kind) {
    case ColumnKind::String: return AppendJsonString(TextOf(cell), out);
    case ColumnKind::Bytes: return AppendJsonBytes(TextOf(cell), out);
    case ColumnKind::Float:
    case ColumnKind::Double:
      return IsFinite(type, cell) ? AppendPlainText(type, cell, out) : AppendQuotedPlain(type, cell, out);
    case ColumnKind::Enum: return AppendJsonString(EnumSymbol(type.symbols, LoadCell<int32_t>(cell)), out);
    case ColumnKind::Decimal:
    case ColumnKind::Uuid: return AppendQuotedPlain(type, cell, out);
    case ColumnKind::Timestamp: {
      int64_t count = 0;
      const bool fits = FromMicros(LoadCell<int64_t>(cell), type.unit, &count);
      return fits ? AppendInteger(count, out) : AppendQuotedPlain(type, cell, out);
    }
    case ColumnKind::List:
    case ColumnKind::Map: return AppendItems(type, cell, out);
    case ColumnKind::Record: return AppendRecord(type, cell, out);
    case ColumnKind::Union: return AppendUnion(type, cell, out);
    default: return AppendPlainText(type, cell, out);
  }
}

void AppendJsonValue(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out) {
  const CellType type = MakeCellType(spec);
  AppendJson(type, IsValid(column, row) ? CellOf(column, type.width, row) : nullptr, out);
}

}  // namespace rulert
