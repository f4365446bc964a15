#include "compiler/format/layout.h"

#include <algorithm>

#include "compiler/format/spacing.h"

namespace rulec::format {

size_t Layout::IndexAt(uint32_t offset) const {
  const auto found = std::lower_bound(commented_.tokens.begin(), commented_.tokens.end(), offset,
                                      [](const CommentedToken& token, uint32_t at) { return token.begin < at; });
  return static_cast<size_t>(found - commented_.tokens.begin());
}

Tokens Layout::Within(Span span) const {
  const size_t first = IndexAt(span.begin);
  return tokens().subspan(first, IndexAt(span.end) - first);
}

void Layout::Comments(const std::vector<Comment>& comments, size_t indent, EmptyLine empty) {
  for (const Comment& comment : comments) {
    if (empty == EmptyLine::Made || (empty == EmptyLine::Kept && comment.blank_before)) lines_.Blank();
    empty = EmptyLine::Kept;
    lines_.Add(indent, comment.text);
  }
}

void Layout::Above(const CommentedToken& token, size_t indent, EmptyLine empty) {
  Comments(token.above, indent, empty);
  if (!token.above.empty()) empty = EmptyLine::Kept;
  if (empty == EmptyLine::Made || (empty == EmptyLine::Kept && token.blank_before)) lines_.Blank();
}

void Layout::Put(size_t indent, const std::string& prefix, Tokens tokens, size_t indent_rest, const std::string& suffix,
                 const std::string& comment) {
  std::vector<Line> broken = BreakLines(tokens, indent + Width(prefix) + Width(suffix), indent_rest);
  broken.front().indent = indent;
  broken.front().text.insert(0, prefix);
  broken.back().text += suffix;
  broken.back().comment = JoinComments(tokens.empty() ? std::string() : tokens.back().trailing, comment);
  for (Line& line : broken) lines_.Add(std::move(line));
}

std::string Layout::Written(Tokens tokens) const {
  const uint32_t begin = tokens.front().begin;
  return tokens.front().inline_before + std::string(text_.substr(begin, tokens.back().end() - begin)) +
         tokens.back().trailing;
}

void Layout::PutAsWritten(size_t indent, Tokens tokens) {
  const uint32_t begin = tokens.front().begin;
  const size_t line_begin = text_.rfind('\n', begin) == std::string_view::npos ? 0 : text_.rfind('\n', begin) + 1;
  const std::string_view before = text_.substr(line_begin, begin - line_begin);
  const size_t blanks = std::min(before.find_first_not_of(" \t"), before.size());
  const bool first_on_line = blanks == before.size() || before.substr(blanks).starts_with("/*");
  const size_t column = first_on_line ? blanks : 0;
  std::string_view rest = text_.substr(begin, tokens.back().end() - begin);
  for (bool first = true; !rest.empty(); first = false) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    const size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    const size_t kept = first ? 0 : spaces - std::min(spaces, column);
    if (line.empty()) {
      lines_.Blank();
    } else {
      std::string shown = (first ? tokens.front().inline_before : "") + std::string(line.substr(spaces));
      lines_.Add({indent + kept, std::move(shown), rest.empty() ? tokens.back().trailing : ""});
    }
  }
}

size_t FindBrace(Tokens tokens) {
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].role == TokenRole::OpenBrace && tokens[at].depth == tokens.front().depth) return at;
  }
  return tokens.size();
}

std::string JoinComments(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return first + " " + second;
}

}  // namespace rulec::format
