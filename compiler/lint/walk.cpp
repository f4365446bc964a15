#include "compiler/lint/walk.h"

namespace rulec::lint {
namespace {

// One overload for each kind of expression, so that a new kind does not build until it is walked.
class Walker {
 public:
  explicit Walker(const Visit& visit) : visit_(visit) {}

  void Walk(const ast::ExprPtr& expr) const {
    if (expr) Walk(*expr);
  }
  void Walk(const ast::Expr& expr) const {
    visit_(expr);
    std::visit([this](const auto& node) { Below(node); }, expr.node);
  }

 private:
  void Below(const ast::ErrorExpr&) const {}
  void Below(const ast::NullLiteral&) const {}
  void Below(const ast::BoolLiteral&) const {}
  void Below(const ast::IntLiteral&) const {}
  void Below(const ast::FloatLiteral&) const {}
  void Below(const ast::PercentLiteral&) const {}
  void Below(const ast::StringLiteral&) const {}
  void Below(const ast::DurationLiteral&) const {}
  void Below(const ast::NameExpr&) const {}
  void Below(const ast::MetaExpr&) const {}
  void Below(const ast::MemberExpr& node) const { Walk(node.object); }
  void Below(const ast::UnaryExpr& node) const { Walk(node.operand); }
  void Below(const ast::BinaryExpr& node) const {
    Walk(node.left);
    Walk(node.right);
  }
  void Below(const ast::IsNullExpr& node) const { Walk(node.operand); }
  void Below(const ast::IsTypeExpr& node) const { Walk(node.operand); }
  void Below(const ast::RelationExpr& node) const {
    Walk(node.left);
    Walk(node.right);
  }
  void Below(const ast::BetweenExpr& node) const {
    Walk(node.operand);
    Walk(node.low);
    Walk(node.high);
  }
  void Below(const ast::CallExpr& node) const {
    for (const ast::Argument& argument : node.arguments) {
      Walk(argument.key);
      Walk(argument.value);
    }
  }
  void Below(const ast::ListExpr& node) const {
    for (const ast::ExprPtr& item : node.items) Walk(item);
  }
  void Below(const ast::IndexExpr& node) const {
    Walk(node.object);
    Walk(node.index);
  }
  void Below(const ast::SliceExpr& node) const {
    Walk(node.object);
    Walk(node.from);
    Walk(node.to);
  }
  void Below(const ast::LambdaExpr& node) const { Walk(node.body); }
  void Below(const ast::IfExpr& node) const {
    Walk(node.condition);
    Walk(node.then);
    Walk(node.otherwise);
  }
  void Below(const ast::CaseExpr& node) const {
    for (const ast::CaseBranch& branch : node.branches) {
      Walk(branch.condition);
      Walk(branch.value);
    }
    Walk(node.otherwise);
  }
  void Below(const ast::FormatExpr& node) const {
    for (const ast::FormatPart& part : node.parts) Walk(part.value);
  }

  const Visit& visit_;
};

void WalkKeys(const std::vector<ast::KeyExpr>& keys, const Walker& walker) {
  for (const ast::KeyExpr& key : keys) walker.Walk(key.value);
}

void WalkStage(const ast::ExpandClause& expand, const Walker& walker) {
  walker.Walk(expand.list);
  WalkKeys(expand.keys, walker);
}
void WalkStage(const ast::WhereClause& where, const Walker& walker) { walker.Walk(where.condition); }
void WalkStage(const ast::LetClause& let, const Walker& walker) {
  for (const ast::LetBinding& binding : let.bindings) walker.Walk(binding.value);
}
void WalkStage(const ast::EmitClause& emit, const Walker& walker) {
  for (const ast::EmitField& field : emit.fields) walker.Walk(field.value);
  walker.Walk(emit.where);
}

}  // namespace

void WalkExpr(const ast::Expr* expr, const Visit& visit) {
  if (expr != nullptr) Walker(visit).Walk(*expr);
}

void WalkRule(const ast::RuleDecl& rule, const Visit& visit) {
  const Walker walker(visit);
  if (rule.from) WalkKeys(rule.from->keys, walker);
  for (const ast::Stage& stage : rule.stages) {
    std::visit([&walker](const auto& each) { WalkStage(each, walker); }, stage);
  }
}

}  // namespace rulec::lint
