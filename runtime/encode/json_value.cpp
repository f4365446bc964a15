#include "runtime/encode/json_value.h"

#include "runtime/base/text.h"
#include "runtime/record/column_buffer.h"

namespace rulert {
namespace {

template <typename T>
const T& Value(const rulert_column& column, uint32_t row) {
  return static_cast<const T*>(column.values)[row];
}

}  // namespace

std::string_view EnumSymbol(const ColumnSpec& spec, int32_t number) {
  if (number < 0 || static_cast<size_t>(number) >= spec.symbols.size()) return "?";
  return spec.symbols[static_cast<size_t>(number)];
}

void AppendJsonValue(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out) {
  if (!IsValid(column, row)) {
    *out += "null";
    return;
  }
  switch (spec.kind) {
    case ColumnKind::Bool: *out += Value<uint8_t>(column, row) != 0 ? "true" : "false"; return;
    case ColumnKind::Int: return AppendInteger(Value<int32_t>(column, row), out);
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return AppendInteger(Value<int64_t>(column, row), out);
    case ColumnKind::Double: return AppendJsonDouble(Value<double>(column, row), out);
    case ColumnKind::String: return AppendJsonString(View(Value<rulert_string>(column, row)), out);
    case ColumnKind::Enum: return AppendJsonString(EnumSymbol(spec, Value<int32_t>(column, row)), out);
    default: std::abort();
  }
}

}  // namespace rulert
