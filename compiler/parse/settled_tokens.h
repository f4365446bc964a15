// The tokens of a file as the parser sees them, for what works on the text and not on the tree, as the formatter does.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/parse/token.h"

namespace rulec {

enum class TokenRole : uint8_t {
  Word,      // a name or a word that may be one
  Number,    // also percentages and durations
  Text,      // a string
  Constant,  // `true`, `false`, `null`
  Meta,      // `@time`
  MetaOf,    // `@time` of `t@time`
  Label,     // a word before `:`
  Bound,     // a name before `=` in a `let`, `const`, `schema` or key
  Lambda,    // a name before `=>`
  Repeat,    // `x5`
  OpenRound,
  OpenLambda,  // the `(` of `(a, b) =>`
  CloseRound,
  OpenSquare,
  CloseSquare,
  OpenBrace,
  CloseBrace,
  FormatOpen,
  FormatPart,  // what a formatted string holds, apart from its values
  FormatClose,
  HoleOpen,
  HoleClose,
  TypeOpen,   // the `<` of `list<long>`
  TypeClose,  // its `>`
  Comma,
  Semicolon,
  Colon,
  Dot,  // also `?.`
  Range,
  Question,
  Assign,
  Arrow,
  Or,
  And,
  Not,
  Compare,      // == != < <= > >=
  WordCompare,  // in is like matches
  Between,
  Coalesce,
  Plus,
  Minus,
  Times,  // * and /
  If,
  Then,
  Else,
  Case,
  Where,   // a clause
  Filter,  // the `where` of an emit or of an argument
  Pipe,
  Tilde,
  Clause,    // empty: a clause or a step of a test begins
  NextItem,  // empty: the line end that stands for a comma, or that ends a row
  Other
};

struct SettledToken {
  TokenRole role = TokenRole::Other;
  uint16_t depth = 0;
  bool first_on_line = false;
  bool ends_operand = false;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Of a text without syntax errors.
std::vector<SettledToken> SettledTokens(std::string_view text);

}  // namespace rulec
