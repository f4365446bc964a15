#include "compiler/planner/expr_builder.h"

#include "compiler/types/avro_type.h"

namespace rulec {
namespace {

using plan::Op;

// At most this many bytes of an expression go into messages at run time.
constexpr size_t kMaxSiteText = 200;

}  // namespace

plan::ExprId ExprBuilder::Leaf(Op op, const Type& type, uint32_t index) {
  const auto [at, added] = leaves_.try_emplace({op, TypeName(type), index}, 0);
  if (added) at->second = Add(op, type, {}, index);
  return at->second;
}

plan::ExprId ExprBuilder::Add(Op op, const Type& type, std::vector<ExprId> operands, uint32_t index) {
  rule_->exprs.push_back({.op = op, .type = type, .operands = std::move(operands), .index = index});
  return static_cast<ExprId>(rule_->exprs.size() - 1);
}

plan::ExprId ExprBuilder::AddFailing(rulelib::Cause cause, Op op, const Type& type, std::vector<ExprId> operands,
                                     uint32_t index) {
  return AddFailing(rule_cause_text(static_cast<uint32_t>(cause)), op, type, std::move(operands), index);
}

plan::ExprId ExprBuilder::AddFailing(std::string cause, Op op, const Type& type, std::vector<ExprId> operands,
                                     uint32_t index) {
  const plan::SiteId site = Site(std::move(cause), operands);
  const ExprId id = Add(op, type, std::move(operands), index);
  rule_->exprs[id].site = site;
  return id;
}

plan::ExprId ExprBuilder::Call(plan::Callee callee, const Type& type, std::vector<ExprId> operands,
                               const std::string& cause) {
  uint32_t index = 0;
  while (index < rule_->callees.size() && !(rule_->callees[index] == callee)) ++index;
  if (index == rule_->callees.size()) rule_->callees.push_back(std::move(callee));
  if (cause.empty()) return Add(Op::Call, type, std::move(operands), index);
  return AddFailing(cause, Op::Call, type, std::move(operands), index);
}

plan::ExprId ExprBuilder::Literal(const Type& type, const typed::Value& value) {
  if (value.is_null) return Null(type);
  if (type.kind == TypeKind::Bool) return Bool(value.boolean);
  const Type plain = type.NotNull();
  return Leaf(Op::Param, plain, params_.Literal(plain, value));
}

plan::ExprId ExprBuilder::NotNull(ExprId id) {
  return type(id).nullable ? Add(Op::NotNull, type(id).NotNull(), {id}) : id;
}

plan::ExprId ExprBuilder::Choose(ExprId condition, ExprId yes, ExprId no) {
  const Type result = type(yes).nullable ? type(yes) : type(no);
  return Add(Op::Choose, result, {condition, yes, no});
}

bool ExprBuilder::IsLeaf(ExprId id) const { return rule_->exprs[id].operands.empty(); }

plan::ExprId ExprBuilder::BindAll(const std::vector<ExprId>& ids, ExprId body) {
  for (size_t i = ids.size(); i > 0; --i) {
    if (!IsLeaf(ids[i - 1])) body = Add(Op::Bind, type(body), {ids[i - 1], body});
  }
  return body;
}

plan::ExprId ExprBuilder::WithoutNulls(const std::vector<ExprId>& operands,
                                       const std::function<ExprId(const std::vector<ExprId>&)>& make,
                                       const ExprId* otherwise) {
  std::vector<ExprId> plain;
  bool any = false;
  ExprId there = 0;
  for (const ExprId operand : operands) {
    plain.push_back(NotNull(operand));
    if (!type(operand).nullable) continue;
    const ExprId is_there = IsNotNull(operand);
    there = any ? And(there, is_there) : is_there;
    any = true;
  }
  const ExprId made = make(plain);
  if (!any) return BindAll(operands, made);
  return BindAll(operands, Choose(there, made, otherwise ? *otherwise : Null(type(made))));
}

plan::SiteId ExprBuilder::Site(std::string cause, const std::vector<ExprId>& operands) {
  rulert::ErrorSite site{.cause = std::move(cause)};
  if (at_) {
    const LineColumn at = sources_.file(at_->span.file).Locate(at_->span.begin);
    site.line = at.line;
    site.column = at.column;
    site.expression = Text();
  }
  // What is prepared is no value, and what contains itself has no column.
  for (size_t i = 0; i < operands.size() && i < 2; ++i) {
    const plan::Expr& operand = rule_->exprs[operands[i]];
    const bool prepared = operand.op == Op::Param && rule_->params[operand.index].prepared != rulert::Prepared::None;
    if (prepared || TypeNodes(operand.type) > kMaxTypeNodes) break;
    site.operands.push_back(plan::ColumnOf(operand.type));
  }
  rule_->sites.push_back(std::move(site));
  return static_cast<plan::SiteId>(rule_->sites.size() - 1);
}

// As written, on one line.
std::string ExprBuilder::Text() const {
  std::string text;
  for (const char c : sources_.Text(at_->span)) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (text.size() >= kMaxSiteText && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return text + "…";
    if (!space) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  return text;
}

}  // namespace rulec
