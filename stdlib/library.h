// Declares the C functions of all rows of functions.def, with the types that the rows give them. A body stands in
// `extern "C"`: one whose types differ from its row does not build.
#pragma once

#include "stdlib/kinds.h"

namespace rulelib::tag {

extern "C" {
#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  InC<result parameters>::Signature symbol;
#include "stdlib/functions.def"
#undef RULE_FUNCTION
}

}  // namespace rulelib::tag

#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  using rulelib::tag::symbol;
#include "stdlib/functions.def"
#undef RULE_FUNCTION
