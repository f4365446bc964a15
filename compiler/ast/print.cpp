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

std::string_view Word(RelationOp op) {
  switch (op) {
    case RelationOp::In: return "in";
    case RelationOp::Like: return "like";
    case RelationOp::Matches: return "matches";
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
    const auto duration = [this](std::string_view word, const std::optional<StreamDuration>& of) {
      if (!of) return;
      Line(std::string(word) + ' ' + (of->constant ? of->constant->text : std::to_string(of->microseconds) + "us"));
    };
    duration("watermark", stream.watermark);
    duration("idle", stream.idle);
    duration("lateness", stream.lateness);
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

  void Print(const FnDecl& fn) {
    Line("fn " + fn.name.text);
    const Indent indent(this);
    for (const FnParameter& parameter : fn.parameters)
      Line("parameter " + parameter.name.text + " : " + Text(parameter.type));
    Print("body", fn.body);
  }

  void Print(const TestDecl& test) {
    Line("test " + Quote(test.title) + " for " + test.rule.text + (test.incomplete ? " (incomplete)" : ""));
    const Indent indent(this);
    for (const TestStep& step : test.steps) {
      std::visit([this](const auto& node) { Print(node); }, step);
    }
  }

  void Print(const GivenStep& given) {
    Line("given " + given.stream.text + (given.file ? " = " + Quote(*given.file) : std::string()));
    if (!given.file) Print(given.table);
  }

  void Print(const WatermarkStep& watermark) { Print("watermark", watermark.time); }

  void Print(const ExpectStep& expect) {
    std::string line = "expect";
    if (expect.kind != ExpectKind::Exactly) line += expect.kind == ExpectKind::Some ? " some" : " none";
    Line(expect.output ? line + ' ' + expect.output->text : line);
    if (expect.table) Print(*expect.table);
  }

  void Print(const Table& table) {
    const Indent indent(this);
    std::string columns = "columns";
    for (const TableColumn& column : table.columns) columns += (column.meta ? " @" : " ") + Path(column.path);
    Line(columns);
    for (const TableRow& row : table.rows) {
      Line(row.times == 1 ? "row" : "row x" + std::to_string(row.times));
      const Indent cells(this);
      for (const TableCell& cell : row.cells) {
        Line(cell.after_row_above ? "cell +" : "cell");
        PrintUnder(cell.value);
        if (!cell.tolerance) continue;
        const Indent inner(this);
        Print("tolerance", cell.tolerance);
      }
    }
  }

  void Print(const RuleDecl& rule) {
    Line((rule.derived ? "derive " : "rule ") + rule.name.text + (rule.incomplete ? " (incomplete)" : ""));
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
    Print(from.keys);
  }

  void Print(const ExpandClause& expand) {
    Line("expand as " + expand.alias.text);
    PrintUnder(expand.list);
    Print(expand.keys);
  }

  void Print(const std::vector<KeyExpr>& keys) {
    const Indent indent(this);
    for (const KeyExpr& key : keys) {
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
    Line(emit.output.text.empty() ? "emit" : "emit " + emit.output.text);
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

  void Print(const std::string& what, const ExprPtr& expr) {
    Line(what);
    PrintUnder(expr);
  }

  void PrintUnder(const ExprPtr& expr) {
    const Indent indent(this);
    if (expr) {
      Print(*expr);
    } else {
      Line("missing");
    }
  }

  void PrintUnder(const Argument& argument) {
    if (!argument.name && !argument.key) return PrintUnder(argument.value);
    const Indent indent(this);
    if (argument.name) return Print("argument " + argument.name->text, argument.value);
    Print("key", argument.key);
    Print("value", argument.value);
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
              for (const Argument& argument : e.arguments) PrintUnder(argument);
            },
            [this](const IsTypeExpr& e) { Print((e.negated ? "is not " : "is ") + Text(e.type), e.operand); },
            [this](const RelationExpr& e) {
              Line((e.negated ? "not " : "") + std::string(Word(e.op)));
              PrintUnder(e.left);
              PrintUnder(e.right);
            },
            [this](const BetweenExpr& e) {
              Line(e.negated ? "not between" : "between");
              PrintUnder(e.operand);
              PrintUnder(e.low);
              PrintUnder(e.high);
            },
            [this](const ListExpr& e) {
              Line("list");
              for (const ExprPtr& item : e.items) PrintUnder(item);
            },
            [this](const IndexExpr& e) {
              Line("index");
              PrintUnder(e.object);
              PrintUnder(e.index);
            },
            [this](const SliceExpr& e) {
              Line("slice");
              PrintUnder(e.object);
              PrintUnder(e.from);
              PrintUnder(e.to);
            },
            [this](const LambdaExpr& e) {
              std::string line = "lambda";
              for (const Name& parameter : e.parameters) line += ' ' + parameter.text;
              Print(line, e.body);
            },
            [this](const IfExpr& e) {
              Line("if");
              PrintUnder(e.condition);
              PrintUnder(e.then);
              PrintUnder(e.otherwise);
            },
            [this](const CaseExpr& e) {
              Line("case");
              const Indent indent(this);
              for (const CaseBranch& branch : e.branches) {
                Print("when", branch.condition);
                Print("then", branch.value);
              }
              if (e.otherwise) Print("else", e.otherwise);
            },
            [this](const FormatExpr& e) {
              Line("format");
              const Indent indent(this);
              for (const FormatPart& part : e.parts) {
                if (!part.value) Line("text " + Quote(part.text));
                if (part.value) Print(part.spec ? "value " + Quote(*part.spec) : "value", part.value);
              }
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
