#include "compiler/lint/ast_to_lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compiler/lint/lint_expr.h"
#include "compiler/lint/walk.h"

namespace rulec {
namespace {

using lint::ExprLint;

bool IsSnakeCase(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return std::ranges::all_of(name, fits) && name.find("__") == std::string_view::npos;
}

// LargeTrades and largeTrades are large_trades.
std::string ToSnakeCase(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte >= 0x80) return {};
    const bool upper = std::isupper(byte) != 0;
    const bool after_lower = i > 0 && std::isupper(static_cast<unsigned char>(name[i - 1])) == 0;
    if (upper && after_lower && !out.empty() && out.back() != '_') out += '_';
    if (name[i] != '_' || (!out.empty() && out.back() != '_')) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

// Begins with a letter or underscore, goes on with those and digits.
bool IsPlainName(std::string_view name) {
  const auto fits = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::ranges::all_of(name, fits);
}

class FileLint {
 public:
  FileLint(const SourceSet& sources, const ast::File& file, Diagnostics& diagnostics)
      : sources_(sources), file_(file), diagnostics_(diagnostics), exprs_(sources, diagnostics) {}

  void Run() {
    bool rules = false;
    for (const ast::Decl& decl : file_.decls) {
      std::visit([this](const auto& node) { Declaration(node); }, decl.node);
      rules |= std::holds_alternative<ast::RuleDecl>(decl.node);
    }
    if (rules && file_.package.empty()) {
      const Span first = {file_.id, 0, static_cast<uint32_t>(sources_.file(file_.id).Line(1).size())};
      diagnostics_.Build(first, NoPackage).Help("begin the file with `package …`").Emit();
    }
    exprs_.Numbers();
    for (uint32_t line = 1; line <= sources_.file(file_.id).line_count(); ++line) Line(line);
  }

 private:
  void Declaration(const ast::SchemaDecl&) {}
  void Declaration(const ast::StreamDecl& stream) { Style(stream.name, "stream"); }
  void Declaration(const ast::OutputDecl& output) { Style(output.name, "output"); }
  void Declaration(const ast::ConstDecl& decl) {
    Style(decl.name, "constant");
    lint::WalkExpr(decl.value.get(), [this](const ast::Expr& expr) { exprs_.Look(expr); });
  }
  void Declaration(const ast::ParamDecl& decl) {
    Style(decl.name, "param");
    lint::WalkExpr(decl.value.get(), [this](const ast::Expr& expr) { exprs_.Look(expr); });
  }
  void Declaration(const ast::FnDecl& decl) {
    Style(decl.name, "function");
    lint::WalkExpr(decl.body.get(), [this](const ast::Expr& expr) {
      exprs_.Look(expr);
      exprs_.CountNumber(expr);
    });
  }
  void Declaration(const ast::TestDecl&) {}

  void Declaration(const ast::RuleDecl& rule) {
    Style(rule.name, rule.derived ? "derive" : "rule");
    if (rule.doc.find_first_not_of(" \t\r\n") == std::string::npos) {
      diagnostics_.Build(rule.name.span, RuleWithoutDoc, {rule.name.text})
          .Help("say in a line of `///` above it what it finds and why that matters")
          .Emit();
    }
    if (!rule.derived) {
      Annotated(rule, "owner", RuleWithoutOwner, "`@owner(\"…\")` says who answers its alerts");
      Annotated(rule, "severity", RuleWithoutSeverity, "`@severity(…)` goes with each of its records");
      Annotated(rule, "version", RuleWithoutVersion, "`@version(1)` goes with each of its records; it is 1 without");
    }
    lint::WalkRule(rule, [this](const ast::Expr& expr) {
      exprs_.Look(expr);
      exprs_.CountNumber(expr);
    });
    Aliases(rule);
    Stages(rule);
  }

  void Annotated(const ast::RuleDecl& rule, std::string_view name, const DiagnosticKind& kind, std::string help) {
    const auto named = [name](const ast::Annotation& annotation) { return annotation.name.text == name; };
    if (std::ranges::any_of(rule.annotations, named)) return;
    diagnostics_.Build(rule.name.span, kind, {rule.name.text}).Help(std::move(help)).Emit();
  }

  void Style(const ast::Name& name, std::string_view what) {
    const bool quoted = sources_.Text(name.span).starts_with('`');
    if (quoted && IsPlainName(name.text) && name.text.find('_') != std::string::npos) {
      // No word of the language has an underscore, so this one needs no quotes.
      diagnostics_.Build(name.span, NeedlessBackticks, {name.text}).Fix("write", name.span, name.text).Emit();
    }
    if (IsSnakeCase(name.text)) return;
    diagnostics_.Build(name.span, NameStyle, {what, name.text})
        .Suggest("write", name.span, ToSnakeCase(name.text))
        .Emit();
  }

  void Aliases(const ast::RuleDecl& rule) {
    if (rule.from && rule.from->alias) {
      const ast::Name& alias = *rule.from->alias;
      Span blank_too = {alias.span.file, rule.from->stream.span.end, alias.span.end};
      if (!IsBlank({alias.span.file, blank_too.begin, alias.span.begin})) blank_too = alias.span;
      if (!Uses(rule, alias.text)) {
        diagnostics_.Build(alias.span, UnusedAlias, {alias.text}).Fix("leave it out", blank_too, "").Emit();
      }
    }
    for (const ast::Stage& stage : rule.stages) {
      const auto* expand = std::get_if<ast::ExpandClause>(&stage);
      if (expand != nullptr && !Uses(rule, expand->alias.text)) {
        diagnostics_.Build(expand->alias.span, UnusedAlias, {expand->alias.text}).Emit();
      }
    }
  }

  // No comment is in it.
  bool IsBlank(Span span) const { return sources_.Text(span).find_first_not_of(" \t\r\n") == std::string_view::npos; }

  static bool Uses(const ast::RuleDecl& rule, const std::string& name) {
    bool used = false;
    lint::WalkRule(rule, [&](const ast::Expr& expr) {
      if (const auto* word = std::get_if<ast::NameExpr>(&expr.node)) used |= word->name.text == name;
      if (const auto* meta = std::get_if<ast::MetaExpr>(&expr.node)) used |= meta->of && meta->of->text == name;
    });
    return used;
  }

  void Stages(const ast::RuleDecl& rule) {
    bool filtered = rule.derived || rule.stages.empty();
    for (const ast::Stage& stage : rule.stages) {
      filtered |= std::holds_alternative<ast::WhereClause>(stage) || std::holds_alternative<ast::ExpandClause>(stage);
      const auto* emit = std::get_if<ast::EmitClause>(&stage);
      if (emit == nullptr) continue;
      filtered |= emit->where != nullptr;
      for (const ast::EmitField& field : emit->fields) EmitName(field);
    }
    if (!filtered && !rule.incomplete) {
      diagnostics_.Build(rule.name.span, NoCondition, {rule.name.text}).Help("is a `where` missing?").Emit();
    }
  }

  // `symbol: t.symbol` is `t.symbol`.
  void EmitName(const ast::EmitField& field) {
    if (!field.name || !field.value) return;
    const ast::Name* last = nullptr;
    if (const auto* word = std::get_if<ast::NameExpr>(&field.value->node)) last = &word->name;
    if (const auto* member = std::get_if<ast::MemberExpr>(&field.value->node)) last = &member->member;
    if (last == nullptr || last->text != field.name->text) return;
    const Span name_and_colon = {field.name->span.file, field.name->span.begin, field.value->span.begin};
    auto builder = diagnostics_.Build(field.name->span, NameRepeated, {field.name->text});
    // A comment behind the colon stays, and a bracket that began the field would go on with the one before.
    const std::string_view between = sources_.Text({field.name->span.file, field.name->span.end, name_and_colon.end});
    const bool colon_alone = between.find_first_not_of(": \t\r\n") == std::string_view::npos;
    if (colon_alone && !sources_.Text(field.value->span).starts_with('(')) {
      std::move(builder).Fix("leave the name out", name_and_colon, "");
    }
    std::move(builder).Emit();
  }

  void Line(uint32_t number) {
    const SourceFile& source = sources_.file(file_.id);
    std::string_view line = source.Line(number);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto start = static_cast<uint32_t>(line.data() - source.text().data());
    const size_t text_end = line.find_last_not_of(" \t") + 1;  // 0 if there is nothing else
    if (text_end < line.size()) {
      const Span blanks = {file_.id, start + static_cast<uint32_t>(text_end),
                           start + static_cast<uint32_t>(line.size())};
      diagnostics_.Build(blanks, TrailingBlanks).Fix("take them away", blanks, "").Emit();
    }
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const auto characters = static_cast<uint32_t>(std::ranges::count_if(line, begins));
    if (characters <= kLongestLine) return;
    const Span whole = {file_.id, start, start + static_cast<uint32_t>(line.size())};
    diagnostics_.Build(whole, LongLine, {fmt::format("{}", characters), fmt::format("{}", kLongestLine)}).Emit();
  }

  const SourceSet& sources_;
  const ast::File& file_;
  Diagnostics& diagnostics_;
  ExprLint exprs_;
};

}  // namespace

void Lint(const SourceSet& sources, const ast::File& file, Diagnostics& diagnostics) {
  Diagnostics found;
  FileLint(sources, file, found).Run();
  std::vector<Diagnostic> sorted = found.all();
  const auto begin = [](const Diagnostic& diagnostic) { return diagnostic.primary.span.begin; };
  std::ranges::stable_sort(sorted, {}, begin);
  for (Diagnostic& diagnostic : sorted) diagnostics.Add(std::move(diagnostic));
}

}  // namespace rulec
