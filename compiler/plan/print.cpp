// The text form of a plan:
//
//   stream trades : market.Trade
//     slot 0 executed_at : timestamp (event time)
//   output out { trade_id: int } with _meta
//   rule reference.ticks.block_trades on trades version 1
//     %0 = slot size : int
//     %2 = greater_equal %0, %1 : bool
//     filter %2
//     emit out { %3 }
//     param #0 at 0 : int = 20000

#include <array>
#include <charconv>

#include "compiler/plan/plan.h"

namespace rulec::plan {
namespace {

std::string_view OpName(Op op) {
  switch (op) {
    case Op::Slot: return "slot";
    case Op::Param: return "param";
    case Op::Null: return "null";
    case Op::Bool: return "bool";
    case Op::EventTime: return "event_time";
    case Op::IntToLong: return "int_to_long";
    case Op::IntToDouble: return "int_to_double";
    case Op::LongToDouble: return "long_to_double";
    case Op::Negate: return "negate";
    case Op::Add: return "add";
    case Op::Subtract: return "subtract";
    case Op::Multiply: return "multiply";
    case Op::Divide: return "divide";
    case Op::Equal: return "equal";
    case Op::NotEqual: return "not_equal";
    case Op::Less: return "less";
    case Op::LessEqual: return "less_equal";
    case Op::Greater: return "greater";
    case Op::GreaterEqual: return "greater_equal";
    case Op::And: return "and";
    case Op::Or: return "or";
    case Op::Not: return "not";
    case Op::IsNull: return "is_null";
    case Op::IsNotNull: return "is_not_null";
    case Op::Coalesce: return "coalesce";
    case Op::NotNull: return "not_null";
  }
  return "";
}

std::string Id(ExprId id) { return "%" + std::to_string(id); }

std::string Ids(const std::vector<ExprId>& ids) {
  std::string text;
  for (const ExprId id : ids) text += (text.empty() ? "" : ", ") + Id(id);
  return text;
}

std::string Kind(const rulert::ColumnSpec& column) {
  return std::string(rulert::ColumnKindName(column.kind)) + (column.nullable ? "?" : "");
}

std::string ParamValue(const rulert::ParamSpec& param) {
  using rulert::ColumnKind;
  if (param.is_null) return "null";
  switch (param.column.kind) {
    case ColumnKind::Bool: return param.boolean ? "true" : "false";
    case ColumnKind::Double: {
      std::array<char, 32> buffer;
      return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), param.number).ptr};
    }
    case ColumnKind::String: return "\"" + param.text + "\"";
    case ColumnKind::Enum: return param.column.symbols[static_cast<size_t>(param.integer)];
    default: return std::to_string(param.integer);
  }
}

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string Print() {
    for (const Stream& stream : program_.streams) PrintStream(stream);
    for (const Output& output : program_.outputs) PrintOutput(output);
    for (const Rule& rule : program_.rules) PrintRule(rule);
    return std::move(text_);
  }

 private:
  void Line(const std::string& line) { text_ += line + "\n"; }

  void PrintStream(const Stream& stream) {
    Line("stream " + stream.name + " : " + stream.schema_name +
         (stream.watermark_us ? " watermark " + std::to_string(stream.watermark_us) + "us" : ""));
    const std::vector<rulert::SlotSpec>& slots = stream.registry.slots();
    for (size_t i = 0; i < slots.size(); ++i) {
      Line("  slot " + std::to_string(i) + " " + slots[i].path + " : " + Kind(slots[i].column) +
           (stream.time == i ? " (event time)" : ""));
    }
  }

  void PrintOutput(const Output& output) {
    std::string fields;
    for (const rulert::OutputField& field : output.fields) {
      fields += (fields.empty() ? " " : ", ") + field.name + ": " + Kind(field.column);
    }
    Line("output " + output.name + " {" + fields + " }" + (output.meta ? " with _meta" : ""));
  }

  void PrintRule(const Rule& rule) {
    const Stream& stream = program_.streams[rule.stream];
    Line("rule " + (rule.package.empty() ? "" : rule.package + ".") + rule.name + " on " + stream.name + " version " +
         std::to_string(rule.version) + (rule.severity ? " severity " + *rule.severity : ""));
    for (size_t i = 0; i < rule.exprs.size(); ++i) {
      Line("  " + Id(static_cast<ExprId>(i)) + " = " + ExprText(rule, stream, rule.exprs[i]));
    }
    if (!rule.filter.conditions.empty()) Line("  filter " + Ids(rule.filter.conditions));
    if (!rule.keys.empty()) Line("  keys " + Ids(rule.keys));
    for (const Emit& emit : rule.emits) {
      Line("  emit " + program_.outputs[emit.output].name + " { " + Ids(emit.fields) + " }" +
           (emit.where ? " where " + Id(*emit.where) : ""));
    }
    for (size_t i = 0; i < rule.params.size(); ++i) PrintParam(i, rule.params[i]);
    for (size_t i = 0; i < rule.sites.size(); ++i) PrintSite(i, rule.sites[i]);
  }

  std::string ExprText(const Rule& rule, const Stream& stream, const Expr& expr) const {
    std::string text(OpName(expr.op));
    if (expr.op == Op::Slot) text += " " + stream.registry.slots()[expr.index].path;
    if (expr.op == Op::Param) text += " " + ParamName(rule, expr.index);
    if (expr.op == Op::Bool) text += expr.index ? " true" : " false";
    if (!expr.operands.empty()) text += " " + Ids(expr.operands);
    text += " : " + TypeName(expr.type);
    if (expr.site != kNoSite) text += " or error " + std::to_string(expr.site);
    return text;
  }

  static std::string ParamName(const Rule& rule, uint32_t index) {
    const std::string& name = rule.params[index].name;
    return name.empty() ? "#" + std::to_string(index) : name;
  }

  void PrintParam(size_t index, const rulert::ParamSpec& param) {
    Line("  param " + (param.name.empty() ? "#" + std::to_string(index) : param.name) + " at " +
         std::to_string(param.offset) + " : " + Kind(param.column) + " = " + ParamValue(param));
  }

  void PrintSite(size_t index, const rulert::ErrorSite& site) {
    std::string kinds;
    for (const rulert::ColumnSpec& column : site.operands) kinds += (kinds.empty() ? "" : ", ") + Kind(column);
    Line("  error " + std::to_string(index) + " at " + std::to_string(site.line) + ":" + std::to_string(site.column) +
         " " + site.cause + " in `" + site.expression + "` (" + kinds + ")");
  }

  const Program& program_;
  std::string text_;
};

}  // namespace

std::string Print(const Program& program) { return Printer(program).Print(); }

}  // namespace rulec::plan
