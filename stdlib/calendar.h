// The proleptic Gregorian calendar. Days count from 1970-01-01.
// Algorithms: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#pragma once

#include <cstdint>

namespace rulelib {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

struct CivilDate {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
};

// The divisor is positive. What is below zero is divided as its complement, -1 - value, which needs no branch.
constexpr int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t sign = value >> 63;
  return static_cast<int64_t>(static_cast<uint64_t>(value ^ sign) / static_cast<uint64_t>(divisor)) ^ sign;
}
constexpr int64_t FloorModulo(int64_t value, int64_t divisor) {
  // The multiple below the least of all numbers wraps, and the difference wraps back.
  return static_cast<int64_t>(static_cast<uint64_t>(value) -
                              static_cast<uint64_t>(FloorDivide(value, divisor)) * static_cast<uint64_t>(divisor));
}

constexpr int64_t DaysOf(CivilDate date) {
  int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  int64_t era = FloorDivide(year, 400);
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr CivilDate CivilOf(int64_t days) {
  days += 719468;
  int64_t era = FloorDivide(days, 146097);
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t shifted = (5 * day_of_year + 2) / 153;  // months from March on
  CivilDate date;
  date.day = day_of_year - (153 * shifted + 2) / 5 + 1;
  date.month = shifted < 10 ? shifted + 3 : shifted - 9;
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

constexpr bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int64_t DaysInMonth(int64_t year, int64_t month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// 1 is Monday, 7 is Sunday.
constexpr int64_t WeekdayOf(int64_t days) { return FloorModulo(days + 3, 7) + 1; }

constexpr int64_t DayOfYear(int64_t days) { return days - DaysOf({CivilOf(days).year, 1, 1}) + 1; }

// Weeks of ISO 8601 begin on Monday; a week belongs to the year that its Thursday is in.
constexpr int64_t IsoYearOf(int64_t days) { return CivilOf(days - WeekdayOf(days) + 4).year; }
constexpr int64_t IsoWeekOf(int64_t days) { return (DayOfYear(days - WeekdayOf(days) + 4) - 1) / 7 + 1; }

constexpr int64_t DayOf(int64_t micros) { return FloorDivide(micros, kMicrosPerDay); }
constexpr int64_t TimeOfDayOf(int64_t micros) { return FloorModulo(micros, kMicrosPerDay); }

// False if the time does not fit microseconds in 64 bits; `days` are those of a date or timestamp. `micros` of the day
// may be outside of it. Days and rest have one sign while they are added, so that the least timestamp fits.
inline bool TimestampOf(int64_t days, int64_t micros, int64_t* out) {
  if (days < 0 && micros > 0) {
    ++days;
    micros -= kMicrosPerDay;
  }
  int64_t start = 0;
  return !__builtin_mul_overflow(days, kMicrosPerDay, &start) && !__builtin_add_overflow(start, micros, out);
}

}  // namespace rulelib
