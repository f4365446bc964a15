// A slow and obvious evaluator of plans, for tests of generated code. Shares nothing with lower/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/emit/value_cells_test.h"
#include "compiler/plan/plan.h"

namespace rulec {

using PlanValue = typed::Value;

// Exact for every sum and product of two 64-bit numbers.
using Wide = typed::Int128;

// What a row brings besides its slots.
struct RowFacts {
  int64_t time = 0;
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t schema_version = 0;
  std::vector<bool> present;  // by slot; those behind the end are
};

class PlanEvaluator {
 public:
  // slots: the row's values by slot. All must outlive it.
  PlanEvaluator(const plan::Rule& rule, const std::vector<PlanValue>& slots, RowFacts facts)
      : rule_(rule), slots_(slots), facts_(std::move(facts)) {}
  PlanEvaluator(const plan::Rule& rule, const std::vector<PlanValue>& slots, int64_t time)
      : PlanEvaluator(rule, slots, RowFacts{.time = time}) {}

  // The site of the error that the last evaluation met.
  std::optional<plan::SiteId> error() const { return error_; }
  // What went wrong there: "division by zero".
  const std::string& cause() const { return cause_; }
  void BindVariable(uint32_t variable, PlanValue value) { variables_[variable] = std::move(value); }

  PlanValue Evaluate(plan::ExprId id);

 private:
  const Type& TypeAt(const plan::Expr& expr, size_t operand) const { return rule_.exprs[expr.operands[operand]].type; }
  // With the site's own cause, or another one.
  PlanValue Fail(const plan::Expr& expr);
  PlanValue Fail(const plan::Expr& expr, uint32_t cause);
  PlanValue Checked(const plan::Expr& expr, Wide exact);
  PlanValue Decimal(const plan::Expr& expr, const std::vector<PlanValue>& v);
  PlanValue Arithmetic(const plan::Expr& expr, const std::vector<PlanValue>& v);
  PlanValue Compare(const plan::Expr& expr, const std::vector<PlanValue>& v);
  PlanValue Loop(const plan::Expr& expr);
  PlanValue Fold(const plan::Expr& expr);
  PlanValue Item(const plan::Expr& expr, const std::vector<PlanValue>& v);
  PlanValue Call(const plan::Expr& expr, const std::vector<PlanValue>& v);
  PlanValue Apply(const plan::Expr& expr, const std::vector<PlanValue>& v);

  const plan::Rule& rule_;
  const std::vector<PlanValue>& slots_;
  RowFacts facts_;
  std::optional<plan::SiteId> error_;
  std::string cause_;
  std::map<uint32_t, PlanValue> variables_;
  ValueCells cells_;
};

}  // namespace rulec
