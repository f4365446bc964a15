// What a program was built from, and whether it can run on this machine.
#pragma once

#include <string>

#include "runtime/abi/program.h"
#include "runtime/base/error.h"

namespace rulert {

std::string JobInfoText(const ProgramSpec& program);
std::string JobInfoJson(const ProgramSpec& program);

// Does this CPU have what code for `target_cpu` may use? Looked at is the level in it, as in "znver4 (x86-64-v4)"; what
// the named processor has beyond its level is not, since the one who built for it chose the machine.
Error CheckCpu(const std::string& target_cpu);

}  // namespace rulert
