#include "runtime/execute/time_text.h"

#include <chrono>

#include "runtime/base/text.h"

namespace rulert {
namespace {

struct Unit {
  std::string_view name;
  int64_t micros;
};
constexpr Unit kUnits[] = {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000},
                           {"s", 1'000'000},      {"ms", 1'000},        {"us", 1}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes digits off the front; between `least` and `most` of them.
std::optional<int64_t> TakeDigits(std::string_view* text, size_t least, size_t most) {
  size_t count = 0;
  while (count < text->size() && count < most && IsDigit((*text)[count])) ++count;
  if (count < least) return std::nullopt;
  const auto value = ParseInteger(text->substr(0, count));
  text->remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// `.25` as microseconds; further digits are dropped.
std::optional<int64_t> TakeFraction(std::string_view* text) {
  if (!TakeChar(text, '.')) return 0;
  int64_t micros = 0;
  int64_t scale = 100'000;
  size_t digits = 0;
  for (; !text->empty() && IsDigit(text->front()); text->remove_prefix(1), ++digits, scale /= 10) {
    micros += (text->front() - '0') * scale;
  }
  if (digits == 0) return std::nullopt;
  return micros;
}

// `Z`, `+02:00`, `-0530`: microseconds east of UTC.
std::optional<int64_t> TakeZone(std::string_view* text) {
  if (TakeChar(text, 'Z')) return 0;
  const bool east = TakeChar(text, '+');
  if (!east && !TakeChar(text, '-')) return std::nullopt;
  const auto hours = TakeDigits(text, 2, 2);
  TakeChar(text, ':');
  const auto minutes = TakeDigits(text, 2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int64_t micros = (*hours * 60 + *minutes) * 60'000'000;
  return east ? micros : -micros;
}

std::optional<int64_t> TakeDate(std::string_view* text) {
  const auto year = TakeDigits(text, 4, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kUnits[0].micros;
}

std::optional<int64_t> TakeTimeOfDay(std::string_view* text) {
  const auto hours = TakeDigits(text, 2, 2);
  if (!hours || !TakeChar(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2, 2);
  if (!minutes || !TakeChar(text, ':')) return std::nullopt;
  const auto seconds = TakeDigits(text, 2, 2);
  const auto fraction = TakeFraction(text);
  if (!seconds || !fraction || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  return ((*hours * 60 + *minutes) * 60 + *seconds) * 1'000'000 + *fraction;
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  if (const auto bare = ParseInteger(text)) return bare;
  const bool negative = TakeChar(&text, '-');
  if (text.empty()) return std::nullopt;
  int64_t total = 0;
  size_t next_unit = 0;
  while (!text.empty()) {
    const auto count = TakeDigits(&text, 1, 18);
    size_t letters = 0;
    while (letters < text.size() && !IsDigit(text[letters])) ++letters;
    while (next_unit < std::size(kUnits) && kUnits[next_unit].name != text.substr(0, letters)) ++next_unit;
    if (!count || next_unit == std::size(kUnits)) return std::nullopt;
    text.remove_prefix(letters);
    int64_t part = 0;
    if (__builtin_mul_overflow(*count, kUnits[next_unit].micros, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
    ++next_unit;
  }
  return negative ? -total : total;
}

std::optional<int64_t> ParseTimestamp(std::string_view text) {
  if (const auto bare = ParseInteger(text)) return bare;
  const auto day = TakeDate(&text);
  if (!day) return std::nullopt;
  if (text.empty()) return day;
  if (!TakeChar(&text, 'T') && !TakeChar(&text, ' ')) return std::nullopt;
  const auto time = TakeTimeOfDay(&text);
  const auto zone = time ? TakeZone(&text) : std::nullopt;
  if (!zone || !text.empty()) return std::nullopt;
  return *day + *time - *zone;
}

}  // namespace rulert
