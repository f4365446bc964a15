// ast -> text: one node a line, two spaces a level.
#include <string>
#include <string_view>

#include "compiler/ast/ast.h"

namespace rulec::ast {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

std::string_view Sign(BinaryOp op) {
  switch (op) {
    case BinaryOp::Multiply: return "*";
    case BinaryOp::Divide: return "/";
    case BinaryOp::Add: return "+";
    case BinaryOp::Subtract: return "-";
    case BinaryOp::Coalesce: return "??";
    case BinaryOp::Equal: return "==";
    case BinaryOp::NotEqual: return "!=";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEqual: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEqual: return ">=";
    case BinaryOp::And: return "and";
    case BinaryOp::Or: return "or";
  }
  return "?";
}

// As a string literal of the language.
std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\u{d}"; break;
      default: out += c;
    }
  }
  return out + '"';
}

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  void Print(const File& file) {
    Line("file");
    const Indent indent(this);
    if (!file.package.empty()) Line("package " + Path(file.package));
    for (const Import& import : file.imports) Line("import " + Quote(import.path));
    for (const Decl& decl : file.decls) {
      std::visit([this](const auto& node) { Print(node); }, decl.node);
    }
  }

 private:
  class Indent {
   public:
    explicit Indent(Printer* printer) : printer_(printer) { ++printer_->level_; }
    ~Indent() { --printer_->level_; }
    Indent(const Indent&) = delete;
    Indent& operator=(const Indent&) = delete;

   private:
    Printer* printer_;
  };

  void Line(const std::string& text) {
    out_.append(2 * level_, ' ');
    out_ += text;
    out_ += '\n';
  }

  static std::string Path(const std::vector<Name>& names) {
    std::string out;
    for (const Name& name : names) {
      if (!out.empty()) out += '.';
      out += name.text;
    }
    return out;
  }

  static std::string Text(const VersionRange& range) {
    std::string out = " version ";
    if (range.from) out += std::to_string(*range.from);
    if (range.open || range.to != range.from) out += "..";
    if (range.to && range.to != range.from) out += std::to_string(*range.to);
    return out;
  }

  static std::string Text(const TypeRef& type) {
    std::string out = type.name.text;
    for (size_t i = 0; i < type.numbers.size(); ++i) out += (i == 0 ? "(" : ", ") + type.numbers[i];
    if (!type.numbers.empty()) out += ')';
    for (size_t i = 0; i < type.arguments.size(); ++i) out += (i == 0 ? "<" : ", ") + Text(type.arguments[i]);
    if (!type.arguments.empty()) out += '>';
    return type.nullable ? out + '?' : out;
  }

  void Print(const SchemaDecl& schema) {
    Line("schema " + schema.name.text + " = avro " + Quote(schema.full_name) +
         (schema.versions ? Text(*schema.versions) : std::string()));
  }

  void Print(const StreamDecl& stream) {
    Line("stream " + stream.name.text + " : " + stream.schema.text);
    const Indent indent(this);
    if (!stream.time_path.empty()) Line("time " + Path(stream.time_path));
    const auto duration = [this](std::string_view word, const std::optional<int64_t>& us) {
      if (us) Line(std::string(word) + ' ' + std::to_string(*us) + "us");
    };
    duration("watermark", stream.watermark_us);
    duration("idle", stream.idle_us);
    duration("lateness", stream.lateness_us);
  }

  void Print(const OutputDecl& output) { Line("output " + output.name.text + " : " + output.schema.text); }

  void Print(const ConstDecl& constant) {
    Line("const " + constant.name.text);
    PrintUnder(constant.value);
  }

  void Print(const ParamDecl& param) {
    Line("param " + param.name.text + " : " + Text(param.type));
    PrintUnder(param.value);
  }

  void Print(const RuleDecl& rule) {
    Line("rule " + rule.name.text + (rule.incomplete ? " (incomplete)" : ""));
    const Indent indent(this);
    if (!rule.doc.empty()) Line("doc " + Quote(rule.doc));
    for (const Annotation& annotation : rule.annotations) {
      Line("annotation @" + annotation.name.text);
      for (const ExprPtr& argument : annotation.arguments) PrintUnder(argument);
    }
    if (rule.from) Print(*rule.from);
    for (const Stage& stage : rule.stages) {
      std::visit([this](const auto& node) { Print(node); }, stage);
    }
  }

  void Print(const FromClause& from) {
    Line("from " + from.stream.text + (from.alias ? " as " + from.alias->text : std::string()));
    const Indent indent(this);
    for (const KeyExpr& key : from.keys) {
      Line(key.name ? "key " + key.name->text : "key");
      PrintUnder(key.value);
    }
  }

  void Print(const WhereClause& where) {
    Line("where");
    PrintUnder(where.condition);
  }

  void Print(const LetClause& let) {
    for (const LetBinding& binding : let.bindings) {
      Line("let " + binding.name.text);
      PrintUnder(binding.value);
    }
  }

  void Print(const EmitClause& emit) {
    Line("emit " + emit.output.text);
    const Indent indent(this);
    for (const EmitField& field : emit.fields) {
      Line(field.name ? "field " + field.name->text : "field");
      PrintUnder(field.value);
    }
    if (emit.where) {
      Line("where");
      PrintUnder(emit.where);
    }
  }

  void PrintUnder(const ExprPtr& expr) {
    const Indent indent(this);
    if (expr) {
      Print(*expr);
    } else {
      Line("missing");
    }
  }

  void Print(const Expr& expr) {
    std::visit(
        Overloaded{
            [this](const ErrorExpr&) { Line("error"); },
            [this](const NullLiteral&) { Line("null"); },
            [this](const BoolLiteral& e) { Line(e.value ? "bool true" : "bool false"); },
            [this](const IntLiteral& e) { Line("int " + e.digits); },
            [this](const FloatLiteral& e) { Line("float " + e.digits); },
            [this](const PercentLiteral& e) { Line("percent " + e.digits); },
            [this](const StringLiteral& e) { Line("string " + Quote(e.value)); },
            [this](const DurationLiteral& e) { Line("duration " + std::to_string(e.microseconds) + "us"); },
            [this](const NameExpr& e) { Line("name " + e.name.text); },
            [this](const MetaExpr& e) { Line("meta " + (e.of ? e.of->text : std::string()) + "@" + e.name.text); },
            [this](const MemberExpr& e) {
              Line((e.null_safe ? "safe member " : "member ") + e.member.text);
              PrintUnder(e.object);
            },
            [this](const UnaryExpr& e) {
              Line(e.op == UnaryOp::Negate ? "unary -" : "unary not");
              PrintUnder(e.operand);
            },
            [this](const BinaryExpr& e) {
              Line("binary " + std::string(Sign(e.op)));
              PrintUnder(e.left);
              PrintUnder(e.right);
            },
            [this](const IsNullExpr& e) {
              Line(e.negated ? "is not null" : "is null");
              PrintUnder(e.operand);
            },
            [this](const CallExpr& e) {
              Line("call " + e.callee.text);
              for (const ExprPtr& argument : e.arguments) PrintUnder(argument);
            },
        },
        expr.node);
  }

  std::string out_;
  size_t level_ = 0;
};

}  // namespace

std::string Print(const File& file) {
  Printer printer;
  printer.Print(file);
  return printer.Take();
}

}  // namespace rulec::ast
