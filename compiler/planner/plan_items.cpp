// Lists, maps, records, `in`, patterns and formatted strings.

#include <algorithm>
#include <iterator>
#include <set>

#include "compiler/planner/expr_planner.h"
#include "compiler/typed/walk.h"
#include "compiler/types/avro_type.h"

namespace rulec {

using plan::ExprId;
using plan::Op;
using plan::Pass;
using rulelib::Cause;

namespace {

// As many texts are compared one by one; more are a set.
constexpr size_t kMostTextsCompared = 4;

std::string TextOf(Cause cause) { return rule_cause_text(static_cast<uint32_t>(cause)); }
uint32_t FormOf(const Type& decimal) { return decimal.precision * 256u + decimal.scale; }

bool HasWholeCell(TypeKind kind) {
  switch (kind) {
    case TypeKind::Int:
    case TypeKind::Long:
    case TypeKind::Date:
    case TypeKind::TimeOfDay:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Enum: return true;
    default: return false;
  }
}

// The items of a list that is known when the rules are compiled; nothing if one is not known, or null.
std::optional<std::vector<typed::Value>> KnownItems(const typed::Expr& list) {
  std::vector<typed::Value> items;
  if (const auto* constant = std::get_if<typed::Constant>(&list.node)) {
    items = constant->value.items;
  } else if (const auto* literal = std::get_if<typed::ListLiteral>(&list.node)) {
    for (const typed::ExprPtr& item : literal->items) {
      const auto* known = std::get_if<typed::Constant>(&item->node);
      if (!known) return std::nullopt;
      items.push_back(known->value);
    }
  } else {
    return std::nullopt;
  }
  const bool null = std::any_of(items.begin(), items.end(), [](const typed::Value& item) { return item.is_null; });
  if (null) return std::nullopt;
  return items;
}

}  // namespace

// ---- in ----

ExprId ExprPlanner::In(const typed::Binary& node) {
  const ExprId value = Plan(*node.left);
  const Type& right_type = node.right->type;
  const ExprId no = builder_.Bool(false);
  if (right_type.kind == TypeKind::Map) {
    const ExprId map = Plan(*node.right);
    return builder_.WithoutNulls(
        {value, map},
        [&](const std::vector<ExprId>& plain) {
          const ExprId at = builder_.Add(Op::MapFind, {TypeKind::Long}, {plain[1], plain[0]});
          return builder_.Add(Op::GreaterEqual, {TypeKind::Bool}, {at, builder_.Long(0)});
        },
        &no);
  }
  if (const std::optional<ExprId> known = InConstants(*node.right, value)) return *known;
  if (const auto* literal = std::get_if<typed::ListLiteral>(&node.right->node)) return InItems(*literal, value);
  const ExprId list = Plan(*node.right);
  const ExprId found =
      builder_.WithoutNulls({list}, [&](const std::vector<ExprId>& plain) { return InList(plain[0], value); }, &no);
  return builder_.BindAll({value}, found);
}

std::optional<ExprId> ExprPlanner::InConstants(const typed::Expr& list, ExprId value) {
  const std::optional<std::vector<typed::Value>> items = KnownItems(list);
  if (!items || items->empty()) return std::nullopt;
  const Type element = ElementOf(list.type).NotNull();
  const Type boolean{TypeKind::Bool};
  if (HasWholeCell(element.kind) && builder_.type(value).kind == element.kind) {
    std::set<int64_t> integers;
    for (const typed::Value& item : *items) integers.insert(item.integer);
    const std::vector<int64_t> rising(integers.begin(), integers.end());
    const ExprId in = builder_.Add(Op::InParams, boolean, {value}, builder_.params().Integers(element, rising));
    rule_->exprs[in].count = static_cast<uint32_t>(rising.size());
    return in;
  }
  if (element.kind != TypeKind::String || items->size() <= kMostTextsCompared) return std::nullopt;
  std::set<std::string> texts;
  for (const typed::Value& item : *items) texts.insert(item.text);
  const uint32_t set = builder_.params().StringSet({texts.begin(), texts.end()});
  plan::Callee callee{.symbol = "rule_set_contains"};
  callee.arguments = {{.operand = 0}, {.operand = 1}};
  const bool nullable = builder_.type(value).nullable;
  const ExprId call = builder_.Call(std::move(callee), nullable ? boolean.OrNull() : boolean,
                                    {value, builder_.Leaf(Op::Param, {TypeKind::String}, set)}, "");
  return nullable ? builder_.Add(Op::Coalesce, boolean, {call, builder_.Bool(false)}) : call;
}

// Items that are not constant are all computed first: the list has them before it is looked into.
ExprId ExprPlanner::InItems(const typed::ListLiteral& list, ExprId value) {
  std::vector<ExprId> bound = {value};
  std::optional<ExprId> any;
  for (const typed::ExprPtr& item : list.items) {
    bound.push_back(Plan(*item));
    const ExprId same = builder_.Add(Op::Equal, {TypeKind::Bool}, {value, bound.back()});
    any = any ? builder_.Or(*any, same) : same;
  }
  return builder_.BindAll(bound, any ? *any : builder_.Bool(false));
}

ExprId ExprPlanner::InList(ExprId list, ExprId value) {
  const uint32_t variable = builder_.NewVariable();
  const ExprId item = builder_.Leaf(Op::Variable, ElementOf(builder_.type(list)), variable);
  const ExprId same = builder_.Add(Op::Equal, {TypeKind::Bool}, {item, value});
  return builder_.Add(Op::Any, {TypeKind::Bool}, {list, same}, variable);
}

// ---- like, matches ----

ExprId ExprPlanner::PreparedOf(rulert::Prepared prepared, const typed::Expr& expr) {
  uint32_t index = 0;
  if (const std::optional<uint32_t> param = typed::ParamOf(expr)) {
    index = builder_.params().PreparedNamed(prepared, program_.params[*param]);
  } else {
    index = builder_.params().PreparedLiteral(prepared, std::get<typed::Constant>(expr.node).value.text);
  }
  return builder_.Leaf(Op::Param, {TypeKind::String}, index);
}

ExprId ExprPlanner::Pattern(const typed::Binary& node) {
  const bool like = node.op == typed::BinaryOp::Like;
  const ExprId text = Plan(*node.left);
  const auto* constant = std::get_if<typed::Constant>(&node.right->node);
  if (constant && constant->value.is_null) return builder_.BindAll({text}, builder_.Bool(false));
  const std::optional<uint32_t> param = typed::ParamOf(*node.right);
  if (!constant && !param) return LikeText(text, Plan(*node.right));
  const ExprId pattern = PreparedOf(like ? rulert::Prepared::Like : rulert::Prepared::Regex, *node.right);
  plan::Callee callee{.symbol = like ? "rule_like_match" : "rule_regex_match"};
  callee.arguments = {{.operand = 0}, {.operand = 1}};
  const ExprId matches = FalseIfNull(std::move(callee), {text, pattern}, "");
  if (!node.right->type.nullable) return matches;
  // What is made ready of a param does not tell that there is none.
  const ExprId given = builder_.Add(Op::IsNotNull, {TypeKind::Bool}, {Plan(*node.right)});
  return builder_.BindAll({text}, builder_.And(given, matches));
}

ExprId ExprPlanner::LikeText(ExprId text, ExprId pattern) {
  plan::Callee callee{.symbol = "rule_like_text", .context = true};
  callee.arguments = {{.operand = 0}, {.operand = 1}};
  return FalseIfNull(std::move(callee), {text, pattern}, TextOf(Cause::LikePattern));
}

ExprId ExprPlanner::FalseIfNull(plan::Callee callee, std::vector<ExprId> operands, const std::string& cause) {
  const Type boolean{TypeKind::Bool};
  const bool nullable =
      std::any_of(operands.begin(), operands.end(), [&](ExprId operand) { return builder_.type(operand).nullable; });
  if (!nullable) return builder_.Call(std::move(callee), boolean, std::move(operands), cause);
  const ExprId call = builder_.Call(std::move(callee), boolean.OrNull(), std::move(operands), cause);
  return builder_.Add(Op::Coalesce, boolean, {call, builder_.Bool(false)});
}

// ---- Strings ----

ExprId ExprPlanner::Concat(const typed::Expr& expr, ExprId left, ExprId right) {
  return builder_.WithoutNulls({left, right}, [&](const std::vector<ExprId>& plain) {
    const Type type = expr.type.NotNull();
    if (type.kind == TypeKind::List) return ListCall("rule_cells_concat", type, ElementOf(type), plain);
    return builder_.AddFailing(Cause::Memory, Op::Concat, type, plain);
  });
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Format& node) {
  const Type string{TypeKind::String};
  std::vector<ExprId> parts;
  for (const typed::FormatPart& part : node.parts) {
    if (!part.value) {
      parts.push_back(builder_.Literal(string, {.text = part.text}));
      continue;
    }
    const ExprId value = Plan(*part.value);
    const Type& type = builder_.type(value);
    if (type.kind == TypeKind::String && part.spec.empty()) {
      parts.push_back(value);
      continue;
    }
    plan::Callee callee{.context = true};
    callee.arguments = {{.operand = 0}};
    switch (type.kind) {
      case TypeKind::Long: callee.symbol = "rule_format_long"; break;
      case TypeKind::Double: callee.symbol = "rule_format_double"; break;
      case TypeKind::Decimal:
        callee.symbol = "rule_format_decimal";
        callee.arguments.push_back({.pass = Pass::Number, .number = FormOf(type)});
        break;
      default: callee.symbol = "rule_format_string"; break;
    }
    callee.arguments.push_back({.operand = 1});
    parts.push_back(builder_.Call(std::move(callee), string, {value, builder_.Literal(string, {.text = part.spec})},
                                  TextOf(Cause::Memory)));
  }
  if (parts.empty()) return builder_.Literal(string, {});
  if (parts.size() == 1) return parts.front();
  return builder_.AddFailing(Cause::Memory, Op::Concat, expr.type, std::move(parts));
}

// ---- Composite values ----

ExprId ExprPlanner::ConstantOf(const Type& type, const typed::Value& value) {
  if (value.is_null) return builder_.Null(type);
  const Type plain = type.NotNull();
  std::vector<ExprId> parts;
  switch (type.kind) {
    case TypeKind::List:
      for (const typed::Value& item : value.items) parts.push_back(ConstantOf(ElementOf(type), item));
      return builder_.AddFailing(Cause::Memory, Op::MakeList, plain, std::move(parts));
    case TypeKind::Map:
      for (const std::string& key : value.keys) parts.push_back(builder_.Literal({TypeKind::String}, {.text = key}));
      for (const typed::Value& item : value.items) parts.push_back(ConstantOf(ElementOf(type), item));
      return builder_.AddFailing(Cause::Memory, Op::MakeMap, plain, std::move(parts));
    case TypeKind::Record:
      for (size_t i = 0; i < value.items.size(); ++i) parts.push_back(ConstantOf(FieldType(type, i), value.items[i]));
      return builder_.AddFailing(Cause::Memory, Op::MakeRecord, plain, std::move(parts));
    case TypeKind::Union: {
      const auto branch = static_cast<uint32_t>(value.integer);
      parts.push_back(ConstantOf(type.of->types[branch], value.items.front()));
      return builder_.AddFailing(Cause::Memory, Op::MakeUnion, plain, std::move(parts), branch);
    }
    default: return builder_.Literal(type, value);
  }
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::ListLiteral& node) {
  std::vector<ExprId> items;
  for (const typed::ExprPtr& item : node.items) items.push_back(Plan(*item));
  return builder_.AddFailing(Cause::Memory, Op::MakeList, expr.type, std::move(items));
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::MapLiteral& node) {
  std::vector<ExprId> keys, values, all;
  // Computed entry by entry, as they are written.
  for (size_t i = 0; i < node.keys.size(); ++i) {
    keys.push_back(Plan(*node.keys[i]));
    values.push_back(Plan(*node.values[i]));
    all.push_back(keys.back());
    all.push_back(values.back());
  }
  keys.insert(keys.end(), values.begin(), values.end());
  ExprId map = builder_.AddFailing(Cause::Memory, Op::MakeMap, expr.type, std::move(keys));
  // Keys that are known were told if they are equal; others are compared when they are.
  const auto is_constant = [](const typed::ExprPtr& key) { return std::holds_alternative<typed::Constant>(key->node); };
  if (node.keys.size() > 1 && !std::all_of(node.keys.begin(), node.keys.end(), is_constant)) {
    map = ListCall("rule_cells_map", expr.type, ElementOf(expr.type), {map});
  }
  return builder_.BindAll(all, map);
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::RecordLiteral& node) {
  std::vector<ExprId> fields;
  for (const typed::ExprPtr& field : node.fields) fields.push_back(Plan(*field));
  return builder_.AddFailing(Cause::Memory, Op::MakeRecord, expr.type, std::move(fields));
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Member& node) {
  return builder_.Add(Op::Member, expr.type, {Plan(*node.object)}, node.field);
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Index& node) {
  const ExprId object = Plan(*node.object);
  const ExprId index = Plan(*node.index);
  if (node.object->type.kind == TypeKind::List) {
    return builder_.AddFailing(Cause::IndexOutOfRange, Op::ListItem, expr.type, {object, index});
  }
  const ExprId at = builder_.Add(Op::MapFind, {TypeKind::Long}, {object, index});
  return builder_.Add(Op::MapItem, expr.type, {object, at});
}

ExprId ExprPlanner::Node(const typed::Expr& expr, const typed::Slice& node) {
  const ExprId object = Plan(*node.object);
  const ExprId from = node.from ? Plan(*node.from) : builder_.Long(0);
  const ExprId to = node.to ? Plan(*node.to) : builder_.Long(INT64_MAX);
  if (expr.type.kind == TypeKind::List) {
    return ListCall("rule_cells_slice", expr.type, ElementOf(expr.type), {object, from, to});
  }
  plan::Callee callee{.symbol = "rule_text_slice"};
  callee.arguments = {{.operand = 0}, {.operand = 1}, {.operand = 2}};
  return builder_.Call(std::move(callee), expr.type, {object, from, to}, "");
}

}  // namespace rulec
