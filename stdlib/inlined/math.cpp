// Arithmetic that is inlined. The rounding functions are written out, so that code for any processor needs no libm.
#include <bit>
#include <cmath>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

constexpr double kNoFraction = 4503599627370496.0;  // 2^52: doubles from here on are whole

bool IsWhole(double x) { return !(__builtin_fabs(x) < kNoFraction); }
double Truncated(double x) { return __builtin_copysign(static_cast<double>(static_cast<int64_t>(x)), x); }

double Floor(double x) {
  if (IsWhole(x)) return x;
  double whole = Truncated(x);
  return whole > x ? whole - 1 : whole;
}

bool IsNan(double x) { return x != x; }

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_abs_long(rulert_context* context, int64_t x) {
  if (x == INT64_MIN) return Fail(context, Cause::Overflow);
  return x < 0 ? -x : x;
}

double rule_abs_double(double x) { return __builtin_fabs(x); }
int64_t rule_sign_long(int64_t x) { return (x > 0) - (x < 0); }
double rule_sign_double(double x) { return IsNan(x) ? x : (x > 0) - (x < 0); }
double rule_floor_double(double x) { return Floor(x); }
// The sign stays, so that -0.5 becomes -0.0 as in IEEE 754.
double rule_ceil_double(double x) { return __builtin_copysign(-Floor(-x), x); }
double rule_trunc_double(double x) { return IsWhole(x) ? x : Truncated(x); }

double rule_round_double(double x) {
  if (IsWhole(x)) return x;
  double whole = Truncated(x);
  return __builtin_fabs(x - whole) >= 0.5 ? whole + __builtin_copysign(1.0, x) : whole;
}

double rule_sqrt(rulert_context* context, double x) {
  if (x < 0) return Fail(context, Cause::NegativeRoot);
  return __builtin_sqrt(x);
}

double rule_degrees(double x) { return x * (180 / 3.14159265358979323846); }
double rule_radians(double x) { return x * (3.14159265358979323846 / 180); }
double rule_pi() { return 3.14159265358979323846; }
uint8_t rule_is_nan(double x) { return IsNan(x) ? 1 : 0; }
uint8_t rule_is_finite(double x) { return __builtin_fabs(x) <= 1.7976931348623157e308 ? 1 : 0; }
uint8_t rule_is_infinite(double x) { return __builtin_fabs(x) > 1.7976931348623157e308 ? 1 : 0; }

int64_t rule_clamp_long(rulert_context* context, int64_t x, int64_t low, int64_t high) {
  if (low > high) return Fail(context, Cause::EmptyRange);
  return x < low ? low : x > high ? high : x;
}

double rule_clamp_double(rulert_context* context, double x, double low, double high) {
  if (!(low <= high)) return Fail(context, Cause::EmptyRange);
  return x < low ? low : x > high ? high : x;
}

int64_t rule_div_long(rulert_context* context, int64_t a, int64_t b) {
  if (b == 0) return Fail(context, Cause::DivisionByZero);
  if (b == -1 && a == INT64_MIN) return Fail(context, Cause::Overflow);
  return a / b;
}

int64_t rule_mod_long(rulert_context* context, int64_t a, int64_t b) {
  if (b == 0) return Fail(context, Cause::DivisionByZero);
  return b == -1 ? 0 : a % b;
}

int64_t rule_floor_mod(rulert_context* context, int64_t a, int64_t b) {
  if (b == 0) return Fail(context, Cause::DivisionByZero);
  if (b == -1) return 0;
  int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

int64_t rule_bit_and(int64_t a, int64_t b) { return a & b; }
int64_t rule_bit_or(int64_t a, int64_t b) { return a | b; }
int64_t rule_bit_xor(int64_t a, int64_t b) { return a ^ b; }
int64_t rule_bit_not(int64_t a) { return ~a; }
int64_t rule_bit_count(int64_t a) { return std::popcount(static_cast<uint64_t>(a)); }

uint8_t rule_bit_test(rulert_context* context, int64_t a, int64_t bit) {
  if (bit < 0 || bit > 63) return Fail(context, Cause::BitOutOfRange);
  return static_cast<uint8_t>(static_cast<uint64_t>(a) >> bit & 1);
}

int64_t rule_shift_left(rulert_context* context, int64_t a, int64_t count) {
  if (count < 0 || count > 63) return Fail(context, Cause::BitOutOfRange);
  return static_cast<int64_t>(static_cast<uint64_t>(a) << count);
}

int64_t rule_shift_right(rulert_context* context, int64_t a, int64_t count) {
  if (count < 0 || count > 63) return Fail(context, Cause::BitOutOfRange);
  return a >> count;
}

}  // extern "C"
