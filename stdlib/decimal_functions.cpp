// Operators, conversions and functions on decimals.
#include <cmath>

#include "stdlib/decimal.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

RuleDecimal Fitting(rulert_context* context, Int128 value, uint32_t form) {
  if (!HasDigits(value, FormPrecision(form))) return Fail(context, Cause::DecimalOverflow);
  return ToDecimal(value);
}

RuleDecimal Fitting(rulert_context* context, bool fits, Int128 value, uint32_t form) {
  if (!fits) return Fail(context, Cause::DecimalOverflow);
  return Fitting(context, value, form);
}

// a + b or a - b. Both go to the finer of their scales first, so that the sum is rounded once.
RuleDecimal Add(rulert_context* context, Int128 a, uint32_t form_a, Int128 b, uint32_t form_b, uint32_t form) {
  uint32_t scale = FormScale(form_a) > FormScale(form_b) ? FormScale(form_a) : FormScale(form_b);
  Int128 sum = 0;
  bool fits = Rescale(a, FormScale(form_a), scale, &a) && Rescale(b, FormScale(form_b), scale, &b) &&
              !__builtin_add_overflow(a, b, &sum) && Rescale(sum, scale, FormScale(form), &sum);
  return Fitting(context, fits, sum, form);
}

enum class Rounding { Down, Up, ToZero, HalfAway };

// To a multiple of 10^(scale - places) of the unscaled value; nothing to do if it has no more places.
bool RoundTo(Int128 value, uint32_t scale, int64_t places, Rounding rounding, Int128* out) {
  if (places >= static_cast<int64_t>(scale)) return *out = value, true;
  int64_t dropped = places < -100 ? 100 : static_cast<int64_t>(scale) - places;
  // 10^39 is more than twice any value: what is left is 0, or a unit that does not fit.
  if (dropped > static_cast<int64_t>(kMaxPrecision)) {
    *out = 0;
    return value == 0 || rounding == Rounding::ToZero || rounding == Rounding::HalfAway;
  }
  auto unit = static_cast<Int128>(PowerOfTen(static_cast<uint32_t>(dropped)));
  Int128 rest = value % unit, whole = value - rest;
  bool away = (rounding == Rounding::Down && rest < 0) || (rounding == Rounding::Up && rest > 0) ||
              (rounding == Rounding::HalfAway && Magnitude(rest) >= static_cast<UInt128>(unit) - Magnitude(rest));
  if (away) whole += value < 0 ? -unit : unit;
  *out = whole;
  return true;
}

RuleDecimal Round(rulert_context* context, RuleDecimal value, uint32_t form, int64_t places, Rounding rounding) {
  Int128 rounded = 0;
  bool fits = RoundTo(Unscaled(value), FormScale(form), places, rounding, &rounded);
  return Fitting(context, fits, rounded, form);
}

// The whole part.
bool ToLong(RuleDecimal value, uint32_t form, int64_t* out) {
  Int128 whole = Unscaled(value) / static_cast<Int128>(PowerOfTen(FormScale(form)));
  if (whole < INT64_MIN || whole > INT64_MAX) return false;
  *out = static_cast<int64_t>(whole);
  return true;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleDecimal rule_decimal_add(rulert_context* context, RuleDecimal a, uint32_t form_a, RuleDecimal b, uint32_t form_b,
                             uint32_t form) {
  return Add(context, Unscaled(a), form_a, Unscaled(b), form_b, form);
}

RuleDecimal rule_decimal_subtract(rulert_context* context, RuleDecimal a, uint32_t form_a, RuleDecimal b,
                                  uint32_t form_b, uint32_t form) {
  return Add(context, Unscaled(a), form_a, -Unscaled(b), form_b, form);
}

RuleDecimal rule_decimal_multiply(rulert_context* context, RuleDecimal a, uint32_t form_a, RuleDecimal b,
                                  uint32_t form_b, uint32_t form) {
  Int128 product = 0;
  bool fits = MultiplyTo(Unscaled(a), Unscaled(b), FormScale(form_a) + FormScale(form_b), FormScale(form), &product);
  return Fitting(context, fits, product, form);
}

RuleDecimal rule_decimal_divide(rulert_context* context, RuleDecimal a, uint32_t form_a, RuleDecimal b, uint32_t form_b,
                                uint32_t form) {
  if (Unscaled(b) == 0) return Fail(context, Cause::DivisionByZero);
  Int128 quotient = 0;
  bool fits = DivideTo(Unscaled(a), FormScale(form_a), Unscaled(b), FormScale(form_b), FormScale(form), &quotient);
  return Fitting(context, fits, quotient, form);
}

RuleDecimal rule_decimal_modulo(rulert_context* context, RuleDecimal a, uint32_t form_a, RuleDecimal b, uint32_t form_b,
                                uint32_t form) {
  if (Unscaled(b) == 0) return Fail(context, Cause::DivisionByZero);
  Int128 rest = Remainder(Unscaled(a), FormScale(form_a), Unscaled(b), FormScale(form_b));
  uint32_t scale = FormScale(form_a) > FormScale(form_b) ? FormScale(form_a) : FormScale(form_b);
  bool fits = Rescale(rest, scale, FormScale(form), &rest);
  return Fitting(context, fits, rest, form);
}

RuleDecimal rule_decimal_rescale(rulert_context* context, RuleDecimal value, uint32_t from, uint32_t to) {
  Int128 scaled = 0;
  bool fits = Rescale(Unscaled(value), FormScale(from), FormScale(to), &scaled);
  return Fitting(context, fits, scaled, to);
}

int32_t rule_decimal_compare(RuleDecimal a, uint32_t form_a, RuleDecimal b, uint32_t form_b) {
  return Compare(Unscaled(a), FormScale(form_a), Unscaled(b), FormScale(form_b));
}

int32_t rule_decimal_compare_double(RuleDecimal a, uint32_t form_a, double b) {
  return CompareDouble(Unscaled(a), FormScale(form_a), b);
}

RuleDecimal rule_decimal_of_long(rulert_context* context, int64_t value, uint32_t form) {
  Int128 scaled = 0;
  bool fits = Rescale(value, 0, FormScale(form), &scaled);
  return Fitting(context, fits, scaled, form);
}

RuleDecimal rule_decimal_of_double(rulert_context* context, double value, uint32_t form) {
  if (!std::isfinite(value)) return Fail(context, Cause::NumberOutOfRange);
  char text[32];
  Int128 parsed = 0;
  if (ParseDecimal({text, WriteDouble(value, text)}, form, true, &parsed) != DecimalText::Ok) {
    return Fail(context, Cause::DecimalOverflow);
  }
  return ToDecimal(parsed);
}

RuleDecimal rule_decimal_of_string(rulert_context* context, RuleString text, uint32_t form) {
  Int128 parsed = 0;
  switch (ParseDecimal(View(text), form, true, &parsed)) {
    case DecimalText::Ok: return ToDecimal(parsed);
    case DecimalText::NotANumber: return Fail(context, Cause::NotANumber);
    default: return Fail(context, Cause::DecimalOverflow);
  }
}

uint8_t rule_decimal_fits(RuleDecimal value, uint32_t form) {
  return HasDigits(Unscaled(value), FormPrecision(form)) ? 1 : 0;
}

RuleDecimal rule_floor_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  return Round(context, value, form, 0, Rounding::Down);
}

RuleDecimal rule_ceil_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  return Round(context, value, form, 0, Rounding::Up);
}

RuleDecimal rule_trunc_decimal(RuleDecimal value, uint32_t form) {
  Int128 truncated = 0;
  RoundTo(Unscaled(value), FormScale(form), 0, Rounding::ToZero, &truncated);
  return ToDecimal(truncated);
}

RuleDecimal rule_round_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  return Round(context, value, form, 0, Rounding::HalfAway);
}

RuleDecimal rule_round_decimal_to(rulert_context* context, RuleDecimal value, uint32_t form, int64_t places) {
  return Round(context, value, form, places, Rounding::HalfAway);
}

RuleString rule_string_of_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  char text[48];
  return Copy(context, {text, WriteDecimal(Unscaled(value), FormScale(form), text)});
}

double rule_double_of_decimal(RuleDecimal value, uint32_t form) { return ToDouble(Unscaled(value), FormScale(form)); }

int64_t rule_long_of_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  int64_t whole = 0;
  if (!ToLong(value, form, &whole)) return Fail(context, Cause::Overflow);
  return whole;
}

int64_t rule_try_long_of_decimal(rulert_context* context, RuleDecimal value, uint32_t form) {
  int64_t whole = 0;
  if (!ToLong(value, form, &whole)) return Null(context);
  return whole;
}

}  // extern "C"
