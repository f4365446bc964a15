// Values as text and back: one form for readers, writers, the constant folder, evaluators and generated code.
//
// Writers append; a parser takes the whole text or refuses it, and leaves `*out` alone then.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stdlib/value.h"

namespace rulelib {

// Decimal digits with an optional sign; false if it is none or beyond 64 bits.
bool ParseLong(std::string_view text, int64_t* out);
// Digits with an optional sign, point and exponent, `NaN`, `Infinity`, `-Infinity`. What is too small is 0; what is too
// great is refused.
bool ParseDouble(std::string_view text, double* out);
bool ParseFloat(std::string_view text, float* out);
// The shortest text that reads back as the same number, with a point or an exponent: `1.0`, `1e+300`, `NaN`,
// `-Infinity`. At most 32 bytes.
size_t WriteDouble(double value, char* out);
size_t WriteFloat(float value, char* out);
void AppendDouble(double value, std::string* out);
void AppendFloat(float value, std::string* out);
void AppendLong(int64_t value, std::string* out);

enum class DecimalText : uint8_t {
  Ok,
  NotANumber,
  TooGreat,  // more digits before the point than the precision leaves
  TooFine    // digits behind the scale that are not 0
};
// Digits with an optional sign, point and exponent, to the scale of `form`. With `round`, what is too fine is rounded
// half away from zero; else it is refused.
DecimalText ParseDecimal(std::string_view text, uint32_t form, bool round, Int128* out);
// All digits of the scale: `-12.50`. At most 42 bytes.
size_t WriteDecimal(Int128 unscaled, uint32_t scale, char* out);
void AppendDecimal(Int128 unscaled, uint32_t scale, std::string* out);

// `2024-02-29`, `-0001-01-01`, `+12024-01-01`: years of four digits, more only with a sign. Days since 1970.
bool ParseDate(std::string_view text, int32_t* out);
void AppendDate(int32_t days, std::string* out);
// `09:05`, `09:05:00`, `09:05:00.250`: up to nine digits of fraction, cut to microseconds. Microseconds since midnight.
bool ParseTimeOfDay(std::string_view text, int64_t* out);
// Seconds always; a fraction of 3 or 6 digits only if there is one.
void AppendTimeOfDay(int64_t micros, std::string* out);
// Date, `T`, `t` or a space, time of day, then `Z`, `z` or an offset `+01:00`, `+0100`, `+01`; without one refused
// unless `zone_required` is false (UTC then). Microseconds since 1970; nanoseconds are floored.
bool ParseTimestamp(std::string_view text, int64_t* out, bool zone_required = true);
// `2024-02-29T12:30:15Z`, `2024-02-29T12:30:15.500Z`, `2024-02-29T12:30:15.000001Z`.
void AppendTimestamp(int64_t micros, std::string* out);
// As the language writes it: `1h30m`, `-250ms`, `0s`, units d h m s ms us from the greatest down.
bool ParseDuration(std::string_view text, int64_t* out);
void AppendDuration(int64_t micros, std::string* out);

}  // namespace rulelib
