// What an index over many rules may look at instead of asking each rule: the leading conditions of a filter that
// compare a field with params.
#pragma once

#include "compiler/plan/plan.h"

namespace rulec {

// Sets rule->index. Only what stands before the first condition that can fail counts: else rows would be left out whose
// error is to be told.
void FindIndexConditions(plan::Rule* rule);

}  // namespace rulec
