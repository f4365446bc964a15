// JSON in a text, by path.
#include <cmath>

#include "stdlib/json.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/text_of_values.h"

namespace rulelib {
namespace {

// What stands at the path; empty with the outcome set (error, or null if nothing stands there).
std::string_view Find(rulert_context* context, const RuleString& json, const RuleString& path_text) {
  JsonPath path;
  std::string_view value;
  if (!ParseJsonPath(View(path_text), &path)) return Fail(context, Cause::NotAPath);
  switch (FindJson(View(json), path, &value)) {
    case JsonResult::Found: return value;
    case JsonResult::Missing: return Null(context);
    default: return Fail(context, Cause::NotJson);
  }
}

// The same, where the value null is as good as none.
std::string_view FindValue(rulert_context* context, const RuleString& json, const RuleString& path) {
  std::string_view value = Find(context, json, path);
  if (value == "null") return Null(context);
  return value;
}

std::string_view TypeOf(std::string_view value) {
  switch (value[0]) {
    case '{': return "object";
    case '[': return "array";
    case '"': return "string";
    case 't':
    case 'f': return "boolean";
    case 'n': return "null";
    default: return "number";
  }
}

// A well-formed JSON string as a text: a part of the argument, if nothing in it is escaped.
RuleString TextOf(rulert_context* context, std::string_view quoted) {
  std::string_view inner = quoted.substr(1, quoted.size() - 2);
  if (inner.find('\\') == std::string_view::npos) return Borrow(inner);
  std::string text;
  AppendJsonText(quoted, &text);
  return Copy(context, text);
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_json(RuleString text) { return IsJson(View(text)) ? 1 : 0; }

RuleString rule_json_string(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (value[0] != '"') return Fail(context, Cause::JsonType);
  return TextOf(context, value);
}

int64_t rule_json_long(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (TypeOf(value) != "number") return Fail(context, Cause::JsonType);
  int64_t number = 0;
  if (ParseLong(value, &number)) return number;
  double real = 0;
  if (!ParseDouble(value, &real) || std::fabs(real) > 9007199254740992.0) return Fail(context, Cause::Overflow);
  if (real != std::trunc(real)) return Fail(context, Cause::NotAnInteger);
  return static_cast<int64_t>(real);  // 1.0 or 1e3
}

double rule_json_double(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (TypeOf(value) != "number") return Fail(context, Cause::JsonType);
  double number = 0;
  if (!ParseDouble(value, &number)) return Fail(context, Cause::NumberOutOfRange);
  return number;
}

uint8_t rule_json_bool(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (TypeOf(value) != "boolean") return Fail(context, Cause::JsonType);
  return value == "true" ? 1 : 0;
}

RuleString rule_json_text(rulert_context* context, RuleString json, RuleString path) {
  return Borrow(Find(context, json, path));
}

RuleString rule_json_type(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = Find(context, json, path);
  return value.empty() ? RuleString{} : Borrow(TypeOf(value));
}

uint8_t rule_json_exists(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = Find(context, json, path);
  if (context->outcome == RULERT_NULL) context->outcome = RULERT_VALUE;
  return value.empty() ? 0 : 1;
}

int64_t rule_json_length(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (value[0] != '{' && value[0] != '[') return Fail(context, Cause::JsonType);
  int64_t length = 0;
  ForEachJson(value, [&](std::string_view, std::string_view) { ++length; });
  return length;
}

RuleList rule_json_strings(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (value[0] != '[') return Fail(context, Cause::JsonType);
  uint64_t length = 0;
  bool strings = true;
  ForEachJson(value, [&](std::string_view, std::string_view item) {
    ++length;
    strings = strings && item[0] == '"';
  });
  if (!strings) return Fail(context, Cause::JsonType);
  if (length == 0) return {};
  auto* items = AllocateItems<RuleString>(context, length);
  if (items == nullptr) return {};
  RuleString* next = items;
  ForEachJson(value, [&](std::string_view, std::string_view item) { *next++ = TextOf(context, item); });
  if (context->outcome != RULERT_VALUE) return {};
  return ListOfItems(items, length);
}

RuleList rule_json_keys(rulert_context* context, RuleString json, RuleString path) {
  std::string_view value = FindValue(context, json, path);
  if (value.empty()) return {};
  if (value[0] != '{') return Fail(context, Cause::JsonType);
  uint64_t length = 0;
  ForEachJson(value, [&](std::string_view, std::string_view) { ++length; });
  if (length == 0) return {};
  auto* items = AllocateItems<RuleString>(context, length);
  if (items == nullptr) return {};
  RuleString* next = items;
  ForEachJson(value, [&](std::string_view name, std::string_view) { *next++ = TextOf(context, name); });
  if (context->outcome != RULERT_VALUE) return {};
  return ListOfItems(items, length);
}

RuleString rule_json_quote(rulert_context* context, RuleString text) {
  static constexpr char kHex[] = "0123456789abcdef";
  constexpr std::string_view kFrom = "\"\\\b\f\n\r\t", kTo = "\"\\bfnrt";
  TextBuilder out(context);
  out.Append('"');
  for (char c : View(text)) {
    size_t known = kFrom.find(c);
    if (known != std::string_view::npos) {
      out.Append('\\');
      out.Append(kTo[known]);
    } else if (static_cast<uint8_t>(c) < 0x20) {
      out.Append("\\u00");
      out.Append(kHex[c >> 4]);
      out.Append(kHex[c & 15]);
    } else {
      out.Append(c);
    }
  }
  out.Append('"');
  return out.Finish();
}

}  // extern "C"
