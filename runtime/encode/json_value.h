// Values as JSON (docs/formats/json.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/record/cell.h"

namespace rulert {

// Times and durations are integers, enums their symbols, decimals texts; numbers read back exactly. `cell` null: null.
void AppendJson(const CellType& type, CellPointer cell, std::string* out);

// The same of one row of a column; times are counted in microseconds.
void AppendJsonValue(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out);

// Bytes as a text of one code point (0 to 255) a byte, in JSON's quotes.
void AppendJsonBytes(std::string_view bytes, std::string* out);

// A number that is no symbol's cannot come from a decoder; it is shown as `?` rather than trusted.
std::string_view EnumSymbol(const std::vector<std::string>& symbols, int32_t number);
inline std::string_view EnumSymbol(const ColumnSpec& spec, int32_t number) { return EnumSymbol(spec.symbols, number); }

// A value that is neither list, map, record nor union as plain text, as CSV and `_meta.key` have it.
void AppendPlainText(const CellType& type, const void* cell, std::string* out);

}  // namespace rulert
