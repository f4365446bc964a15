#include <type_traits>

#include "compiler/typed/typed.h"

namespace rulec::typed {
namespace {

class Printer {
 public:
  explicit Printer(const Program& program) : program_(program) {}

  std::string Take() { return std::move(text_); }

  void Declarations() {
    for (const Schema& schema : program_.schemas) {
      Line("schema " + schema.name + " = " + schema.full_name + " version " + std::to_string(schema.version) + " of " +
           Join(schema.accepted));
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
    for (const Emit& emit : rule.emits) PrintEmit(emit);
  }

  void SetRule(const Rule* rule) { rule_ = rule; }

  std::string Text(const Expr& expr) const {
    const std::string shown = std::visit([&](const auto& node) { return Node(expr, node); }, expr.node);
    return expr.type.kind == TypeKind::Error ? shown : shown + ":" + TypeName(expr.type);
  }

 private:
  void Line(const std::string& line) { text_ += line + "\n"; }

  static std::string Join(const std::vector<int64_t>& numbers) {
    std::string text;
    for (const int64_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
    return text;
  }

  void PrintStream(const Stream& stream) {
    const auto duration = [](const std::string& name, int64_t value) {
      return " " + name + " " + PrintValue({TypeKind::Duration}, {.integer = value});
    };
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
         fields + " }" + (output.meta ? " with _meta" : ""));
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
  std::string Node(const Expr&, const TimeRef&) const { return "@time"; }
  std::string Node(const Expr&, const LetRef& node) const { return "let " + rule_->lets[node.let].name; }
  std::string Node(const Expr&, const ParamRef& node) const { return "param " + program_.params[node.param].name; }
  std::string Node(const Expr&, const Unary& node) const {
    return std::string(UnaryOpName(node.op)) + "(" + Text(*node.operand) + ")";
  }
  std::string Node(const Expr&, const Binary& node) const {
    return std::string(BinaryOpName(node.op)) + "(" + Text(*node.left) + ", " + Text(*node.right) + ")";
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
