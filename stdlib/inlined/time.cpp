// Parts of times in UTC and of dates; inlined.
#include <bit>

#include "stdlib/calendar.h"
#include "stdlib/library.h"

using namespace rulelib;

namespace {

// value / divisor where 0 <= value < limit: the powers of two in the divisor go first, and what is left is one
// multiplication of 64 bits, by a reciprocal that is rounded up and whose error has no room to show.
template <int64_t limit, int64_t divisor>
int64_t DivideSmall(int64_t value) {
  constexpr int kZeros = std::countr_zero(static_cast<uint64_t>(divisor)), kShift = 50;
  constexpr uint64_t kDivisor = divisor >> kZeros, kLimit = (limit >> kZeros) + 1;
  constexpr uint64_t kReciprocal = (uint64_t{1} << kShift) / kDivisor + 1;
  constexpr uint64_t kError = kReciprocal * kDivisor - (uint64_t{1} << kShift);
  static_assert(kLimit * kError < uint64_t{1} << kShift && kLimit < UINT64_MAX / kReciprocal);
  return static_cast<int64_t>((static_cast<uint64_t>(value) >> kZeros) * kReciprocal >> kShift);
}
int64_t HourOf(int64_t in_day) { return DivideSmall<kMicrosPerDay, kMicrosPerHour>(in_day); }
int64_t MinuteOf(int64_t in_hour) { return DivideSmall<kMicrosPerHour, kMicrosPerMinute>(in_hour); }
int64_t SecondOf(int64_t in_minute) { return DivideSmall<kMicrosPerMinute, kMicrosPerSecond>(in_minute); }

}  // namespace

extern "C" {

int64_t rule_year(int64_t micros) { return CivilOf(DayOf(micros)).year; }
int64_t rule_year_date(int32_t days) { return CivilOf(days).year; }
int64_t rule_quarter(int64_t micros) { return (CivilOf(DayOf(micros)).month + 2) / 3; }
int64_t rule_quarter_date(int32_t days) { return (CivilOf(days).month + 2) / 3; }
int64_t rule_month(int64_t micros) { return CivilOf(DayOf(micros)).month; }
int64_t rule_month_date(int32_t days) { return CivilOf(days).month; }
int64_t rule_day(int64_t micros) { return CivilOf(DayOf(micros)).day; }
int64_t rule_day_date(int32_t days) { return CivilOf(days).day; }
int64_t rule_hour(int64_t micros) { return HourOf(TimeOfDayOf(micros)); }
int64_t rule_hour_time_of_day(int64_t micros) { return micros / kMicrosPerHour; }
int64_t rule_minute(int64_t micros) { return MinuteOf(FloorModulo(micros, kMicrosPerHour)); }
int64_t rule_minute_time_of_day(int64_t micros) { return micros % kMicrosPerHour / kMicrosPerMinute; }
int64_t rule_second(int64_t micros) { return SecondOf(FloorModulo(micros, kMicrosPerMinute)); }
int64_t rule_second_time_of_day(int64_t micros) { return micros % kMicrosPerMinute / kMicrosPerSecond; }
int64_t rule_millisecond(int64_t micros) { return FloorModulo(micros, kMicrosPerSecond) / 1000; }
int64_t rule_microsecond(int64_t micros) { return FloorModulo(micros, kMicrosPerSecond); }
int64_t rule_day_of_week(int64_t micros) { return WeekdayOf(DayOf(micros)); }
int64_t rule_day_of_week_date(int32_t days) { return WeekdayOf(days); }
uint8_t rule_is_weekend(int64_t micros) { return WeekdayOf(DayOf(micros)) >= 6 ? 1 : 0; }
uint8_t rule_is_weekend_date(int32_t days) { return WeekdayOf(days) >= 6 ? 1 : 0; }
uint8_t rule_is_business_day(int64_t micros) { return WeekdayOf(DayOf(micros)) < 6 ? 1 : 0; }
uint8_t rule_is_business_day_date(int32_t days) { return WeekdayOf(days) < 6 ? 1 : 0; }
int64_t rule_days_between(int32_t a, int32_t b) { return int64_t{b} - a; }
uint8_t rule_is_leap_year(int64_t year) { return IsLeapYear(year) ? 1 : 0; }
int32_t rule_to_date(int64_t micros) { return static_cast<int32_t>(DayOf(micros)); }
int64_t rule_to_timeofday(int64_t micros) { return TimeOfDayOf(micros); }
int64_t rule_epoch_seconds(int64_t micros) { return FloorDivide(micros, kMicrosPerSecond); }
int64_t rule_epoch_millis(int64_t micros) { return FloorDivide(micros, 1000); }
int64_t rule_epoch_micros(int64_t micros) { return micros; }

}  // extern "C"
