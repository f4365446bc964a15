// From the paths that a command names to the files of one program.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"

namespace rulec {

// ParseText of compiler/parse, handed in so that checking does not depend on a parser.
using ParseFunction = std::function<ast::File(const SourceSet&, FileId, Diagnostics&)>;

// That one file imports another.
struct ImportLink {
  FileId from = 0;
  Span span;  // of the import's path
  FileId to = 0;
};

struct LoadedProgram {
  // What is imported stands before what imports it; each file once, however often it is imported.
  std::vector<ast::File> files;
  // Of the paths given those that cannot be read, as "rules/a.rule: no such file".
  std::vector<std::string> unreadable;
  std::vector<ImportLink> imports;
};

// An import is looked for beside the importing file, then in its project's folder (the nearest above with a
// rulec.toml). Imports that are not found, not readable, nested more than 100 deep, or circular are diagnostics.
LoadedProgram LoadProgram(const std::vector<std::string>& paths, const ParseFunction& parse, SourceSet& sources,
                          Diagnostics& diagnostics);

}  // namespace rulec
