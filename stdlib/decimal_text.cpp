#include <algorithm>
#include <charconv>

#include "stdlib/decimal.h"
#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

struct Number {
  bool negative = false;
  std::string_view whole;     // digits before the point
  std::string_view fraction;  // digits behind it
  int64_t exponent = 0;
};

std::string_view TakeDigits(std::string_view* text) {
  size_t count = std::min(text->find_first_not_of("0123456789"), text->size());
  std::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

bool TakeExponent(std::string_view text, int64_t* out) {
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string_view digits = TakeDigits(&text);
  if (digits.empty() || !text.empty()) return false;
  int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{}) value = INT32_MAX;
  value = std::min<int64_t>(value, INT32_MAX);
  *out = negative ? -value : value;
  return true;
}

bool Split(std::string_view text, Number* out) {
  out->negative = text.starts_with('-');
  if (out->negative || text.starts_with('+')) text.remove_prefix(1);
  out->whole = TakeDigits(&text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    out->fraction = TakeDigits(&text);
  }
  return !(out->whole.empty() && out->fraction.empty()) && TakeExponent(text, &out->exponent);
}

}  // namespace

DecimalText ParseDecimal(std::string_view text, uint32_t form, bool round, Int128* out) {
  Number number;
  if (!Split(text, &number)) return DecimalText::NotANumber;
  // Digit i of all (whole, then fraction) counts 10^(units - i) of the scale's last place.
  int64_t digits = static_cast<int64_t>(number.whole.size() + number.fraction.size());
  int64_t units = static_cast<int64_t>(number.whole.size()) - 1 + number.exponent + FormScale(form);
  UInt128 magnitude = 0;
  bool round_up = false, any = false;
  for (int64_t i = 0; i < digits; ++i) {
    auto at = static_cast<size_t>(i);
    char c = at < number.whole.size() ? number.whole[at] : number.fraction[at - number.whole.size()];
    auto digit = static_cast<uint32_t>(c - '0');
    any = any || digit != 0;
    if (!any) continue;
    int64_t place = units - i;
    if (place >= static_cast<int64_t>(kMaxPrecision)) return DecimalText::TooGreat;
    if (place >= 0) {
      magnitude += digit * PowerOfTen(static_cast<uint32_t>(place));
      continue;
    }
    if (digit != 0 && !round) return DecimalText::TooFine;
    if (place == -1) round_up = digit >= 5;
    if (round) break;
  }
  if (round_up) ++magnitude;
  Int128 value = Signed(magnitude, number.negative);
  if (!HasDigits(value, FormPrecision(form))) return DecimalText::TooGreat;
  *out = value;
  return DecimalText::Ok;
}

size_t WriteDecimal(Int128 unscaled, uint32_t scale, char* out) {
  char reversed[48];
  size_t count = 0;
  UInt128 rest = Magnitude(unscaled);
  // 19 digits at a time: division of 128 bits is slow.
  uint64_t word = 0;
  size_t in_word = 0;
  while (rest != 0 || word != 0 || count <= scale) {
    if (in_word == 0) {
      constexpr uint64_t kWord = 10'000'000'000'000'000'000u;
      word = static_cast<uint64_t>(rest > UINT64_MAX ? rest % kWord : static_cast<uint64_t>(rest) % kWord);
      rest = rest > UINT64_MAX ? rest / kWord : static_cast<uint64_t>(rest) / kWord;
      in_word = 19;
    }
    if (count == scale && scale > 0) reversed[count] = '.';
    size_t at = count + (scale > 0 && count >= scale ? 1 : 0);
    reversed[at] = static_cast<char>('0' + word % 10);
    word /= 10;
    --in_word;
    ++count;
  }
  size_t size = count + (scale > 0 ? 1 : 0);
  char* end = out;
  if (unscaled < 0) *end++ = '-';
  end = std::reverse_copy(reversed, reversed + size, end);
  return static_cast<size_t>(end - out);
}

void AppendDecimal(Int128 unscaled, uint32_t scale, std::string* out) {
  char text[48];
  out->append(text, WriteDecimal(unscaled, scale, text));
}

}  // namespace rulelib
