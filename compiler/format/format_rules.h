// Rule text -> the same rules in the one canonical layout: two spaces a level, clause words of a rule aligned, lines of
// at most 120 columns. Comments stay where they are. Two choices of the author are kept: a line end behind a `{` (or
// before the second binding of a `let`) keeps the items on lines of their own, and single empty lines stay.
#pragma once

#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

// Empty if the file has syntax errors, which are in `diagnostics` then. Constructs that this version does not support
// are no errors here: their lines are kept as they are. Formatting the result again gives the same text.
std::optional<std::string> FormatRules(const SourceSet& sources, FileId file, Diagnostics& diagnostics);

}  // namespace rulec
