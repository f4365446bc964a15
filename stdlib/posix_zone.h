// The form of POSIX's TZ, as it stands at the end of a time zone file: `CET-1CEST,M3.5.0,M10.5.0/3`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rulelib {

struct PosixZone {
  // A day of each year and a time of it.
  struct Change {
    enum class Kind : uint8_t { MonthWeekDay, DayWithoutLeap, DayOfYear };
    Kind kind = Kind::MonthWeekDay;
    int64_t month = 1, week = 1, weekday = 0;  // Mm.w.d; week 5 is the last one, weekday 0 Sunday
    int64_t day = 0;                           // Jn (1 to 365, never February 29th) and n (0 to 365)
    int64_t seconds = 2 * 3600;                // of the local day; may be outside of it
    // Local seconds since 1970 in a year.
    int64_t At(int64_t year) const;
  };
  std::string standard_name, daylight_name;
  int32_t standard_offset = 0, daylight_offset = 0;  // seconds ahead of UTC
  Change start, end;                                 // of daylight saving
};

// Only with daylight saving and its rule.
bool ParsePosixZone(std::string_view text, PosixZone* out);

}  // namespace rulelib
