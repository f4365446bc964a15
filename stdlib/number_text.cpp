#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

// Is a well-formed number less than 1 in size? Its first digit that is not 0 stands behind the point then.
bool IsBelowOne(std::string_view number) {
  size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  std::string_view mantissa = number.substr(0, exponent_at);
  int64_t exponent = 0;
  if (exponent_at < number.size()) {
    std::string_view digits = number.substr(exponent_at + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    bool fits = std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec == std::errc{};
    if (!fits || exponent > INT32_MAX || exponent < -INT32_MAX) return digits.starts_with('-');
  }
  auto point = static_cast<int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  auto first = static_cast<int64_t>(std::min(mantissa.find_first_of("123456789"), mantissa.size()));
  return point - first + exponent <= 0;
}

// from_chars takes no leading `+`, and takes words of its own for what is not finite.
template <class Number>
bool ParseFloating(std::string_view text, Number* out) {
  if (text == "NaN") return *out = std::numeric_limits<Number>::quiet_NaN(), true;
  if (text == "Infinity" || text == "+Infinity") return *out = std::numeric_limits<Number>::infinity(), true;
  if (text == "-Infinity") return *out = -std::numeric_limits<Number>::infinity(), true;
  std::string_view digits = text;
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) return false;
  }
  if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return false;
  Number value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return false;
  if (error == std::errc::result_out_of_range) {
    if (!IsBelowOne(digits)) return false;  // too great
    value = digits.starts_with('-') ? -Number{0} : Number{0};
  } else if (error != std::errc{}) {
    return false;
  }
  *out = value;
  return true;
}

template <class Number>
size_t WriteFloating(Number value, char* out) {
  auto put = [&](std::string_view text) { return text.copy(out, text.size()); };
  if (std::isnan(value)) return put("NaN");
  if (std::isinf(value)) return put(value < 0 ? "-Infinity" : "Infinity");
  char* end = std::to_chars(out, out + 32, value).ptr;
  // It stays a number with a point for whoever reads it: 3 is written 3.0.
  if (std::string_view(out, end).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  return static_cast<size_t>(end - out);
}

}  // namespace

bool ParseLong(std::string_view text, int64_t* out) {
  std::string_view digits = text;
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) return false;
  }
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  *out = value;
  return true;
}

bool ParseDouble(std::string_view text, double* out) { return ParseFloating(text, out); }
bool ParseFloat(std::string_view text, float* out) { return ParseFloating(text, out); }
size_t WriteDouble(double value, char* out) { return WriteFloating(value, out); }
size_t WriteFloat(float value, char* out) { return WriteFloating(value, out); }

void AppendDouble(double value, std::string* out) {
  char text[32];
  out->append(text, WriteDouble(value, text));
}

void AppendFloat(float value, std::string* out) {
  char text[32];
  out->append(text, WriteFloat(value, text));
}

void AppendLong(int64_t value, std::string* out) {
  char text[24];
  out->append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

}  // namespace rulelib
