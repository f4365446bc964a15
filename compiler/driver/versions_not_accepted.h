// The versions of schemas that a job knows of and refuses.
#pragma once

#include "compiler/driver/front_end.h"
#include "runtime/abi/program.h"

namespace rulec {

// Gives each stream of `spec`, which was made of `program`, the versions that there are and that its rules do not
// accept.
void AddVersionsNotAccepted(FrontEnd* program, rulert::ProgramSpec* spec);

}  // namespace rulec
