// Exact arithmetic on decimals: unscaled values of 128 bits, at most 38 digits.
#pragma once

#include <cstdint>

#include "stdlib/value.h"

namespace rulelib {

inline constexpr uint32_t kMaxPrecision = 38;

// 10 to the power of 0 to 38.
UInt128 PowerOfTen(uint32_t exponent);
// Has it at most so many digits?
bool HasDigits(Int128 unscaled, uint32_t precision);

inline UInt128 Magnitude(Int128 value) {
  auto bits = static_cast<UInt128>(value);
  return value < 0 ? 0 - bits : bits;
}
inline Int128 Signed(UInt128 magnitude, bool negative) {
  return static_cast<Int128>(negative ? 0 - magnitude : magnitude);
}

// value * 10^(to - from), rounded half away from zero; false if it exceeds 38 digits.
bool Rescale(Int128 value, uint32_t from, uint32_t to, Int128* out);
// The same for a product of two values whose scales add up to `from`.
bool MultiplyTo(Int128 a, Int128 b, uint32_t from, uint32_t to, Int128* out);
// a / b with operands of those scales to a result of scale `to`, rounded half away from zero; `b` is not 0.
bool DivideTo(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b, uint32_t to, Int128* out);
// What division to a whole number leaves, with the sign of `a` and the finer of the two scales; `b` is not 0.
Int128 Remainder(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b);
// -1, 0, 1
int Compare(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b);
// -1, 0, 1; 2 with NaN. Exact: no rounding of either side.
int CompareDouble(Int128 a, uint32_t scale, double b);
double ToDouble(Int128 unscaled, uint32_t scale);

}  // namespace rulelib
