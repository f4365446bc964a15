// Makes the expressions of one rule's plan: leaves once each, error sites where something can fail, and the small
// expressions that constructs of the language are made of.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "compiler/planner/param_table.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"
#include "stdlib/causes.h"

namespace rulec {

class ExprBuilder {
 public:
  using ExprId = plan::ExprId;

  ExprBuilder(const SourceSet& sources, plan::Rule* rule) : sources_(sources), rule_(rule), params_(rule) {}

  // The expression of the language that is being planned: what error sites show. Gives back the one before.
  const typed::Expr* Enter(const typed::Expr* expr) { return std::exchange(at_, expr); }

  ParamTable& params() { return params_; }
  const Type& type(ExprId id) const { return rule_->exprs[id].type; }

  ExprId Leaf(plan::Op op, const Type& type, uint32_t index = 0);
  ExprId Add(plan::Op op, const Type& type, std::vector<ExprId> operands, uint32_t index = 0);
  // With an error site of this cause.
  ExprId AddFailing(rulelib::Cause cause, plan::Op op, const Type& type, std::vector<ExprId> operands,
                    uint32_t index = 0);
  ExprId AddFailing(std::string cause, plan::Op op, const Type& type, std::vector<ExprId> operands, uint32_t index = 0);
  // `cause` is empty for what cannot fail.
  ExprId Call(plan::Callee callee, const Type& type, std::vector<ExprId> operands, const std::string& cause);

  ExprId Bool(bool value) { return Leaf(plan::Op::Bool, {TypeKind::Bool}, value ? 1 : 0); }
  ExprId Null(const Type& type) { return Leaf(plan::Op::Null, type.OrNull()); }
  ExprId Literal(const Type& type, const typed::Value& value);
  ExprId Long(int64_t value) { return Literal({TypeKind::Long}, {.integer = value}); }
  ExprId NotNull(ExprId id);
  ExprId IsNotNull(ExprId id) { return Add(plan::Op::IsNotNull, {TypeKind::Bool}, {id}); }
  ExprId And(ExprId a, ExprId b) { return Add(plan::Op::And, {TypeKind::Bool}, {a, b}); }
  ExprId Or(ExprId a, ExprId b) { return Add(plan::Op::Or, {TypeKind::Bool}, {a, b}); }
  ExprId Choose(ExprId condition, ExprId yes, ExprId no);
  // All of `ids` are computed before `body`, in their order.
  ExprId BindAll(const std::vector<ExprId>& ids, ExprId body);
  // What `make` gives of the operands where none is null, else null (or `otherwise`, if there is one). Computes all of
  // them first.
  ExprId WithoutNulls(const std::vector<ExprId>& operands,
                      const std::function<ExprId(const std::vector<ExprId>&)>& make, const ExprId* otherwise = nullptr);
  // A variable that the rule's text has not.
  uint32_t NewVariable() { return next_variable_++; }
  void set_first_new_variable(uint32_t variable) { next_variable_ = variable; }

 private:
  plan::SiteId Site(std::string cause, const std::vector<ExprId>& operands);
  bool IsLeaf(ExprId id) const;
  std::string Text() const;

  const SourceSet& sources_;
  plan::Rule* rule_;
  ParamTable params_;
  const typed::Expr* at_ = nullptr;
  uint32_t next_variable_ = 0;
  std::map<std::tuple<plan::Op, std::string, uint32_t>, ExprId> leaves_;
};

}  // namespace rulec
