// Causes of rule errors that functions of the library give.
#pragma once

#include <cstdint>

namespace rulelib {

enum class Cause : uint32_t {
  None = 0,
#define RULE_CAUSE(number, name, text) name = number,
#include "stdlib/causes.def"
#undef RULE_CAUSE
};

}  // namespace rulelib

// The text of rulert_context::cause; "unknown cause" for a number that is not in causes.def.
extern "C" const char* rule_cause_text(uint32_t cause);
