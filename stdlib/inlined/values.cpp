// Small conversions, and what is seen in the first word of a string or list; inlined.
#include <cstring>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

// Of a text of more than RULERT_STRING_INLINE bytes.
const char* BytesOf(RuleString text) { return reinterpret_cast<const char*>(text.high); }
// Of one of at most so many, the first the lowest.
UInt128 ShortBytes(RuleString text) { return static_cast<UInt128>(text.high) << 32 | text.low >> 32; }
uint64_t Load64(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// 2^63 itself does not fit; NaN fails both comparisons.
bool FitsLong(double value) { return value >= -9223372036854775808.0 && value < 9223372036854775808.0; }

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleString rule_string_of_string(RuleString text) { return text; }

RuleString rule_string_of_bool(uint8_t value) {
  // The words of "true" and "false".
  return value != 0 ? RuleString{uint64_t{0x65757274} << 32 | 4, 0} : RuleString{uint64_t{0x736C6166} << 32 | 5, 0x65};
}

int64_t rule_byte_length(RuleString text) { return ByteLength(text); }
uint8_t rule_is_empty(RuleString text) { return ByteLength(text) == 0 ? 1 : 0; }
int64_t rule_list_length(RuleList list) { return static_cast<uint32_t>(list.length); }
uint8_t rule_list_is_empty(RuleList list) { return static_cast<uint32_t>(list.length) == 0 ? 1 : 0; }

uint8_t rule_string_equal(RuleString a, RuleString b) {
  if (a.low != b.low) return 0;  // length and the first four bytes
  if (a.high == b.high) return 1;
  if (ByteLength(a) <= RULERT_STRING_INLINE) return 0;
  return std::memcmp(reinterpret_cast<const char*>(a.high), reinterpret_cast<const char*>(b.high), ByteLength(a)) == 0
             ? 1
             : 0;
}

uint8_t rule_starts_with(RuleString text, RuleString start) {
  const uint32_t size = ByteLength(start), all = ByteLength(text);
  if (size > all) return 0;
  if (size > RULERT_STRING_INLINE) return std::memcmp(BytesOf(text), BytesOf(start), size) == 0 ? 1 : 0;
  // The first four bytes stand beside the length of both, what follows in the second word or in memory.
  const uint64_t head = (text.low ^ start.low) >> 32;
  if (size <= 4) return head << (64 - 8 * size - 1) << 1 == 0 ? 1 : 0;
  if (head != 0) return 0;
  const uint64_t rest = all > RULERT_STRING_INLINE ? Load64(BytesOf(text) + 4) : text.high;
  return (rest ^ start.high) << (64 - 8 * (size - 4)) == 0 ? 1 : 0;
}

uint8_t rule_ends_with(RuleString text, RuleString end) {
  const uint32_t size = ByteLength(end), all = ByteLength(text);
  if (size > all) return 0;
  if (size == 0) return 1;
  if (size > 8) return std::memcmp(View(text).data() + (all - size), View(end).data(), size) == 0 ? 1 : 0;
  // The last bytes of both, as the lowest ones of a word.
  const uint64_t wanted = end.low >> 32 | end.high << 32;
  const uint64_t last = all > RULERT_STRING_INLINE ? Load64(BytesOf(text) + all - 8) >> (64 - 8 * size)
                                                   : static_cast<uint64_t>(ShortBytes(text) >> (8 * (all - size)));
  return last == wanted ? 1 : 0;
}

int32_t rule_int_of_long(rulert_context* context, int64_t value) {
  if (value < INT32_MIN || value > INT32_MAX) return Fail(context, Cause::Overflow);
  return static_cast<int32_t>(value);
}

int32_t rule_try_int_of_long(rulert_context* context, int64_t value) {
  if (value < INT32_MIN || value > INT32_MAX) return Null(context);
  return static_cast<int32_t>(value);
}

int64_t rule_long_of_double(rulert_context* context, double value) {
  if (!FitsLong(value)) return Fail(context, value != value ? Cause::NotANumber : Cause::Overflow);
  return static_cast<int64_t>(value);
}

int64_t rule_try_long_of_double(rulert_context* context, double value) {
  if (!FitsLong(value)) return Null(context);
  return static_cast<int64_t>(value);
}

int64_t rule_long_of_bool(uint8_t value) { return value; }
float rule_float_of_double(double value) { return static_cast<float>(value); }

double rule_double_of_long(rulert_context* context, int64_t value) {
  constexpr int64_t kLimit = int64_t{1} << 53;
  if (value < -kLimit || value > kLimit) return Fail(context, Cause::LongAsDouble);
  return static_cast<double>(value);
}

}  // extern "C"
