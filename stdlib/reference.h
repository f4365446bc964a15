// docs/functions.md, as the rows of functions.def say it.
#pragma once

#include <string>

namespace rulelib {

std::string FunctionReference();

}  // namespace rulelib
