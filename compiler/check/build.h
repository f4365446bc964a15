// Makes typed expressions: what is made of constants alone is computed at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

typed::ExprPtr MakeError(Span span);
typed::ExprPtr MakeConstant(Span span, const Type& type, typed::Value value, bool literal = false,
                            std::string digits = "");
bool IsError(const typed::Expr& expr);
bool IsConstant(const typed::Expr& expr);

// Charges the program with a constant that is made or copied: false, told (R0308), if it or all of them are too large.
bool Charge(Context& context, Span span, const typed::Value& value);

// Computed if all that stands under it is constant; an error of the computation is told (R0308).
typed::ExprPtr Make(Context& context, Span span, const Type& type, decltype(typed::Expr::node) node);
typed::ExprPtr MakeUnary(Context& context, Span span, const Type& type, typed::UnaryOp op, typed::ExprPtr operand,
                         uint32_t index = 0);
typed::ExprPtr MakeBinary(Context& context, Span span, const Type& type, typed::BinaryOp op, typed::ExprPtr left,
                          typed::ExprPtr right);

// ---- Conversions that are not written ----

// A literal beside a value of `type` takes its type, if it fits.
void AdaptLiteral(typed::Expr& expr, const Type& type);
// A number to a wider kind (int, long, float, double); literals are taken as they are written. Null stays null.
typed::ExprPtr Widen(Context& context, typed::ExprPtr expr, TypeKind kind);
// The type that values of both types have in common, apart from literals; nothing if there is none. Nullable if either
// is.
std::optional<Type> CommonType(const Type& a, const Type& b);
// As a value of `type`, or null if it cannot be one (`expr` is lost then). Whether it may be null is not looked at: the
// result is nullable where `expr` is. No digits are lost: a decimal takes one of no more digits on either side of the
// point, a union its branches.
typed::ExprPtr Convert(Context& context, typed::ExprPtr expr, const Type& type);
// Would Convert do it?
bool Converts(const typed::Expr& expr, const Type& type);

}  // namespace rulec::check
