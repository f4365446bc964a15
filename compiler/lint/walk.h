// Visits expressions of a syntax tree.
#pragma once

#include <functional>

#include "compiler/ast/ast.h"

namespace rulec::lint {

using Visit = std::function<void(const ast::Expr&)>;

// `visit` for `expr` and then for everything below it, from left to right; null is nothing.
void WalkExpr(const ast::Expr* expr, const Visit& visit);
// Every expression of a rule: keys, conditions, lets, emitted values; not those of annotations.
void WalkRule(const ast::RuleDecl& rule, const Visit& visit);

}  // namespace rulec::lint
