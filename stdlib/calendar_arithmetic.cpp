// Dates and times of day with durations (support.def).
//
//   rule_date_plus, _minus       a date and a whole number of days; Cause::NotAnInteger if it is none
//   rule_date_difference         a - b as a duration
//   rule_timeofday_plus, _minus  round the clock: 23:00 and 2 h are 01:00

#include "stdlib/support.h"

namespace {

constexpr int64_t kDay = 86'400'000'000;

int64_t Fail(rulert_context* context, rulelib::Cause cause) {
  context->outcome = RULERT_ERROR;
  context->cause = static_cast<uint32_t>(cause);
  return 0;
}

int32_t Moved(rulert_context* context, int64_t date, int64_t duration, int64_t sign) {
  if (duration % kDay != 0) return static_cast<int32_t>(Fail(context, rulelib::Cause::NotAnInteger));
  const int64_t moved = date + sign * (duration / kDay);
  if (moved < INT32_MIN || moved > INT32_MAX) {
    return static_cast<int32_t>(Fail(context, rulelib::Cause::TimeOutOfRange));
  }
  return static_cast<int32_t>(moved);
}

int64_t RoundTheClock(int64_t time, int64_t duration, int64_t sign) {
  const int64_t moved = (time + sign * (duration % kDay)) % kDay;
  return moved < 0 ? moved + kDay : moved;
}

}  // namespace

int32_t rule_date_plus(rulert_context* context, int32_t date, int64_t duration) {
  return Moved(context, date, duration, 1);
}

int32_t rule_date_minus(rulert_context* context, int32_t date, int64_t duration) {
  return Moved(context, date, duration, -1);
}

int64_t rule_date_difference(rulert_context* context, int32_t a, int32_t b) {
  int64_t difference = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(a) - b, kDay, &difference)) {
    return Fail(context, rulelib::Cause::Overflow);
  }
  return difference;
}

int64_t rule_timeofday_plus(int64_t time, int64_t duration) { return RoundTheClock(time, duration, 1); }
int64_t rule_timeofday_minus(int64_t time, int64_t duration) { return RoundTheClock(time, duration, -1); }
