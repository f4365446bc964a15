// parse: text -> ast. ANTLR parses; our own tree comes out. UTF-8, size and nesting are checked before the parser runs.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

namespace rulec {

// Limits of one file: 16 MiB of text, 256 levels of nesting.
// Always returns a tree: what could not be parsed is missing from it, and told in `diagnostics`.
ast::File ParseText(const SourceSet& sources, FileId file, Diagnostics& diagnostics);

}  // namespace rulec
