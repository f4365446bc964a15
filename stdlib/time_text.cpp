#include <algorithm>

#include "stdlib/calendar.h"
#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

// Reads a text from its start; what does not fit leaves it anywhere.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeAny(std::string_view characters, char* taken) {
    if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return false;
    *taken = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }
  // Between `least` and `most` digits.
  bool Digits(size_t least, size_t most, int64_t* out) {
    size_t count = 0;
    int64_t value = 0;
    while (count < most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      value = value * 10 + (rest_[count++] - '0');
    }
    if (count < least) return false;
    rest_.remove_prefix(count);
    *out = value;
    return true;
  }
  bool two_digits_follow() const {
    return rest_.size() >= 2 && rest_[0] >= '0' && rest_[0] <= '9' && rest_[1] >= '0' && rest_[1] <= '9';
  }

 private:
  std::string_view rest_;
};

bool ScanDate(Scanner* text, int64_t* days) {
  char sign = '+';
  bool has_sign = text->TakeAny("+-", &sign);
  CivilDate date;
  if (!text->Digits(4, has_sign ? 7 : 4, &date.year) || !text->Take('-')) return false;
  if (sign == '-') date.year = -date.year;
  if (!text->Digits(2, 2, &date.month) || !text->Take('-') || !text->Digits(2, 2, &date.day)) return false;
  if (date.month < 1 || date.month > 12) return false;
  if (date.day < 1 || date.day > DaysInMonth(date.year, date.month)) return false;
  *days = DaysOf(date);
  return *days >= INT32_MIN && *days <= INT32_MAX;
}

bool ScanFraction(Scanner* text, int64_t* micros) {
  int64_t digit = 0;
  *micros = 0;
  for (int i = 0; i < 9; ++i) {
    if (!text->Digits(1, 1, &digit)) {
      if (i == 0) return false;
      digit = 0;
    }
    if (i < 6) *micros = *micros * 10 + digit;
  }
  return true;
}

bool ScanTimeOfDay(Scanner* text, int64_t* micros) {
  int64_t hour = 0, minute = 0, second = 0, fraction = 0;
  if (!text->Digits(2, 2, &hour) || !text->Take(':') || !text->Digits(2, 2, &minute)) return false;
  if (text->Take(':')) {
    if (!text->Digits(2, 2, &second)) return false;
    char point = 0;
    if (text->TakeAny(".,", &point) && !ScanFraction(text, &fraction)) return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  *micros = hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  return true;
}

bool ScanOffset(Scanner* text, bool required, int64_t* micros) {
  char sign = 0;
  *micros = 0;
  if (text->done()) return !required;
  if (text->TakeAny("Zz", &sign)) return true;
  int64_t hour = 0, minute = 0;
  if (!text->TakeAny("+-", &sign) || !text->Digits(2, 2, &hour)) return false;
  bool has_minutes = text->Take(':') || text->two_digits_follow();
  if (has_minutes && !text->Digits(2, 2, &minute)) return false;
  if (hour > 23 || minute > 59) return false;
  *micros = (hour * kMicrosPerHour + minute * kMicrosPerMinute) * (sign == '-' ? -1 : 1);
  return true;
}

void AppendDigits(int64_t value, int width, std::string* out) {
  char text[20];
  int count = 0;
  while (value != 0 || count < width) {
    text[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  while (count > 0) *out += text[--count];
}

struct Unit {
  std::string_view name;
  int64_t micros;
};
constexpr Unit kUnits[] = {{"d", kMicrosPerDay},    {"h", kMicrosPerHour}, {"m", kMicrosPerMinute},
                           {"s", kMicrosPerSecond}, {"ms", 1000},          {"us", 1}};

}  // namespace

bool ParseDate(std::string_view text, int32_t* out) {
  Scanner scanner(text);
  int64_t days = 0;
  if (!ScanDate(&scanner, &days) || !scanner.done()) return false;
  *out = static_cast<int32_t>(days);
  return true;
}

void AppendDate(int32_t days, std::string* out) {
  CivilDate date = CivilOf(days);
  if (date.year < 0) *out += '-';
  if (date.year > 9999) *out += '+';
  AppendDigits(std::abs(date.year), 4, out);
  *out += '-';
  AppendDigits(date.month, 2, out);
  *out += '-';
  AppendDigits(date.day, 2, out);
}

bool ParseTimeOfDay(std::string_view text, int64_t* out) {
  Scanner scanner(text);
  int64_t micros = 0;
  if (!ScanTimeOfDay(&scanner, &micros) || !scanner.done()) return false;
  *out = micros;
  return true;
}

void AppendTimeOfDay(int64_t micros, std::string* out) {
  AppendDigits(micros / kMicrosPerHour, 2, out);
  *out += ':';
  AppendDigits(micros / kMicrosPerMinute % 60, 2, out);
  *out += ':';
  AppendDigits(micros / kMicrosPerSecond % 60, 2, out);
  int64_t fraction = micros % kMicrosPerSecond;
  if (fraction == 0) return;
  *out += '.';
  bool millis = fraction % 1000 == 0;
  AppendDigits(millis ? fraction / 1000 : fraction, millis ? 3 : 6, out);
}

bool ParseTimestamp(std::string_view text, int64_t* out, bool zone_required) {
  Scanner scanner(text);
  int64_t days = 0, micros = 0, offset = 0, value = 0;
  char separator = 0;
  if (!ScanDate(&scanner, &days) || !scanner.TakeAny("Tt ", &separator) || !ScanTimeOfDay(&scanner, &micros)) {
    return false;
  }
  if (!ScanOffset(&scanner, zone_required, &offset) || !scanner.done()) return false;
  int64_t local = micros - offset;
  if (!TimestampOf(days + FloorDivide(local, kMicrosPerDay), FloorModulo(local, kMicrosPerDay), &value)) return false;
  *out = value;
  return true;
}

void AppendTimestamp(int64_t micros, std::string* out) {
  AppendDate(static_cast<int32_t>(DayOf(micros)), out);
  *out += 'T';
  AppendTimeOfDay(TimeOfDayOf(micros), out);
  *out += 'Z';
}

bool ParseDuration(std::string_view text, int64_t* out) {
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int64_t total = 0;  // negative, since there is one more of those
  const Unit* next = std::begin(kUnits);
  do {
    size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    int64_t count = 0, part = 0;
    if (!ParseLong(text.substr(0, digits), &count)) return false;
    text.remove_prefix(digits);
    size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    const Unit* unit =
        std::find_if(next, std::end(kUnits), [&](const Unit& u) { return u.name == text.substr(0, letters); });
    if (unit == std::end(kUnits)) return false;
    if (__builtin_mul_overflow(count, -unit->micros, &part) || __builtin_add_overflow(total, part, &total))
      return false;
    next = unit + 1;
    text.remove_prefix(letters);
  } while (!text.empty());
  if (!negative && total == INT64_MIN) return false;
  *out = negative ? total : -total;
  return true;
}

void AppendDuration(int64_t micros, std::string* out) {
  if (micros == 0) {
    *out += "0s";
    return;
  }
  if (micros < 0) *out += '-';
  uint64_t rest = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  for (const Unit& unit : kUnits) {
    uint64_t count = rest / static_cast<uint64_t>(unit.micros);
    if (count == 0) continue;
    *out += std::to_string(count);
    *out += unit.name;
    rest -= count * static_cast<uint64_t>(unit.micros);
  }
}

}  // namespace rulelib
