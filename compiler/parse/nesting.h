// How deep a recursive-descent parser would have to go, counted on the tokens before it runs.
#pragma once

#include <vector>

#include "compiler/parse/token.h"

namespace rulec {

inline constexpr size_t kMaxNesting = 256;

// The first of `tokens` with which the parser would nest deeper than kMaxNesting, or null. Brackets must pair.
const Token* FindTooDeep(const std::vector<Token>& tokens);

}  // namespace rulec
