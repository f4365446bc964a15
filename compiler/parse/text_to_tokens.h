// text -> tokens, by the generated lexer.
#pragma once

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/parse/token.h"

namespace rulec {

inline constexpr size_t kMaxTokens = 4'000'000;

// Every byte of the text is in a token, a comment or between them: nothing is refused here. But lexing ends early where
// the parser could not follow anyway: with a message after kMaxTokens, without one at brackets nested absurdly deep,
// which the count of nesting tells.
TokenList LexText(std::string_view text, FileId file, Diagnostics& diagnostics);

}  // namespace rulec
