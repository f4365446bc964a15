// lint: ast -> findings of style and suspicion (R08). Nothing here is wrong: it reads badly, or is more likely a slip
// than meant. Types are not known, so what depends on them is only suggested.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

namespace rulec {

inline constexpr uint32_t kLongestLine = 120;  // in characters

// Files that parse without a mistake.
void Lint(const SourceSet& sources, const ast::File& file, Diagnostics& diagnostics);

}  // namespace rulec
