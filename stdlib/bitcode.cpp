#include "stdlib/bitcode.h"

#include <algorithm>

#include "stdlib/bitcode_table.h"

namespace rulelib {

std::string_view BitcodeFor(std::string_view symbol) {
  const InlinedFunction* end = kInlinedFunctions + kInlinedFunctionCount;
  const InlinedFunction* found =
      std::lower_bound(kInlinedFunctions, end, symbol,
                       [](const InlinedFunction& row, std::string_view name) { return row.symbol < name; });
  if (found == end || found->symbol != symbol) return {};
  return {found->begin, found->end};
}

}  // namespace rulelib
