#include "compiler/format/format_rules.h"

#include <algorithm>

#include "compiler/format/rule_layout.h"
#include "compiler/format/spacing.h"
#include "compiler/format/test_layout.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace format {
namespace {

// What is left when the spaces and the separators that the layout may add or leave out are taken away.
std::string Essence(std::string_view text) {
  std::string essence;
  essence.reserve(text.size());
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != ',' && c != ';') essence += c;
  }
  return essence;
}

class FileLayout {
 public:
  FileLayout(const ast::File& file, std::string_view text) : file_(file), layout_(text, &lines_) {}

  std::string Put() {
    size_t at = 0;
    for (const Part& part : Parts()) {
      PutRest(at, part.begin);
      PutPart(part);
      at = part.end;
    }
    PutRest(at, layout_.tokens().size());
    layout_.Comments(layout_.at_end(), 0, EmptyLine::Kept);
    return lines_.Join();
  }

 private:
  // A declaration; without one: `package` or `import`.
  struct Part {
    size_t begin = 0;
    size_t end = 0;
    const ast::Decl* decl = nullptr;
  };

  std::vector<Part> Parts() const {
    std::vector<Part> parts;
    if (!file_.package.empty()) {
      parts.push_back({layout_.IndexAt(file_.package.front().span.begin) - 1,
                       layout_.IndexAt(file_.package.back().span.end), nullptr});
    }
    for (const ast::Import& import : file_.imports) {
      parts.push_back({layout_.IndexAt(import.span.begin) - 1, layout_.IndexAt(import.span.end), nullptr});
    }
    for (const ast::Decl& decl : file_.decls) {
      parts.push_back({layout_.IndexAt(decl.span.begin), layout_.IndexAt(decl.span.end), &decl});
    }
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.begin < b.begin; });
    return parts;
  }

  // Declarations of a later version.
  void PutRest(size_t begin, size_t end) {
    if (begin >= end) return;
    const Tokens tokens = layout_.tokens().subspan(begin, end - begin);
    layout_.Above(tokens.front(), 0, after_large_ ? EmptyLine::Made : EmptyLine::Kept);
    layout_.PutAsWritten(0, tokens);
    after_large_ = false;
  }

  void PutPart(const Part& part) {
    const Tokens tokens = layout_.tokens().subspan(part.begin, part.end - part.begin);
    const auto* rule = part.decl ? std::get_if<ast::RuleDecl>(&part.decl->node) : nullptr;
    const auto* test = part.decl ? std::get_if<ast::TestDecl>(&part.decl->node) : nullptr;
    const bool large = rule || test;
    layout_.Above(tokens.front(), 0, large || after_large_ ? EmptyLine::Made : EmptyLine::Kept);
    after_large_ = large;
    const size_t before = layout_.lines().size();
    PutLaidOut(part, tokens, rule, test);
    // A comment in a place that the layout does not know.
    if (Essence(layout_.lines().Text(before)) == Essence(layout_.Written(tokens))) return;
    layout_.lines().Drop(before);
    layout_.PutAsWritten(0, tokens);
  }

  void PutLaidOut(const Part& part, Tokens tokens, const ast::RuleDecl* rule, const ast::TestDecl* test) {
    if (rule) {
      RuleLayout(layout_, *rule, tokens).Put();
    } else if (test) {
      TestLayout(layout_, *test, tokens).Put();
    } else if (part.decl && std::holds_alternative<ast::StreamDecl>(part.decl->node)) {
      PutStream(tokens);
    } else {
      PutValue(tokens);
    }
  }

  // What stands behind the `=` is broken where it is too long.
  void PutValue(Tokens tokens) {
    const auto assign = std::find_if(tokens.begin(), tokens.end(), [&](const CommentedToken& token) {
      return token.role == TokenRole::Assign && token.depth == tokens.front().depth;
    });
    const auto head = static_cast<size_t>(assign - tokens.begin()) + 1;
    if (head >= tokens.size() || HasLineComment(tokens)) {
      layout_.Put(0, {}, tokens, kIndent);
    } else {
      layout_.Put(0, Flat(tokens.first(head)) + " ", tokens.subspan(head), kIndent);
    }
  }

  void PutStream(Tokens tokens) {
    const size_t open = FindBrace(tokens);
    if (open == tokens.size()) {
      layout_.Put(0, {}, tokens, kIndent);
      return;
    }
    const std::vector<Tokens> options = Options(tokens.subspan(open + 1, tokens.size() - open - 2));
    const bool comment_within =
        std::any_of(options.begin(), options.end(), [](Tokens option) { return HasLineComment(option); });
    if (HasLineComment(tokens.first(open + 1)) || comment_within) {
      layout_.PutAsWritten(0, tokens);
      return;
    }
    const std::string head = Flat(tokens.first(open + 1));
    std::string line = head;
    for (size_t i = 0; i < options.size(); ++i) line += (i > 0 ? "; " : " ") + Flat(WithoutSemicolon(options[i]));
    line += (options.empty() ? "" : " ") + Commented(tokens.back());
    const bool broken = HasLineComment(tokens) || tokens[open + 1].newline_before || Width(line) > kMaxWidth;
    if (!broken || options.empty()) {
      layout_.lines().Add({0, std::move(line), tokens.back().trailing});
      return;
    }
    layout_.lines().Add({0, head, tokens[open].trailing});
    PutOptions(options);
    layout_.Comments(tokens.back().above, kIndent, EmptyLine::Kept);
    layout_.lines().Add({0, Commented(tokens.back()), tokens.back().trailing});
  }

  void PutOptions(const std::vector<Tokens>& options) {
    size_t width = 0;
    for (const Tokens option : options) width = std::max(width, option.front().text.size());
    for (size_t i = 0; i < options.size(); ++i) {
      layout_.Above(options[i].front(), kIndent, i == 0 ? EmptyLine::None : EmptyLine::Kept);
      std::string word(options[i].front().text);
      word.resize(width, ' ');
      word.insert(0, options[i].front().inline_before);
      const Tokens value = WithoutSemicolon(options[i]).subspan(1);
      const bool semicolon = options[i].back().role == TokenRole::Semicolon;
      std::string comment = JoinComments(value.back().trailing, semicolon ? options[i].back().trailing : "");
      layout_.lines().Add({kIndent, word + " " + Flat(value), std::move(comment)});
    }
  }

  static Tokens WithoutSemicolon(Tokens option) {
    return option.first(option.size() - (option.back().role == TokenRole::Semicolon ? 1 : 0));
  }

  // `time a.b`, `watermark 5s`; a `;` at the end belongs to it.
  static std::vector<Tokens> Options(Tokens tokens) {
    std::vector<Tokens> options;
    for (size_t begin = 0; begin < tokens.size();) {
      size_t end = std::min(begin + 2, tokens.size());
      while (end + 1 < tokens.size() && tokens[end].role == TokenRole::Dot) end += 2;
      if (end < tokens.size() && tokens[end].role == TokenRole::Semicolon) ++end;
      options.push_back(tokens.subspan(begin, end - begin));
      begin = end;
    }
    return options;
  }

  const ast::File& file_;
  Lines lines_;
  Layout layout_;
  bool after_large_ = false;  // behind a rule or a test stands an empty line
};

bool HasSyntaxErrors(const Diagnostics& found) {
  return std::any_of(found.all().begin(), found.all().end(), [](const Diagnostic& diagnostic) {
    return diagnostic.kind->severity == Severity::Error && diagnostic.kind != &NotSupportedYet;
  });
}

bool MeansTheSame(const ast::File& before, std::string_view text, const std::string& formatted) {
  if (Essence(text) != Essence(formatted)) return false;
  SourceSet sources;
  Diagnostics found;
  const ast::File after = ParseText(sources, sources.Add("formatted", formatted), found);
  return !HasSyntaxErrors(found) && ast::Print(before) == ast::Print(after);
}

}  // namespace
}  // namespace format

std::optional<std::string> FormatRules(const SourceSet& sources, FileId file, Diagnostics& diagnostics) {
  Diagnostics found;
  const ast::File tree = ParseText(sources, file, found);
  if (format::HasSyntaxErrors(found)) {
    for (const Diagnostic& diagnostic : found.all()) {
      if (diagnostic.kind != &NotSupportedYet) diagnostics.Add(diagnostic);
    }
    return std::nullopt;
  }
  const std::string_view text = sources.file(file).text();
  std::string formatted = format::FileLayout(tree, text).Put();
  if (format::MeansTheSame(tree, text, formatted)) return formatted;
  // A mistake of ours: better no layout than other rules.
  diagnostics.Build({file, 0, 0}, NotSupportedYet, {"formatting this file"}).Emit();
  return std::nullopt;
}

}  // namespace rulec
