// Expressions of the plan, one row at a time or a group of rows in the lanes of vectors.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "compiler/lower/values.h"
#include "compiler/plan/plan.h"

namespace rulec::lower {

// Where fields come from: a batch's columns, or the record that is being decoded.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual Value Slot(plan::SlotId slot) = 0;
  virtual llvm::Value* EventTime() = 0;
};

// The rule's params: the first ones are loaded once before the loop, the others where they are used.
class ParamValues {
 public:
  // `params` is rulert_rule_call::params. With lanes, each value is spread over a vector.
  ParamValues(FunctionBuilder& f, const plan::Rule& rule, llvm::Value* params, unsigned lanes = 0)
      : f_(f), rule_(rule), params_(params), lanes_(lanes) {}
  Value Get(uint32_t index);

 private:
  static constexpr uint32_t kMostInRegisters = 32;
  Value Load(uint32_t index, llvm::Value* params);

  FunctionBuilder& f_;
  const plan::Rule& rule_;
  llvm::Value* params_;
  unsigned lanes_;
  std::unordered_map<uint32_t, Value> loaded_;
};

// A rule error: ends the block by a branch to where the row's error is noted. Operands may be null.
using RaiseError = std::function<void(plan::SiteId site, const Value& left, const Value& right)>;

// What is known of a rule's expressions before code is made.
struct ExprFacts {
  std::vector<bool> can_fail;
  std::vector<bool> in_lanes;  // can be computed in vectors: no strings, no errors, nothing conditional needed
  explicit ExprFacts(const plan::Rule& rule);
};

class ExprLowering {
 public:
  // lanes 0: one row. `raise` is not called for expressions that cannot fail.
  ExprLowering(FunctionBuilder& f, const plan::Rule& rule, const ExprFacts& facts, RowSource& source,
               ParamValues& params, RaiseError raise, unsigned lanes = 0);

  // Each expression is computed at most once on any path: a `let` used twice, or in two emits.
  Value Lower(plan::ExprId id);
  // A condition: an i1, or a vector of them.
  llvm::Value* LowerCondition(plan::ExprId id) { return Lower(id).value; }

 private:
  Value Compute(const plan::Expr& expr);
  Value Arithmetic(const plan::Expr& expr);
  Value CheckedInteger(const plan::Expr& expr, const Value& left, const Value& right);
  Value LongToDouble(const plan::Expr& expr);
  Value Divide(const plan::Expr& expr);
  Value Compare(const plan::Expr& expr);
  Value Equality(const plan::Expr& expr);
  Value Logical(const plan::Expr& expr);
  Value Coalesce(const plan::Expr& expr);
  Value Constant(const plan::Expr& expr);
  llvm::Value* ValuesEqual(TypeKind kind, const Value& a, const Value& b);
  // Makes code that runs on one path only: what it computed is forgotten after it.
  Value Conditionally(plan::ExprId id);
  void Raise(llvm::Value* failed, const plan::Expr& expr, const Value& left, const Value& right);
  llvm::Type* LaneType(llvm::Type* scalar);

  FunctionBuilder& f_;
  const plan::Rule& rule_;
  const ExprFacts& facts_;
  RowSource& source_;
  ParamValues& params_;
  RaiseError raise_;
  unsigned lanes_;
  std::unordered_map<plan::ExprId, Value> known_;
};

}  // namespace rulec::lower
