// Texts as utf8proc's maps give them: folded, composed, without marks.
#pragma once

#include <string_view>

#include "stdlib/value.h"

namespace rulelib {

RuleString FoldedText(rulert_context* context, RuleString text);        // case folding, then NFC
RuleString ComposedText(rulert_context* context, RuleString text);      // NFC
RuleString TextWithoutMarks(rulert_context* context, RuleString text);  // then NFC
// `options` of utf8proc_map.
RuleString MappedText(rulert_context* context, std::string_view text, int options);

}  // namespace rulelib
