#include "compiler/planner/rule_planner.h"

#include <cstdlib>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "compiler/planner/param_table.h"

namespace rulec {
namespace {

using plan::ExprId;
using plan::Op;

// At most this many bytes of an expression go into messages at run time.
constexpr size_t kMaxSiteText = 200;

Op OpOf(typed::UnaryOp op) {
  switch (op) {
    case typed::UnaryOp::Negate: return Op::Negate;
    case typed::UnaryOp::Not: return Op::Not;
    case typed::UnaryOp::IsNull: return Op::IsNull;
    case typed::UnaryOp::IsNotNull: return Op::IsNotNull;
    case typed::UnaryOp::NotNull: return Op::NotNull;
    case typed::UnaryOp::IntToLong: return Op::IntToLong;
    case typed::UnaryOp::IntToDouble: return Op::IntToDouble;
    case typed::UnaryOp::LongToDouble: return Op::LongToDouble;
    default: std::abort();
  }
  std::abort();
}

Op OpOf(typed::BinaryOp op) {
  switch (op) {
    case typed::BinaryOp::Multiply: return Op::Multiply;
    case typed::BinaryOp::Divide: return Op::Divide;
    case typed::BinaryOp::Add: return Op::Add;
    case typed::BinaryOp::Subtract: return Op::Subtract;
    case typed::BinaryOp::Coalesce: return Op::Coalesce;
    case typed::BinaryOp::Equal: return Op::Equal;
    case typed::BinaryOp::NotEqual: return Op::NotEqual;
    case typed::BinaryOp::Less: return Op::Less;
    case typed::BinaryOp::LessEqual: return Op::LessEqual;
    case typed::BinaryOp::Greater: return Op::Greater;
    case typed::BinaryOp::GreaterEqual: return Op::GreaterEqual;
    case typed::BinaryOp::And: return Op::And;
    case typed::BinaryOp::Or: return Op::Or;
    default: std::abort();
  }
  std::abort();
}

// What can go wrong when `op` gives a value of `type`, or "".
std::string_view CauseOf(Op op, const Type& type) {
  switch (op) {
    case Op::LongToDouble: return "long beyond 2^53 as double";
    case Op::Divide: return "division by zero";
    case Op::Negate:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply: return type.kind == TypeKind::Double ? "" : "integer overflow";
    default: return "";
  }
}

class RulePlanner {
 public:
  RulePlanner(const SourceSet& sources, const typed::Program& program, const typed::Rule& typed, plan::Stream* stream,
              plan::Rule* rule)
      : sources_(sources), program_(program), typed_(typed), stream_(stream), rule_(rule), params_(rule) {
    lets_.resize(typed.lets.size());
  }

  void Plan(const std::vector<uint32_t>& outputs) {
    for (const typed::ExprPtr& where : typed_.wheres) PlanConditions(*where);
    for (const typed::Key& key : typed_.keys) rule_->keys.push_back(PlanExpr(*key.value));
    for (const typed::Emit& emit : typed_.emits) PlanEmit(emit, outputs[emit.output]);
  }

 private:
  // `a and b and c` is three conditions.
  void PlanConditions(const typed::Expr& where) {
    const auto* binary = std::get_if<typed::Binary>(&where.node);
    if (binary && binary->op == typed::BinaryOp::And) {
      PlanConditions(*binary->left);
      PlanConditions(*binary->right);
    } else {
      rule_->filter.conditions.push_back(PlanExpr(where));
    }
  }

  void PlanEmit(const typed::Emit& emit, uint32_t output) {
    plan::Emit planned{.output = output};
    if (emit.where) planned.where = PlanExpr(*emit.where);
    for (const typed::ExprPtr& field : emit.fields) planned.fields.push_back(PlanExpr(*field));
    rule_->emits.push_back(std::move(planned));
  }

  ExprId PlanExpr(const typed::Expr& expr) {
    return std::visit([&](const auto& node) { return PlanNode(expr, node); }, expr.node);
  }

  // ---- leaves: each once ----

  ExprId PlanNode(const typed::Expr&, const typed::ErrorExpr&) { std::abort(); }

  ExprId PlanNode(const typed::Expr& expr, const typed::Constant& node) {
    if (node.value.is_null) return Leaf(Op::Null, expr.type, 0);
    if (expr.type.kind == TypeKind::Bool) return Leaf(Op::Bool, {TypeKind::Bool}, node.value.boolean ? 1 : 0);
    const Type type = expr.type.NotNull();
    return Leaf(Op::Param, type, params_.Literal(type, node.value));
  }

  ExprId PlanNode(const typed::Expr& expr, const typed::FieldRef& node) {
    return Leaf(Op::Slot, expr.type, stream_->registry.Find(node.path, plan::ColumnOf(expr.type)));
  }

  ExprId PlanNode(const typed::Expr& expr, const typed::MetaRef&) { return Leaf(Op::EventTime, expr.type, 0); }

  template <typename Node>
  ExprId PlanNode(const typed::Expr&, const Node&) {
    std::abort();
  }

  ExprId PlanNode(const typed::Expr&, const typed::LetRef& node) {
    std::optional<ExprId>& planned = lets_[node.let];
    if (!planned) planned = PlanExpr(*typed_.lets[node.let].value);
    return *planned;
  }

  ExprId PlanNode(const typed::Expr& expr, const typed::ParamRef& node) {
    return Leaf(Op::Param, expr.type, params_.Named(program_.params[node.param]));
  }

  ExprId Leaf(Op op, const Type& type, uint32_t index) {
    const auto [at, added] = leaves_.try_emplace({op, TypeName(type), index}, 0);
    if (added) at->second = Add({.op = op, .type = type, .index = index});
    return at->second;
  }

  // ---- operators ----

  ExprId PlanNode(const typed::Expr& expr, const typed::Unary& node) {
    const ExprId operand = PlanExpr(*node.operand);
    const Op op = OpOf(node.op);
    return Add({.op = op, .type = expr.type, .operands = {operand}, .site = SiteOf(op, expr, {operand})});
  }

  ExprId PlanNode(const typed::Expr& expr, const typed::Binary& node) {
    const ExprId left = PlanExpr(*node.left);
    const ExprId right = PlanExpr(*node.right);
    const Op op = OpOf(node.op);
    return Add({.op = op, .type = expr.type, .operands = {left, right}, .site = SiteOf(op, expr, {left, right})});
  }

  ExprId Add(plan::Expr expr) {
    rule_->exprs.push_back(std::move(expr));
    return static_cast<ExprId>(rule_->exprs.size() - 1);
  }

  plan::SiteId SiteOf(Op op, const typed::Expr& expr, const std::vector<ExprId>& operands) {
    const std::string_view cause = CauseOf(op, expr.type);
    if (cause.empty()) return plan::kNoSite;
    const LineColumn at = sources_.file(expr.span.file).Locate(expr.span.begin);
    rulert::ErrorSite site{.cause = std::string(cause), .line = at.line, .column = at.column, .expression = Text(expr)};
    for (const ExprId operand : operands) {
      site.operands.push_back(plan::ColumnOf(rule_->exprs[operand].type));
    }
    rule_->sites.push_back(std::move(site));
    return static_cast<plan::SiteId>(rule_->sites.size() - 1);
  }

  // As written, on one line.
  std::string Text(const typed::Expr& expr) const {
    std::string text;
    for (const char c : sources_.Text(expr.span)) {
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

  const SourceSet& sources_;
  const typed::Program& program_;
  const typed::Rule& typed_;
  plan::Stream* stream_;
  plan::Rule* rule_;
  ParamTable params_;
  std::vector<std::optional<ExprId>> lets_;
  std::map<std::tuple<Op, std::string, uint32_t>, ExprId> leaves_;
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
