#include "compiler/check/fold.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "compiler/types/avro_type.h"
#include "stdlib/causes.h"
#include "stdlib/support.h"

namespace rulec::check {
namespace {

using rulelib::Cause;
using typed::BinaryOp;
using typed::UnaryOp;
using typed::Value;

// What takes longer to compute, such as lists within lists within lists, is left to the generated code.
constexpr uint64_t kMostSteps = 1'000'000;

std::string_view Text(Cause cause) { return rule_cause_text(static_cast<uint32_t>(cause)); }

uint32_t FormOf(const Type& type) { return rulelib::MakeForm(type.precision, type.scale); }

bool FitsInt(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

// As a float, if that is the type.
double Rounded(TypeKind kind, double value) {
  return kind == TypeKind::Float ? static_cast<double>(static_cast<float>(value)) : value;
}

Value Null() { return {.is_null = true}; }

void KeepLastOfEachKey(Value* map) {
  std::unordered_map<std::string, size_t> last;
  for (size_t i = 0; i < map->keys.size(); ++i) last[map->keys[i]] = i;
  if (last.size() == map->keys.size()) return;
  Value kept;
  for (size_t i = 0; i < map->keys.size(); ++i) {
    if (last[map->keys[i]] != i) continue;
    kept.keys.push_back(std::move(map->keys[i]));
    kept.items.push_back(std::move(map->items[i]));
  }
  *map = std::move(kept);
}

bool Holds(BinaryOp op, int order) {
  switch (op) {
    case BinaryOp::Less: return order < 0;
    case BinaryOp::LessEqual: return order <= 0;
    case BinaryOp::Greater: return order > 0;
    default: return order >= 0;
  }
}

// Is `value` less (or greater) than the best so far? A NaN is neither.
bool Beats(const Type& type, const Value& value, const Value& best, bool least) {
  bool unordered = false;
  const int order = CompareValues(type, type, value, best, &unordered);
  return !unordered && (least ? order < 0 : order > 0);
}

bool IsComparison(BinaryOp op) { return op >= BinaryOp::Less && op <= BinaryOp::GreaterEqual; }

}  // namespace

Outcome Evaluator::Evaluate(const typed::Expr& expr, Value* value) {
  outcome_ = Outcome::Value;
  steps_left_ = kMostSteps;
  Eval(expr, value);
  return outcome_;
}

bool Evaluator::Fail(std::string_view cause) {
  outcome_ = Outcome::Error;
  cause_ = cause;
  return false;
}

bool Evaluator::NotKnown() {
  outcome_ = Outcome::NotKnown;
  return false;
}

bool Evaluator::Spend(uint64_t steps) {
  if (steps > steps_left_) return NotKnown();
  steps_left_ -= steps;
  return true;
}

bool Evaluator::Eval(const typed::Expr& expr, Value* out) {
  *out = {};
  if (!Spend(1)) return false;
  if (const auto* node = std::get_if<typed::Constant>(&expr.node)) {
    *out = node->value;
    return true;
  }
  if (const auto* node = std::get_if<typed::VariableRef>(&expr.node)) {
    const auto found = variables_.find(node->variable);
    if (found == variables_.end()) return NotKnown();
    *out = found->second;
    return true;
  }
  if (const auto* node = std::get_if<typed::Unary>(&expr.node)) return Unary(expr, *node, out);
  if (const auto* node = std::get_if<typed::Binary>(&expr.node)) return Binary(expr, *node, out);
  if (const auto* node = std::get_if<typed::IsBranch>(&expr.node)) {
    Value operand;
    if (!Eval(node->operand, &operand)) return false;
    out->boolean = !operand.is_null && operand.integer == node->branch;
    return true;
  }
  if (const auto* node = std::get_if<typed::Choice>(&expr.node)) {
    for (const typed::Choice::Arm& arm : node->arms) {
      Value condition;
      if (!Eval(arm.condition, &condition)) return false;
      if (condition.boolean) return Eval(arm.value, out);
    }
    return Eval(node->otherwise, out);
  }
  if (const auto* node = std::get_if<typed::Bind>(&expr.node)) {
    Value value;
    if (!Eval(node->value, &value)) return false;
    variables_[node->variable] = std::move(value);
    return Eval(node->body, out);
  }
  if (const auto* node = std::get_if<typed::Format>(&expr.node)) return Format(*node, out);
  if (const auto* node = std::get_if<typed::ListLiteral>(&expr.node)) {
    for (const typed::ExprPtr& item : node->items) {
      if (!Eval(item, &out->items.emplace_back())) return false;
    }
    return true;
  }
  if (const auto* node = std::get_if<typed::RecordLiteral>(&expr.node)) {
    for (const typed::ExprPtr& field : node->fields) {
      if (!Eval(field, &out->items.emplace_back())) return false;
    }
    return true;
  }
  if (const auto* node = std::get_if<typed::MapLiteral>(&expr.node)) {
    for (size_t i = 0; i < node->keys.size(); ++i) {
      Value key;
      if (!Eval(node->keys[i], &key)) return false;
      out->keys.push_back(std::move(key.text));
      if (!Eval(node->values[i], &out->items.emplace_back())) return false;
    }
    KeepLastOfEachKey(out);
    return true;
  }
  if (const auto* node = std::get_if<typed::Member>(&expr.node)) {
    Value object;
    if (!Eval(node->object, &object)) return false;
    *out = object.is_null ? Null() : std::move(object.items[node->field]);
    return true;
  }
  if (const auto* node = std::get_if<typed::Index>(&expr.node)) return Index(*node, out);
  if (const auto* node = std::get_if<typed::Slice>(&expr.node)) return Slice(expr, *node, out);
  if (const auto* node = std::get_if<typed::Call>(&expr.node)) return Call(*node, expr.type, out);
  if (const auto* node = std::get_if<typed::IntrinsicCall>(&expr.node)) return IntrinsicCall(expr, *node, out);
  return NotKnown();
}

// ---- Operators ----

bool Evaluator::Unary(const typed::Expr& expr, const typed::Unary& node, Value* out) {
  Value operand;
  if (!Eval(node.operand, &operand)) return false;
  if (node.op == UnaryOp::IsNull || node.op == UnaryOp::IsNotNull) {
    out->boolean = operand.is_null == (node.op == UnaryOp::IsNull);
    return true;
  }
  if (operand.is_null) {
    *out = Null();
    return true;
  }
  const Type& from = node.operand->type;
  switch (node.op) {
    case UnaryOp::Not: out->boolean = !operand.boolean; return true;
    case UnaryOp::Negate:
      if (IsFloating(expr.type.kind)) {
        out->number = -operand.number;
      } else if (expr.type.kind == TypeKind::Decimal) {
        out->decimal = -operand.decimal;
      } else {
        return Whole(BinaryOp::Subtract, expr.type.kind, 0, operand.integer, &out->integer);
      }
      return true;
    case UnaryOp::IntToDouble: out->number = static_cast<double>(operand.integer); return true;
    case UnaryOp::LongToDouble: return ExactDouble(operand.integer, &out->number) || Fail(Text(Cause::LongAsDouble));
    case UnaryOp::WholeToDecimal: out->decimal = operand.integer; return true;
    case UnaryOp::Rescale:
      out->decimal = rulelib::Unscaled(
          rule_decimal_rescale(&context_, rulelib::ToDecimal(operand.decimal), FormOf(from), FormOf(expr.type)));
      return Took(out);
    case UnaryOp::UnionToBranch: *out = std::move(operand.items.front()); return true;
    case UnaryOp::BranchToUnion:
      out->integer = node.index;
      out->items.push_back(std::move(operand));
      return true;
    default: *out = std::move(operand); return true;
  }
}

bool Evaluator::Logic(const typed::Binary& node, Value* out) {
  if (!Eval(node.left, out)) return false;
  if (out->boolean == (node.op == BinaryOp::Or)) return true;
  return Eval(node.right, out);
}

bool Evaluator::Binary(const typed::Expr& expr, const typed::Binary& node, Value* out) {
  if (node.op == BinaryOp::And || node.op == BinaryOp::Or) return Logic(node, out);
  Value left, right;
  if (!Eval(node.left, &left)) return false;
  if (node.op == BinaryOp::Coalesce) {
    if (left.is_null) return Eval(node.right, out);
    *out = std::move(left);
    return true;
  }
  if (!Eval(node.right, &right)) return false;
  const Type& left_type = node.left->type;
  const Type& right_type = node.right->type;
  if (node.op == BinaryOp::Equal || node.op == BinaryOp::NotEqual) {
    out->boolean = EqualValues(left_type, right_type, left, right) == (node.op == BinaryOp::Equal);
    return true;
  }
  if (node.op == BinaryOp::Like || node.op == BinaryOp::Matches) return Pattern(node, left, right, out);
  if (node.op == BinaryOp::In) {
    if (right.is_null) return true;
    if (right_type.kind == TypeKind::Map) {
      out->boolean = !left.is_null && std::find(right.keys.begin(), right.keys.end(), left.text) != right.keys.end();
      return true;
    }
    for (const Value& item : right.items) {
      out->boolean = out->boolean || EqualValues(left_type, ElementOf(right_type), left, item);
    }
    return true;
  }
  if (left.is_null || right.is_null) {
    *out = Null();
    return true;
  }
  if (IsComparison(node.op)) {
    bool unordered = false;
    const int order = CompareValues(left_type, right_type, left, right, &unordered);
    out->boolean = !unordered && Holds(node.op, order);
    return true;
  }
  return Arithmetic(expr, node, left, right, out);
}

bool Evaluator::Whole(BinaryOp op, TypeKind kind, int64_t left, int64_t right, int64_t* out) {
  bool overflow = false;
  if (op == BinaryOp::Add) overflow = __builtin_add_overflow(left, right, out);
  if (op == BinaryOp::Subtract) overflow = __builtin_sub_overflow(left, right, out);
  if (op == BinaryOp::Multiply) overflow = __builtin_mul_overflow(left, right, out);
  const bool narrow = kind == TypeKind::Int || kind == TypeKind::Date;
  if (overflow || (narrow && !FitsInt(*out))) return Fail(Text(Cause::Overflow));
  return true;
}

bool Evaluator::Arithmetic(const typed::Expr& expr, const typed::Binary& node, const Value& left, const Value& right,
                           Value* out) {
  const TypeKind kind = expr.type.kind;
  if (kind == TypeKind::Decimal) return Decimals(expr, node, left, right, out);
  if (node.op == BinaryOp::Concat) {
    out->text = left.text + right.text;
    out->items = left.items;
    out->items.insert(out->items.end(), right.items.begin(), right.items.end());
    return true;
  }
  if (IsFloating(kind)) {
    double value = 0;
    if (node.op == BinaryOp::Add) value = left.number + right.number;
    if (node.op == BinaryOp::Subtract) value = left.number - right.number;
    if (node.op == BinaryOp::Multiply) value = left.number * right.number;
    if (node.op == BinaryOp::Divide) {
      if (right.number == 0) return Fail(Text(Cause::DivisionByZero));
      value = left.number / right.number;
    }
    out->number = Rounded(kind, value);
    return true;
  }
  const TypeKind right_kind = node.right->type.kind;
  if (kind == TypeKind::Duration && right_kind == TypeKind::Double) {
    const double product = std::round(static_cast<double>(left.integer) * right.number);
    // 2^63, which is no long any more.
    if (!(std::fabs(product) < 9223372036854775808.0)) return Fail(Text(Cause::Overflow));
    out->integer = static_cast<int64_t>(product);
    return true;
  }
  // Dates and times of day with durations have rules of their own in the library.
  const bool calendar = node.left->type.kind == TypeKind::Date || node.left->type.kind == TypeKind::TimeOfDay;
  if (calendar) return NotKnown();
  return Whole(node.op, kind, left.integer, right.integer, &out->integer);
}

bool Evaluator::Decimals(const typed::Expr& expr, const typed::Binary& node, const Value& left, const Value& right,
                         Value* out) {
  const auto apply = [&](auto* function) {
    out->decimal =
        rulelib::Unscaled(function(&context_, rulelib::ToDecimal(left.decimal), FormOf(node.left->type),
                                   rulelib::ToDecimal(right.decimal), FormOf(node.right->type), FormOf(expr.type)));
    return Took(out);
  };
  switch (node.op) {
    case BinaryOp::Add: return apply(rule_decimal_add);
    case BinaryOp::Subtract: return apply(rule_decimal_subtract);
    case BinaryOp::Multiply: return apply(rule_decimal_multiply);
    default: return apply(rule_decimal_divide);
  }
}

bool Evaluator::Pattern(const typed::Binary& node, const Value& left, const Value& right, Value* out) {
  if (left.is_null || right.is_null) return true;
  const bool like = node.op == BinaryOp::Like;
  std::string error;
  const std::shared_ptr<const void> pattern =
      rulelib::Prepare(like ? rulelib::kLike : rulelib::kRegex, right.text, &error);
  if (!pattern) return like ? Fail(Text(Cause::LikePattern)) : NotKnown();
  rulelib::Cell text;
  if (!ToCell({TypeKind::String}, left, &text)) return false;
  const auto string = rulelib::FromCell<RuleString>(text);
  out->boolean = (like ? rule_like_match(string, pattern.get()) : rule_regex_match(string, pattern.get())) != 0;
  return true;
}

// ---- Texts, items ----

bool Evaluator::Format(const typed::Format& node, Value* out) {
  for (const typed::FormatPart& part : node.parts) {
    if (!part.value) {
      out->text += part.text;
      continue;
    }
    Value value, text;
    rulelib::Cell spec, string;
    if (!Eval(part.value, &value) || !ToCell({TypeKind::String}, {.text = part.spec}, &spec)) return false;
    const auto form = rulelib::FromCell<RuleString>(spec);
    RuleString result{};
    switch (part.value->type.kind) {
      case TypeKind::Long: result = rule_format_long(&context_, value.integer, form); break;
      case TypeKind::Double: result = rule_format_double(&context_, value.number, form); break;
      case TypeKind::Decimal:
        result = rule_format_decimal(&context_, rulelib::ToDecimal(value.decimal), FormOf(part.value->type), form);
        break;
      default:
        if (!ToCell({TypeKind::String}, value, &string)) return false;
        result = rule_format_string(&context_, rulelib::FromCell<RuleString>(string), form);
    }
    if (!Took(&text) || !FromCell({TypeKind::String}, rulelib::ToCell(result), &text)) return false;
    out->text += text.text;
  }
  return true;
}

bool Evaluator::Index(const typed::Index& node, Value* out) {
  Value object, index;
  if (!Eval(node.object, &object) || !Eval(node.index, &index)) return false;
  if (node.object->type.kind == TypeKind::Map) {
    *out = Null();
    for (size_t i = 0; i < object.keys.size(); ++i) {
      if (object.keys[i] == index.text) *out = object.items[i];
    }
    return true;
  }
  if (index.integer < 0 || static_cast<uint64_t>(index.integer) >= object.items.size()) {
    return Fail(Text(Cause::IndexOutOfRange));
  }
  *out = object.items[static_cast<size_t>(index.integer)];
  return true;
}

bool Evaluator::Slice(const typed::Expr& expr, const typed::Slice& node, Value* out) {
  Value object, from, to;
  if (!Eval(node.object, &object)) return false;
  to.integer = std::numeric_limits<int64_t>::max();
  if (node.from && !Eval(node.from, &from)) return false;
  if (node.to && !Eval(node.to, &to)) return false;
  if (expr.type.kind == TypeKind::String) {
    rulelib::Cell text;
    if (!ToCell(expr.type, object, &text)) return false;
    const RuleString part = rule_text_slice(rulelib::FromCell<RuleString>(text), from.integer, to.integer);
    return FromCell(expr.type, rulelib::ToCell(part), out);
  }
  const auto size = static_cast<int64_t>(object.items.size());
  const int64_t begin = std::clamp<int64_t>(from.integer, 0, size);
  const int64_t end = std::clamp<int64_t>(to.integer, begin, size);
  out->items.assign(object.items.begin() + begin, object.items.begin() + end);
  return true;
}

// ---- Intrinsics ----

bool Evaluator::IntrinsicCall(const typed::Expr& expr, const typed::IntrinsicCall& node, Value* out) {
  using typed::Intrinsic;
  std::vector<Value> values(node.arguments.size());
  // All are computed first, as in the generated code: an error in one counts where another is null.
  bool null = false;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!Eval(node.arguments[i], &values[i])) return false;
    const bool item = i == 1 && (node.intrinsic == Intrinsic::Contains || node.intrinsic == Intrinsic::IndexOf);
    null = null || (values[i].is_null && !item);
  }
  if (null) {
    *out = Null();
    return true;
  }
  const Type& type = node.arguments.front()->type;
  Value& list = values.front();
  switch (node.intrinsic) {
    case Intrinsic::Least:
    case Intrinsic::Greatest: {
      *out = list;
      for (const Value& value : values) {
        if (Beats(type, value, *out, node.intrinsic == Intrinsic::Least)) *out = value;
      }
      return true;
    }
    case Intrinsic::Convert:
    case Intrinsic::TryConvert: return Convert(type, expr.type, list, node.intrinsic == Intrinsic::TryConvert, out);
    case Intrinsic::Contains:
    case Intrinsic::IndexOf: {
      int64_t at = 0;
      const int64_t size = static_cast<int64_t>(list.items.size());
      while (at < size &&
             !EqualValues(ElementOf(type), node.arguments[1]->type, list.items[static_cast<size_t>(at)], values[1])) {
        ++at;
      }
      if (node.intrinsic == Intrinsic::Contains) {
        out->boolean = at < size;
      } else {
        *out = at < size ? Value{.integer = at} : Null();
      }
      return true;
    }
    case Intrinsic::First: *out = list.items.empty() ? Null() : list.items.front(); return true;
    case Intrinsic::Last: *out = list.items.empty() ? Null() : list.items.back(); return true;
    case Intrinsic::Any:
    case Intrinsic::All:
    case Intrinsic::Map:
    case Intrinsic::Filter:
    case Intrinsic::Find:
    case Intrinsic::CountIf: return OverItems(node, list, out);
    case Intrinsic::Get:
      *out = Null();
      if (type.kind == TypeKind::Map) {
        for (size_t i = 0; i < list.keys.size(); ++i) {
          if (list.keys[i] == values[1].text) *out = list.items[i];
        }
      } else if (values[1].integer >= 0 && static_cast<uint64_t>(values[1].integer) < list.items.size()) {
        *out = list.items[static_cast<size_t>(values[1].integer)];
      }
      return true;
    case Intrinsic::HasKey:
      out->boolean = std::find(list.keys.begin(), list.keys.end(), values[1].text) != list.keys.end();
      return true;
    case Intrinsic::Values:
      for (const size_t entry : EntriesOf(list)) out->items.push_back(list.items[entry]);
      return true;
    case Intrinsic::Distinct: {
      const Type& element = ElementOf(type);
      for (const Value& item : list.items) {
        if (!Spend(out->items.size())) return false;
        const bool known = std::any_of(out->items.begin(), out->items.end(), [&](const Value& other) {
          return EqualValues(element, element, item, other, true);
        });
        if (!known) out->items.push_back(item);
      }
      return true;
    }
    case Intrinsic::Sort:
      out->items = std::move(list.items);
      std::stable_sort(out->items.begin(), out->items.end(), [&](const Value& left, const Value& right) {
        return StandsBefore(ElementOf(type), left, right);
      });
      return true;
    case Intrinsic::Reverse: out->items.assign(list.items.rbegin(), list.items.rend()); return true;
    case Intrinsic::Flatten:
      for (const Value& inner : list.items) out->items.insert(out->items.end(), inner.items.begin(), inner.items.end());
      return true;
    case Intrinsic::Sum:
    case Intrinsic::Min:
    case Intrinsic::Max: return Aggregate(expr, node, list, out);
    default: return NotKnown();
  }
}

bool Evaluator::OverItems(const typed::IntrinsicCall& node, const Value& list, Value* out) {
  using typed::Intrinsic;
  if (node.intrinsic == Intrinsic::All) out->boolean = true;
  if (node.intrinsic == Intrinsic::Find) *out = Null();
  for (const Value& item : list.items) {
    Value result;
    variables_[node.lambda->variable] = item;
    if (!Eval(node.lambda->body, &result)) return false;
    switch (node.intrinsic) {
      case Intrinsic::Any: out->boolean = out->boolean || result.boolean; break;
      case Intrinsic::All: out->boolean = out->boolean && result.boolean; break;
      case Intrinsic::Map: out->items.push_back(std::move(result)); break;
      case Intrinsic::CountIf: out->integer += result.boolean ? 1 : 0; break;
      case Intrinsic::Filter:
        if (result.boolean) out->items.push_back(item);
        break;
      default:
        if (result.boolean) {
          *out = item;
          return true;
        }
    }
    // As the generated code does, which stops where the answer is known.
    if ((node.intrinsic == Intrinsic::Any && out->boolean) || (node.intrinsic == Intrinsic::All && !out->boolean)) {
      return true;
    }
  }
  return true;
}

bool Evaluator::Aggregate(const typed::Expr& expr, const typed::IntrinsicCall& node, const Value& list, Value* out) {
  using typed::Intrinsic;
  const Type element = ElementOf(node.arguments.front()->type);
  const bool sum = node.intrinsic == Intrinsic::Sum;
  if (!sum) *out = Null();
  for (const Value& item : list.items) {
    if (item.is_null) continue;
    if (sum && IsFloating(element.kind)) {
      out->number += item.number;
    } else if (sum && element.kind == TypeKind::Decimal) {
      out->decimal =
          rulelib::Unscaled(rule_decimal_add(&context_, rulelib::ToDecimal(out->decimal), FormOf(expr.type),
                                             rulelib::ToDecimal(item.decimal), FormOf(element), FormOf(expr.type)));
      if (!Took(out)) return false;
    } else if (sum) {
      if (!Whole(BinaryOp::Add, TypeKind::Long, out->integer, item.integer, &out->integer)) return false;
    } else {
      if (out->is_null || Beats(element, item, *out, node.intrinsic == Intrinsic::Min)) *out = item;
    }
  }
  return true;
}

bool Evaluator::Convert(const Type& from, const Type& to, const Value& value, bool attempt, Value* out) {
  if (from.kind == TypeKind::Enum) {
    out->text = from.schema->symbols[static_cast<size_t>(value.integer)];
    return true;
  }
  if (to.kind != TypeKind::Decimal) return NotKnown();
  const uint32_t form = FormOf(to);
  RuleDecimal result{};
  if (from.kind == TypeKind::Decimal) {
    result = rule_decimal_rescale(&context_, rulelib::ToDecimal(value.decimal), FormOf(from), form);
  } else if (IsFloating(from.kind)) {
    result = rule_decimal_of_double(&context_, value.number, form);
  } else if (from.kind == TypeKind::String) {
    rulelib::Cell text;
    if (!ToCell(from.NotNull(), value, &text)) return false;
    result = rule_decimal_of_string(&context_, rulelib::FromCell<RuleString>(text), form);
  } else {
    result = rule_decimal_of_long(&context_, value.integer, form);
  }
  if (attempt && context_.outcome == RULERT_ERROR) {
    context_.outcome = RULERT_VALUE;
    *out = Null();
    return true;
  }
  out->decimal = rulelib::Unscaled(result);
  return Took(out);
}

}  // namespace rulec::check
