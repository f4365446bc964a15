// Numbers in JSON and CSV: their digits, and most of their values without a second look.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace rulert {

constexpr std::array<bool, 256> NumberEnds() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\r', '\n', ',', ']', '}'}) ends[static_cast<uint8_t>(c)] = true;
  return ends;
}
// What may follow a number or a word.
inline constexpr std::array<bool, 256> kNumberEnds = NumberEnds();

inline bool IsDigit(uint8_t c) { return c >= '0' && c <= '9'; }

// A number as JSON writes it.
struct NumberText {
  bool negative = false;
  bool whole = true;       // without point and exponent
  bool sound = false;      // is it one?
  bool exact = true;       // all digits are in `digits`
  uint64_t digits = 0;
  int64_t exponent = 0;    // value = digits * 10^exponent
  const uint8_t* end = nullptr;
};

inline void TakeDigits(const uint8_t** p, int64_t scale, NumberText* number) {
  constexpr uint64_t kRoom = (std::numeric_limits<uint64_t>::max() - 9) / 10;
  for (; IsDigit(**p); ++*p) {
    if (number->digits > kRoom) {
      number->exact = false;
      continue;
    }
    number->digits = number->digits * 10 + (**p - '0');
    number->exponent += scale;
  }
}

// At `p`, where something must follow that ends it.
inline NumberText ScanNumber(const uint8_t* p) {
  NumberText number;
  number.negative = *p == '-';
  if (number.negative) ++p;
  if (!IsDigit(*p) || (*p == '0' && IsDigit(p[1]))) return number;
  TakeDigits(&p, 0, &number);
  if (*p == '.') {
    number.whole = false;
    if (!IsDigit(*++p)) return number;
    TakeDigits(&p, -1, &number);
  }
  if (*p == 'e' || *p == 'E') {
    number.whole = false;
    ++p;
    const bool minus = *p == '-';
    if (*p == '-' || *p == '+') ++p;
    if (!IsDigit(*p)) return number;
    int64_t exponent = 0;
    for (; IsDigit(*p); ++p) exponent = exponent < 100'000 ? exponent * 10 + (*p - '0') : exponent;
    number.exponent += minus ? -exponent : exponent;
  }
  number.end = p;
  number.sound = kNumberEnds[*p];
  return number;
}

// Exact where both parts are (Clinger, "How to read floating point numbers accurately", 1990): most numbers are.
template <typename T>
bool EasyNumber(const NumberText& number, T* value) {
  constexpr bool wide = sizeof(T) == 8;
  constexpr uint64_t kMostDigits = uint64_t{1} << (wide ? 53 : 24);
  constexpr int64_t kMostExponent = wide ? 22 : 10;
  static constexpr T kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};
  static constexpr double kMorePowers[] = {1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (!number.exact || number.digits > kMostDigits) return false;
  if (number.exponent < -kMostExponent || number.exponent > kMostExponent) return false;
  const auto places = static_cast<size_t>(number.exponent < 0 ? -number.exponent : number.exponent);
  const T power = places <= 10 ? kPowers[places] : static_cast<T>(kMorePowers[places - 11]);
  const T digits = static_cast<T>(number.digits);
  const T size = number.exponent < 0 ? digits / power : digits * power;
  *value = number.negative ? -size : size;
  return true;
}

}  // namespace rulert
