// Between numbers, times and dates; inlined.
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

using namespace rulelib;

extern "C" {

int64_t rule_truncate_duration(rulert_context* context, int64_t micros, int64_t length) {
  if (length <= 0) return Fail(context, Cause::DurationNotPositive);
  int64_t start = 0;
  if (__builtin_sub_overflow(micros, FloorModulo(micros, length), &start)) return Fail(context, Cause::TimeOutOfRange);
  return start;
}

int64_t rule_timestamp_of_date_time(rulert_context* context, int32_t days, int64_t micros) {
  int64_t value = 0;
  if (!TimestampOf(days, micros, &value)) return Fail(context, Cause::TimeOutOfRange);
  return value;
}

int64_t rule_timestamp_of_date(rulert_context* context, int32_t days) {
  return rule_timestamp_of_date_time(context, days, 0);
}

int64_t rule_from_epoch_seconds(rulert_context* context, int64_t seconds) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &micros)) return Fail(context, Cause::TimeOutOfRange);
  return micros;
}

int64_t rule_from_epoch_millis(rulert_context* context, int64_t millis) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(millis, 1000, &micros)) return Fail(context, Cause::TimeOutOfRange);
  return micros;
}

RuleDecimal rule_abs_decimal(RuleDecimal value, uint32_t) {
  return ToDecimal(static_cast<Int128>(Magnitude(Unscaled(value))));
}

int64_t rule_sign_decimal(RuleDecimal value, uint32_t) {
  Int128 unscaled = Unscaled(value);
  return unscaled < 0 ? -1 : unscaled > 0 ? 1 : 0;
}

}  // extern "C"
