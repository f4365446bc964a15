// Values as people and other programs write them in text: what JSON strings and the cells of CSV have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/record/cell_builder.h"
#include "runtime/record/cell_type.h"

namespace rulert {

// Reads a value that is neither list, map, record nor union; gives RULERT_DECODE_OK or what is wrong. Strings (and
// bytes where they are ASCII) point into `text`, which must be UTF-8.
uint32_t ReadPlainText(const CellType& type, std::string_view text, const CellMemory& memory, void* cell);

// The decimal digits of an integer, with a sign perhaps; false if it is none or beyond 64 bits.
bool ReadInteger(std::string_view text, int64_t* value);
// Stores an integer as a value of a type that is read from integers (times in their unit).
uint32_t StoreInteger(const CellType& type, int64_t value, void* cell);
// The symbol's number, that of the schema's default for one that it lacks, else kNone.
int32_t SymbolNumber(const CellType& type, std::string_view symbol);

// "`12x` is no long": for an error of ReadPlainText.
std::string PlainTextProblem(const CellType& type, std::string_view text, uint32_t error);
// "a long", "one of BUY, SELL", "a decimal of 10 digits, 2 of them behind the point".
std::string Wanted(const CellType& type);
// Cut at 40 bytes, in backticks.
std::string Quoted(std::string_view text);

}  // namespace rulert
