// planner: typed -> plan.
#pragma once

#include <string>

#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec {

// Adds a checked program without errors to *plan, which may be empty or hold rules planned earlier: streams and outputs
// of equal names become one, slots of streams are added behind those there are, so earlier rules stay valid.
//
// Returns what does not fit the plan (a stream or output of the same name with another schema, a rule that is there
// already), and leaves the plan as it was; or "".
std::string PlanProgram(const SourceSet& sources, const typed::Program& program, plan::Program* plan);

}  // namespace rulec
