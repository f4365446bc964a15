// Tokens on one line, with the spaces that belong between them.
#pragma once

#include <string>

#include "compiler/format/commented_tokens.h"

namespace rulec::format {

// Columns that a text takes, a character each.
size_t Width(std::string_view text);

// With the comment before it on its line.
std::string Commented(const CommentedToken& token);

// Without the comments above the first and behind the last of them.
std::string Flat(Tokens tokens);
// The tokens from `begin` to `end`, which know what stands before them.
std::string Flat(Tokens tokens, size_t begin, size_t end);

// Is there a comment within that ends a line?
bool HasLineComment(Tokens tokens);

// Does the word at `at` end a `case`, `when` begin a part of it, and so on? Such a word follows an operand.
bool IsWordAfterOperand(Tokens tokens, size_t at);

// Is the sign at `at` one between two operands?
bool IsBinary(Tokens tokens, size_t at);

}  // namespace rulec::format
