// Values of the rule language as the library's functions take and give them, and the calling convention.
//
//   bool                              uint8_t, 0 or 1 (LLVM: i8 zeroext)
//   int, date                         int32_t
//   long, timeofday, timestamp,       int64_t (times in microseconds)
//   duration
//   float, double                     float, double
//   string, bytes                     RuleString
//   list, map                         RuleList
//   decimal                           RuleDecimal
//   uuid                              RuleUuid
//   regex, like, zone, time format,   const void*, what rule_prepare gave
//   string set
//
// The four structs are 16 bytes in two INTEGER registers of System V's convention: LLVM passes (i64, i64) and gets
// { i64, i64 } back, in the order of the words in memory.
//
// A row of functions.def writes down what a function takes, in order, with what the language does not show: `Context`
// (rulert_context*, always first) for functions that may fail, give null or allocate; `DecimalForm` (uint32_t,
// precision * 256 + scale) behind each decimal; `Valid` (uint8_t, 0 if null) behind a parameter that takes null;
// `StringPointer` (const rulert_string*, to a cell that the caller holds) where registers would run out: no row needs
// more than six words in INTEGER registers, since System V puts a 16-byte value that does not fit into memory as a
// whole, which LLVM does not do by itself.
//
// A result that is null or an error is zero, and context->outcome tells. A result's memory is the batch's arena or that
// of an argument, so it lives as long as the batch.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "runtime/abi/abi.h"

extern "C" {

// The words of a rulert_string. Clang would pass the struct with a pointer in it as (i64, ptr) sometimes; two integers
// are the same registers and one LLVM type for all 16-byte kinds.
struct RuleString {
  uint64_t low;
  uint64_t high;
};
struct RuleList {
  uint64_t length;  // as rulert_list: the upper half is 0
  uint64_t items;   // address
};
struct RuleDecimal {
  uint64_t low;
  uint64_t high;
};
struct RuleUuid {
  uint64_t low;
  uint64_t high;
};

}  // extern "C"

namespace rulelib {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline RuleString FromAbi(const rulert_string& text) { return std::bit_cast<RuleString>(text); }
inline rulert_string ToAbi(RuleString text) { return std::bit_cast<rulert_string>(text); }
inline RuleList FromAbi(const rulert_list& list) { return {list.length, reinterpret_cast<uint64_t>(list.items)}; }
inline rulert_list ToAbi(RuleList list) {
  return {static_cast<uint32_t>(list.length), 0, reinterpret_cast<const void*>(list.items)};
}
inline RuleDecimal FromAbi(const rulert_decimal& value) { return {value.low, static_cast<uint64_t>(value.high)}; }
inline rulert_decimal ToAbi(RuleDecimal value) { return {value.low, static_cast<int64_t>(value.high)}; }

inline Int128 Unscaled(RuleDecimal value) {
  return static_cast<Int128>(static_cast<UInt128>(value.high) << 64 | value.low);
}
inline RuleDecimal ToDecimal(Int128 unscaled) {
  auto bits = static_cast<UInt128>(unscaled);
  return {static_cast<uint64_t>(bits), static_cast<uint64_t>(bits >> 64)};
}

// Of a decimal type: precision * 256 + scale.
constexpr uint32_t MakeForm(uint32_t precision, uint32_t scale) { return precision << 8 | scale; }
constexpr uint32_t FormPrecision(uint32_t form) { return form >> 8; }
constexpr uint32_t FormScale(uint32_t form) { return form & 255; }

inline uint32_t ByteLength(RuleString text) { return static_cast<uint32_t>(text.low); }
// The text of a string that stands in `text`: valid as long as `text` itself, if it is a short one.
inline std::string_view View(const RuleString& text) {
  uint32_t length = ByteLength(text);
  const char* bytes = length <= RULERT_STRING_INLINE ? reinterpret_cast<const char*>(&text) + 4
                                                     : reinterpret_cast<const char*>(text.high);
  return {bytes, length};
}

}  // namespace rulelib
