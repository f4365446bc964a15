// Functions of libm, guarded: where there is no real result there is a rule error, never a silent NaN.
#include <charconv>
#include <cmath>
#include <numeric>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

// NaN in gives NaN out; NaN out of numbers is an error.
double Real(rulert_context* context, double result, bool from_nan, Cause cause = Cause::Domain) {
  if (std::isnan(result) && !from_nan) return Fail(context, cause);
  return result;
}

double Logarithm(rulert_context* context, double x, double (*function)(double)) {
  if (x <= 0) return Fail(context, Cause::LogarithmDomain);
  return function(x);
}

uint64_t Size(int64_t x) { return x < 0 ? 0 - static_cast<uint64_t>(x) : static_cast<uint64_t>(x); }

int64_t Fitting(rulert_context* context, uint64_t value) {
  if (value > INT64_MAX) return Fail(context, Cause::Overflow);
  return static_cast<int64_t>(value);
}

// Rounds decimal digits half up in place, `digits[0]` being the first; true if a 1 is carried out in front.
bool RoundDigits(char* digits, int64_t keep) {
  if (digits[keep] < '5') return false;
  for (int64_t i = keep - 1; i >= 0; --i) {
    if (digits[i]++ != '9') return false;
    digits[i] = '0';
  }
  return true;
}

// Its shortest decimal form is `d.ddd e exponent`; digits behind `places` are dropped.
double RoundShortest(double x, int64_t places) {
  char text[40];
  char* end = std::to_chars(text, text + sizeof text, std::fabs(x), std::chars_format::scientific).ptr;
  char digits[24];
  int64_t count = 0;
  const char* at = text;
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') digits[count++] = *at;
  }
  int64_t exponent = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
  int64_t keep = exponent + 1 + places;  // digits that stay
  if (keep >= count) return x;
  if (keep < 0) return std::copysign(0.0, x);
  bool carried = RoundDigits(digits, keep);
  char rounded[64];
  char* out = rounded;
  *out++ = carried ? '1' : '0';
  for (int64_t i = 0; i < keep; ++i) *out++ = digits[i];
  *out++ = 'e';
  out = std::to_chars(out, rounded + sizeof rounded, -places).ptr;
  double value = 0;
  if (std::from_chars(rounded, out, value).ec != std::errc{}) return x;
  return std::copysign(value, x);
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

double rule_round_double_to(double x, int64_t places) {
  if (!std::isfinite(x) || x == 0 || places > 330) return x;
  return RoundShortest(x, places < -330 ? -330 : places);
}

double rule_cbrt(double x) {
  double root = std::cbrt(x);
  // That of the C library may be off by the last bit, even of 27; a step of Newton's takes it away.
  return root == 0 || !std::isfinite(root) ? root : root - (root - x / (root * root)) / 3;
}
double rule_exp(double x) { return std::exp(x); }
double rule_ln(rulert_context* context, double x) { return Logarithm(context, x, std::log); }
double rule_log10(rulert_context* context, double x) { return Logarithm(context, x, std::log10); }
double rule_log2(rulert_context* context, double x) { return Logarithm(context, x, std::log2); }

double rule_log_base(rulert_context* context, double x, double base) {
  if (x <= 0 || base <= 0) return Fail(context, Cause::LogarithmDomain);
  if (base == 1) return Fail(context, Cause::DivisionByZero);
  return Real(context, std::log(x) / std::log(base), std::isnan(x) || std::isnan(base));
}

double rule_pow(rulert_context* context, double x, double y) {
  if (x == 0 && y < 0) return Fail(context, Cause::DivisionByZero);
  return Real(context, std::pow(x, y), std::isnan(x) || std::isnan(y));
}

double rule_sin(rulert_context* context, double x) { return Real(context, std::sin(x), std::isnan(x)); }
double rule_cos(rulert_context* context, double x) { return Real(context, std::cos(x), std::isnan(x)); }
double rule_tan(rulert_context* context, double x) { return Real(context, std::tan(x), std::isnan(x)); }
double rule_asin(rulert_context* context, double x) { return Real(context, std::asin(x), std::isnan(x)); }
double rule_acos(rulert_context* context, double x) { return Real(context, std::acos(x), std::isnan(x)); }
double rule_atan(double x) { return std::atan(x); }
double rule_atan2(double y, double x) { return std::atan2(y, x); }
double rule_hypot(double x, double y) { return std::hypot(x, y); }

double rule_mod_double(rulert_context* context, double a, double b) {
  if (b == 0) return Fail(context, Cause::DivisionByZero);
  return Real(context, std::fmod(a, b), std::isnan(a) || std::isnan(b));
}

int64_t rule_gcd(rulert_context* context, int64_t a, int64_t b) { return Fitting(context, std::gcd(Size(a), Size(b))); }

int64_t rule_lcm(rulert_context* context, int64_t a, int64_t b) {
  if (a == 0 || b == 0) return 0;
  uint64_t product = 0;
  if (__builtin_mul_overflow(Size(a) / std::gcd(Size(a), Size(b)), Size(b), &product)) {
    return Fail(context, Cause::Overflow);
  }
  return Fitting(context, product);
}

int64_t rule_width_bucket(rulert_context* context, double x, double low, double high, int64_t count) {
  if (count < 1) return Fail(context, Cause::CountNotPositive);
  if (count == INT64_MAX || std::isnan(x)) return Fail(context, Cause::Domain);
  if (!(low < high) || !std::isfinite(high - low)) return Fail(context, Cause::EmptyRange);
  if (x < low) return 0;
  if (x >= high) return count + 1;
  auto bucket = static_cast<int64_t>((x - low) / (high - low) * static_cast<double>(count));
  return (bucket < count ? bucket : count - 1) + 1;  // rounding must not lead out of it
}

}  // extern "C"
