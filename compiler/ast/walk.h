// The expressions directly under an expression, for what looks at all of a tree and cares for few of its nodes.
#pragma once

#include <functional>

#include "compiler/ast/ast.h"

namespace rulec::ast {

// In the order of the text. Children that are missing are left out.
void ForEachChild(const Expr& expr, const std::function<void(const Expr&)>& visit);

}  // namespace rulec::ast
