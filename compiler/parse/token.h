// The tokens of a file between the lexer and the parser: small, and known by their place in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace rulec {

// The types are RuleLexer's; Token::type is one of them or kEndOfPiece.
inline constexpr uint16_t kEndOfPiece = 0xFFFF;

struct Token {
  uint16_t type = 0;
  uint16_t depth = 0;  // brackets open around it; a bracket itself stands outside
  bool first_on_line = false;
  bool made = false;  // not in the text: a CLAUSE, a NEXT_ITEM or a bracket that the author forgot
  uint32_t begin = 0;
  uint32_t end = 0;
};

// A `///` comment, without its slashes.
struct DocLine {
  uint32_t begin = 0;
  std::string_view text;
};

struct TokenList {
  std::vector<Token> tokens;  // without an end token
  std::vector<DocLine> docs;  // in the order of the text
};

inline std::string_view TextOf(std::string_view text, const Token& token) {
  return text.substr(token.begin, token.end - token.begin);
}

}  // namespace rulec
