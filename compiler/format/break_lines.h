// Breaks an expression that is too long for its line: at its loosest operators, or within its longest brackets.
#pragma once

#include "compiler/format/commented_tokens.h"
#include "compiler/format/lines.h"

namespace rulec::format {

// The first line goes on at `column`, and its indent has no meaning; the others stand at `indent` or deeper. Where a
// comment stands within, the author's lines are kept.
std::vector<Line> BreakLines(Tokens tokens, size_t column, size_t indent);

// The author's lines, with the spaces that belong between the tokens.
std::vector<Line> AuthorsLines(Tokens tokens, size_t indent);

}  // namespace rulec::format
