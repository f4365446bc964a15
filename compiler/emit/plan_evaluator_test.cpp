#include "compiler/emit/plan_evaluator_test.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include <gtest/gtest.h>

#include "compiler/check/fold.h"
#include "compiler/emit/value_cells_test.h"
#include "compiler/types/avro_type.h"
#include "stdlib/causes.h"
#include "stdlib/support.h"
#include "stdlib/symbols.h"

namespace rulec {

using plan::Op;

namespace {

PlanValue Null() { return {.is_null = true}; }

uint32_t FormOf(const Type& type) { return rulelib::MakeForm(type.precision, type.scale); }

// Calls any C function by System V's convention: integers and floating numbers are numbered apart, integers from the
// seventh on stand in memory, and those that a function does not take are not looked at.
struct Registers {
  std::vector<uint64_t> integers;
  std::vector<double> numbers;

  template <class Result>
  Result Call(void* function) {
    integers.resize(8);
    numbers.resize(8);
    using Function = Result (*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, double, double, double,
                                double, double, double, double, double, uint64_t, uint64_t);
    const auto& i = integers;
    const auto& n = numbers;
    return reinterpret_cast<Function>(function)(i[0], i[1], i[2], i[3], i[4], i[5], n[0], n[1], n[2], n[3], n[4], n[5],
                                                n[6], n[7], i[6], i[7]);
  }
};

void Pass(const Type& type, const void* cell, Registers* registers) {
  const uint32_t width = rulert::ColumnWidth(plan::KindOf(type.kind));
  uint64_t words[2] = {};
  std::memcpy(words, cell, width);
  if (IsFloating(type.kind)) {
    registers->numbers.push_back(std::bit_cast<double>(words[0]));
    return;
  }
  if (width == 4) words[0] = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(words[0])));
  registers->integers.push_back(words[0]);
  if (width == 16) registers->integers.push_back(words[1]);
}

}  // namespace

PlanValue PlanEvaluator::Fail(const plan::Expr& expr) {
  EXPECT_NE(expr.site, plan::kNoSite);
  error_ = expr.site;
  if (expr.site != plan::kNoSite) cause_ = rule_.sites[expr.site].cause;
  return {};
}

PlanValue PlanEvaluator::Fail(const plan::Expr& expr, uint32_t cause) {
  Fail(expr);
  cause_ = rule_cause_text(cause);
  return {};
}

PlanValue PlanEvaluator::Evaluate(plan::ExprId id) {
  const plan::Expr& expr = rule_.exprs[id];
  switch (expr.op) {
    case Op::Slot: return slots_[expr.index];
    case Op::Param: {
      const rulert::ParamSpec& param = rule_.params[expr.index];
      return param.prepared == rulert::Prepared::None ? ValueOfParam(expr.type, param) : PlanValue{};
    }
    case Op::Null: return Null();
    case Op::Bool: return {.boolean = expr.index != 0};
    case Op::EventTime: return {.integer = facts_.time};
    case Op::Partition: return {.integer = facts_.partition};
    case Op::Offset: return {.integer = facts_.offset};
    case Op::SchemaVersion: return {.integer = facts_.schema_version};
    case Op::Present: return {.boolean = expr.index >= facts_.present.size() || facts_.present[expr.index]};
    case Op::Variable: return variables_.at(expr.index);
    case Op::And:
    case Op::Or: {
      PlanValue left = Evaluate(expr.operands[0]);
      return error_ || left.boolean == (expr.op == Op::Or) ? left : Evaluate(expr.operands[1]);
    }
    case Op::Coalesce: {
      PlanValue left = Evaluate(expr.operands[0]);
      return error_ || !left.is_null ? left : Evaluate(expr.operands[1]);
    }
    case Op::Choose: {
      const PlanValue condition = Evaluate(expr.operands[0]);
      return error_ ? condition : Evaluate(expr.operands[condition.boolean ? 1 : 2]);
    }
    case Op::Any:
    case Op::All:
    case Op::MapItems:
    case Op::Filter:
    case Op::Find:
    case Op::CountIf:
    case Op::IndexWhere: return Loop(expr);
    case Op::Fold: return Fold(expr);
    default: break;
  }
  std::vector<PlanValue> operands;
  for (plan::ExprId operand : expr.operands) {
    operands.push_back(Evaluate(operand));
    if (error_) return {};
  }
  return Apply(expr, operands);
}

PlanValue PlanEvaluator::Loop(const plan::Expr& expr) {
  const PlanValue list = Evaluate(expr.operands[0]);
  PlanValue out;
  if (error_) return out;
  if (expr.op == Op::All) out.boolean = true;
  if (expr.op == Op::Find) out = Null();
  if (expr.op == Op::IndexWhere) out.integer = -1;
  for (size_t i = 0; i < list.items.size(); ++i) {
    variables_[expr.index] = list.items[i];
    PlanValue result = Evaluate(expr.operands[1]);
    if (error_) return {};
    if (expr.op == Op::MapItems) out.items.push_back(std::move(result));
    if (expr.op == Op::CountIf) out.integer += result.boolean;
    if (expr.op == Op::Filter && result.boolean) out.items.push_back(list.items[i]);
    if (expr.op == Op::Any && result.boolean) return {.boolean = true};
    if (expr.op == Op::All && !result.boolean) return {.boolean = false};
    if (expr.op == Op::Find && result.boolean) return list.items[i];
    if (expr.op == Op::IndexWhere && result.boolean) return {.integer = static_cast<int64_t>(i)};
  }
  return out;
}

PlanValue PlanEvaluator::Fold(const plan::Expr& expr) {
  const PlanValue list = Evaluate(expr.operands[0]);
  if (error_) return {};
  PlanValue so_far = Evaluate(expr.operands[1]);
  for (const PlanValue& item : list.items) {
    if (error_) return {};
    variables_[expr.index] = item;
    variables_[expr.count] = so_far;
    so_far = Evaluate(expr.operands[2]);
  }
  return so_far;
}

PlanValue PlanEvaluator::Checked(const plan::Expr& expr, Wide exact) {
  const bool is_int = expr.type.kind == TypeKind::Int;
  const Wide most = is_int ? INT32_MAX : INT64_MAX;
  if (exact > most || exact < -most - 1) return Fail(expr, static_cast<uint32_t>(rulelib::Cause::Overflow));
  return {.integer = static_cast<int64_t>(exact)};
}

PlanValue PlanEvaluator::Decimal(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  if (expr.op == Op::Negate) return {.decimal = -v[0].decimal};
  if (expr.op == Op::Absolute) return {.decimal = v[0].decimal < 0 ? -v[0].decimal : v[0].decimal};
  rulert_context context{cells_.host(), &cells_, RULERT_VALUE, 0};
  RuleDecimal result{};
  if (expr.op == Op::Rescale) {
    result =
        rule_decimal_rescale(&context, rulelib::ToDecimal(v[0].decimal), FormOf(TypeAt(expr, 0)), FormOf(expr.type));
  } else {
    auto* function = expr.op == Op::Add        ? rule_decimal_add
                     : expr.op == Op::Subtract ? rule_decimal_subtract
                                               : rule_decimal_multiply;
    result = function(&context, rulelib::ToDecimal(v[0].decimal), FormOf(TypeAt(expr, 0)),
                      rulelib::ToDecimal(v[1].decimal), FormOf(TypeAt(expr, 1)), FormOf(expr.type));
  }
  if (context.outcome != RULERT_VALUE) return Fail(expr, context.cause);
  return {.decimal = rulelib::Unscaled(result)};
}

PlanValue PlanEvaluator::Arithmetic(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  const TypeKind kind = expr.type.kind;
  if (kind == TypeKind::Decimal) return Decimal(expr, v);
  if (IsFloating(kind)) {
    double value = 0;
    switch (expr.op) {
      case Op::Negate: value = -v[0].number; break;
      case Op::Absolute: value = std::fabs(v[0].number); break;
      case Op::Add: value = v[0].number + v[1].number; break;
      case Op::Subtract: value = v[0].number - v[1].number; break;
      case Op::Multiply: value = v[0].number * v[1].number; break;
      default:
        if (v[1].number == 0) return Fail(expr);
        value = v[0].number / v[1].number;
    }
    return {.number = kind == TypeKind::Float ? static_cast<double>(static_cast<float>(value)) : value};
  }
  if (expr.operands.size() == 2 && TypeAt(expr, 1).kind == TypeKind::Double) {
    if (expr.op == Op::Divide && v[1].number == 0) return Fail(expr);
    const auto duration = static_cast<double>(v[0].integer);
    const double exact = std::round(expr.op == Op::Multiply ? duration * v[1].number : duration / v[1].number);
    if (!(std::fabs(exact) < 0x1p63)) return Fail(expr, static_cast<uint32_t>(rulelib::Cause::Overflow));
    return {.integer = static_cast<int64_t>(exact)};
  }
  const Wide a = v[0].integer;
  switch (expr.op) {
    case Op::Negate: return Checked(expr, -a);
    case Op::Absolute: return Checked(expr, a < 0 ? -a : a);
    case Op::Add: return Checked(expr, a + v[1].integer);
    case Op::Subtract: return Checked(expr, a - v[1].integer);
    case Op::Multiply: return Checked(expr, a * v[1].integer);
    default: break;
  }
  if (v[1].integer == 0) return Fail(expr);
  return Checked(expr, expr.op == Op::Quotient ? a / v[1].integer : a % v[1].integer);
}

PlanValue PlanEvaluator::Compare(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  const Type& left = TypeAt(expr, 0);
  const Type& right = TypeAt(expr, 1);
  if (expr.op == Op::Equal || expr.op == Op::NotEqual) {
    return {.boolean = check::EqualValues(left, right, v[0], v[1]) == (expr.op == Op::Equal)};
  }
  bool unordered = false;
  const int order = check::CompareValues(left, right, v[0], v[1], &unordered);
  if (unordered) return {.boolean = false};
  switch (expr.op) {
    case Op::Less: return {.boolean = order < 0};
    case Op::LessEqual: return {.boolean = order <= 0};
    case Op::Greater: return {.boolean = order > 0};
    default: return {.boolean = order >= 0};
  }
}

PlanValue PlanEvaluator::Item(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  switch (expr.op) {
    case Op::MakeList: return {.items = v};
    case Op::MakeMap: {
      PlanValue map;
      const size_t entries = v.size() / 2;
      for (size_t i = 0; i < entries; ++i) {
        map.keys.push_back(v[i].text);
        map.items.push_back(v[entries + i]);
      }
      return map;
    }
    case Op::MakeRecord: return {.items = v};
    case Op::MakeUnion: return v[0].is_null ? v[0] : PlanValue{.integer = expr.index, .items = {v[0]}};
    case Op::Concat: {
      PlanValue text;
      for (const PlanValue& part : v) text.text += part.text;
      return text;
    }
    case Op::Member: return v[0].is_null ? v[0] : v[0].items[expr.index];
    case Op::UnionIs: return {.boolean = !v[0].is_null && v[0].integer == expr.index};
    case Op::UnionAs: return v[0].is_null ? v[0] : v[0].items[0];
    case Op::Length: return {.integer = static_cast<int64_t>(v[0].items.size())};
    case Op::ListItem:
    case Op::ListGet:
      if (v[1].integer >= 0 && static_cast<uint64_t>(v[1].integer) < v[0].items.size()) {
        return v[0].items[static_cast<size_t>(v[1].integer)];
      }
      return expr.op == Op::ListGet ? Null() : Fail(expr);
    case Op::MapFind: {
      PlanValue at{.integer = -1};
      for (size_t i = 0; i < v[0].keys.size(); ++i) {
        if (v[0].keys[i] == v[1].text) at.integer = static_cast<int64_t>(i);
      }
      return at;
    }
    default: return v[1].integer < 0 ? Null() : v[0].items[static_cast<size_t>(v[1].integer)];
  }
}

PlanValue PlanEvaluator::Call(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  const plan::Callee& callee = rule_.callees[expr.index];
  for (uint32_t i = 0; i < v.size(); ++i) {
    if (v[i].is_null && !callee.TellsNullOf(i)) return Null();
  }
  void* function = rulelib::FindLibrarySymbol(callee.symbol.c_str());
  EXPECT_NE(function, nullptr) << callee.symbol;
  if (!function) return {};
  rulert_context context{cells_.host(), &cells_, RULERT_VALUE, 0};
  Registers registers;
  std::vector<std::shared_ptr<const void>> prepared;
  std::deque<std::vector<RuleCellType>> types;
  auto add = [&](const void* pointer) { registers.integers.push_back(reinterpret_cast<uint64_t>(pointer)); };
  if (callee.context) add(&context);
  for (const plan::Argument& argument : callee.arguments) {
    const plan::Expr* operand = argument.operand < v.size() ? &rule_.exprs[expr.operands[argument.operand]] : nullptr;
    switch (argument.pass) {
      case plan::Pass::Value:
      case plan::Pass::Pointer: {
        if (operand->op == Op::Param && rule_.params[operand->index].prepared != rulert::Prepared::None) {
          prepared.push_back(PrepareParam(rule_.params[operand->index]));
          add(prepared.back().get());
          break;
        }
        void* cell = cells_.Allocate(16);
        cells_.Write(operand->type, v[argument.operand], cell);
        if (argument.pass == plan::Pass::Pointer) {
          add(cell);
        } else {
          Pass(operand->type, cell, &registers);
        }
        break;
      }
      case plan::Pass::Valid: registers.integers.push_back(!v[argument.operand].is_null); break;
      case plan::Pass::Number: registers.integers.push_back(argument.number); break;
      case plan::Pass::CellType:
        types.push_back(DescribeCells(plan::ColumnOf(argument.type)));
        add(types.back().data());
        break;
      case plan::Pass::Names: {
        const std::vector<std::string>& symbols = argument.type.schema->symbols;
        auto* names = static_cast<rulert_string*>(cells_.Allocate(symbols.size() * sizeof(rulert_string)));
        for (size_t i = 0; i < symbols.size(); ++i) {
          cells_.Write({TypeKind::String}, {.text = symbols[i]}, names + i);
        }
        add(names);
        break;
      }
    }
  }
  uint64_t result[2] = {};
  if (expr.type.kind == TypeKind::Double) {
    result[0] = std::bit_cast<uint64_t>(registers.Call<double>(function));
  } else if (expr.type.kind == TypeKind::Float) {
    result[0] = std::bit_cast<uint32_t>(registers.Call<float>(function));
  } else {
    const auto words = registers.Call<RuleString>(function);
    result[0] = words.low;
    result[1] = words.high;
  }
  if (context.outcome == RULERT_ERROR && expr.site != plan::kNoSite) return Fail(expr, context.cause);
  return ValueCells::Read(expr.type, result, context.outcome == RULERT_VALUE);
}

PlanValue PlanEvaluator::Apply(const plan::Expr& expr, const std::vector<PlanValue>& v) {
  switch (expr.op) {
    case Op::IntToLong: return v[0];
    case Op::FloatToDouble: return v[0];
    case Op::IntToDouble: return {.is_null = v[0].is_null, .number = static_cast<double>(v[0].integer)};
    case Op::LongToDouble:
      if (!v[0].is_null && std::fabs(static_cast<long double>(v[0].integer)) > 0x1p53L) return Fail(expr);
      return {.is_null = v[0].is_null, .number = static_cast<double>(v[0].integer)};
    case Op::WholeToDecimal: return {.is_null = v[0].is_null, .decimal = v[0].integer};
    case Op::Rescale: return v[0].is_null ? v[0] : Decimal(expr, v);
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: return Compare(expr, v);
    case Op::InParams: {
      bool found = false;
      for (uint32_t i = 0; i < expr.count; ++i) found |= rule_.params[expr.index + i].integer == v[0].integer;
      return {.boolean = found && !v[0].is_null};
    }
    case Op::Not: return {.boolean = !v[0].boolean};
    case Op::IsNull: return {.boolean = v[0].is_null};
    case Op::IsNotNull: return {.boolean = !v[0].is_null};
    case Op::NotNull: return v[0];
    case Op::Bind: return v[1];
    case Op::Call: return Call(expr, v);
    default: return expr.op < Op::Equal ? Arithmetic(expr, v) : Item(expr, v);
  }
}

}  // namespace rulec
