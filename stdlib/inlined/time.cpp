// Parts of times in UTC and of dates; inlined.
#include "stdlib/calendar.h"
#include "stdlib/library.h"

using namespace rulelib;

extern "C" {

int64_t rule_year(int64_t micros) { return CivilOf(DayOf(micros)).year; }
int64_t rule_year_date(int32_t days) { return CivilOf(days).year; }
int64_t rule_quarter(int64_t micros) { return (CivilOf(DayOf(micros)).month + 2) / 3; }
int64_t rule_quarter_date(int32_t days) { return (CivilOf(days).month + 2) / 3; }
int64_t rule_month(int64_t micros) { return CivilOf(DayOf(micros)).month; }
int64_t rule_month_date(int32_t days) { return CivilOf(days).month; }
int64_t rule_day(int64_t micros) { return CivilOf(DayOf(micros)).day; }
int64_t rule_day_date(int32_t days) { return CivilOf(days).day; }
int64_t rule_hour(int64_t micros) { return TimeOfDayOf(micros) / kMicrosPerHour; }
int64_t rule_hour_time_of_day(int64_t micros) { return micros / kMicrosPerHour; }
int64_t rule_minute(int64_t micros) { return FloorModulo(micros, kMicrosPerHour) / kMicrosPerMinute; }
int64_t rule_minute_time_of_day(int64_t micros) { return micros % kMicrosPerHour / kMicrosPerMinute; }
int64_t rule_second(int64_t micros) { return FloorModulo(micros, kMicrosPerMinute) / kMicrosPerSecond; }
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
