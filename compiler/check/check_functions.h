// User functions: `fn change(price: double, close: double) = price / close - 1`.
#pragma once

#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"

namespace rulec::check {

void DeclareFunction(Context& context, const ast::FnDecl& decl, const std::string& package);

// Checks its body if that has not been done; `used` is where, for the circle that it may close.
void CheckFunction(Context& context, FunctionEntry& function, Span used);

// Those that no rule calls too.
void CheckFunctions(Context& context);

}  // namespace rulec::check
