// What the builders of expressions and declarations share while they read the parse tree of one piece.
#pragma once

#include <set>

#include "antlr4-runtime.h"
#include "compiler/ast/ast.h"
#include "compiler/parse/pieces.h"

namespace rulec {

// The children of one kind, in order; searching for the n-th again and again would be quadratic.
template <class Context>
std::vector<Context*> ChildrenOf(antlr4::ParserRuleContext* tree) {
  std::vector<Context*> found;
  for (antlr4::tree::ParseTree* child : tree->children) {
    if (auto* context = dynamic_cast<Context*>(child)) found.push_back(context);
  }
  return found;
}

class TreeContext {
 public:
  // The arguments outlive the context.
  TreeContext(const Piece& piece, std::string_view text, FileId file, Diagnostics& diagnostics)
      : piece_(piece), text_(text), file_(file), diagnostics_(diagnostics) {}

  const Piece& piece() const { return piece_; }
  FileId file() const { return file_; }
  std::string_view file_text() const { return text_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const Token& token(size_t index) const { return piece_.tokens[index]; }
  std::string_view text(size_t index) const { return TextOf(text_, piece_.tokens[index]); }
  Span SpanOf(size_t index) const { return {file_, token(index).begin, token(index).end}; }
  Span SpanOf(const antlr4::ParserRuleContext* context) const;
  size_t First(const antlr4::ParserRuleContext* context) const { return context->start->getTokenIndex(); }

  // The word at a token, without backticks or `@`.
  ast::Name NameAt(size_t index);

  ast::Name NameOf(antlr4::ParserRuleContext* tree) { return NameAt(First(tree)); }
  // name (. name)* among the children of a node, whatever else it has.
  std::vector<ast::Name> Path(antlr4::ParserRuleContext* tree);

  // Tells that a word cannot stand where it does.
  void Misplaced(size_t index, std::string_view help);
  // Tells once in a rule (or other declaration) that a construct is not supported. `construct` is what it is called.
  void NotSupported(Span span, std::string_view construct);
  // Aggregates and the like: not told where a whole clause was told, of which they are a part.
  void NotSupportedAlone(Span span, std::string_view construct);
  // A clause: its parts on further lines (`then`, `having`) are not told again.
  void NotSupportedClause(Span span, std::string_view construct);
  void BeginDeclaration();
  bool told_clause() const { return told_clause_; }
  bool told_not_supported() const { return !told_.empty(); }

 private:
  const Piece& piece_;
  const std::string_view text_;
  const FileId file_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> told_;
  bool told_clause_ = false;
};

}  // namespace rulec
