// Types expressions and resolves their names.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/check/facts.h"
#include "compiler/check/scope.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct Checked {
  typed::ExprPtr expr;
  Facts when_true;   // proven if it is a condition that holds
  Facts when_false;  // proven if it does not hold
};

// Recurses as deep as the expression is high, which the parser bounds (kMaxHeight).
class ExprChecker {
 public:
  ExprChecker(Context& context, Scope& scope) : context_(context), scope_(scope) {}

  // A value. `expected` may be null; an enum there lets its symbols stand bare, a number has no influence.
  typed::ExprPtr Value(const ast::Expr& expr, const Type* expected);
  // A bool that is not null. What it proves is in *proven if it is not null; scope.facts stays as it is.
  typed::ExprPtr Condition(const ast::Expr& expr, Facts* proven);

 private:
  Checked CheckAny(const ast::Expr& expr, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::ErrorExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::NullLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::BoolLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IntLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::FloatLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::PercentLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::StringLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::DurationLiteral& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::NameExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::MetaExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::MemberExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::UnaryExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::BinaryExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::IsNullExpr& node, const Type* expected);
  Checked Check(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected);
  template <class Node>
  Checked Check(const ast::Expr& expr, const Node&, const Type*) {
    return NotYet(expr);
  }
  Checked NotYet(const ast::Expr& expr);
  Checked CheckLogic(const ast::Expr& expr, const ast::BinaryExpr& node);
  typed::ExprPtr CheckPath(const ast::Expr& expr, const Type* expected);
  typed::ExprPtr CheckMemberOfValue(const ast::Expr& expr);
  void WarnOfNullSafe(const ast::Expr& expr);
  void NoteNullTest(const typed::Expr& operand, bool is_null, Checked* checked);
  typed::ExprPtr CheckCall(const ast::Expr& expr, const ast::CallExpr& node);
  typed::ExprPtr CheckMeta(const ast::Expr& expr, const ast::MetaExpr& node);
  typed::ExprPtr CheckTime(const ast::Expr& expr, const ast::MetaExpr& node);
  typed::ExprPtr CheckInteger(Span span, const std::string& digits, bool negative);
  typed::ExprPtr CheckFloat(Span span, const std::string& text);
  bool MayBeSymbol(const ast::Expr& expr) const;

  Context& context_;
  Scope& scope_;
};

}  // namespace rulec::check
