// A plan in the forms that programs and drawing tools read; plan::Print has the form for people.
#pragma once

#include <string>

#include "compiler/plan/plan.h"

namespace rulec {

// One JSON object a line, behind the line of the version: streams, outputs, rules. What stands in a rule's expressions
// is the text of plan::Print.
std::string PlanAsJson(const plan::Program& program);
// A graph for Graphviz: streams, what each rule does with a row, outputs.
std::string PlanAsDot(const plan::Program& program);

}  // namespace rulec
