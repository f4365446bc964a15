#include <type_traits>

#include "compiler/typed/typed.h"
#include "compiler/types/avro_type.h"
#include "stdlib/functions.h"

namespace rulec::typed {
namespace {

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string Take() { return std::move(text_); }

  void Declarations() {
    for (const Schema& schema : program_.schemas) {
      Line("schema " + schema.name + " = " + schema.full_name + " version " + std::to_string(schema.version) + " of " +
           Join(schema.accepted) + (schema.open ? " and later" : ""));
    }
    for (const Stream& stream : program_.streams) PrintStream(stream);
    for (const Const& item : program_.consts) {
      Line("const " + item.name + " : " + TypeName(item.type) + " = " + PrintValue(item.type, item.value));
    }
    for (const Param& item : program_.params) {
      Line("param " + item.name + " : " + TypeName(item.type) + " = " + PrintValue(item.type, item.value));
    }
    for (const Output& output : program_.outputs) PrintOutput(output);
  }

  void PrintRule(const Rule& rule) {
    rule_ = &rule;
    Line("rule " + (rule.package.empty() ? "" : rule.package + ".") + rule.name + " version " +
         std::to_string(rule.version) + (rule.severity ? " severity " + *rule.severity : "") +
         (rule.owner ? " owner " + *rule.owner : ""));
    Line("  from " + program_.streams[rule.stream].name);
    for (const Key& key : rule.keys) Line("  key " + (key.name.empty() ? "" : key.name + " = ") + Text(*key.value));
    for (const Let& let : rule.lets) Line("  let " + let.name + " = " + Text(*let.value));
    for (const ExprPtr& where : rule.wheres) Line("  where " + Text(*where));
    if (rule.expand) Line("  expand " + Text(*rule.expand->list) + " as " + Variable(rule.expand->variable));
    for (const ExprPtr& where : rule.item_wheres) Line("  where " + Text(*where));
    for (const Emit& emit : rule.emits) PrintEmit(emit);
  }

  void SetRule(const Rule* rule) { rule_ = rule; }

  std::string Text(const Expr& expr) const {
    const std::string shown = std::visit([&](const auto& node) { return Node(expr, node); }, expr.node);
    return expr.type.kind == TypeKind::Error ? shown : shown + ":" + TypeName(expr.type);
  }

 private:
  void Line(const std::string& line) { text_ += line + "\n"; }

  static std::string Join(const std::vector<SchemaVersion>& versions) {
    std::string text;
    for (const SchemaVersion& version : versions) {
      text += (text.empty() ? "" : ", ") + std::to_string(version.version);
    }
    return text;
  }

  void PrintStream(const Stream& stream) {
    const auto duration = [](const std::string& name, int64_t value) {
      return " " + name + " " + PrintValue({TypeKind::Duration}, {.integer = value});
    };
    if (stream.output) {
      Line("stream " + stream.name + " of output " + program_.outputs[*stream.output].name);
      return;
    }
    Line("stream " + stream.name + " : " + program_.schemas[stream.schema].name +
         (stream.time.empty() ? "" : " time " + stream.time) +
         (stream.watermark_us ? duration("watermark", stream.watermark_us) : "") +
         (stream.idle_us ? duration("idle", *stream.idle_us) : "") +
         (stream.lateness_us ? duration("lateness", *stream.lateness_us) : ""));
  }

  void PrintOutput(const Output& output) {
    std::string fields;
    for (const OutputField& field : output.fields) {
      fields += (fields.empty() ? " " : ", ") + field.name + ": " + TypeName(field.type);
    }
    Line("output " + output.name + (output.schema ? " : " + program_.schemas[*output.schema].name : "") + " {" +
         fields + " }" + (output.meta ? " with _meta" : "") + (output.internal ? " internal" : ""));
  }

  void PrintEmit(const Emit& emit) {
    const Output& output = program_.outputs[emit.output];
    Line("  emit " + output.name);
    for (size_t i = 0; i < emit.fields.size(); ++i)
      Line("    " + output.fields[i].name + " = " + Text(*emit.fields[i]));
    if (emit.where) Line("    where " + Text(*emit.where));
  }

  std::string Node(const Expr&, const ErrorExpr&) const { return "error"; }
  std::string Node(const Expr& expr, const Constant& node) const { return PrintValue(expr.type, node.value); }
  std::string Node(const Expr&, const FieldRef& node) const { return node.path; }
  std::string Node(const Expr&, const MetaRef& node) const { return "@" + std::string(MetaName(node.meta)); }
  std::string Node(const Expr&, const Present& node) const { return "present(" + node.path + ")"; }
  std::string Node(const Expr&, const LetRef& node) const { return "let " + rule_->lets[node.let].name; }
  std::string Node(const Expr&, const KeyRef& node) const { return "key " + std::to_string(node.key); }
  std::string Node(const Expr&, const ParamRef& node) const { return "param " + program_.params[node.param].name; }
  std::string Node(const Expr&, const VariableRef& node) const { return Variable(node.variable); }
  std::string Node(const Expr&, const Unary& node) const {
    return std::string(UnaryOpName(node.op)) + "(" + Text(*node.operand) + ")";
  }
  std::string Node(const Expr&, const Binary& node) const {
    return std::string(BinaryOpName(node.op)) + "(" + Text(*node.left) + ", " + Text(*node.right) + ")";
  }
  std::string Node(const Expr&, const IsBranch& node) const {
    return "is_branch(" + Text(*node.operand) + ", " + std::to_string(node.branch) + ")";
  }
  std::string Node(const Expr&, const Choice& node) const {
    std::string text = "choice(";
    for (const Choice::Arm& arm : node.arms) text += Text(*arm.condition) + " -> " + Text(*arm.value) + ", ";
    return text + Text(*node.otherwise) + ")";
  }
  std::string Node(const Expr&, const Bind& node) const {
    return "bind(" + Variable(node.variable) + " = " + Text(*node.value) + ", " + Text(*node.body) + ")";
  }
  std::string Node(const Expr&, const Format& node) const {
    std::string text;
    for (const FormatPart& part : node.parts) {
      text += text.empty() ? "format(" : ", ";
      text += part.value ? Text(*part.value) + (part.spec.empty() ? "" : " as " + part.spec)
                         : PrintValue({TypeKind::String}, {.text = part.text});
    }
    return text + ")";
  }
  std::string Node(const Expr&, const ListLiteral& node) const { return "list(" + Texts(node.items) + ")"; }
  std::string Node(const Expr&, const MapLiteral& node) const {
    std::string text;
    for (size_t i = 0; i < node.keys.size(); ++i) {
      text += (i == 0 ? "" : ", ") + Text(*node.keys[i]) + " -> " + Text(*node.values[i]);
    }
    return "map(" + text + ")";
  }
  std::string Node(const Expr&, const RecordLiteral& node) const { return "record(" + Texts(node.fields) + ")"; }
  std::string Node(const Expr&, const Member& node) const {
    return "member(" + Text(*node.object) + ", " + FieldName(node.object->type, node.field) + ")";
  }
  std::string Node(const Expr&, const Index& node) const {
    return "index(" + Text(*node.object) + ", " + Text(*node.index) + ")";
  }
  std::string Node(const Expr&, const Slice& node) const {
    return "slice(" + Text(*node.object) + ", " + (node.from ? Text(*node.from) : "") + ", " +
           (node.to ? Text(*node.to) : "") + ")";
  }
  std::string Node(const Expr&, const Call& node) const {
    return std::string(rulelib::Functions()[node.function].name) + "(" + Texts(node.arguments) + ")";
  }
  std::string Node(const Expr&, const IntrinsicCall& node) const {
    std::string text = Texts(node.arguments);
    if (node.lambda) text += ", " + Variable(node.lambda->variable) + " => " + Text(*node.lambda->body);
    return std::string(IntrinsicName(node.intrinsic)) + "(" + text + ")";
  }

  std::string Variable(uint32_t variable) const {
    const bool known = rule_ && variable < rule_->variables.size();
    return known ? rule_->variables[variable].name : "variable " + std::to_string(variable);
  }

  std::string Texts(const std::vector<ExprPtr>& exprs) const {
    std::string text;
    for (const ExprPtr& expr : exprs) text += (text.empty() ? "" : ", ") + Text(*expr);
    return text;
  }

  const Program& program_;
  const Rule* rule_ = nullptr;
  std::string text_;
};

}  // namespace

std::string_view UnaryOpName(UnaryOp op) {
  switch (op) {
    case UnaryOp::Negate: return "negate";
    case UnaryOp::Not: return "not";
    case UnaryOp::IsNull: return "is_null";
    case UnaryOp::IsNotNull: return "is_not_null";
    case UnaryOp::NotNull: return "not_null";
    case UnaryOp::IntToLong: return "int_to_long";
    case UnaryOp::IntToDouble: return "int_to_double";
    case UnaryOp::LongToDouble: return "long_to_double";
    case UnaryOp::FloatToDouble: return "float_to_double";
    case UnaryOp::WholeToDecimal: return "whole_to_decimal";
    case UnaryOp::Rescale: return "rescale";
    case UnaryOp::UnionToBranch: return "union_to_branch";
    case UnaryOp::BranchToUnion: return "branch_to_union";
  }
  return "";
}

std::string_view BinaryOpName(BinaryOp op) {
  switch (op) {
    case BinaryOp::Multiply: return "multiply";
    case BinaryOp::Divide: return "divide";
    case BinaryOp::Add: return "add";
    case BinaryOp::Subtract: return "subtract";
    case BinaryOp::Coalesce: return "coalesce";
    case BinaryOp::Equal: return "equal";
    case BinaryOp::NotEqual: return "not_equal";
    case BinaryOp::Less: return "less";
    case BinaryOp::LessEqual: return "less_equal";
    case BinaryOp::Greater: return "greater";
    case BinaryOp::GreaterEqual: return "greater_equal";
    case BinaryOp::And: return "and";
    case BinaryOp::Or: return "or";
    case BinaryOp::In: return "in";
    case BinaryOp::Like: return "like";
    case BinaryOp::Matches: return "matches";
    case BinaryOp::Concat: return "concat";
  }
  return "";
}

std::string_view IntrinsicName(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::Least: return "least";
    case Intrinsic::Greatest: return "greatest";
    case Intrinsic::Convert: return "convert";
    case Intrinsic::TryConvert: return "try_convert";
    case Intrinsic::Contains: return "contains";
    case Intrinsic::IndexOf: return "index_of";
    case Intrinsic::First: return "first";
    case Intrinsic::Last: return "last";
    case Intrinsic::Any: return "any";
    case Intrinsic::All: return "all";
    case Intrinsic::Map: return "map";
    case Intrinsic::Filter: return "filter";
    case Intrinsic::Find: return "find";
    case Intrinsic::CountIf: return "count_if";
    case Intrinsic::Values: return "values";
    case Intrinsic::Get: return "get";
    case Intrinsic::HasKey: return "has_key";
    case Intrinsic::Reverse: return "reverse";
    case Intrinsic::Distinct: return "distinct";
    case Intrinsic::Sort: return "sort";
    case Intrinsic::Flatten: return "flatten";
    case Intrinsic::Sum: return "sum";
    case Intrinsic::Min: return "min";
    case Intrinsic::Max: return "max";
  }
  return "";
}

std::string_view MetaName(Meta meta) {
  switch (meta) {
    case Meta::Time: return "time";
    case Meta::Partition: return "partition";
    case Meta::Offset: return "offset";
    case Meta::SchemaVersion: return "schema_version";
  }
  return "";
}

std::string Print(const Program& program) {
  Printer printer(program);
  printer.Declarations();
  for (const Rule& rule : program.rules) printer.PrintRule(rule);
  return printer.Take();
}

std::string PrintExpr(const Program& program, const Rule* rule, const Expr& expr) {
  Printer printer(program);
  printer.SetRule(rule);
  return printer.Text(expr);
}

}  // namespace rulec::typed
