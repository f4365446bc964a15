// Plans expressions: each node of typed.h becomes operations of plan.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/planner/expr_builder.h"
#include "stdlib/functions.h"

namespace rulec {

class ExprPlanner {
 public:
  using ExprId = plan::ExprId;

  ExprPlanner(const SourceSet& sources, const typed::Program& program, const typed::Rule& typed, plan::Stream* stream,
              plan::Rule* rule);

  ExprId Plan(const typed::Expr& expr);
  ExprBuilder& builder() { return builder_; }

 private:
  ExprId PlanNode(const typed::Expr& expr);

  // ---- Leaves ----
  ExprId Node(const typed::Expr& expr, const typed::ErrorExpr& node);
  ExprId Node(const typed::Expr& expr, const typed::Constant& node);
  ExprId Node(const typed::Expr& expr, const typed::FieldRef& node);
  ExprId Node(const typed::Expr& expr, const typed::MetaRef& node);
  ExprId Node(const typed::Expr& expr, const typed::Present& node);
  ExprId Node(const typed::Expr& expr, const typed::LetRef& node);
  ExprId Node(const typed::Expr& expr, const typed::KeyRef& node);
  ExprId Node(const typed::Expr& expr, const typed::ParamRef& node);
  ExprId Node(const typed::Expr& expr, const typed::VariableRef& node);
  // ---- Operators: expr_planner.cpp ----
  ExprId Node(const typed::Expr& expr, const typed::Unary& node);
  ExprId Node(const typed::Expr& expr, const typed::Binary& node);
  ExprId Node(const typed::Expr& expr, const typed::IsBranch& node);
  ExprId Node(const typed::Expr& expr, const typed::Choice& node);
  ExprId Node(const typed::Expr& expr, const typed::Bind& node);
  ExprId Arithmetic(const typed::Expr& expr, typed::BinaryOp op, ExprId left, ExprId right);
  ExprId Calendar(const typed::Expr& expr, typed::BinaryOp op, ExprId left, ExprId right);
  // ---- Items and patterns: plan_items.cpp ----
  ExprId In(const typed::Binary& node);
  std::optional<ExprId> InConstants(const typed::Expr& list, ExprId value);
  ExprId InItems(const typed::ListLiteral& list, ExprId value);
  ExprId InList(ExprId list, ExprId value);
  ExprId Pattern(const typed::Binary& node);
  ExprId LikeText(ExprId text, ExprId pattern);
  ExprId FalseIfNull(plan::Callee callee, std::vector<ExprId> operands, const std::string& cause);
  ExprId Concat(const typed::Expr& expr, ExprId left, ExprId right);
  ExprId ConstantOf(const Type& type, const typed::Value& value);
  ExprId PreparedOf(rulert::Prepared prepared, const typed::Expr& expr);
  ExprId Node(const typed::Expr& expr, const typed::Format& node);
  ExprId Node(const typed::Expr& expr, const typed::ListLiteral& node);
  ExprId Node(const typed::Expr& expr, const typed::MapLiteral& node);
  ExprId Node(const typed::Expr& expr, const typed::RecordLiteral& node);
  ExprId Node(const typed::Expr& expr, const typed::Member& node);
  ExprId Node(const typed::Expr& expr, const typed::Index& node);
  ExprId Node(const typed::Expr& expr, const typed::Slice& node);
  // ---- Functions: plan_calls.cpp ----
  ExprId Node(const typed::Expr& expr, const typed::Call& node);
  ExprId Node(const typed::Expr& expr, const typed::IntrinsicCall& node);
  std::optional<ExprId> InlineCall(const typed::Expr& expr, std::string_view symbol,
                                   const std::vector<ExprId>& operands);
  ExprId Convert(const typed::Expr& expr, ExprId value, bool attempt);
  ExprId LeastOf(const std::vector<ExprId>& values, plan::Op wins);
  ExprId Aggregate(const typed::Expr& expr, typed::Intrinsic intrinsic, ExprId list);
  ExprId ListCall(const char* symbol, const Type& type, const Type& cells, std::vector<ExprId> operands);
  ExprId PlanIntrinsic(const typed::Expr& expr, const typed::IntrinsicCall& node, const std::vector<ExprId>& arguments);
  ExprId Items(const std::vector<ExprId>& ids, plan::Op op, const Type& type, uint32_t variable, ExprId body);

  const typed::Program& program_;
  const typed::Rule& typed_;
  plan::Stream* stream_;
  plan::Rule* rule_;
  ExprBuilder builder_;
  std::vector<std::optional<ExprId>> lets_;
  std::vector<std::optional<ExprId>> keys_;
  std::vector<std::optional<ExprId>> variables_;  // of what a Bind bound
};

}  // namespace rulec
