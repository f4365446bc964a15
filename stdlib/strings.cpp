// What generated code makes of operators on strings, and of keys of maps.
#include <cstring>

#include "stdlib/result.h"
#include "stdlib/support.h"

using rulelib::View;

int32_t rule_string_compare(RuleString a, RuleString b) {
  int order = View(a).compare(View(b));
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

RuleString rule_concat_all(rulert_context* context, const rulert_string* parts, uint64_t count) {
  uint64_t size = 0;
  for (uint64_t i = 0; i < count; ++i) size += parts[i].length;
  if (size > rulelib::kMaxTextBytes) return rulelib::Fail(context, rulelib::Cause::TextTooLong);
  char shortest[RULERT_STRING_INLINE];
  char* out = shortest;
  if (size > RULERT_STRING_INLINE) {
    out = static_cast<char*>(rulelib::Allocate(context, size));
    if (out == nullptr) return {};
  }
  char* end = out;
  for (uint64_t i = 0; i < count; ++i) {
    RuleString part = rulelib::FromAbi(parts[i]);
    std::string_view text = View(part);
    std::memcpy(end, text.data(), text.size());
    end += text.size();
  }
  return rulelib::Borrow({out, size});
}

int64_t rule_map_find(RuleList map, RuleString key) {
  auto keys = rulelib::Items<RuleString>(map);
  for (auto i = static_cast<int64_t>(keys.size()) - 1; i >= 0; --i) {
    if (rule_string_equal(keys[static_cast<size_t>(i)], key) != 0) return i;
  }
  return -1;
}
