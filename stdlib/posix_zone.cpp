#include "stdlib/posix_zone.h"

#include <algorithm>

#include "stdlib/calendar.h"

namespace rulelib {
namespace {

bool Take(std::string_view* text, char c) {
  if (!text->starts_with(c)) return false;
  text->remove_prefix(1);
  return true;
}

bool TakeNumber(std::string_view* text, int64_t least, int64_t most, int64_t* out) {
  size_t digits = std::min(text->find_first_not_of("0123456789"), text->size());
  if (digits == 0 || digits > 4) return false;
  int64_t value = 0;
  for (char c : text->substr(0, digits)) value = value * 10 + (c - '0');
  text->remove_prefix(digits);
  *out = value;
  return value >= least && value <= most;
}

bool TakeName(std::string_view* text, std::string* out) {
  bool quoted = Take(text, '<');
  size_t length = quoted ? text->find('>') : std::min(text->find_first_of("0123456789+-,"), text->size());
  if (length == std::string_view::npos || length == 0) return false;
  *out = text->substr(0, length);
  text->remove_prefix(length + (quoted ? 1 : 0));
  return true;
}

// [+-]h[h][h][:mm[:ss]]
bool TakeTime(std::string_view* text, int64_t* seconds) {
  bool negative = Take(text, '-');
  if (!negative) Take(text, '+');
  int64_t hours = 0, minutes = 0, rest = 0;
  if (!TakeNumber(text, 0, 167, &hours)) return false;
  if (Take(text, ':') && !TakeNumber(text, 0, 59, &minutes)) return false;
  if (Take(text, ':') && !TakeNumber(text, 0, 59, &rest)) return false;
  *seconds = (hours * 3600 + minutes * 60 + rest) * (negative ? -1 : 1);
  return true;
}

bool TakeChange(std::string_view* text, PosixZone::Change* out) {
  using Kind = PosixZone::Change::Kind;
  if (!Take(text, ',')) return false;
  if (Take(text, 'M')) {
    out->kind = Kind::MonthWeekDay;
    if (!TakeNumber(text, 1, 12, &out->month) || !Take(text, '.') || !TakeNumber(text, 1, 5, &out->week) ||
        !Take(text, '.') || !TakeNumber(text, 0, 6, &out->weekday)) {
      return false;
    }
  } else if (Take(text, 'J')) {
    out->kind = Kind::DayWithoutLeap;
    if (!TakeNumber(text, 1, 365, &out->day)) return false;
  } else {
    out->kind = Kind::DayOfYear;
    if (!TakeNumber(text, 0, 365, &out->day)) return false;
  }
  return !Take(text, '/') || TakeTime(text, &out->seconds);
}

}  // namespace

int64_t PosixZone::Change::At(int64_t year) const {
  int64_t first = DaysOf({year, 1, 1}), days = 0;
  switch (kind) {
    case Kind::MonthWeekDay: {
      int64_t first_of_month = DaysOf({year, month, 1});
      int64_t in_month = FloorModulo(weekday - WeekdayOf(first_of_month) % 7, 7) + (week - 1) * 7;
      while (in_month >= DaysInMonth(year, month)) in_month -= 7;
      days = first_of_month + in_month;
      break;
    }
    case Kind::DayWithoutLeap: days = first + day - 1 + (IsLeapYear(year) && day > 59 ? 1 : 0); break;
    case Kind::DayOfYear: days = first + day; break;
  }
  return days * 86400 + seconds;
}

bool ParsePosixZone(std::string_view text, PosixZone* out) {
  int64_t standard = 0, daylight = 0;
  if (!TakeName(&text, &out->standard_name) || !TakeTime(&text, &standard)) return false;
  if (!TakeName(&text, &out->daylight_name)) return false;
  daylight = standard - 3600;
  if (!text.starts_with(',') && !TakeTime(&text, &daylight)) return false;
  // The offsets count westward.
  out->standard_offset = static_cast<int32_t>(-standard);
  out->daylight_offset = static_cast<int32_t>(-daylight);
  return TakeChange(&text, &out->start) && TakeChange(&text, &out->end) && text.empty();
}

}  // namespace rulelib
