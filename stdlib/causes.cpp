#include "stdlib/causes.h"

const char* rule_cause_text(uint32_t cause) {
  switch (cause) {
#define RULE_CAUSE(number, name, text) \
  case number: return text;
#include "stdlib/causes.def"
#undef RULE_CAUSE
    default: return "unknown cause";
  }
}
