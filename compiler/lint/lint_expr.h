// What lint says of one expression, and of the numbers of a file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostics.h"

namespace rulec::lint {

// Looks at the expressions of one file, each handed to it once, outer ones before inner ones.
class ExprLint {
 public:
  ExprLint(const SourceSet& sources, Diagnostics& diagnostics) : sources_(sources), diagnostics_(diagnostics) {}

  void Look(const ast::Expr& expr);
  // A number in a rule: told by Numbers() if it repeats.
  void CountNumber(const ast::Expr& expr);
  void Numbers();

 private:
  void Offer(const ast::Expr& expr, Diagnostics::Builder builder, std::string text) const;
  std::string Text(const ast::ExprPtr& expr) const;
  // In brackets if what it replaces stands in some.
  std::string Instead(const ast::Expr& expr, std::string text) const;
  void Binary(const ast::Expr& expr, const ast::BinaryExpr& binary);
  void ComparesWithBool(const ast::Expr& expr, const ast::BinaryExpr& binary);
  void OrChain(const ast::Expr& expr, const ast::BinaryExpr& binary);
  void Not(const ast::Expr& expr, const ast::ExprPtr& operand);
  void Relation(const ast::Expr& expr, const ast::RelationExpr& relation);
  void If(const ast::Expr& expr, const ast::IfExpr& node);
  void Integer(const ast::Expr& expr);

  const SourceSet& sources_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::vector<Span>> numbers_;
  Span last_or_;  // of the chain told last: its inner parts are no chains of their own
};

}  // namespace rulec::lint
