// Calls a row's function with values in cells: for the constant folder, evaluators and tests. Generated code calls the
// symbol itself.
#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "stdlib/functions.h"

namespace rulelib {

// A cell (abi.h) widened to 16 bytes: bool, int, float, long and double stand in the lowest bytes of `low`, the rest
// being zero; prepared literals and the address of a StringPointer are pointers in `low`.
struct Cell {
  uint64_t low = 0;
  uint64_t high = 0;
  bool operator==(const Cell&) const = default;
};

template <class T>
Cell ToCell(const T& value);
template <class T>
T FromCell(const Cell& cell);

// `arguments`: one for each of row.arguments but Context, hidden ones included. `context` may be nullptr for a row that
// takes none; its outcome must be RULERT_VALUE before and tells how it went.
Cell Invoke(const FunctionRow& row, rulert_context* context, std::span<const Cell> arguments);

// As Invoke, with the arguments as the language has them: one cell and one null flag for each parameter, `forms` of the
// decimal parameters in order. Sets context->outcome to RULERT_NULL where the row's null rule says so.
Cell InvokeWithNulls(const FunctionRow& row, rulert_context* context, std::span<const Cell> values,
                     std::span<const uint8_t> valid, std::span<const uint32_t> forms);

template <class T>
Cell ToCell(const T& value) {
  static_assert(sizeof(T) <= sizeof(Cell));
  std::array<unsigned char, sizeof(Cell)> bytes{};
  std::memcpy(bytes.data(), &value, sizeof(T));
  return std::bit_cast<Cell>(bytes);
}

template <class T>
T FromCell(const Cell& cell) {
  static_assert(sizeof(T) <= sizeof(Cell));
  T value;
  std::memcpy(&value, &cell, sizeof(T));
  return value;
}

}  // namespace rulelib
