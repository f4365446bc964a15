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

// By Op.
constexpr std::array<std::string_view, kOps> kOpNames = {"slot",
                                                         "param",
                                                         "null",
                                                         "bool",
                                                         "event_time",
                                                         "partition",
                                                         "offset",
                                                         "schema_version",
                                                         "present",
                                                         "variable",
                                                         "int_to_long",
                                                         "int_to_double",
                                                         "long_to_double",
                                                         "float_to_double",
                                                         "whole_to_decimal",
                                                         "rescale",
                                                         "negate",
                                                         "absolute",
                                                         "add",
                                                         "subtract",
                                                         "multiply",
                                                         "divide",
                                                         "quotient",
                                                         "remainder",
                                                         "equal",
                                                         "not_equal",
                                                         "less",
                                                         "less_equal",
                                                         "greater",
                                                         "greater_equal",
                                                         "in_params",
                                                         "and",
                                                         "or",
                                                         "not",
                                                         "is_null",
                                                         "is_not_null",
                                                         "coalesce",
                                                         "not_null",
                                                         "choose",
                                                         "bind",
                                                         "make_list",
                                                         "make_map",
                                                         "make_record",
                                                         "make_union",
                                                         "concat",
                                                         "member",
                                                         "union_is",
                                                         "union_as",
                                                         "length",
                                                         "list_item",
                                                         "list_get",
                                                         "map_find",
                                                         "map_item",
                                                         "any",
                                                         "all",
                                                         "map_items",
                                                         "filter",
                                                         "find",
                                                         "count_if",
                                                         "index_where",
                                                         "fold",
                                                         "call"};
static_assert(!kOpNames.back().empty(), "every op has a name");

std::string Id(ExprId id) { return "%" + std::to_string(id); }

std::string Ids(const std::vector<ExprId>& ids) {
  std::string text;
  for (const ExprId id : ids) text += (text.empty() ? "" : ", ") + Id(id);
  return text;
}

std::string Kind(const rulert::ColumnSpec& column) {
  using rulert::ColumnKind;
  std::string text(rulert::ColumnKindName(column.kind));
  if (column.kind == ColumnKind::Decimal) {
    text += "(" + std::to_string(column.precision) + ", " + std::to_string(column.scale) + ")";
  } else if (column.kind == ColumnKind::List || column.kind == ColumnKind::Map) {
    text += "<" + Kind(column.children.front()) + ">";
  }
  return text + (column.nullable ? "?" : "");
}

std::string ParamText(const rulert::ParamSpec& param) {
  if (param.prepared == rulert::Prepared::None) return "\"" + param.text + "\"";
  std::string text(rulert::PreparedName(param.prepared));
  for (const std::string& item : param.texts) text += " \"" + item + "\"";
  return param.texts.empty() ? text + " \"" + param.text + "\"" : text;
}

std::string ParamValue(const rulert::ParamSpec& param) {
  using rulert::ColumnKind;
  if (param.is_null) return "null";
  switch (param.column.kind) {
    case ColumnKind::Bool: return param.boolean ? "true" : "false";
    case ColumnKind::Float:
    case ColumnKind::Double: {
      std::array<char, 32> buffer;
      return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), param.number).ptr};
    }
    case ColumnKind::String: return ParamText(param);
    case ColumnKind::Bytes: return std::to_string(param.text.size()) + " bytes";
    case ColumnKind::Uuid:
    case ColumnKind::Decimal: return param.text;
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
    Line("stream " + stream.name +
         (stream.output ? " of output " + program_.outputs[*stream.output].name : " : " + stream.schema_name) +
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
    Line("output " + output.name + " {" + fields + " }" + (output.meta ? " with _meta" : "") +
         (output.internal ? " internal" : ""));
  }

  void PrintRule(const Rule& rule) {
    const Stream& stream = program_.streams[rule.stream];
    Line("rule " + (rule.package.empty() ? "" : rule.package + ".") + rule.name + " on " + stream.name + " version " +
         std::to_string(rule.version) + (rule.severity ? " severity " + *rule.severity : ""));
    for (size_t i = 0; i < rule.exprs.size(); ++i) {
      Line("  " + Id(static_cast<ExprId>(i)) + " = " + ExprText(rule, stream, rule.exprs[i]));
    }
    if (!rule.filter.conditions.empty()) Line("  filter " + Ids(rule.filter.conditions));
    if (rule.expand) {
      Line("  expand " + Id(rule.expand->list) + " as $" + std::to_string(rule.expand->variable) +
           (rule.expand->conditions.empty() ? "" : " where " + Ids(rule.expand->conditions)));
    }
    if (!rule.keys.empty()) Line("  keys " + Ids(rule.keys));
    for (const Emit& emit : rule.emits) {
      Line("  emit " + program_.outputs[emit.output].name + " { " + Ids(emit.fields) + " }" +
           (emit.where ? " where " + Id(*emit.where) : ""));
    }
    for (size_t i = 0; i < rule.params.size(); ++i) PrintParam(i, rule.params[i]);
    for (size_t i = 0; i < rule.sites.size(); ++i) PrintSite(i, rule.sites[i]);
    for (const rulert::IndexCondition& condition : rule.index) PrintIndex(rule, stream, condition);
  }

  std::string ExprText(const Rule& rule, const Stream& stream, const Expr& expr) const {
    std::string text(kOpNames[static_cast<size_t>(expr.op)]);
    switch (expr.op) {
      case Op::Slot:
      case Op::Present: text += " " + stream.registry.slots()[expr.index].path; break;
      case Op::Param: text += " " + ParamName(rule, expr.index); break;
      case Op::Bool: text += expr.index ? " true" : " false"; break;
      case Op::InParams:
        text += " #" + std::to_string(expr.index) + " to #" + std::to_string(expr.index + expr.count - 1);
        break;
      case Op::Variable:
      case Op::Any:
      case Op::All:
      case Op::MapItems:
      case Op::Filter:
      case Op::Find:
      case Op::CountIf:
      case Op::IndexWhere:
      case Op::Fold: text += " $" + std::to_string(expr.index); break;
      case Op::Member:
      case Op::MakeUnion:
      case Op::UnionIs:
      case Op::UnionAs: text += " " + std::to_string(expr.index); break;
      case Op::Call: text += " " + rule.callees[expr.index].symbol; break;
      default: break;
    }
    if (!expr.operands.empty()) text += " " + Ids(expr.operands);
    text += " : " + TypeName(expr.type);
    if (expr.site != kNoSite) text += " or error " + std::to_string(expr.site);
    return text;
  }

  void PrintIndex(const Rule& rule, const Stream& stream, const rulert::IndexCondition& condition) {
    std::string params;
    for (const int32_t param : condition.params) {
      params += (params.empty() ? " " : ", ") + ParamName(rule, static_cast<uint32_t>(param));
    }
    Line("  index " + stream.registry.slots()[static_cast<size_t>(condition.slot)].path + " " +
         std::string(rulert::IndexOpName(condition.op)) + params);
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
