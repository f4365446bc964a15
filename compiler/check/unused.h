// Declarations that nothing uses.
#pragma once

#include <vector>

#include "compiler/check/context.h"
#include "compiler/check/load_program.h"

namespace rulec::check {

// Only in files that have rules: others are written for those that import them. A name with `_` in front is meant so.
void WarnOfUnused(Context& context);
// An import is used if anything is that it brings, by way of further imports too.
void WarnOfUnusedImports(Context& context, const std::vector<ImportLink>& imports);

}  // namespace rulec::check
