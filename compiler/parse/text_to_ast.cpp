#include "compiler/parse/text_to_ast.h"

#include <algorithm>

#include "compiler/parse/nesting.h"
#include "compiler/parse/syntax_errors.h"
#include "compiler/parse/text_checks.h"
#include "compiler/parse/text_to_tokens.h"
#include "compiler/parse/token_context.h"
#include "compiler/parse/token_kinds.h"
#include "compiler/parse/token_stream.h"
#include "compiler/parse/tree_to_decls.h"
#include "grammar/RuleLexer.h"
#include "grammar/RuleParser.h"

namespace rulec {
namespace {

using grammar::RuleLexer;
using grammar::RuleParser;

// Bounds the memory of one parse tree, about 1 KiB a token at worst.
constexpr size_t kMaxPieceTokens = 200'000;

class FileParser {
 public:
  FileParser(std::string_view text, FileId file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  ast::File Parse() {
    ast::File file;
    file.id = file_;
    const TokenList list = LexText(text_, file_, diagnostics_);
    if (diagnostics_.has_errors()) return file;
    PieceReader reader(list, text_, file_, diagnostics_);
    while (diagnostics_.errors() <= kMaxErrors) {
      const size_t errors_before = diagnostics_.errors();
      std::optional<Piece> piece = reader.Next();
      if (!piece) break;
      NoteBegin(piece->tokens.front());
      SettleContext(text_, &*piece);
      if (!CheckSize(*piece)) continue;
      const size_t decls_before = file.decls.size();
      ParsePiece(*piece, list.docs, &file);
      const size_t told = diagnostics_.errors() - errors_before;
      if (told == 0 || file.decls.size() == decls_before || !IsRuleAlone(*piece)) continue;
      file.errors_in_rules += told;
      for (size_t at = decls_before; at < file.decls.size(); ++at) MarkIncomplete(&file.decls[at]);
    }
    return file;
  }

  // Where pieces begin that are no declarations: what a brace too few or too many leaves of one. Each with whether it
  // is the rest of a declaration, not the begin of one whose word is misspelt.
  struct Begin {
    uint32_t at;
    bool rest;
  };
  const std::vector<Begin>& begins() const { return begins_; }

 private:
  void NoteBegin(const Token& first) {
    const bool misspelt = first.type == RuleLexer::NAME || first.type == RuleLexer::QUOTED;
    const bool remains = first.type == RuleLexer::RBRACE || IsWord(first.type);
    begins_.push_back({first.begin, remains && !IsDeclarationWord(first.type) && !misspelt});
  }

  bool CheckSize(const Piece& piece) {
    const Token* deep = FindTooDeep(piece.tokens);
    if (deep) {
      diagnostics_.Build({file_, deep->begin, deep->end}, NestedTooDeeply, {std::to_string(kMaxNesting)})
          .Help("name the inner parts with `let`")
          .Emit();
      return false;
    }
    if (piece.tokens.size() > kMaxPieceTokens) {
      const Token& token = piece.tokens[kMaxPieceTokens];
      diagnostics_
          .Build({file_, token.begin, token.end}, TooManyTokens, {"a declaration", std::to_string(kMaxPieceTokens)})
          .Emit();
      return false;
    }
    return true;
  }

  // A rule or test whose brackets pair, so that no mistake in it reaches what stands around it.
  static bool IsRuleAlone(const Piece& piece) {
    const uint16_t word = piece.tokens.front().type;
    return (word == RuleLexer::RULE || word == RuleLexer::DERIVE || word == RuleLexer::TEST) && !piece.goes_on &&
           piece.quiet_from == kNeverQuiet && piece.mismatched.empty() && piece.lone_braces.empty();
  }

  static void MarkIncomplete(ast::Decl* decl) {
    if (auto* rule = std::get_if<ast::RuleDecl>(&decl->node)) rule->incomplete = true;
    if (auto* test = std::get_if<ast::TestDecl>(&decl->node)) test->incomplete = true;
  }

  void ParsePiece(const Piece& piece, const std::vector<DocLine>& docs, ast::File* file) {
    PieceStream stream(piece.tokens);
    RuleParser parser(&stream);
    parser.removeErrorListeners();
    const auto errors = std::make_shared<SyntaxErrors>(piece, text_, file_, diagnostics_);
    parser.setErrorHandler(errors);
    parser.skip_clause = [&](RuleParser&) { SkipClause(piece, &stream, errors.get()); };
    parser.skip_declaration = [&](RuleParser&) { stream.seek(piece.tokens.size() - 1); };
    const size_t errors_before = diagnostics_.errors();
    try {
      RuleParser::PieceContext* tree = parser.piece();
      TreeContext context(piece, text_, file_, diagnostics_);
      DeclBuilder(context, docs,
                  errors->any() || piece.goes_on || piece.quiet_from != kNeverQuiet || !piece.told.empty())
          .Build(tree, file);
    } catch (const antlr4::ParseCancellationException&) {
      // There are more errors than are told.
    }
    if (diagnostics_.errors() > errors_before) return;
    for (const Token& brace : piece.lone_braces) {
      diagnostics_.Build({file_, brace.begin, brace.end}, UnpairedBracket, {"}"}).Emit();
    }
  }

  // To the next clause of the rule, or its end. What follows may belong to what was skipped.
  static void SkipClause(const Piece& piece, PieceStream* stream, SyntaxErrors* errors) {
    size_t at = stream->index();
    errors->QuietFrom(at);
    const uint16_t depth = piece.tokens[at - 1].depth;
    while (at + 1 < piece.tokens.size()) {
      const Token& token = piece.tokens[at];
      if (token.depth < depth || (token.depth == depth && token.type == RuleLexer::CLAUSE)) break;
      ++at;
    }
    stream->seek(at);
  }

  const std::string_view text_;
  const FileId file_;
  Diagnostics& diagnostics_;
  std::vector<Begin> begins_;
};

// Takes away what only follows from a mistake in the same declaration: errors in what a wrong brace left of it, and
// braces there that close nothing. `all` in the order of the text.
void DropConsequences(const std::vector<FileParser::Begin>& begins, std::vector<Diagnostic>* all) {
  size_t piece = 0;
  bool told = false;
  std::erase_if(*all, [&](const Diagnostic& diagnostic) {
    const uint32_t at = diagnostic.primary.span.begin;
    for (; piece < begins.size() && begins[piece].at <= at; ++piece) told = told && begins[piece].rest;
    const bool rest = piece > 0 && begins[piece - 1].rest;
    const bool brace = diagnostic.kind == &UnpairedBracket && diagnostic.arguments.front() == "}";
    if (told && (rest || brace)) return true;
    told = told || diagnostic.kind->severity == Severity::Error;
    return false;
  });
}

}  // namespace

ast::File ParseText(const SourceSet& sources, FileId file, Diagnostics& diagnostics) {
  ast::File tree;
  tree.id = file;
  if (!CheckText(sources, file, diagnostics)) return tree;
  // Pieces are checked in several steps; the author reads from top to bottom.
  Diagnostics found;
  FileParser parser(sources.file(file).text(), file, found);
  tree = parser.Parse();
  std::vector<Diagnostic> sorted = found.all();
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.primary.span.begin < b.primary.span.begin;
  });
  DropConsequences(parser.begins(), &sorted);
  if (sorted.size() > kMaxErrors) {
    const Span last = sorted[kMaxErrors].primary.span;
    sorted.resize(kMaxErrors);
    for (Diagnostic& diagnostic : sorted) diagnostics.Add(std::move(diagnostic));
    diagnostics.Build(last, TooManySyntaxErrors).Emit();
    return tree;
  }
  for (Diagnostic& diagnostic : sorted) diagnostics.Add(std::move(diagnostic));
  return tree;
}

}  // namespace rulec
