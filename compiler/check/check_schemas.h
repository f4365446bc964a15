// The declarations that name schemas: `schema`, `stream`, `output`.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"

namespace rulec::check {

void CheckSchemaDecl(Context& context, const ast::SchemaDecl& decl, const std::string& package);
void CheckStreamDecl(Context& context, const ast::StreamDecl& decl, const std::string& package);

// Index into Program::schemas of the declared schema; one without a document if there is none of that name (told).
uint32_t FindSchema(Context& context, const ast::Name& name, const std::string& package);

// Tells it and returns false if the name is taken: `first` is where.
bool TellDuplicate(Context& context, std::string_view kind, const ast::Name& name, Span first);

}  // namespace rulec::check
