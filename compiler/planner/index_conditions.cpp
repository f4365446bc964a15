#include "compiler/planner/index_conditions.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace rulec {
namespace {

using plan::Op;
using rulert::IndexCondition;
using rulert::IndexOp;

// By expression; those that a `let` names are operands of many, so each is looked at once.
std::vector<bool> CanFail(const plan::Rule& rule) {
  std::vector<bool> fails;
  for (const plan::Expr& expr : rule.exprs) {
    const bool operand_fails =
        std::any_of(expr.operands.begin(), expr.operands.end(), [&](plan::ExprId operand) { return fails[operand]; });
    fails.push_back(expr.site != plan::kNoSite || operand_fails);
  }
  return fails;
}

const plan::Expr& Without(const plan::Rule& rule, plan::ExprId id, Op wrapper) {
  const plan::Expr& expr = rule.exprs[id];
  return expr.op == wrapper ? rule.exprs[expr.operands.front()] : expr;
}

bool IsIndexed(const Type& type) {
  switch (type.kind) {
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Union: return false;
    default: return true;
  }
}

std::optional<IndexOp> IndexOpOf(Op op) {
  switch (op) {
    case Op::Equal: return IndexOp::Equal;
    case Op::Less: return IndexOp::Less;
    case Op::LessEqual: return IndexOp::LessEqual;
    case Op::Greater: return IndexOp::Greater;
    case Op::GreaterEqual: return IndexOp::GreaterEqual;
    default: return std::nullopt;
  }
}

IndexOp Mirrored(IndexOp op) {
  switch (op) {
    case IndexOp::Less: return IndexOp::Greater;
    case IndexOp::LessEqual: return IndexOp::GreaterEqual;
    case IndexOp::Greater: return IndexOp::Less;
    case IndexOp::GreaterEqual: return IndexOp::LessEqual;
    default: return op;
  }
}

// slot op param, either way round, of one type.
std::optional<IndexCondition> Comparison(const plan::Rule& rule, const plan::Expr& expr) {
  const std::optional<IndexOp> op = IndexOpOf(expr.op);
  if (!op) return std::nullopt;
  const plan::Expr* slot = &Without(rule, expr.operands[0], Op::NotNull);
  const plan::Expr* param = &rule.exprs[expr.operands[1]];
  const bool mirrored = slot->op == Op::Param;
  if (mirrored) {
    slot = &Without(rule, expr.operands[1], Op::NotNull);
    param = &rule.exprs[expr.operands[0]];
  }
  // A null param equals a null slot.
  if (slot->op != Op::Slot || param->op != Op::Param || param->type.nullable) return std::nullopt;
  if (slot->type.kind != param->type.kind || slot->type.scale != param->type.scale) return std::nullopt;
  if (!IsIndexed(slot->type)) return std::nullopt;
  return IndexCondition{
      static_cast<int32_t>(slot->index), mirrored ? Mirrored(*op) : *op, {static_cast<int32_t>(param->index)}};
}

std::optional<IndexCondition> Membership(const plan::Rule& rule, const plan::Expr& whole) {
  const plan::Expr& expr = whole.op == Op::Coalesce ? rule.exprs[whole.operands[0]] : whole;
  const bool set = expr.op == Op::Call && rule.callees[expr.index].symbol == "rule_set_contains";
  if (!set && whole.op != Op::InParams) return std::nullopt;
  const plan::Expr& slot = Without(rule, expr.operands[0], Op::NotNull);
  if (slot.op != Op::Slot) return std::nullopt;
  IndexCondition condition{static_cast<int32_t>(slot.index), IndexOp::Equal, {}};
  if (set) {
    condition.params.push_back(static_cast<int32_t>(rule.exprs[expr.operands[1]].index));
  } else {
    for (uint32_t i = 0; i < expr.count; ++i) condition.params.push_back(static_cast<int32_t>(expr.index + i));
  }
  return condition;
}

// slot == a or slot == b or …: as `in` with few texts is planned.
std::optional<IndexCondition> Alternatives(const plan::Rule& rule, plan::ExprId id) {
  const plan::Expr& expr = rule.exprs[id];
  if (expr.op != Op::Or) {
    std::optional<IndexCondition> one = Comparison(rule, expr);
    return one && one->op == IndexOp::Equal ? one : std::nullopt;
  }
  std::optional<IndexCondition> left = Alternatives(rule, expr.operands[0]);
  const std::optional<IndexCondition> right = Alternatives(rule, expr.operands[1]);
  if (!left || !right || left->slot != right->slot) return std::nullopt;
  left->params.insert(left->params.end(), right->params.begin(), right->params.end());
  return left;
}

}  // namespace

void FindIndexConditions(plan::Rule* rule) {
  const std::vector<bool> fails = CanFail(*rule);
  for (const plan::ExprId id : rule->filter.conditions) {
    if (fails[id]) return;
    const plan::Expr& expr = rule->exprs[id];
    std::optional<IndexCondition> found = Comparison(*rule, expr);
    if (!found) found = Membership(*rule, expr);
    if (!found) found = Alternatives(*rule, id);
    if (found) rule->index.push_back(*std::move(found));
  }
}

}  // namespace rulec
