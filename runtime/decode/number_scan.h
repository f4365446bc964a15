// Numbers in JSON and CSV: their digits, and most of their values without a second look.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
  bool whole = true;   // without point and exponent
  bool sound = false;  // is it one, up to `end`?
  bool exact = true;   // all digits are in `digits`
  uint64_t digits = 0;
  int64_t exponent = 0;  // value = digits * 10^exponent
  const uint8_t* end = nullptr;

  // Is it one, and does nothing follow that belongs to it?
  bool alone() const { return sound && kNumberEnds[*end]; }
};

// The digits at `p`, eight at most: how many, and their value. Reads eight bytes. The value of eight digits in three
// multiplications: Lemire, "Quickly parsing eight digits", 2018.
inline uint32_t TakeEightDigits(const uint8_t* p, uint64_t* value) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  word ^= 0x3030303030303030;
  // The lowest byte that is above 9; what overflows changes only those behind it.
  const uint64_t beyond = ((word + 0x7676767676767676) | word) & 0x8080808080808080;
  const auto count = static_cast<uint32_t>(std::countr_zero(beyond)) / 8;
  if (count == 0) return 0;
  word <<= 64 - 8 * count;
  word = (word * 10) + (word >> 8);
  constexpr uint64_t kPairs = 0x000000FF000000FF;
  *value = (((word & kPairs) * (100 + (1000000ull << 32))) + (((word >> 16) & kPairs) * (1 + (10000ull << 32)))) >> 32;
  return count;
}

// Takes the digits at *p; `taken` is how many are in number->digits already.
inline uint32_t TakeDigits(const uint8_t** p, uint32_t taken, NumberText* number) {
  static constexpr uint64_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  constexpr uint32_t kRoom = 19;  // digits that 64 bits hold whatever they are
  uint32_t count = 8;
  while (count == 8 && taken + 8 <= kRoom) {
    uint64_t value = 0;
    count = TakeEightDigits(*p, &value);
    if (count == 0) return taken;
    number->digits = number->digits * kPowers[count] + value;
    *p += count;
    taken += count;
  }
  if (count < 8) return taken;
  constexpr uint64_t kMost = (std::numeric_limits<uint64_t>::max() - 9) / 10;
  for (; IsDigit(**p); ++*p) {
    if (number->digits > kMost) {
      number->exact = false;
      continue;
    }
    number->digits = number->digits * 10 + (**p - '0');
    ++taken;
  }
  return taken;
}

// At `p`, where something must follow that ends it and eight bytes more can be read.
inline NumberText ScanNumber(const uint8_t* p) {
  NumberText number;
  number.negative = *p == '-';
  if (number.negative) ++p;
  if (!IsDigit(*p) || (*p == '0' && IsDigit(p[1]))) return number;
  uint32_t taken = TakeDigits(&p, 0, &number);
  if (*p == '.') {
    number.whole = false;
    if (!IsDigit(*++p)) return number;
    const uint32_t before = taken;
    taken = TakeDigits(&p, taken, &number);
    number.exponent = static_cast<int64_t>(before) - taken;
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
  number.sound = true;
  return number;
}

// A number of at most 18 digits without exponent, as most are: value = digits / 10^places.
struct UsualNumber {
  uint64_t digits = 0;
  uint32_t places = 0;
  bool negative = false;
  const uint8_t* end = nullptr;

  int64_t whole() const { return static_cast<int64_t>(negative ? ~digits + 1 : digits); }
  double fraction() const {
    static constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    const double size = static_cast<double>(digits) / kPowers[places];
    return negative ? -size : size;
  }
  // Is `fraction` exact (EasyNumber)?
  bool easy() const { return digits <= uint64_t{1} << 53; }
};

// False if there is none at `p`, or one of another form; what follows `end` is for the caller to judge.
inline bool ScanUsualNumber(const uint8_t* p, UsualNumber* number) {
  static constexpr uint64_t kPowers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  number->negative = *p == '-';
  p += number->negative ? 1 : 0;
  uint32_t count = TakeEightDigits(p, &number->digits);
  if (count == 0 || (*p == '0' && count > 1)) return false;
  p += count;
  uint32_t taken = count;
  if (count == 8) {
    uint64_t more = 0;
    count = TakeEightDigits(p, &more);
    number->digits = number->digits * kPowers[count] + more;
    p += count;
    taken += count;
    if (count == 8 && IsDigit(*p)) return false;
  }
  if (*p == '.') {
    uint64_t more = 0;
    count = TakeEightDigits(++p, &more);
    if (count == 0 || taken + count > 18) return false;
    number->digits = number->digits * kPowers[count] + more;
    number->places = count;
    p += count;
  }
  number->end = p;
  return true;
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
