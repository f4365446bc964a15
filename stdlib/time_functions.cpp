// Functions on times: zones, truncation, arithmetic of the calendar, text.
#include <algorithm>

#include "stdlib/calendar.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/time_format.h"
#include "stdlib/zone.h"

namespace rulelib {
namespace {

const Zone& ZoneOf(const void* zone) { return *static_cast<const Zone*>(zone); }
const TimeFormat& FormatOf(const void* format) { return *static_cast<const TimeFormat*>(format); }

// What a zone's clocks show.
struct Local {
  int64_t days;
  int64_t micros;  // of the day
};
Local LocalOf(int64_t micros, const void* zone) {
  int64_t in_day = TimeOfDayOf(micros) + ZoneOf(zone).OffsetAt(micros);
  return {DayOf(micros) + FloorDivide(in_day, kMicrosPerDay), FloorModulo(in_day, kMicrosPerDay)};
}

enum class Unit { Year, Quarter, Month, Week, Day, Hour, Minute, Second, Millisecond, Unknown };

Unit UnitNamed(std::string_view name) {
  static constexpr std::string_view kNames[] = {"year", "quarter", "month",  "week",       "day",
                                                "hour", "minute",  "second", "millisecond"};
  return static_cast<Unit>(std::find(std::begin(kNames), std::end(kNames), name) - std::begin(kNames));
}

int64_t FirstDay(int64_t days, Unit unit) {
  CivilDate date = CivilOf(days);
  switch (unit) {
    case Unit::Year: return DaysOf({date.year, 1, 1});
    case Unit::Quarter: return DaysOf({date.year, (date.month - 1) / 3 * 3 + 1, 1});
    case Unit::Month: return DaysOf({date.year, date.month, 1});
    case Unit::Week: return days - WeekdayOf(days) + 1;
    default: return days;
  }
}

int64_t LengthOf(Unit unit) {
  switch (unit) {
    case Unit::Hour: return kMicrosPerHour;
    case Unit::Minute: return kMicrosPerMinute;
    case Unit::Second: return kMicrosPerSecond;
    default: return 1000;
  }
}

bool InDays(int64_t days) { return days >= INT32_MIN && days <= INT32_MAX; }

// The same day so many months later, or the last one of that month.
bool AddMonths(int64_t days, int64_t months, int64_t* out) {
  constexpr int64_t kMost = 12 * 12'000'000;  // more than dates have
  if (months > kMost || months < -kMost) return false;
  CivilDate date = CivilOf(days);
  int64_t month = date.year * 12 + date.month - 1 + months;
  date.year = FloorDivide(month, 12);
  date.month = FloorModulo(month, 12) + 1;
  date.day = std::min(date.day, DaysInMonth(date.year, date.month));
  *out = DaysOf(date);
  return InDays(*out);
}

int32_t DateOrFail(rulert_context* context, bool fits, int64_t days) {
  if (!fits || !InDays(days)) return Fail(context, Cause::TimeOutOfRange);
  return static_cast<int32_t>(days);
}

// Days from Monday to Friday before a day, counted from a Monday far off.
int64_t BusinessDaysBefore(int64_t days) {
  int64_t since_monday = days + 3;  // 1969-12-29
  int64_t weeks = FloorDivide(since_monday, 7);
  return weeks * 5 + std::min<int64_t>(FloorModulo(since_monday, 7), 5);
}

int64_t WholeMonths(int64_t from, int64_t to) {
  CivilDate a = CivilOf(from), b = CivilOf(to);
  return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}

int64_t MonthsBetween(int64_t from, int64_t to) { return from <= to ? WholeMonths(from, to) : -WholeMonths(to, from); }

RuleString Format(rulert_context* context, int64_t micros, const void* format, const Zone* zone) {
  TextBuilder out(context);
  FormatOf(format).Write(micros, zone, &out);
  return out.Finish();
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_year_zone(int64_t micros, const void* zone) { return CivilOf(LocalOf(micros, zone).days).year; }
int64_t rule_quarter_zone(int64_t micros, const void* zone) {
  return (CivilOf(LocalOf(micros, zone).days).month + 2) / 3;
}
int64_t rule_month_zone(int64_t micros, const void* zone) { return CivilOf(LocalOf(micros, zone).days).month; }
int64_t rule_day_zone(int64_t micros, const void* zone) { return CivilOf(LocalOf(micros, zone).days).day; }
int64_t rule_hour_zone(int64_t micros, const void* zone) { return LocalOf(micros, zone).micros / kMicrosPerHour; }
int64_t rule_minute_zone(int64_t micros, const void* zone) {
  return LocalOf(micros, zone).micros % kMicrosPerHour / kMicrosPerMinute;
}
int64_t rule_day_of_week_zone(int64_t micros, const void* zone) { return WeekdayOf(LocalOf(micros, zone).days); }
int64_t rule_day_of_year_zone(int64_t micros, const void* zone) { return DayOfYear(LocalOf(micros, zone).days); }
uint8_t rule_is_weekend_zone(int64_t micros, const void* zone) {
  return WeekdayOf(LocalOf(micros, zone).days) >= 6 ? 1 : 0;
}
uint8_t rule_is_business_day_zone(int64_t micros, const void* zone) {
  return WeekdayOf(LocalOf(micros, zone).days) < 6 ? 1 : 0;
}
int32_t rule_to_date_zone(int64_t micros, const void* zone) { return static_cast<int32_t>(LocalOf(micros, zone).days); }
int64_t rule_to_timeofday_zone(int64_t micros, const void* zone) { return LocalOf(micros, zone).micros; }
int64_t rule_zone_offset(int64_t micros, const void* zone) { return ZoneOf(zone).OffsetAt(micros); }

int64_t rule_day_of_year(int64_t micros) { return DayOfYear(DayOf(micros)); }
int64_t rule_day_of_year_date(int32_t days) { return DayOfYear(days); }
int64_t rule_iso_week(int64_t micros) { return IsoWeekOf(DayOf(micros)); }
int64_t rule_iso_week_date(int32_t days) { return IsoWeekOf(days); }
int64_t rule_iso_year(int64_t micros) { return IsoYearOf(DayOf(micros)); }
int64_t rule_iso_year_date(int32_t days) { return IsoYearOf(days); }

int64_t rule_truncate_unit(rulert_context* context, int64_t micros, RuleString unit_name) {
  Unit unit = UnitNamed(View(unit_name));
  if (unit == Unit::Unknown) return Fail(context, Cause::UnknownUnit);
  if (unit > Unit::Day) return rule_truncate_duration(context, micros, LengthOf(unit));
  int64_t start = 0;
  if (!TimestampOf(FirstDay(DayOf(micros), unit), 0, &start)) return Fail(context, Cause::TimeOutOfRange);
  return start;
}

int64_t rule_truncate_unit_zone(rulert_context* context, int64_t micros, RuleString unit_name, const void* zone) {
  Unit unit = UnitNamed(View(unit_name));
  if (unit == Unit::Unknown) return Fail(context, Cause::UnknownUnit);
  Local local = LocalOf(micros, zone);
  int64_t start = 0;
  if (unit > Unit::Day) {
    // Back by what the clock shows beyond the unit's start, so that an hour that the clocks repeat keeps its own start.
    if (__builtin_sub_overflow(micros, local.micros % LengthOf(unit), &start)) {
      return Fail(context, Cause::TimeOutOfRange);
    }
    return start;
  }
  if (!TimestampOf(FirstDay(local.days, unit), 0, &start)) return Fail(context, Cause::TimeOutOfRange);
  return ZoneOf(zone).ToUtc(start);
}

int32_t rule_truncate_date(rulert_context* context, int32_t days, RuleString unit_name) {
  Unit unit = UnitNamed(View(unit_name));
  if (unit > Unit::Week) return Fail(context, Cause::UnknownUnit);
  return DateOrFail(context, true, FirstDay(days, unit));
}

int64_t rule_add_months(rulert_context* context, int64_t micros, int64_t months) {
  int64_t days = 0, moved = 0;
  if (!AddMonths(DayOf(micros), months, &days) || !TimestampOf(days, TimeOfDayOf(micros), &moved)) {
    return Fail(context, Cause::TimeOutOfRange);
  }
  return moved;
}

int32_t rule_add_months_date(rulert_context* context, int32_t days, int64_t months) {
  int64_t moved = 0;
  bool fits = AddMonths(days, months, &moved);
  return DateOrFail(context, fits, moved);
}

int32_t rule_add_days(rulert_context* context, int32_t days, int64_t count) {
  int64_t moved = 0;
  bool fits = !__builtin_add_overflow(int64_t{days}, count, &moved);
  return DateOrFail(context, fits, moved);
}

int32_t rule_add_business_days(rulert_context* context, int32_t days, int64_t count) {
  if (count == 0) return days;
  constexpr int64_t kMost = int64_t{1} << 33;
  if (count > kMost || count < -kMost) return Fail(context, Cause::TimeOutOfRange);
  // From a weekend the first step leads to Monday, or back to Friday.
  int64_t target = BusinessDaysBefore(days) + count;
  if (WeekdayOf(days) >= 6 && count > 0) --target;
  int64_t moved = FloorDivide(target, 5) * 7 + FloorModulo(target, 5) - 3;
  return DateOrFail(context, true, moved);
}

int64_t rule_business_days_between(int32_t from, int32_t to) {
  return BusinessDaysBefore(to) - BusinessDaysBefore(from);
}

int64_t rule_months_between(int32_t from, int32_t to) { return MonthsBetween(from, to); }
int64_t rule_years_between(int32_t from, int32_t to) { return MonthsBetween(from, to) / 12; }

int32_t rule_last_day_of_month(rulert_context* context, int32_t days) {
  CivilDate date = CivilOf(days);
  return DateOrFail(context, true, DaysOf({date.year, date.month, DaysInMonth(date.year, date.month)}));
}

int64_t rule_days_in_month(int32_t days) {
  CivilDate date = CivilOf(days);
  return DaysInMonth(date.year, date.month);
}

int32_t rule_make_date(rulert_context* context, int64_t year, int64_t month, int64_t day) {
  constexpr int64_t kMostYears = 6'000'000;
  bool is_date = year >= -kMostYears && year <= kMostYears && month >= 1 && month <= 12 && day >= 1 &&
                 day <= DaysInMonth(year, month);
  if (!is_date) return Fail(context, Cause::NotADate);
  return DateOrFail(context, true, DaysOf({year, month, day}));
}

int64_t rule_at(rulert_context* context, int32_t days, int64_t micros, const void* zone) {
  int64_t local = 0;
  if (!TimestampOf(days, micros, &local)) return Fail(context, Cause::TimeOutOfRange);
  return ZoneOf(zone).ToUtc(local);
}

RuleString rule_format_time(rulert_context* context, int64_t micros, const void* format) {
  return Format(context, micros, format, nullptr);
}

RuleString rule_format_time_zone(rulert_context* context, int64_t micros, const void* format, const void* zone) {
  return Format(context, micros, format, &ZoneOf(zone));
}

RuleString rule_format_date(rulert_context* context, int32_t days, const void* format) {
  int64_t micros = 0;
  if (!TimestampOf(days, 0, &micros)) return Fail(context, Cause::TimeOutOfRange);
  return Format(context, micros, format, nullptr);
}

int64_t rule_parse_time(rulert_context* context, RuleString text, const void* format) {
  int64_t micros = 0;
  if (!FormatOf(format).Read(View(text), nullptr, &micros)) return Fail(context, Cause::TextFormat);
  return micros;
}

int64_t rule_parse_time_zone(rulert_context* context, RuleString text, const void* format, const void* zone) {
  int64_t micros = 0;
  if (!FormatOf(format).Read(View(text), &ZoneOf(zone), &micros)) return Fail(context, Cause::TextFormat);
  return micros;
}

int64_t rule_try_parse_time(rulert_context* context, RuleString text, const void* format) {
  int64_t micros = 0;
  if (!FormatOf(format).Read(View(text), nullptr, &micros)) return Null(context);
  return micros;
}

}  // extern "C"
