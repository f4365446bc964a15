// The lines of a rule or a `derive`.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/format/layout.h"

namespace rulec::format {

class RuleLayout {
 public:
  // `layout` outlives it; `tokens` are those of the whole declaration.
  RuleLayout(Layout& layout, const ast::RuleDecl& rule, Tokens tokens)
      : layout_(layout), rule_(rule), tokens_(tokens) {}

  // Without the comments above the declaration.
  void Put();

 private:
  enum class Kind : uint8_t { Expression, Let, Emit, AsWritten };
  struct Chunk {
    Kind kind = Kind::AsWritten;
    Tokens tokens;
  };

  std::vector<Chunk> Chunks(Tokens body) const;
  void AddStage(const ast::Stage& stage, std::vector<std::pair<Kind, Span>>* stages) const;
  void PutHeader(size_t brace);
  void PutChunk(const Chunk& chunk);
  void PutLet(Tokens tokens);
  void PutEmit(Tokens tokens);
  bool PutEmitOnOneLine(Tokens tokens, size_t open, size_t close);
  void PutFields(Tokens block);
  // The chunk's first word, filled up to the width of all of them.
  std::string Padded(const CommentedToken& word) const;

  Layout& layout_;
  const ast::RuleDecl& rule_;
  const Tokens tokens_;
  size_t word_width_ = 0;
};

}  // namespace rulec::format
