// The values of constants, each computed once.
#pragma once

#include "compiler/check/context.h"

namespace rulec::check {

// Computes the constant and what it is made of, if that has not been done. One that is made of itself is told.
void ComputeConst(Context& context, ConstEntry& entry);

}  // namespace rulec::check
