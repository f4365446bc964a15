// Values to text and back, as functions. The forms are those of text_of_values.h.
#include <string>

#include "stdlib/calendar.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

// `parse(text, &value)` or the error.
template <class T, class Parse>
T OrFail(rulert_context* context, RuleString text, Cause cause, Parse parse) {
  T value{};
  if (!parse(View(text), &value)) return Fail(context, cause);
  return value;
}

template <class T, class Parse>
T OrNull(rulert_context* context, RuleString text, Parse parse) {
  T value{};
  if (!parse(View(text), &value)) return Null(context);
  return value;
}

bool ParseBool(std::string_view text, uint8_t* out) {
  if (text != "true" && text != "false") return false;
  *out = text == "true" ? 1 : 0;
  return true;
}

bool ParseTime(std::string_view text, int64_t* out) { return ParseTimestamp(text, out); }

template <class T, class Append>
RuleString Written(rulert_context* context, T value, Append append) {
  std::string text;
  text.reserve(32);  // once, where the text is longer than a string keeps in itself
  append(value, &text);
  return Copy(context, text);
}

bool IsNumber(std::string_view text) {
  double value = 0;
  return ParseDouble(text, &value);
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleString rule_string_of_long(rulert_context* context, int64_t value) { return Written(context, value, AppendLong); }
RuleString rule_string_of_float(rulert_context* context, float value) {
  char text[32];
  return Copy(context, {text, WriteFloat(value, text)});
}
RuleString rule_string_of_double(rulert_context* context, double value) {
  char text[32];
  return Copy(context, {text, WriteDouble(value, text)});
}
RuleString rule_string_of_date(rulert_context* context, int32_t days) { return Written(context, days, AppendDate); }
RuleString rule_string_of_timeofday(rulert_context* context, int64_t micros) {
  return Written(context, micros, AppendTimeOfDay);
}
RuleString rule_string_of_timestamp(rulert_context* context, int64_t micros) {
  return Written(context, micros, AppendTimestamp);
}
RuleString rule_string_of_duration(rulert_context* context, int64_t micros) {
  return Written(context, micros, AppendDuration);
}
RuleString rule_string_of_bytes(rulert_context* context, RuleString bytes) {
  std::string_view text = View(bytes);
  if (rule_utf8_valid(text.data(), text.size()) == 0) return Fail(context, Cause::NotUtf8);
  return bytes;
}

int64_t rule_long_of_string(rulert_context* context, RuleString text) {
  int64_t value = 0;
  if (ParseLong(View(text), &value)) return value;
  std::string_view digits = View(text);
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos) {
    return Fail(context, Cause::Overflow);
  }
  // A number, but with a fraction or an exponent?
  return Fail(context, IsNumber(View(text)) ? Cause::NotAnInteger : Cause::NotANumber);
}
double rule_double_of_string(rulert_context* context, RuleString text) {
  return OrFail<double>(context, text, Cause::NotANumber, ParseDouble);
}
uint8_t rule_bool_of_string(rulert_context* context, RuleString text) {
  return OrFail<uint8_t>(context, text, Cause::NotABool, ParseBool);
}
int32_t rule_date_of_string(rulert_context* context, RuleString text) {
  return OrFail<int32_t>(context, text, Cause::NotADate, ParseDate);
}
int64_t rule_timeofday_of_string(rulert_context* context, RuleString text) {
  return OrFail<int64_t>(context, text, Cause::NotATimeOfDay, ParseTimeOfDay);
}
int64_t rule_timestamp_of_string(rulert_context* context, RuleString text) {
  return OrFail<int64_t>(context, text, Cause::NotATimestamp, ParseTime);
}

RuleString rule_try_string_of_bytes(rulert_context* context, RuleString bytes) {
  std::string_view text = View(bytes);
  if (rule_utf8_valid(text.data(), text.size()) == 0) return Null(context);
  return bytes;
}
double rule_try_double_of_long(rulert_context* context, int64_t value) {
  constexpr int64_t kLimit = int64_t{1} << 53;
  if (value < -kLimit || value > kLimit) return Null(context);
  return static_cast<double>(value);
}
int64_t rule_try_timestamp_of_date(rulert_context* context, int32_t days) {
  const int64_t micros = rule_timestamp_of_date(context, days);
  if (context->outcome == RULERT_ERROR) context->outcome = RULERT_NULL;
  return micros;
}
int64_t rule_try_long_of_string(rulert_context* context, RuleString text) {
  return OrNull<int64_t>(context, text, ParseLong);
}
double rule_try_double_of_string(rulert_context* context, RuleString text) {
  return OrNull<double>(context, text, ParseDouble);
}
uint8_t rule_try_bool_of_string(rulert_context* context, RuleString text) {
  return OrNull<uint8_t>(context, text, ParseBool);
}
int32_t rule_try_date_of_string(rulert_context* context, RuleString text) {
  return OrNull<int32_t>(context, text, ParseDate);
}
int64_t rule_try_timeofday_of_string(rulert_context* context, RuleString text) {
  return OrNull<int64_t>(context, text, ParseTimeOfDay);
}
int64_t rule_try_timestamp_of_string(rulert_context* context, RuleString text) {
  return OrNull<int64_t>(context, text, ParseTime);
}

}  // extern "C"
