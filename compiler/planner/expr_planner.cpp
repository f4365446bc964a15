#include "compiler/planner/expr_planner.h"

#include <cstdlib>

#include "compiler/types/avro_type.h"

namespace rulec {

using plan::ExprId;
using plan::Op;
using rulelib::Cause;
using typed::BinaryOp;
using typed::UnaryOp;

namespace {

uint32_t FormOf(const Type& decimal) { return decimal.precision * 256u + decimal.scale; }

// What has overflowed when a value of `type` has no room.
Cause OverflowOf(const Type& type) { return type.kind == TypeKind::Decimal ? Cause::DecimalOverflow : Cause::Overflow; }

Op ComparisonOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::Equal: return Op::Equal;
    case BinaryOp::NotEqual: return Op::NotEqual;
    case BinaryOp::Less: return Op::Less;
    case BinaryOp::LessEqual: return Op::LessEqual;
    case BinaryOp::Greater: return Op::Greater;
    default: return Op::GreaterEqual;
  }
}

}  // namespace

ExprPlanner::ExprPlanner(const SourceSet& sources, const typed::Program& program, const typed::Rule& typed,
                         plan::Stream* stream, plan::Rule* rule)
    : program_(program), typed_(typed), stream_(stream), rule_(rule), builder_(sources, rule) {
  lets_.resize(typed.lets.size());
  keys_.resize(typed.keys.size());
  variables_.resize(typed.variables.size());
  builder_.set_first_new_variable(static_cast<uint32_t>(typed.variables.size()));
}

ExprId ExprPlanner::Plan(const typed::Expr& expr) {
  const typed::Expr* outer = builder_.Enter(&expr);
  const ExprId id = std::visit([&](const auto& node) { return Node(expr, node); }, expr.node);
  builder_.Enter(outer);
  return id;
}

// ---- Leaves: each once ----

ExprId ExprPlanner::Node(const typed::Expr&, const typed::ErrorExpr&) { std::abort(); }

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Constant& node) {
  return ConstantOf(expr.type, node.value);
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::FieldRef& node) {
  if (!stream_->output) {
    return builder_.Leaf(Op::Slot, expr.type, stream_->registry.Find(node.path, plan::ColumnOf(expr.type)));
  }
  // A field of a derived stream, and the way into it.
  const typed::Output& output = program_.outputs[*program_.streams[typed_.stream].output];
  size_t end = std::min(node.path.find('.'), node.path.size());
  size_t slot = 0;
  while (output.fields[slot].name != node.path.substr(0, end)) ++slot;
  ExprId id = builder_.Leaf(Op::Slot, output.fields[slot].type, static_cast<uint32_t>(slot));
  while (end < node.path.size()) {
    const size_t begin = end + 1;
    end = std::min(node.path.find('.', begin), node.path.size());
    const Type object = builder_.type(id);
    const auto field = static_cast<uint32_t>(FieldIndex(object, node.path.substr(begin, end - begin)));
    const Type type = FieldType(object, field);
    id = builder_.Add(Op::Member, object.nullable ? type.OrNull() : type, {id}, field);
  }
  return id;
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::MetaRef& node) {
  switch (node.meta) {
    case typed::Meta::Time: return builder_.Leaf(Op::EventTime, expr.type);
    case typed::Meta::Partition: return builder_.Leaf(Op::Partition, expr.type);
    case typed::Meta::Offset: return builder_.Leaf(Op::Offset, expr.type);
    case typed::Meta::SchemaVersion: return builder_.Leaf(Op::SchemaVersion, expr.type);
  }
  std::abort();
}

ExprId ExprPlanner::Node(const typed::Expr&, const typed::Present& node) {
  if (stream_->output) return builder_.Bool(true);
  const avro::Schema* record = &stream_->schema->root();
  Type type;
  bool nullable = false;
  for (size_t begin = 0; begin <= node.path.size();) {
    const size_t end = std::min(node.path.find('.', begin), node.path.size());
    type = TypeOf(*record->fields[static_cast<size_t>(record->FieldIndex(node.path.substr(begin, end - begin)))].type);
    nullable = nullable || type.nullable;
    record = type.kind == TypeKind::Record ? type.schema : nullptr;
    begin = end + 1;
  }
  if (nullable) type = type.OrNull();
  return builder_.Leaf(Op::Present, {TypeKind::Bool}, stream_->registry.Find(node.path, plan::ColumnOf(type)));
}

ExprId ExprPlanner::Node(const typed::Expr&, const typed::LetRef& node) {
  std::optional<ExprId>& planned = lets_[node.let];
  if (!planned) planned = Plan(*typed_.lets[node.let].value);
  return *planned;
}

ExprId ExprPlanner::Node(const typed::Expr&, const typed::KeyRef& node) {
  std::optional<ExprId>& planned = keys_[node.key];
  if (!planned) planned = Plan(*typed_.keys[node.key].value);
  return *planned;
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::ParamRef& node) {
  return builder_.Leaf(Op::Param, expr.type, builder_.params().Named(program_.params[node.param]));
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::VariableRef& node) {
  if (const std::optional<ExprId>& bound = variables_[node.variable]) return *bound;
  return builder_.Leaf(Op::Variable, expr.type, node.variable);
}

// ---- Operators ----

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Unary& node) {
  const ExprId operand = Plan(*node.operand);
  const Type& type = expr.type;
  switch (node.op) {
    case UnaryOp::Negate:
      if (IsFloating(type.kind) || type.kind == TypeKind::Decimal) return builder_.Add(Op::Negate, type, {operand});
      return builder_.AddFailing(Cause::Overflow, Op::Negate, type, {operand});
    case UnaryOp::Not: return builder_.Add(Op::Not, type, {operand});
    case UnaryOp::IsNull: return builder_.Add(Op::IsNull, type, {operand});
    case UnaryOp::IsNotNull: return builder_.Add(Op::IsNotNull, type, {operand});
    case UnaryOp::NotNull: return builder_.NotNull(operand);
    case UnaryOp::IntToLong: return builder_.Add(Op::IntToLong, type, {operand});
    case UnaryOp::IntToDouble: return builder_.Add(Op::IntToDouble, type, {operand});
    case UnaryOp::FloatToDouble: return builder_.Add(Op::FloatToDouble, type, {operand});
    case UnaryOp::WholeToDecimal: return builder_.Add(Op::WholeToDecimal, type, {operand});
    case UnaryOp::LongToDouble: return builder_.AddFailing(Cause::LongAsDouble, Op::LongToDouble, type, {operand});
    case UnaryOp::Rescale: {
      const Type& from = builder_.type(operand);
      const bool has_room = from.precision + (type.scale - from.scale) <= type.precision;
      if (has_room) return builder_.Add(Op::Rescale, type, {operand});
      return builder_.AddFailing(Cause::DecimalOverflow, Op::Rescale, type, {operand});
    }
    case UnaryOp::UnionToBranch: return builder_.Add(Op::UnionAs, type, {operand}, node.index);
    case UnaryOp::BranchToUnion: return builder_.AddFailing(Cause::Memory, Op::MakeUnion, type, {operand}, node.index);
  }
  std::abort();
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Binary& node) {
  switch (node.op) {
    case BinaryOp::In: return In(node);
    case BinaryOp::Like:
    case BinaryOp::Matches: return Pattern(node);
    default: break;
  }
  const ExprId left = Plan(*node.left);
  const ExprId right = Plan(*node.right);
  switch (node.op) {
    case BinaryOp::And: return builder_.And(left, right);
    case BinaryOp::Or: return builder_.Or(left, right);
    case BinaryOp::Coalesce: return builder_.Add(Op::Coalesce, expr.type, {left, right});
    case BinaryOp::Concat: return Concat(expr, left, right);
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
    case BinaryOp::Add:
    case BinaryOp::Subtract: return Arithmetic(expr, node.op, left, right);
    default: return builder_.Add(ComparisonOf(node.op), expr.type, {left, right});
  }
}

ExprId ExprPlanner::Arithmetic(const typed::Expr& expr, BinaryOp op, ExprId left, ExprId right) {
  const Type& type = expr.type;
  const TypeKind left_kind = builder_.type(left).kind;
  const TypeKind right_kind = builder_.type(right).kind;
  // A duration stands on the right of what it moves or scales.
  const bool swapped = left_kind == TypeKind::Duration ? op == BinaryOp::Add && right_kind != TypeKind::Duration
                                                       : right_kind == TypeKind::Duration && op == BinaryOp::Multiply;
  if (swapped) return builder_.BindAll({left, right}, Arithmetic(expr, op, right, left));
  const TypeKind first = builder_.type(left).kind;
  if (first == TypeKind::Date || first == TypeKind::TimeOfDay) return Calendar(expr, op, left, right);
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply: {
      const Op planned = op == BinaryOp::Add ? Op::Add : op == BinaryOp::Subtract ? Op::Subtract : Op::Multiply;
      if (IsFloating(type.kind)) return builder_.Add(planned, type, {left, right});
      return builder_.AddFailing(OverflowOf(type), planned, type, {left, right});
    }
    default: break;
  }
  if (type.kind == TypeKind::Decimal) {
    plan::Callee divide{.symbol = "rule_decimal_divide", .context = true};
    divide.arguments = {{.operand = 0},
                        {.pass = plan::Pass::Number, .number = FormOf(builder_.type(left))},
                        {.operand = 1},
                        {.pass = plan::Pass::Number, .number = FormOf(builder_.type(right))},
                        {.pass = plan::Pass::Number, .number = FormOf(type)}};
    return builder_.Call(std::move(divide), type, {left, right},
                         rule_cause_text(static_cast<uint32_t>(Cause::DivisionByZero)));
  }
  if (type.kind == TypeKind::Duration && builder_.type(right).kind == TypeKind::Long) {
    right = builder_.AddFailing(Cause::LongAsDouble, Op::LongToDouble, {TypeKind::Double}, {right});
  }
  return builder_.AddFailing(Cause::DivisionByZero, Op::Divide, type, {left, right});
}

ExprId ExprPlanner::Calendar(const typed::Expr& expr, BinaryOp op, ExprId left, ExprId right) {
  const bool date = builder_.type(left).kind == TypeKind::Date;
  const bool moves = builder_.type(right).kind == TypeKind::Duration;
  if (!date && !moves) return builder_.AddFailing(Cause::Overflow, Op::Subtract, expr.type, {left, right});
  const char* symbol = op == BinaryOp::Add ? "rule_timeofday_plus" : "rule_timeofday_minus";
  if (date) symbol = !moves ? "rule_date_difference" : op == BinaryOp::Add ? "rule_date_plus" : "rule_date_minus";
  plan::Callee callee{.symbol = symbol, .context = date};
  callee.arguments = {{.operand = 0}, {.operand = 1}};
  const std::string cause = date ? rule_cause_text(static_cast<uint32_t>(Cause::TimeOutOfRange)) : "";
  return builder_.Call(std::move(callee), expr.type, {left, right}, cause);
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::IsBranch& node) {
  return builder_.Add(Op::UnionIs, expr.type, {Plan(*node.operand)}, node.branch);
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Choice& node) {
  std::vector<std::pair<ExprId, ExprId>> arms;
  for (const typed::Choice::Arm& arm : node.arms) {
    const ExprId condition = Plan(*arm.condition);
    arms.emplace_back(condition, Plan(*arm.value));
  }
  ExprId value = Plan(*node.otherwise);
  for (size_t i = arms.size(); i > 0; --i) {
    value = builder_.Add(Op::Choose, expr.type, {arms[i - 1].first, arms[i - 1].second, value});
  }
  return value;
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Bind& node) {
  const ExprId value = Plan(*node.value);
  variables_[node.variable] = value;
  const ExprId body = Plan(*node.body);
  return builder_.Add(Op::Bind, expr.type, {value, body});
}

}  // namespace rulec
