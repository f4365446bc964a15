// Computes operators on values that are known when the rules are compiled, as the generated code would.
#pragma once

#include <string>

#include "compiler/typed/typed.h"

namespace rulec::check {

// The same words as in rule errors.
inline constexpr std::string_view kOverflow = "integer overflow";
inline constexpr std::string_view kDivisionByZero = "division by zero";
inline constexpr std::string_view kInexact = "long beyond 2^53 as double";

// Operands are not null and have the types that typed::BinaryOp asks for. Returns what is wrong, or "".
std::string FoldBinary(typed::BinaryOp op, const Type& operand_type, const Type& type, const typed::Value& left,
                       const typed::Value& right, typed::Value* out);
std::string FoldUnary(typed::UnaryOp op, const Type& type, const typed::Value& operand, typed::Value* out);

// A whole number as a double; false if it is beyond 2^53.
bool ExactDouble(int64_t integer, double* out);

}  // namespace rulec::check
