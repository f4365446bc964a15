// Functions: those of the library's table, and those whose types the table cannot tell.

#include <cstdlib>

#include "compiler/planner/expr_planner.h"
#include "compiler/types/avro_type.h"

namespace rulec {

using plan::ExprId;
using plan::Op;
using plan::Pass;
using rulelib::Cause;
using typed::Intrinsic;

namespace {

std::string TextOf(Cause cause) { return rule_cause_text(static_cast<uint32_t>(cause)); }
uint32_t FormOf(const Type& decimal) { return decimal.precision * 256u + decimal.scale; }

rulert::Prepared PreparedFor(rulelib::Kind kind) {
  switch (kind) {
    case rulelib::Kind::Regex: return rulert::Prepared::Regex;
    case rulelib::Kind::Like: return rulert::Prepared::Like;
    case rulelib::Kind::Zone: return rulert::Prepared::Zone;
    case rulelib::Kind::TimeFormat: return rulert::Prepared::TimeFormat;
    default: return rulert::Prepared::StringSet;
  }
}

}  // namespace

// ---- The library's table ----

// Functions that are one or two instructions, by their symbols.
std::optional<ExprId> ExprPlanner::InlineCall(const typed::Expr& expr, std::string_view symbol,
                                              const std::vector<ExprId>& operands) {
  for (const ExprId operand : operands) {
    if (builder_.type(operand).nullable) return std::nullopt;
  }
  const Type& type = expr.type;
  if (symbol == "rule_abs_double" || symbol == "rule_abs_decimal") return builder_.Add(Op::Absolute, type, operands);
  if (symbol == "rule_abs_long") return builder_.AddFailing(Cause::Overflow, Op::Absolute, type, operands);
  if (symbol == "rule_div_long") return builder_.AddFailing(Cause::DivisionByZero, Op::Quotient, type, operands);
  if (symbol == "rule_mod_long") return builder_.AddFailing(Cause::DivisionByZero, Op::Remainder, type, operands);
  if (symbol == "rule_list_length") return builder_.Add(Op::Length, type, operands);
  return std::nullopt;
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Call& node) {
  const rulelib::FunctionRow& row = rulelib::Functions()[node.function];
  std::vector<ExprId> operands;
  for (size_t i = 0; i < node.arguments.size(); ++i) {
    const rulelib::Kind kind = row.parameters[i].kind;
    operands.push_back(rulelib::IsPrepared(kind) ? PreparedOf(PreparedFor(kind), *node.arguments[i])
                                                 : Plan(*node.arguments[i]));
  }
  if (const std::optional<ExprId> inlined = InlineCall(expr, row.symbol, operands)) return *inlined;
  plan::Callee callee{
      .symbol = row.symbol, .context = row.takes_context(), .gives_null = (row.effects & rulelib::MayNull) != 0};
  for (const rulelib::Argument& argument : row.arguments) {
    if (argument.kind == rulelib::Kind::Context) continue;
    plan::Argument passed{.operand = static_cast<uint32_t>(argument.parameter)};
    if (argument.by_pointer) passed.pass = Pass::Pointer;
    if (argument.kind == rulelib::Kind::Valid) passed.pass = Pass::Valid;
    if (argument.kind == rulelib::Kind::DecimalForm) {
      passed = {.pass = Pass::Number, .number = FormOf(builder_.type(operands[passed.operand]))};
    }
    callee.arguments.push_back(passed);
  }
  const bool fails = (row.effects & (rulelib::MayFail | rulelib::Allocates)) != 0;
  std::string cause;
  if (fails) {
    cause = (row.effects & rulelib::MayFail) != 0 ? std::string(row.name) + " failed" : TextOf(Cause::Memory);
  }
  return builder_.Call(std::move(callee), expr.type, std::move(operands), cause);
}

// ---- What the table cannot tell ----

ExprId ExprPlanner::ListCall(const char* symbol, const Type& type, const Type& cells, std::vector<ExprId> operands) {
  plan::Callee callee{.symbol = symbol, .context = true};
  for (uint32_t i = 0; i < operands.size(); ++i) callee.arguments.push_back({.operand = i});
  callee.arguments.push_back({.pass = Pass::CellType, .type = cells});
  return builder_.Call(std::move(callee), type, std::move(operands), TextOf(Cause::Memory));
}

ExprId ExprPlanner::LeastOf(const std::vector<ExprId>& values, Op wins) {
  ExprId best = values.front();
  for (size_t i = 1; i < values.size(); ++i) {
    // What is best so far is used twice: computed once.
    const ExprId better = builder_.Add(wins, {TypeKind::Bool}, {values[i], best});
    best = builder_.Choose(better, values[i], best);
  }
  return best;
}

ExprId ExprPlanner::Convert(const typed::Expr& expr, ExprId value, bool attempt) {
  const Type from = builder_.type(value);
  const Type& to = expr.type;
  if (from.kind == TypeKind::Enum) {
    plan::Callee callee{.symbol = "rule_symbol_name"};
    callee.arguments = {{.operand = 0}, {.pass = Pass::Names, .type = from.NotNull()}};
    return builder_.Call(std::move(callee), to, {value}, "");
  }
  const Type nullable_like = from.nullable ? Type{TypeKind::Long}.OrNull() : Type{TypeKind::Long};
  plan::Callee callee{.context = true, .gives_null = attempt};
  callee.arguments = {{.operand = 0}};
  switch (from.kind) {
    case TypeKind::Decimal:
      callee.symbol = "rule_decimal_rescale";
      callee.arguments.push_back({.pass = Pass::Number, .number = FormOf(from)});
      break;
    case TypeKind::Float:
    case TypeKind::Double: callee.symbol = "rule_decimal_of_double"; break;
    case TypeKind::String: callee.symbol = "rule_decimal_of_string"; break;
    default: callee.symbol = "rule_decimal_of_long"; break;
  }
  if (from.kind == TypeKind::Int) value = builder_.Add(Op::IntToLong, nullable_like, {value});
  if (from.kind == TypeKind::Float) {
    const Type number{TypeKind::Double};
    value = builder_.Add(Op::FloatToDouble, from.nullable ? number.OrNull() : number, {value});
  }
  callee.arguments.push_back({.pass = Pass::Number, .number = FormOf(to)});
  const Type type = attempt ? to.OrNull() : to;
  return builder_.Call(std::move(callee), type, {value}, attempt ? "" : TextOf(Cause::DecimalOverflow));
}

// Sum, min and max of a list that is not null; items that are null are left out.
ExprId ExprPlanner::Aggregate(const typed::Expr& expr, Intrinsic intrinsic, ExprId list) {
  const bool sum = intrinsic == Intrinsic::Sum;
  const Type element = ElementOf(builder_.type(list));
  const Type type = sum ? expr.type.NotNull() : expr.type.OrNull();
  const uint32_t variable = builder_.NewVariable();
  const uint32_t so_far_variable = builder_.NewVariable();
  const ExprId item = builder_.Leaf(Op::Variable, element, variable);
  const ExprId so_far = builder_.Leaf(Op::Variable, type, so_far_variable);
  ExprId value = builder_.NotNull(item);
  ExprId next = 0;
  if (sum) {
    if (element.kind == TypeKind::Int) value = builder_.Add(Op::IntToLong, type, {value});
    const bool floating = type.kind == TypeKind::Double || type.kind == TypeKind::Float;
    if (element.kind == TypeKind::Float && type.kind == TypeKind::Double) {
      value = builder_.Add(Op::FloatToDouble, type, {value});
    }
    const Cause cause = type.kind == TypeKind::Decimal ? Cause::DecimalOverflow : Cause::Overflow;
    next = floating ? builder_.Add(Op::Add, type, {so_far, value})
                    : builder_.AddFailing(cause, Op::Add, type, {so_far, value});
  } else {
    const Op wins = intrinsic == Intrinsic::Min ? Op::Less : Op::Greater;
    const ExprId better = builder_.Add(wins, {TypeKind::Bool}, {value, builder_.NotNull(so_far)});
    const ExprId first = builder_.Add(Op::IsNull, {TypeKind::Bool}, {so_far});
    next = builder_.Choose(builder_.Or(first, better), value, so_far);
    rule_->exprs[next].type = type;
  }
  if (element.nullable) {
    next = builder_.Choose(builder_.IsNotNull(item), next, so_far);
    rule_->exprs[next].type = type;
  }
  const ExprId begin = sum ? builder_.Literal(type, {}) : builder_.Null(type);
  const ExprId fold = builder_.Add(Op::Fold, type, {list, begin, next}, variable);
  rule_->exprs[fold].count = so_far_variable;
  return fold;
}

ExprId ExprPlanner::Items(const std::vector<ExprId>& ids, Op op, const Type& type, uint32_t variable, ExprId body) {
  const bool gives_list = op == Op::MapItems || op == Op::Filter;
  if (gives_list) return builder_.AddFailing(Cause::Memory, op, type, {ids[0], body}, variable);
  return builder_.Add(op, type, {ids[0], body}, variable);
}

ExprId ExprPlanner::PlanIntrinsic(const typed::Expr& expr, const typed::IntrinsicCall& node,
                                  const std::vector<ExprId>& arguments) {
  const Type type = expr.type.NotNull();
  const Type whole{TypeKind::Long};
  const ExprId first = arguments.front();
  const Type list = builder_.type(first);
  const auto loop = [&](Op op, const Type& result) {
    return Items(arguments, op, result, node.lambda->variable, Plan(*node.lambda->body));
  };
  switch (node.intrinsic) {
    case Intrinsic::Least: return LeastOf(arguments, Op::Less);
    case Intrinsic::Greatest: return LeastOf(arguments, Op::Greater);
    case Intrinsic::Contains: return InList(first, arguments[1]);
    case Intrinsic::IndexOf: {
      const uint32_t variable = builder_.NewVariable();
      const ExprId item = builder_.Leaf(Op::Variable, ElementOf(list), variable);
      const ExprId same = builder_.Add(Op::Equal, {TypeKind::Bool}, {item, arguments[1]});
      const ExprId at = builder_.Add(Op::IndexWhere, whole, {first, same}, variable);
      const ExprId found = builder_.Add(Op::GreaterEqual, {TypeKind::Bool}, {at, builder_.Long(0)});
      return builder_.BindAll({at}, builder_.Choose(found, at, builder_.Null(whole)));
    }
    case Intrinsic::First: return builder_.Add(Op::ListGet, expr.type.OrNull(), {first, builder_.Long(0)});
    case Intrinsic::Last: {
      const ExprId length = builder_.Add(Op::Length, whole, {first});
      // Not less than -1, so it cannot overflow; -1 is out of range.
      const ExprId at = builder_.AddFailing(Cause::Overflow, Op::Subtract, whole, {length, builder_.Long(1)});
      return builder_.Add(Op::ListGet, expr.type.OrNull(), {first, at});
    }
    case Intrinsic::Any: return loop(Op::Any, type);
    case Intrinsic::All: return loop(Op::All, type);
    case Intrinsic::Map: return loop(Op::MapItems, type);
    case Intrinsic::Filter: return loop(Op::Filter, type);
    case Intrinsic::Find: return loop(Op::Find, type.OrNull());
    case Intrinsic::CountIf: return loop(Op::CountIf, type);
    case Intrinsic::Values: return ListCall("rule_cells_values", type, ElementOf(type), arguments);
    case Intrinsic::Get:
      if (list.kind == TypeKind::List) return builder_.Add(Op::ListGet, expr.type.OrNull(), arguments);
      return builder_.Add(Op::MapItem, expr.type.OrNull(), {first, builder_.Add(Op::MapFind, whole, arguments)});
    case Intrinsic::HasKey:
      return builder_.Add(Op::GreaterEqual, type, {builder_.Add(Op::MapFind, whole, arguments), builder_.Long(0)});
    case Intrinsic::Reverse: return ListCall("rule_cells_reverse", type, ElementOf(type), arguments);
    case Intrinsic::Distinct: return ListCall("rule_cells_distinct", type, ElementOf(type), arguments);
    case Intrinsic::Sort: return ListCall("rule_cells_sort", type, ElementOf(type), arguments);
    case Intrinsic::Flatten: return ListCall("rule_cells_flatten", type, ElementOf(list), arguments);
    case Intrinsic::Sum:
    case Intrinsic::Min:
    case Intrinsic::Max: return Aggregate(expr, node.intrinsic, first);
    case Intrinsic::Convert:
    case Intrinsic::TryConvert: break;  // told null themselves
  }
  std::abort();
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::IntrinsicCall& node) {
  std::vector<ExprId> arguments;
  for (const typed::ExprPtr& argument : node.arguments) arguments.push_back(Plan(*argument));
  if (node.intrinsic == Intrinsic::Convert || node.intrinsic == Intrinsic::TryConvert) {
    return Convert(expr, arguments.front(), node.intrinsic == Intrinsic::TryConvert);
  }
  if (node.intrinsic != Intrinsic::Contains && node.intrinsic != Intrinsic::IndexOf) {
    return builder_.WithoutNulls(arguments,
                                 [&](const std::vector<ExprId>& plain) { return PlanIntrinsic(expr, node, plain); });
  }
  // The item that is looked for may be null.
  const ExprId result = builder_.WithoutNulls({arguments[0]}, [&](const std::vector<ExprId>& plain) {
    return PlanIntrinsic(expr, node, {plain[0], arguments[1]});
  });
  return builder_.BindAll(arguments, result);
}

}  // namespace rulec
