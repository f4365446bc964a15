// The lines of a `test`, its tables with their columns aligned.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/format/layout.h"

namespace rulec::format {

class TestLayout {
 public:
  // `layout` outlives it; `tokens` are those of the whole declaration.
  TestLayout(Layout& layout, const ast::TestDecl& test, Tokens tokens)
      : layout_(layout), test_(test), tokens_(tokens) {}

  // Without the comments above the declaration.
  void Put();

 private:
  void PutStep(Tokens tokens);
  void PutTable(Tokens rows);

  Layout& layout_;
  const ast::TestDecl& test_;
  const Tokens tokens_;
};

}  // namespace rulec::format
