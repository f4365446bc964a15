// The tokens of a file with the comments around them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/parse/settled_tokens.h"

namespace rulec::format {

// A comment on lines of its own.
struct Comment {
  std::string text;
  bool blank_before = false;  // an empty line stands before it
};

struct CommentedToken {
  TokenRole role = TokenRole::Other;
  std::string_view text;  // of a formatted string: all of it
  uint32_t begin = 0;
  uint16_t depth = 0;
  bool ends_operand = false;
  bool begins_clause = false;
  bool next_item = false;       // its line end stands for a comma, or ends a row
  bool newline_before = false;  // it is the first on its line
  bool blank_before = false;    // an empty line stands before it, and behind the comments above
  std::vector<Comment> above;
  std::string inline_before;  // `/* … */` before it on its line
  std::string trailing;       // behind it, up to the line's end
  uint32_t end() const { return begin + static_cast<uint32_t>(text.size()); }
};

// Tokens that stand in a row; what they belong to outlives it.
using Tokens = std::span<const CommentedToken>;

struct CommentedText {
  std::vector<CommentedToken> tokens;
  std::vector<Comment> at_end;  // behind the last token
};

// `text` outlives the result and has no syntax errors.
CommentedText ReadCommentedText(std::string_view text);

}  // namespace rulec::format
