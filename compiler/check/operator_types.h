// The table of arithmetic: docs/language.md shows it to authors of rules.
#pragma once

#include <string>

#include "compiler/ast/ast.h"
#include "compiler/types/type.h"

namespace rulec::check {

struct ArithmeticRule {
  Type result;  // Error: the operator does not take these types
  // What the operands widen to; Error: they stay as they are. After swapping.
  TypeKind left = TypeKind::Error;
  TypeKind right = TypeKind::Error;
  bool swapped = false;      // number * duration is duration * number
  bool concat = false;       // lists, strings
  bool too_precise = false;  // of decimals: more than 38 digits behind the point
};

ArithmeticRule ArithmeticOf(ast::BinaryOp op, const Type& left, const Type& right);

// What to do instead, or "".
std::string AdviceFor(ast::BinaryOp op, const Type& left, const Type& right);

}  // namespace rulec::check
