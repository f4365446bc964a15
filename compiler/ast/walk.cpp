#include "compiler/ast/walk.h"

#include <type_traits>

namespace rulec::ast {
namespace {

class ChildVisitor {
 public:
  explicit ChildVisitor(const std::function<void(const Expr&)>& visit) : visit_(visit) {}

  template <class Node>
  void operator()(const Node&) const {
    static_assert(std::is_copy_constructible_v<Node>, "a node that owns others lists its children here");
  }
  void operator()(const MemberExpr& e) const { Take(e.object); }
  void operator()(const UnaryExpr& e) const { Take(e.operand); }
  void operator()(const BinaryExpr& e) const { Take(e.left, e.right); }
  void operator()(const IsNullExpr& e) const { Take(e.operand); }
  void operator()(const IsTypeExpr& e) const { Take(e.operand); }
  void operator()(const RelationExpr& e) const { Take(e.left, e.right); }
  void operator()(const BetweenExpr& e) const { Take(e.operand, e.low, e.high); }
  void operator()(const CallExpr& e) const {
    for (const Argument& argument : e.arguments) Take(argument.key, argument.value);
  }
  void operator()(const ListExpr& e) const {
    for (const ExprPtr& item : e.items) Take(item);
  }
  void operator()(const IndexExpr& e) const { Take(e.object, e.index); }
  void operator()(const SliceExpr& e) const { Take(e.object, e.from, e.to); }
  void operator()(const LambdaExpr& e) const { Take(e.body); }
  void operator()(const IfExpr& e) const { Take(e.condition, e.then, e.otherwise); }
  void operator()(const CaseExpr& e) const {
    for (const CaseBranch& branch : e.branches) Take(branch.condition, branch.value);
    Take(e.otherwise);
  }
  void operator()(const FormatExpr& e) const {
    for (const FormatPart& part : e.parts) Take(part.value);
  }

 private:
  template <class... Children>
  void Take(const Children&... children) const {
    const auto one = [this](const ExprPtr& child) {
      if (child) visit_(*child);
    };
    (one(children), ...);
  }

  const std::function<void(const Expr&)>& visit_;
};

}  // namespace

void ForEachChild(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  std::visit(ChildVisitor(visit), expr.node);
}

}  // namespace rulec::ast
