// The declarations of values: `const` and `param`.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"

namespace rulec::check {

// Enters the name; the value is checked when it is first used, and by CheckConsts at last.
void DeclareConst(Context& context, const ast::ConstDecl& decl);
void CheckParamDecl(Context& context, const ast::ParamDecl& decl);
// All constants, in the order declared, into the program.
void CheckConsts(Context& context, const std::vector<ast::File>& files);

}  // namespace rulec::check
