// The types of operators: which operands they take, what is converted, what comes out. What can be computed now is.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

// "+", "is null", …: as written in rules.
std::string_view OperatorText(ast::BinaryOp op);

// A wrong operand is told once; the result is then of type Error, and operands of type Error are taken in silence.
typed::ExprPtr ApplyBinary(Context& context, ast::BinaryOp op, Span op_span, Span span, typed::ExprPtr left,
                           typed::ExprPtr right);
typed::ExprPtr ApplyNegate(Context& context, Span span, typed::ExprPtr operand);
typed::ExprPtr ApplyNot(Context& context, Span span, typed::ExprPtr operand);
typed::ExprPtr ApplyIsNull(Context& context, Span span, typed::ExprPtr operand, bool negated, std::string_view written);

// Told where a value that may be null stands before something that does not take null.
typed::ExprPtr TellNullable(Context& context, Span span, const typed::Expr& operand, std::string_view op);

}  // namespace rulec::check
