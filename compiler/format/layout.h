// What the layouts of declarations, rules and tests share: tokens by their place in the text, and lines with comments.
#pragma once

#include <string_view>

#include "compiler/format/break_lines.h"
#include "compiler/format/commented_tokens.h"
#include "compiler/format/lines.h"
#include "compiler/source/source.h"

namespace rulec::format {

// Is an empty line kept before what follows, or made?
enum class EmptyLine : uint8_t { None, Kept, Made };

class Layout {
 public:
  // `text` outlives the layout.
  Layout(std::string_view text, Lines* lines) : text_(text), commented_(ReadCommentedText(text)), lines_(*lines) {}

  Lines& lines() { return lines_; }
  Tokens tokens() const { return commented_.tokens; }
  const std::vector<Comment>& at_end() const { return commented_.at_end; }

  // The index of the first token at or behind an offset.
  size_t IndexAt(uint32_t offset) const;
  Tokens Within(Span span) const;

  // The comments on lines of their own above a token, and the empty lines before and between them.
  void Above(const CommentedToken& token, size_t indent, EmptyLine empty);
  void Comments(const std::vector<Comment>& comments, size_t indent, EmptyLine empty);

  // One item: `prefix`, the tokens, broken where they are too long, `suffix`, and the comment behind the last of them.
  // Lines behind the first stand at `indent_rest` or deeper.
  void Put(size_t indent, const std::string& prefix, Tokens tokens, size_t indent_rest, const std::string& suffix = {},
           const std::string& comment = {});
  // The tokens and what stands between them, with the comments before and behind them on their lines.
  std::string Written(Tokens tokens) const;
  // The lines as they are, moved so that the first one stands at `indent`.
  void PutAsWritten(size_t indent, Tokens tokens);

 private:
  const std::string_view text_;
  const CommentedText commented_;
  Lines& lines_;
};

// `{` … `}` within tokens: the index of the first `{` outside of other brackets, or the number of tokens.
size_t FindBrace(Tokens tokens);

std::string JoinComments(const std::string& first, const std::string& second);

}  // namespace rulec::format
