// One value of a column as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"

namespace rulert {

// Times and durations are integers of microseconds, enums their symbols, doubles read back exactly.
void AppendJsonValue(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out);

// A number that is no symbol's cannot come from a decoder; it is shown as `?` rather than trusted.
std::string_view EnumSymbol(const ColumnSpec& spec, int32_t number);

}  // namespace rulert
