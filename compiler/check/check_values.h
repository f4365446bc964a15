// Constants and params.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

void DeclareConst(Context& context, const ast::ConstDecl& decl, const std::string& package);
// All that are declared, in their order.
void CheckConsts(Context& context);
void CheckParamDecl(Context& context, const ast::ParamDecl& decl, const std::string& package);

// The value of an expression of constants, or an ErrorExpr after a diagnostic. `expected` as of ExprChecker.
typed::ExprPtr CheckConstantExpr(Context& context, const ast::Expr& expr, const Type* expected,
                                 const std::string& package);

// Has the package no const, param or function of that name? Tells it if it has.
bool IsFreeValue(Context& context, std::string_view kind, const ast::Name& name, const std::string& package);

}  // namespace rulec::check
