// What to write where a function does not take a type that could be made one of those it takes.
#pragma once

#include <string_view>

#include "compiler/types/type.h"
#include "stdlib/functions.h"

namespace rulec::check {

// `parameter` is one that the function takes in that place. Empty if there is nothing to say.
std::string_view HelpForArgument(std::string_view function, const rulelib::Parameter& parameter, const Type& argument);

}  // namespace rulec::check
