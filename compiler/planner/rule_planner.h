// Plans one rule.
#pragma once

#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec {

// `streams` and `outputs` map the numbers of the typed program to those of the plan. Adds slots to the rule's stream.
plan::Rule PlanRule(const SourceSet& sources, const typed::Program& program, const typed::Rule& rule,
                    const std::vector<uint32_t>& streams, const std::vector<uint32_t>& outputs, plan::Program* plan);

}  // namespace rulec
