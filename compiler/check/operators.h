// The types of operators: which operands they take, what is converted, what comes out. What can be computed now is.
#pragma once

#include <string_view>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

// "+", "is null", …: as written in rules.
std::string_view OperatorText(ast::BinaryOp op);

// A wrong operand is told once; the result is then of type Error, and operands of type Error are taken in silence.
typed::ExprPtr ApplyBinary(Context& context, const ast::BinaryExpr& written, Span span, typed::ExprPtr left,
                           typed::ExprPtr right);
typed::ExprPtr ApplyNegate(Context& context, Span span, typed::ExprPtr operand);
typed::ExprPtr ApplyNot(Context& context, Span span, typed::ExprPtr operand);
typed::ExprPtr ApplyIsNull(Context& context, Span span, typed::ExprPtr operand, bool negated, std::string_view written);

// int to long or double, long to double; literals take the type of their neighbour. Null stays null.
typed::ExprPtr Widen(Context& context, typed::ExprPtr expr, TypeKind kind);
// A literal beside an int is an int, if it fits.
void AdaptLiteral(typed::Expr& expr, const Type& neighbour);

typed::ExprPtr MakeError(Span span);
typed::ExprPtr MakeConstant(Span span, const Type& type, typed::Value value, bool literal = false);
// Computed at once if the operand is a constant.
typed::ExprPtr MakeUnary(Context& context, Span span, const Type& type, typed::UnaryOp op, typed::ExprPtr operand);

}  // namespace rulec::check
