// Expressions of the plan, one row at a time or a group of rows in the lanes of vectors.
//
// expression.cpp has leaves, logic and choice; expression_numbers.cpp, expression_compare.cpp, expression_lists.cpp and
// expression_calls.cpp the rest.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include <llvm/IR/Intrinsics.h>

#include "compiler/lower/batch_memory.h"
#include "compiler/lower/values.h"
#include "compiler/plan/plan.h"

namespace rulec::lower {

// Where fields come from: a batch's columns, or the record that is being decoded.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual Value Slot(plan::SlotId slot) = 0;
  virtual llvm::Value* EventTime() = 0;
  // Has the writer's schema the field? An i1, the same for all rows (a vector of them in lanes).
  virtual llvm::Value* Present(plan::SlotId slot) = 0;
  // Of Op::Partition (i32), Op::Offset and Op::SchemaVersion (i64). Only of batches (plan::CanScan).
  virtual llvm::Value* OfBatch(plan::Op op) = 0;
};

// The rule's params: the first ones are loaded once before the loop, the others where they are used.
class ParamValues {
 public:
  // `params` is rulert_rule_call::params. With lanes, each value is spread over a vector.
  ParamValues(FunctionBuilder& f, const plan::Rule& rule, llvm::Value* params, unsigned lanes = 0)
      : f_(f), rule_(rule), params_(params), lanes_(lanes) {}
  // What is prepared is a pointer in `value`.
  Value Get(uint32_t index);
  llvm::Value* Address(uint32_t index) { return f_.Address(params_, rule_.params[index].offset); }

 private:
  static constexpr uint32_t kMostInRegisters = 32;
  Value Load(uint32_t index, llvm::Value* params);

  FunctionBuilder& f_;
  const plan::Rule& rule_;
  llvm::Value* params_;
  unsigned lanes_;
  std::unordered_map<uint32_t, Value> loaded_;
};

// What goes with a rule error: the values of the site's operands, and a cause of stdlib/causes.def (i32) if it is not
// the site's own.
struct ErrorDetails {
  Value left, right;
  llvm::Value* cause = nullptr;
};
// A rule error: ends the block by a branch to where the row's error is noted.
using RaiseError = std::function<void(plan::SiteId site, const ErrorDetails& details)>;

// What is known of a rule's expressions before code is made.
struct ExprFacts {
  std::vector<bool> can_fail;
  std::vector<bool> in_lanes;  // can be computed in vectors: one register, no errors, no loops, no calls
  explicit ExprFacts(const plan::Rule& rule);
};

class ExprLowering {
 public:
  // lanes 0: one row. `raise` is not called for expressions that cannot fail; `memory` may be null in lanes.
  ExprLowering(FunctionBuilder& f, const plan::Rule& rule, const ExprFacts& facts, RowSource& source,
               ParamValues& params, BatchMemory* memory, RaiseError raise, unsigned lanes = 0);

  // Each expression is computed at most once on any path: a `let` used twice, or in two emits.
  Value Lower(plan::ExprId id);
  // A condition: an i1, or a vector of them.
  llvm::Value* LowerCondition(plan::ExprId id) { return Lower(id).value; }
  // What Op::Variable is from here on.
  void BindVariable(uint32_t variable, const Value& value) { variables_[variable] = value; }
  Value LoadListItem(const Type& type, const Value& list, llvm::Value* index) {
    return LoadCell(CellsOfList(type, list), index);
  }
  void set_raise(RaiseError raise) { raise_ = std::move(raise); }

 private:
  using Expr = plan::Expr;
  Value Compute(const Expr& expr);
  Value Constant(const Expr& expr);

  // ---- Logic and choice ----
  Value Logical(const Expr& expr);
  Value Coalesce(const Expr& expr);
  Value Choose(const Expr& expr);
  // Makes code that runs on one path only: what it computed is forgotten after it.
  Value Conditionally(plan::ExprId id);
  // The value of `make` where `condition` (an i1, or nullptr: always) holds, else null.
  Value ValueIf(llvm::Value* condition, const Type& type, const std::function<Value()>& make);

  // ---- Numbers ----
  Value Convert(const Expr& expr);
  Value LongToDouble(const Expr& expr);
  Value Arithmetic(const Expr& expr);
  Value ScaleDuration(const Expr& expr);
  Value Checked(const Expr& expr, llvm::Intrinsic::ID operation, const Value& left, const Value& right);
  Value Absolute(const Expr& expr);
  Value Divide(const Expr& expr);
  Value DivideWhole(const Expr& expr);
  Value Decimal(const Expr& expr);
  Value Rescale(const Expr& expr);
  // To a scale that is not less; the result has room in 128 bits if the precision tells so.
  llvm::Value* ScaledUp(llvm::Value* unscaled, unsigned digits);
  llvm::Value* BeyondPrecision(llvm::Value* unscaled, unsigned precision);

  // ---- Comparisons ----
  Value Equality(const Expr& expr);
  Value Compare(const Expr& expr);
  Value InParams(const Expr& expr);
  llvm::Value* ValuesEqual(const Type& left_type, const Type& right_type, const Value& left, const Value& right);
  // Decimals of two scales, a decimal and a double: -1, 0, 1, or 2 (i32).
  llvm::Value* OrderOfDecimals(const Type& left_type, const Type& right_type, const Value& left, const Value& right);

  // ---- Lists, maps, records, unions ----
  Value MakeList(const Expr& expr);
  Value MakeMap(const Expr& expr);
  Value MakeRecord(const Expr& expr);
  Value MakeUnion(const Expr& expr);
  Value Member(const Expr& expr);
  Value UnionAs(const Expr& expr);
  Value ListItem(const Expr& expr);
  Value MapItem(const Expr& expr);
  Value Loop(const Expr& expr);
  Value Fold(const Expr& expr);
  // The cells behind each other at `cells`, then a byte for each of `count` (i64) if they may be null.
  struct Cells {
    Type type;
    llvm::Value* cells;
    llvm::Value* count;
  };
  Cells CellsOfList(const Type& type, const Value& list);
  Cells CellsOfMap(const Type& type, const Value& map);
  Value LoadCell(const Cells& cells, llvm::Value* index);
  void StoreCell(const Cells& cells, llvm::Value* index, const Value& value);
  // A rule error if there is no memory.
  llvm::Value* Allocate(const Expr& expr, llvm::Value* bytes);
  llvm::Value* AllocateCells(const Expr& expr, const Type& element, llvm::Value* count);

  // ---- Calls ----
  Value Call(const Expr& expr);
  Value CallNow(const Expr& expr, const std::vector<Value>& operands);
  Value Concat(const Expr& expr);
  llvm::CallInst* CallSymbol(const char* symbol, llvm::Type* result, llvm::ArrayRef<llvm::Value*> arguments);
  llvm::Type* CallType(rulert::ColumnKind kind);
  void AddWords(rulert::ColumnKind kind, const Value& value, std::vector<llvm::Value*>& arguments);
  Value FromCall(rulert::ColumnKind kind, llvm::Value* result);
  // The value in memory, where functions of the library read it.
  llvm::Value* InMemory(rulert::ColumnKind kind, const Value& value);
  // Branches on the context's outcome after a call: null, or a rule error.
  Value CheckOutcome(const Expr& expr, const Value& result, const std::vector<Value>& operands, bool can_be_null);

  void Raise(llvm::Value* failed, const Expr& expr, const ErrorDetails& details);
  llvm::Type* LaneType(llvm::Type* scalar);
  const Type& TypeOf(plan::ExprId id) const { return rule_.exprs[id].type; }

  FunctionBuilder& f_;
  const plan::Rule& rule_;
  const ExprFacts& facts_;
  RowSource& source_;
  ParamValues& params_;
  BatchMemory* memory_;
  RaiseError raise_;
  unsigned lanes_;
  std::unordered_map<plan::ExprId, Value> known_;
  std::unordered_map<uint32_t, Value> variables_;
};

}  // namespace rulec::lower
