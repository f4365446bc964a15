#include "compiler/planner/rule_planner.h"

#include "compiler/planner/expr_planner.h"
#include "compiler/planner/index_conditions.h"

namespace rulec {
namespace {

class RulePlanner {
 public:
  RulePlanner(const SourceSet& sources, const typed::Program& program, const typed::Rule& typed, plan::Stream* stream,
              plan::Rule* rule)
      : typed_(typed), rule_(rule), exprs_(sources, program, typed, stream, rule) {}

  void Plan(const std::vector<uint32_t>& outputs) {
    for (const typed::ExprPtr& where : typed_.wheres) PlanConditions(*where, &rule_->filter.conditions);
    if (typed_.expand) {
      rule_->expand = plan::Expand{.list = exprs_.Plan(*typed_.expand->list), .variable = typed_.expand->variable};
      for (const typed::ExprPtr& where : typed_.item_wheres) PlanConditions(*where, &rule_->expand->conditions);
    }
    for (const typed::Key& key : typed_.keys) rule_->keys.push_back(exprs_.Plan(*key.value));
    for (const typed::Emit& emit : typed_.emits) PlanEmit(emit, outputs[emit.output]);
    FindIndexConditions(rule_);
  }

 private:
  // `a and b and c` is three conditions.
  void PlanConditions(const typed::Expr& where, std::vector<plan::ExprId>* conditions) {
    const auto* binary = std::get_if<typed::Binary>(&where.node);
    if (binary && binary->op == typed::BinaryOp::And) {
      PlanConditions(*binary->left, conditions);
      PlanConditions(*binary->right, conditions);
    } else {
      conditions->push_back(exprs_.Plan(where));
    }
  }

  void PlanEmit(const typed::Emit& emit, uint32_t output) {
    plan::Emit planned{.output = output};
    if (emit.where) planned.where = exprs_.Plan(*emit.where);
    for (const typed::ExprPtr& field : emit.fields) planned.fields.push_back(exprs_.Plan(*field));
    rule_->emits.push_back(std::move(planned));
  }

  const typed::Rule& typed_;
  plan::Rule* rule_;
  ExprPlanner exprs_;
};

}  // namespace

plan::Rule PlanRule(const SourceSet& sources, const typed::Program& program, const typed::Rule& typed,
                    const std::vector<uint32_t>& streams, const std::vector<uint32_t>& outputs, plan::Program* plan) {
  plan::Rule rule{.package = typed.package,
                  .name = typed.name,
                  .version = typed.version,
                  .severity = typed.severity,
                  .file = sources.file(typed.span.file).path(),
                  .stream = streams[typed.stream]};
  RulePlanner(sources, program, typed, &plan->streams[rule.stream], &rule).Plan(outputs);
  return rule;
}

}  // namespace rulec
