// What generated code calls for operators, and readers and writers for values (support.def). All are thread-safe.
//
//   rule_utf8_valid           1 if the bytes are UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF
//   rule_uuid_from_text       36 characters, hyphens at their places, either case, to 16 bytes; 0 if they are not
//   rule_uuid_to_text         36 characters in lower case, not zero-terminated
//   rule_string_compare       by bytes: less than, equal to or greater than 0
//   rule_concat_all           the texts one behind the other (f-strings)
//   rule_regex_match          `matches`: does the expression match anywhere? rule_like_match: `like`, as a whole
//   rule_like_text            `like` with a pattern that is no literal; Cause::LikePattern if it ends with a `\`
//   rule_set_contains         `in` a prepared set
//   rule_map_find             index of the last entry with that key; -1 if there is none
//   rule_decimal_*            operands with their forms (value.h), result in `form`: exact or rounded half away from
//                             zero to its scale; Cause::DecimalOverflow if its precision is too small, DivisionByZero.
//                             `modulo` has the sign of the first. compare: -1, 0, 1, exact for doubles too; with NaN 2
//   rule_decimal_of_*         a double goes by its shortest text; a text with more digits than the scale is rounded
//   rule_decimal_fits         has it at most the precision's digits?
//   rule_format_*             by the specification of an f-string: [[fill]align][sign][0][width][,][.precision][type],
//                             align one of < > ^, sign one of + -, type d x X b o (long), f e g % (numbers), s
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stdlib/causes.h"
#include "stdlib/functions.h"
#include "stdlib/prepare.h"
#include "stdlib/value.h"

extern "C" {
#define RULE_SUPPORT(result, symbol, parameters) result symbol parameters;
#include "stdlib/support.def"
#undef RULE_SUPPORT
}

namespace rulelib {

// Why a specification does not fit values of a kind (Long, Double, Decimal, String); "" if it does. An int is formatted
// as a long, a float as a double, anything else as its text (the row `string`).
std::string FormatSpecError(Kind kind, std::string_view spec);

}  // namespace rulelib
