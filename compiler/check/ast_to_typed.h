// check: ast + schemas -> typed.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/load_program.h"
#include "compiler/check/schema_store.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec {

// Checks `files` as one program (LoadProgram gives them in the right order). The result can be planned if no error was
// told; else it holds what could be made sense of, for tools. Texts of schemas join `sources`. `imports` are those of
// LoadProgram, so that ones without use can be told.
//
// A further version of a schema is tried out by adding it to the store (SchemaStore::Add) before.
typed::Program Check(SourceSet& sources, const std::vector<ast::File>& files, SchemaStore& store,
                     Diagnostics& diagnostics, const std::vector<ImportLink>& imports = {});

// "a.b"; empty if the file is of no package.
std::string PackageOf(const ast::File& file);

namespace check {

struct Context;
// The schemas, constants, params and functions of `files`: all that an expression outside of rules can name.
void CheckValueDecls(Context& context, const std::vector<ast::File>& files);

}  // namespace check

}  // namespace rulec
