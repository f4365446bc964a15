// Values of slots as 64-bit numbers that an index compares in their place.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"

namespace rulert {

// An index may let rows through that a rule then refuses, never the other way round. So keys need not tell all values
// apart: equal values have equal keys; and of two values the smaller one has no greater key.
enum class KeyUse : uint8_t { Equality, Order };

// Can this type be compared by such keys?
bool HasKeys(const ColumnSpec& spec, KeyUse use);
// Do keys order values exactly: a smaller one has a smaller key?
bool AreOrderKeysExact(const ColumnSpec& spec);

// The key of the value at `cell`; nothing for a NaN, which meets no comparison.
std::optional<uint64_t> KeyOf(const ColumnSpec& spec, KeyUse use, const void* cell);
// Of a text in place of a cell.
uint64_t TextKey(std::string_view text);

// The keys of the first `rows` values of a column. What is null, or NaN, has any key: its bit in `out_valid` is 0.
// Returns whether every bit is 1.
bool KeysOf(const ColumnSpec& spec, KeyUse use, const rulert_column& column, uint32_t rows, uint64_t* out,
            uint64_t* out_valid);

}  // namespace rulert
