// A slow and obvious evaluator of plans, for tests of generated code. Shares nothing with lower/.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace rulec {

struct PlanValue {
  bool null = false;
  bool boolean = false;
  int64_t integer = 0;  // every kind that is stored as an integer
  double number = 0;
  std::string text;
};

// Exact for every sum and product of two 64-bit numbers.
__extension__ using Wide = __int128;

class PlanEvaluator {
 public:
  // slots: the row's values by slot. time: its event time.
  PlanEvaluator(const plan::Rule& rule, const std::vector<PlanValue>& slots, int64_t time)
      : rule_(rule), slots_(slots), time_(time) {}

  // The site of the error that the last evaluation met.
  std::optional<plan::SiteId> error() const { return error_; }

  PlanValue Evaluate(plan::ExprId id) {
    const plan::Expr& expr = rule_.exprs[id];
    using plan::Op;
    switch (expr.op) {
      case Op::Slot: return slots_[expr.index];
      case Op::Param: return FromParam(rule_.params[expr.index]);
      case Op::Null: return {.null = true};
      case Op::Bool: return {.boolean = expr.index != 0};
      case Op::EventTime: return {.integer = time_};
      case Op::And: {
        PlanValue left = Evaluate(expr.operands[0]);
        return error_ || !left.boolean ? left : Evaluate(expr.operands[1]);
      }
      case Op::Or: {
        PlanValue left = Evaluate(expr.operands[0]);
        return error_ || left.boolean ? left : Evaluate(expr.operands[1]);
      }
      case Op::Coalesce: {
        PlanValue left = Evaluate(expr.operands[0]);
        return error_ || !left.null ? left : Evaluate(expr.operands[1]);
      }
      default: break;
    }
    std::vector<PlanValue> operands;
    for (plan::ExprId operand : expr.operands) {
      operands.push_back(Evaluate(operand));
      if (error_) return {};
    }
    return Apply(expr, operands);
  }

 private:
  static PlanValue FromParam(const rulert::ParamSpec& param) {
    return {param.is_null, param.boolean, param.integer, param.number, param.text};
  }

  PlanValue Fail(const plan::Expr& expr) {
    error_ = expr.site;
    return {};
  }

  PlanValue Checked(const plan::Expr& expr, Wide exact) {
    const bool is_int = expr.type.kind == TypeKind::Int;
    const Wide most = is_int ? INT32_MAX : INT64_MAX;
    if (exact > most || exact < -most - 1) return Fail(expr);
    return {.integer = static_cast<int64_t>(exact)};
  }

  static int Compare(TypeKind kind, const PlanValue& a, const PlanValue& b) {
    if (kind == TypeKind::String) return a.text.compare(b.text);
    return a.integer < b.integer ? -1 : a.integer > b.integer;
  }

  static bool Same(TypeKind kind, const PlanValue& a, const PlanValue& b) {
    if (a.null || b.null) return a.null && b.null;
    if (kind == TypeKind::Double) return a.number == b.number;
    if (kind == TypeKind::Bool) return a.boolean == b.boolean;
    return Compare(kind, a, b) == 0;
  }

  PlanValue Apply(const plan::Expr& expr, const std::vector<PlanValue>& v) {
    using plan::Op;
    const TypeKind kind = rule_.exprs[expr.operands[0]].type.kind;
    const bool is_double = kind == TypeKind::Double;
    switch (expr.op) {
      case Op::IntToLong: return v[0];
      case Op::IntToDouble: return {.null = v[0].null, .number = static_cast<double>(v[0].integer)};
      case Op::LongToDouble:
        if (!v[0].null && std::fabs(static_cast<long double>(v[0].integer)) > 0x1p53L) return Fail(expr);
        return {.null = v[0].null, .number = static_cast<double>(v[0].integer)};
      case Op::Negate:
        if (is_double) return {.number = -v[0].number};
        return Checked(expr, -static_cast<Wide>(v[0].integer));
      case Op::Add:
        if (is_double) return {.number = v[0].number + v[1].number};
        return Checked(expr, static_cast<Wide>(v[0].integer) + v[1].integer);
      case Op::Subtract:
        if (is_double) return {.number = v[0].number - v[1].number};
        return Checked(expr, static_cast<Wide>(v[0].integer) - v[1].integer);
      case Op::Multiply:
        if (is_double) return {.number = v[0].number * v[1].number};
        return Checked(expr, static_cast<Wide>(v[0].integer) * v[1].integer);
      case Op::Divide:
        if (v[1].number == 0) return Fail(expr);
        return {.number = v[0].number / v[1].number};
      case Op::Equal: return {.boolean = Same(kind, v[0], v[1])};
      case Op::NotEqual: return {.boolean = !Same(kind, v[0], v[1])};
      case Op::Less: return {.boolean = is_double ? v[0].number < v[1].number : Compare(kind, v[0], v[1]) < 0};
      case Op::LessEqual: return {.boolean = is_double ? v[0].number <= v[1].number : Compare(kind, v[0], v[1]) <= 0};
      case Op::Greater: return {.boolean = is_double ? v[0].number > v[1].number : Compare(kind, v[0], v[1]) > 0};
      case Op::GreaterEqual:
        return {.boolean = is_double ? v[0].number >= v[1].number : Compare(kind, v[0], v[1]) >= 0};
      case Op::Not: return {.boolean = !v[0].boolean};
      case Op::IsNull: return {.boolean = v[0].null};
      case Op::IsNotNull: return {.boolean = !v[0].null};
      case Op::NotNull: return v[0];
      default: std::abort();
    }
  }

  const plan::Rule& rule_;
  const std::vector<PlanValue>& slots_;
  int64_t time_;
  std::optional<plan::SiteId> error_;
};

}  // namespace rulec
