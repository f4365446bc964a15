// Lint over a program's own files.
#pragma once

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/front_end.h"
#include "compiler/driver/program_paths.h"

namespace rulec {

// What lint finds in the files that `paths` names (not in what they import from elsewhere), without the codes that the
// project allows. Nothing while a file does not parse.
Diagnostics LintProgram(const ProgramFiles& paths, const FrontEnd& program);

}  // namespace rulec
