#include "stdlib/decimal.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

constexpr std::array<UInt128, kMaxPrecision + 1> kPowers = [] {
  std::array<UInt128, kMaxPrecision + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

constexpr UInt128 kBound = kPowers[kMaxPrecision];  // what has more than 38 digits

// value / 10^digits, half away from zero. What the first dropped digit says is decisive, whatever follows it.
UInt128 DropDigits(UInt128 value, uint32_t digits) {
  if (digits == 0) return value;
  if (digits > kMaxPrecision + 1) return 0;
  value /= kPowers[digits - 1];
  return value / 10 + (value % 10 >= 5 ? 1 : 0);
}

// A product of 256 bits, its words from the lowest up.
struct Product {
  std::array<uint64_t, 4> words;
};

Product Multiply(UInt128 a, UInt128 b) {
  uint64_t a_words[] = {static_cast<uint64_t>(a), static_cast<uint64_t>(a >> 64)};
  uint64_t b_words[] = {static_cast<uint64_t>(b), static_cast<uint64_t>(b >> 64)};
  Product product{};
  for (size_t i = 0; i < 2; ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < 2; ++j) {
      UInt128 sum = static_cast<UInt128>(a_words[i]) * b_words[j] + product.words[i + j] + carry;
      product.words[i + j] = static_cast<uint64_t>(sum);
      carry = static_cast<uint64_t>(sum >> 64);
    }
    product.words[i + 2] = carry;
  }
  return product;
}

// Divides in place; the remainder.
uint64_t DivideBy(Product* value, uint64_t divisor) {
  UInt128 rest = 0;
  for (size_t i = 4; i-- > 0;) {
    UInt128 part = rest << 64 | value->words[i];
    value->words[i] = static_cast<uint64_t>(part / divisor);
    rest = part % divisor;
  }
  return static_cast<uint64_t>(rest);
}

void DropDigits(Product* value, uint32_t digits) {
  if (digits == 0) return;
  for (uint32_t left = digits - 1; left > 0;) {
    uint32_t step = left < 19 ? left : 19;
    DivideBy(value, static_cast<uint64_t>(kPowers[step]));
    left -= step;
  }
  if (DivideBy(value, 10) < 5) return;
  for (size_t i = 0; i < 4 && ++value->words[i] == 0; ++i) {
  }
}

// One step of long division: 10 * rest = digit * divisor + rest, for rest < divisor < 2^127.
uint32_t NextDigit(UInt128* rest, UInt128 divisor) {
  auto twice = [&](UInt128 value, uint32_t* quotient) {
    value <<= 1;
    *quotient <<= 1;
    if (value >= divisor) value -= divisor, ++*quotient;
    return value;
  };
  uint32_t digit = 0;
  UInt128 doubled = twice(*rest, &digit);
  uint32_t of_doubled = digit;
  UInt128 sum = twice(twice(doubled, &digit), &digit) + doubled;  // 8 times and 2 times
  digit += of_doubled;
  if (sum >= divisor) sum -= divisor, ++digit;
  *rest = sum;
  return digit;
}

// A whole number of up to 1,400 bits, for comparing with the least doubles.
class BigNumber {
 public:
  explicit BigNumber(UInt128 value) {
    for (size_t i = 0; i < 4; ++i) limbs_[i] = static_cast<uint32_t>(value >> (32 * i));
  }
  void MultiplyBy(uint32_t factor) {
    uint64_t carry = 0;
    for (uint32_t& limb : limbs_) {
      carry += static_cast<uint64_t>(limb) * factor;
      limb = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  void ShiftLeft(uint32_t bits) {
    for (; bits >= 31; bits -= 31) MultiplyBy(uint32_t{1} << 31);
    MultiplyBy(uint32_t{1} << bits);
  }
  int Compare(const BigNumber& other) const {
    for (size_t i = limbs_.size(); i-- > 0;) {
      if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
    }
    return 0;
  }

 private:
  std::array<uint32_t, 44> limbs_{};
};

// Compares magnitude / 10^scale with a positive finite double, both as whole numbers.
int CompareExactly(UInt128 magnitude, uint32_t scale, double b) {
  int exponent = 0;
  auto mantissa = static_cast<uint64_t>(std::ldexp(std::frexp(b, &exponent), 53));
  exponent -= 53;
  BigNumber left(magnitude), right(mantissa);
  for (uint32_t i = 0; i < scale; ++i) right.MultiplyBy(10);
  (exponent < 0 ? left : right).ShiftLeft(static_cast<uint32_t>(std::abs(exponent)));
  return left.Compare(right);
}

}  // namespace

UInt128 PowerOfTen(uint32_t exponent) { return kPowers[exponent]; }

bool HasDigits(Int128 unscaled, uint32_t precision) {
  return Magnitude(unscaled) < kPowers[precision < kMaxPrecision ? precision : kMaxPrecision];
}

bool Rescale(Int128 value, uint32_t from, uint32_t to, Int128* out) {
  UInt128 magnitude = Magnitude(value);
  if (to <= from) {
    magnitude = DropDigits(magnitude, from - to);
  } else if (to - from > kMaxPrecision) {
    if (magnitude != 0) return false;
  } else if (__builtin_mul_overflow(magnitude, kPowers[to - from], &magnitude)) {
    return false;
  }
  if (magnitude >= kBound) return false;
  *out = Signed(magnitude, value < 0);
  return true;
}

bool MultiplyTo(Int128 a, Int128 b, uint32_t from, uint32_t to, Int128* out) {
  UInt128 magnitude = 0;
  bool negative = (a < 0) != (b < 0);
  if (!__builtin_mul_overflow(Magnitude(a), Magnitude(b), &magnitude) && magnitude < kBound) {
    return Rescale(Signed(magnitude, negative), from, to, out);
  }
  if (to >= from) return false;  // 39 digits or more already
  Product product = Multiply(Magnitude(a), Magnitude(b));
  DropDigits(&product, from - to);
  magnitude = static_cast<UInt128>(product.words[1]) << 64 | product.words[0];
  if ((product.words[2] | product.words[3]) != 0 || magnitude >= kBound) return false;
  *out = Signed(magnitude, negative);
  return true;
}

bool DivideTo(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b, uint32_t to, Int128* out) {
  // a / 10^sa / (b / 10^sb) * 10^to = a * 10^shift / b
  int32_t shift = static_cast<int32_t>(to + scale_b) - static_cast<int32_t>(scale_a);
  UInt128 dividend = Magnitude(a), divisor = Magnitude(b), scaled = 0;
  bool negative = (a < 0) != (b < 0);
  if (shift < 0) {
    // Digits are dropped: at most 38, since scales are.
    if (__builtin_mul_overflow(divisor, kPowers[static_cast<uint32_t>(-shift)], &divisor) || divisor >> 127 != 0) {
      // Twice the divisor is beyond any dividend, so the quotient is 0 or rounds to it.
      return *out = 0, true;
    }
    shift = 0;
  }
  UInt128 quotient = 0, rest = 0;
  if (static_cast<uint32_t>(shift) <= kMaxPrecision &&
      !__builtin_mul_overflow(dividend, kPowers[static_cast<uint32_t>(shift)], &scaled)) {
    quotient = scaled / divisor;
    rest = scaled % divisor;
  } else {
    quotient = dividend / divisor;
    rest = dividend % divisor;
    for (int32_t i = 0; i < shift; ++i) {
      if (quotient >= kPowers[kMaxPrecision - 1]) return false;
      quotient = quotient * 10 + NextDigit(&rest, divisor);
    }
  }
  if (rest >= divisor - rest) ++quotient;
  if (quotient >= kBound) return false;
  *out = Signed(quotient, negative);
  return true;
}

Int128 Remainder(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b) {
  UInt128 dividend = Magnitude(a), divisor = Magnitude(b);
  if (scale_b < scale_a) {
    // A divisor beyond 128 bits, or 127, is greater than any dividend.
    if (__builtin_mul_overflow(divisor, kPowers[scale_a - scale_b], &divisor) || divisor >> 127 != 0) return a;
  }
  UInt128 rest = dividend % divisor;
  for (uint32_t i = scale_a; i < scale_b; ++i) NextDigit(&rest, divisor);
  return Signed(rest, a < 0);
}

int Compare(Int128 a, uint32_t scale_a, Int128 b, uint32_t scale_b) {
  if ((a < 0) != (b < 0) || scale_a == scale_b) return a < b ? -1 : a > b ? 1 : 0;
  // The side with fewer digits behind the point is scaled up; beyond 128 bits it is the greater in size.
  bool swapped = scale_a > scale_b;
  Int128 coarse = swapped ? b : a, fine = swapped ? a : b, scaled = 0;
  uint32_t shift = swapped ? scale_a - scale_b : scale_b - scale_a;
  int order = 0;
  if (__builtin_mul_overflow(coarse, static_cast<Int128>(kPowers[shift]), &scaled)) {
    order = coarse < 0 ? -1 : 1;
  } else {
    order = scaled < fine ? -1 : scaled > fine ? 1 : 0;
  }
  return swapped ? -order : order;
}

int CompareDouble(Int128 a, uint32_t scale, double b) {
  if (std::isnan(b)) return 2;
  int sign_a = a < 0 ? -1 : a > 0 ? 1 : 0, sign_b = b < 0 ? -1 : b > 0 ? 1 : 0;
  if (sign_a != sign_b) return sign_a < sign_b ? -1 : 1;
  if (sign_a == 0) return 0;
  double size = std::fabs(b);
  if (size >= 1e39) return -sign_a;
  // Two roundings at most in `near`, so that what differs by more is decided.
  double near = static_cast<double>(Magnitude(a)) / static_cast<double>(kPowers[scale]);
  if (std::fabs(near - size) > 1e-14 * near) return near < size ? -sign_a : sign_a;
  return sign_a * CompareExactly(Magnitude(a), scale, size);
}

double ToDouble(Int128 unscaled, uint32_t scale) {
  UInt128 magnitude = Magnitude(unscaled);
  // Both are exact as doubles, so the quotient is rounded once.
  if (magnitude < uint64_t{1} << 53 && scale <= 22) {
    double value = static_cast<double>(static_cast<uint64_t>(magnitude)) / static_cast<double>(kPowers[scale]);
    return unscaled < 0 ? -value : value;
  }
  char text[48];
  size_t size = WriteDecimal(unscaled, scale, text);
  double value = 0;
  std::from_chars(text, text + size, value);
  return value;
}

}  // namespace rulelib
