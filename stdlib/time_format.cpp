#include "stdlib/time_format.h"

#include <algorithm>

#include "stdlib/calendar.h"
#include "stdlib/result.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view kWeekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::string_view kHalves[] = {"AM", "PM"};
constexpr std::string_view kDirectives = "YymdejHIpMSLfaAbBuVGqzZs";
constexpr std::string_view kOnlyWritten = "VGqZ";

// A time's parts on the clocks of its zone.
struct Parts {
  int64_t micros = 0, offset = 0, days = 0, in_day = 0;
  CivilDate date;
};

void AppendNumber(int64_t value, int width, char fill, TextBuilder* out) {
  if (value < 0) out->Append('-');
  char text[20];
  int count = 0;
  for (uint64_t rest = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
       rest != 0 || count == 0; rest /= 10) {
    text[count++] = static_cast<char>('0' + rest % 10);
  }
  for (int i = count; i < width; ++i) out->Append(fill);
  while (count > 0) out->Append(text[--count]);
}

void AppendOffset(int64_t offset, TextBuilder* out) {
  out->Append(offset < 0 ? '-' : '+');
  int64_t minutes = (offset < 0 ? -offset : offset) / kMicrosPerMinute;
  AppendNumber(minutes / 60, 2, '0', out);
  AppendNumber(minutes % 60, 2, '0', out);
}

int64_t HourOf12(int64_t hour) { return (hour + 11) % 12 + 1; }

void WriteDirective(char directive, const Parts& parts, const Zone* zone, TextBuilder* out) {
  auto number = [&](int64_t value, int width) { AppendNumber(value, width, '0', out); };
  int64_t hour = parts.in_day / kMicrosPerHour, second = parts.in_day % kMicrosPerSecond;
  auto weekday = static_cast<size_t>(WeekdayOf(parts.days) - 1);
  auto month = static_cast<size_t>(parts.date.month - 1);
  switch (directive) {
    case 'Y': return number(parts.date.year, 4);
    case 'y': return number(FloorModulo(parts.date.year, 100), 2);
    case 'm': return number(parts.date.month, 2);
    case 'd': return number(parts.date.day, 2);
    case 'e': return number(parts.date.day, 1);
    case 'j': return number(DayOfYear(parts.days), 3);
    case 'H': return number(hour, 2);
    case 'I': return number(HourOf12(hour), 2);
    case 'p': return out->Append(hour < 12 ? "AM" : "PM");
    case 'M': return number(parts.in_day / kMicrosPerMinute % 60, 2);
    case 'S': return number(parts.in_day / kMicrosPerSecond % 60, 2);
    case 'L': return number(second / 1000, 3);
    case 'f': return number(second, 6);
    case 'a': return out->Append(kWeekdays[weekday].substr(0, 3));
    case 'A': return out->Append(kWeekdays[weekday]);
    case 'b': return out->Append(kMonths[month].substr(0, 3));
    case 'B': return out->Append(kMonths[month]);
    case 'u': return number(WeekdayOf(parts.days), 1);
    case 'V': return number(IsoWeekOf(parts.days), 2);
    case 'G': return number(IsoYearOf(parts.days), 4);
    case 'q': return number((parts.date.month + 2) / 3, 1);
    case 'z': return AppendOffset(parts.offset, out);
    case 'Z': return out->Append(zone == nullptr ? "UTC" : zone->NameAt(parts.micros));
    case 's': return number(FloorDivide(parts.micros, kMicrosPerSecond), 1);
    default: return;
  }
}

bool EqualsWithoutCase(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return (a | 32) == (b | 32); });
}

// What a text tells, as far as it was read.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool Read(const TimeFormat::Token& token) {
    if (token.directive == 0) {
      if (!rest_.starts_with(token.text)) return false;
      rest_.remove_prefix(token.text.size());
      return true;
    }
    return ReadDirective(token.directive);
  }

  bool Finish(const Zone* zone, int64_t* micros) const {
    if (!rest_.empty()) return false;
    if (has_epoch_) return !__builtin_mul_overflow(epoch_, kMicrosPerSecond, micros);
    int64_t hour = hour_;
    if (half_ >= 0) {
      if (hour12_ < 0) return false;
      hour = hour12_ % 12 + half_ * 12;
    } else if (hour12_ >= 0) {
      return false;  // which half of the day?
    }
    int64_t days = 0;
    if (!DayOfParts(&days)) return false;
    int64_t in_day = hour * kMicrosPerHour + minute_ * kMicrosPerMinute + second_ * kMicrosPerSecond + fraction_;
    int64_t local = 0;
    if (!TimestampOf(days, in_day, &local)) return false;
    if (has_offset_) return !__builtin_sub_overflow(local, offset_, micros);
    *micros = zone == nullptr ? local : zone->ToUtc(local);
    return true;
  }

 private:
  // What is told twice has to agree.
  bool DayOfParts(int64_t* days) const {
    if (date_.day > DaysInMonth(date_.year, date_.month)) return false;
    bool by_day_of_year = day_of_year_ > 0 && !has_month_;
    *days = by_day_of_year ? DaysOf({date_.year, 1, 1}) + day_of_year_ - 1 : DaysOf(date_);
    if (day_of_year_ > 0 && (DayOfYear(*days) != day_of_year_ || CivilOf(*days).year != date_.year)) return false;
    return weekday_ < 0 || WeekdayOf(*days) == weekday_ + 1;
  }
  bool ReadDirective(char directive) {
    switch (directive) {
      case 'Y': return Signed(4, 6, &date_.year);
      case 'y': {
        // POSIX: 69 to 99 are of the last century.
        bool read = Number(2, 2, 0, 99, &date_.year);
        date_.year += date_.year < 69 ? 2000 : 1900;
        return read;
      }
      case 'm': has_month_ = true; return Number(1, 2, 1, 12, &date_.month);
      case 'd': return Number(1, 2, 1, 31, &date_.day);
      case 'e':
        if (rest_.starts_with(' ')) rest_.remove_prefix(1);
        return Number(1, 2, 1, 31, &date_.day);
      case 'j': return Number(1, 3, 1, 366, &day_of_year_);
      case 'a': return Word(kWeekdays, 3, &weekday_);
      case 'A': return Word(kWeekdays, std::string_view::npos, &weekday_);
      case 'u':
        if (!Number(1, 1, 1, 7, &weekday_)) return false;
        --weekday_;
        return true;
      case 'H': return Number(1, 2, 0, 23, &hour_);
      case 'I': return Number(1, 2, 1, 12, &hour12_);
      case 'p': return Word(kHalves, 2, &half_);
      case 'M': return Number(1, 2, 0, 59, &minute_);
      case 'S': return Number(1, 2, 0, 59, &second_);
      case 'L': return Fraction(3);
      case 'f': return Fraction(9);
      case 'b': return Month(true);
      case 'B': return Month(false);
      case 'z': return Offset();
      case 's': has_epoch_ = true; return Signed(1, 14, &epoch_);
      default: return false;
    }
  }
  bool Number(size_t least, size_t most, int64_t low, int64_t high, int64_t* out) {
    size_t count = 0;
    int64_t value = 0;
    while (count < most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      value = value * 10 + (rest_[count++] - '0');
    }
    if (count < least || value < low || value > high) return false;
    rest_.remove_prefix(count);
    *out = value;
    return true;
  }
  // More digits than `least` only behind a sign, so that `%Y%m%d` can be read.
  bool Signed(size_t least, size_t most, int64_t* out) {
    bool negative = rest_.starts_with('-'), has_sign = negative || rest_.starts_with('+');
    if (has_sign) rest_.remove_prefix(1);
    if (!Number(least, has_sign || least == 1 ? most : least, 0, INT64_MAX, out)) return false;
    if (negative) *out = -*out;
    return true;
  }
  // One to `most` digits of a second's fraction, of which six count.
  bool Fraction(size_t most) {
    size_t before = rest_.size();
    int64_t value = 0;
    if (!Number(1, most, 0, INT64_MAX, &value)) return false;
    size_t digits = before - rest_.size();
    for (; digits < 6; ++digits) value *= 10;
    for (; digits > 6; --digits) value /= 10;
    fraction_ = value;
    return true;
  }
  bool Word(std::span<const std::string_view> words, size_t length, int64_t* out) {
    for (size_t i = 0; i < words.size(); ++i) {
      std::string_view word = words[i].substr(0, length);
      if (!EqualsWithoutCase(rest_, word)) continue;
      rest_.remove_prefix(word.size());
      *out = static_cast<int64_t>(i);
      return true;
    }
    return false;
  }
  bool Month(bool cut) {
    int64_t month = 0;
    has_month_ = true;
    if (!Word(std::span<const std::string_view>(kMonths), cut ? 3 : std::string_view::npos, &month)) return false;
    date_.month = month + 1;
    return true;
  }
  bool Offset() {
    has_offset_ = true;
    if (rest_.starts_with('Z')) {
      rest_.remove_prefix(1);
      return true;
    }
    bool negative = rest_.starts_with('-');
    if (!negative && !rest_.starts_with('+')) return false;
    rest_.remove_prefix(1);
    int64_t hours = 0, minutes = 0;
    if (!Number(2, 2, 0, 23, &hours)) return false;
    if (rest_.starts_with(':')) rest_.remove_prefix(1);
    if (!Number(2, 2, 0, 59, &minutes)) return false;
    offset_ = (hours * 60 + minutes) * kMicrosPerMinute * (negative ? -1 : 1);
    return true;
  }

  std::string_view rest_;
  CivilDate date_;
  int64_t day_of_year_ = 0, weekday_ = -1;  // 0 is Monday
  int64_t hour_ = 0, hour12_ = -1, half_ = -1, minute_ = 0, second_ = 0, fraction_ = 0, offset_ = 0, epoch_ = 0;
  bool has_month_ = false, has_offset_ = false, has_epoch_ = false;
};

std::string_view Shorthand(char directive) {
  return directive == 'F' ? "%Y-%m-%d" : directive == 'T' ? "%H:%M:%S" : directive == 'R' ? "%H:%M" : "";
}

bool AddTokens(std::string_view format, std::vector<TimeFormat::Token>* tokens, std::string* error) {
  auto literal = [&](char c) {
    if (tokens->empty() || tokens->back().directive != 0) tokens->push_back({0, ""});
    tokens->back().text += c;
  };
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      literal(format[i]);
      continue;
    }
    if (++i == format.size()) {
      *error = "the time format ends with a `%`: write `%%` for the character itself";
      return false;
    }
    if (format[i] == '%') {
      literal('%');
    } else if (!Shorthand(format[i]).empty()) {
      AddTokens(Shorthand(format[i]), tokens, error);
    } else if (kDirectives.find(format[i]) != std::string_view::npos) {
      tokens->push_back({format[i], ""});
    } else {
      uint32_t size = LengthOfLead(static_cast<uint8_t>(format[i]));
      *error = "a time format has no `%" + std::string(format.substr(i, size)) + "`";
      return false;
    }
  }
  return true;
}

}  // namespace

void TimeFormat::Write(int64_t micros, const Zone* zone, TextBuilder* out) const {
  Parts parts;
  parts.micros = micros;
  parts.offset = zone == nullptr ? 0 : zone->OffsetAt(micros);
  // Days and rest are added apart, so that the ends of the range do not overflow.
  int64_t in_day = TimeOfDayOf(micros) + parts.offset;
  parts.days = DayOf(micros) + FloorDivide(in_day, kMicrosPerDay);
  parts.in_day = FloorModulo(in_day, kMicrosPerDay);
  parts.date = CivilOf(parts.days);
  for (const Token& token : tokens_) {
    if (token.directive == 0) {
      out->Append(token.text);
    } else {
      WriteDirective(token.directive, parts, zone, out);
    }
  }
}

bool TimeFormat::Read(std::string_view text, const Zone* zone, int64_t* micros) const {
  Reader reader(text);
  for (const Token& token : tokens_) {
    if (!reader.Read(token)) return false;
  }
  int64_t value = 0;
  if (!reader.Finish(zone, &value)) return false;
  *micros = value;
  return true;
}

std::unique_ptr<TimeFormat> MakeTimeFormat(std::string_view format, std::string* error) {
  std::vector<TimeFormat::Token> tokens;
  if (!AddTokens(format, &tokens, error)) return nullptr;
  return std::make_unique<TimeFormat>(std::move(tokens));
}

bool TimeFormat::CanBeRead(std::string* error) const {
  for (const Token& token : tokens_) {
    if (token.directive == 0 || kOnlyWritten.find(token.directive) == std::string_view::npos) continue;
    *error = std::string("`%") + token.directive + "` can be written, not read";
    return false;
  }
  return true;
}

}  // namespace rulelib
