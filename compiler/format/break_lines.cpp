#include "compiler/format/break_lines.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "compiler/format/spacing.h"

namespace rulec::format {
namespace {

using Broken = std::vector<Line>;

bool Opens(TokenRole role) {
  return role == TokenRole::OpenRound || role == TokenRole::OpenLambda || role == TokenRole::OpenSquare ||
         role == TokenRole::OpenBrace;
}

bool Closes(TokenRole role) {
  return role == TokenRole::CloseRound || role == TokenRole::CloseSquare || role == TokenRole::CloseBrace;
}

// Walks over tokens and knows what is open at each of them.
class Walk {
 public:
  explicit Walk(Tokens tokens) : tokens_(tokens) {}

  // To be called for each token in order, before the questions about it.
  void Enter(size_t at) {
    const TokenRole role = tokens_[at].role;
    inside_ = brackets_ > 0 || cases_ > 0;
    if (Opens(role)) ++brackets_;
    if (Closes(role) && brackets_ > 0) --brackets_;
    if (brackets_ > 0) return;
    if (role == TokenRole::Case) ++cases_;
    if (cases_ > 0 && tokens_[at].text == "end" && IsWordAfterOperand(tokens_, at)) --cases_;
  }
  // Is the token within brackets or a `case`? A bracket itself stands outside, `end` inside.
  bool inside() const { return inside_; }
  bool in_brackets() const { return brackets_ > 0; }
  size_t cases() const { return cases_; }

 private:
  const Tokens tokens_;
  size_t brackets_ = 0;
  size_t cases_ = 0;
  bool inside_ = false;
};

void Append(Broken* to, Broken lines) {
  to->insert(to->end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

std::string Comma(const CommentedToken& comma) {
  return comma.inline_before.empty() ? "," : " " + comma.inline_before + ",";
}

// A word, and an expression behind it on its line.
Broken Behind(const std::string& word, Tokens tokens, size_t column, size_t indent) {
  Broken lines = BreakLines(tokens, column + Width(word), indent + kIndent);
  lines.front().text.insert(0, word);
  lines.front().indent = indent;
  return lines;
}

Broken BreakIf(Tokens tokens, size_t column, size_t indent) {
  Walk walk(tokens);
  size_t nested = 0, then = 0, otherwise = 0;
  for (size_t at = 0; at < tokens.size() && otherwise == 0; ++at) {
    walk.Enter(at);
    if (walk.inside() || at == 0) continue;
    const TokenRole role = tokens[at].role;
    if (role == TokenRole::If) ++nested;
    if (role == TokenRole::Then && nested == 0 && then == 0) then = at;
    if (role != TokenRole::Else) continue;
    if (nested == 0) otherwise = at;
    if (nested > 0) --nested;
  }
  if (then == 0 || otherwise == 0) return {};
  Broken lines = Behind(Commented(tokens[0]) + " ", tokens.subspan(1, then - 1), column, indent);
  const size_t inner = indent + kIndent;
  Append(&lines, Behind(Commented(tokens[then]) + " ", tokens.subspan(then + 1, otherwise - then - 1), inner, inner));
  Append(&lines, Behind(Commented(tokens[otherwise]) + " ", tokens.subspan(otherwise + 1), inner, inner));
  return lines;
}

// A `when` or an `else` of a `case`, up to the next one.
struct CasePart {
  size_t word = 0;
  size_t then = 0;  // of a `when`
};

std::vector<CasePart> CaseParts(Tokens tokens) {
  Walk walk(tokens);
  std::vector<CasePart> parts;
  size_t nested = 0;  // `if`s without their `else` yet
  for (size_t at = 0; at < tokens.size(); ++at) {
    walk.Enter(at);
    if (walk.in_brackets() || walk.cases() != 1 || at == 0) continue;
    const TokenRole role = tokens[at].role;
    if (role == TokenRole::If) ++nested;
    if (role == TokenRole::Then && nested == 0 && !parts.empty()) parts.back().then = at;
    if (role == TokenRole::Else && nested > 0) {
      --nested;
    } else if (role == TokenRole::Else || (tokens[at].text == "when" && IsWordAfterOperand(tokens, at))) {
      parts.push_back({at, 0});
      nested = 0;
    }
  }
  return parts;
}

void AppendCasePart(Broken* lines, Tokens tokens, const CasePart& part, size_t end, size_t indent) {
  const std::string word = Commented(tokens[part.word]) + " ";
  const Tokens all = tokens.subspan(part.word + 1, end - part.word - 1);
  const bool fits = !HasLineComment(all) && indent + Width(word) + Width(Flat(all)) <= kMaxWidth;
  if (part.then == 0 || fits) {
    Append(lines, Behind(word, all, indent, indent));
    return;
  }
  Append(lines, Behind(word, tokens.subspan(part.word + 1, part.then - part.word - 1), indent, indent));
  const size_t inner = indent + kIndent;
  Append(lines,
         Behind(Commented(tokens[part.then]) + " ", tokens.subspan(part.then + 1, end - part.then - 1), inner, inner));
}

// The `when`s and the `else` of a `case` stand on lines of their own, and `then` if its value has no room.
Broken BreakCase(Tokens tokens, size_t indent) {
  const std::vector<CasePart> parts = CaseParts(tokens);
  if (parts.empty() || parts.front().word != 1) return {};
  Broken lines = {{indent, Commented(tokens.front()), {}}};
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t end = i + 1 < parts.size() ? parts[i + 1].word : tokens.size() - 1;
    AppendCasePart(&lines, tokens, parts[i], end, indent + kIndent);
  }
  lines.push_back({indent, Commented(tokens.back()), {}});
  return lines;
}

// The looser an operator binds, the earlier a line breaks before it; a comma is the loosest and ends its line.
struct Cut {
  size_t at = 0;
  size_t length = 1;  // `not in` has two words
};

std::optional<int> LevelOf(Tokens tokens, size_t at, bool* between) {
  switch (tokens[at].role) {
    case TokenRole::Comma: return 0;
    case TokenRole::Or: return 1;
    case TokenRole::And: return std::exchange(*between, false) ? std::optional<int>() : 2;
    case TokenRole::Between: *between = true; return 3;
    case TokenRole::Compare:
    case TokenRole::WordCompare: return 3;
    case TokenRole::Coalesce: return 4;
    case TokenRole::Plus:
    case TokenRole::Minus: return IsBinary(tokens, at) ? std::optional<int>(5) : std::nullopt;
    case TokenRole::Times: return 6;
    default: return std::nullopt;
  }
}

std::vector<Cut> LoosestCuts(Tokens tokens, int* level) {
  Walk walk(tokens);
  std::vector<Cut> cuts;
  bool between = false;
  size_t open_types = 0;
  *level = 7;
  for (size_t at = 0; at < tokens.size(); ++at) {
    walk.Enter(at);
    if (tokens[at].role == TokenRole::TypeOpen) ++open_types;
    if (tokens[at].role == TokenRole::TypeClose) --open_types;
    if (at == 0 || walk.inside() || open_types > 0) continue;
    const std::optional<int> here = LevelOf(tokens, at, &between);
    if (!here || *here > *level) continue;
    if (*here < *level) cuts.clear();
    *level = *here;
    const bool negated = tokens[at - 1].role == TokenRole::Not && at >= 2 && IsBinary(tokens, at - 1);
    cuts.push_back(negated ? Cut{at - 1, 2} : Cut{at, 1});
  }
  return cuts;
}

Broken BreakOperators(Tokens tokens, size_t column, size_t indent) {
  int level = 0;
  const std::vector<Cut> cuts = LoosestCuts(tokens, &level);
  if (cuts.empty()) return {};
  if (level == 0) {
    Broken lines;
    size_t begin = 0;
    for (size_t i = 0; i <= cuts.size(); ++i) {
      const size_t end = i < cuts.size() ? cuts[i].at : tokens.size();
      Append(&lines, Behind("", tokens.subspan(begin, end - begin), i == 0 ? column : indent, indent));
      if (i < cuts.size()) lines.back().text += Comma(tokens[cuts[i].at]);
      begin = end + 1;
    }
    return lines;
  }
  Broken lines = BreakLines(tokens.first(cuts.front().at), column, indent + kIndent);
  lines.front().indent = indent;
  for (size_t i = 0; i < cuts.size(); ++i) {
    const size_t begin = cuts[i].at + cuts[i].length;
    const size_t end = i + 1 < cuts.size() ? cuts[i + 1].at : tokens.size();
    const std::string sign = Flat(tokens.subspan(cuts[i].at, cuts[i].length)) + " ";
    Append(&lines, Behind(sign, tokens.subspan(begin, end - begin), indent, indent));
  }
  return lines;
}

// [open, close] of the longest brackets that are not within others.
std::pair<size_t, size_t> LongestBrackets(Tokens tokens) {
  Walk walk(tokens);
  std::pair<size_t, size_t> longest = {0, 0};
  size_t longest_width = 0, open = 0;
  for (size_t at = 0; at < tokens.size(); ++at) {
    walk.Enter(at);
    if (Opens(tokens[at].role) && !walk.inside()) open = at;
    if (!Closes(tokens[at].role) || walk.in_brackets() || at < open + 2) continue;
    const size_t width = Width(Flat(tokens.subspan(open, at - open)));
    if (width <= longest_width) continue;
    longest = {open, at};
    longest_width = width;
  }
  return longest;
}

Broken BreakBrackets(Tokens tokens, size_t indent) {
  const auto [open, close] = LongestBrackets(tokens);
  if (close == 0) return {};
  Broken lines = {{indent, Flat(tokens.first(open + 1)), {}}};
  const Tokens inner = tokens.subspan(open + 1, close - open - 1);
  int level = 0;
  std::vector<Cut> cuts = LoosestCuts(inner, &level);
  if (level != 0) cuts.clear();
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i].at : inner.size();
    Append(&lines, Behind("", inner.subspan(begin, end - begin), indent + kIndent, indent + kIndent));
    if (i < cuts.size()) lines.back().text += Comma(inner[cuts[i].at]);
    begin = end + 1;
  }
  lines.push_back({indent, Flat(tokens.subspan(close)), {}});
  return lines;
}

// Past the `=>` of a lambda, or the sign, the name or the key of an argument that the expression begins with.
size_t HeadLength(Tokens tokens) {
  if (tokens.front().role == TokenRole::Not || tokens.front().role == TokenRole::Minus) return 1;
  if (tokens.front().role == TokenRole::Lambda) return 2;
  const bool parameters = tokens.front().role == TokenRole::OpenLambda;
  Walk walk(tokens);
  for (size_t at = 0; at < tokens.size(); ++at) {
    walk.Enter(at);
    if (walk.inside()) continue;
    if (tokens[at].role == TokenRole::Colon || (parameters && tokens[at].role == TokenRole::Arrow)) return at + 1;
  }
  return 0;
}

bool IsWholeCase(Tokens tokens) {
  Walk walk(tokens);
  for (size_t at = 0; at < tokens.size(); ++at) {
    walk.Enter(at);
    if (walk.cases() == 0) return at + 1 == tokens.size();
  }
  return false;
}

Broken BreakTooLong(Tokens tokens, size_t column, size_t indent) {
  const TokenRole first = tokens.front().role;
  if (first == TokenRole::If) return BreakIf(tokens, column, indent);
  if (first == TokenRole::Case && IsWholeCase(tokens)) return BreakCase(tokens, indent);
  if (Broken lines = BreakOperators(tokens, column, indent); !lines.empty()) return lines;
  if (const size_t head = HeadLength(tokens); head > 0 && head < tokens.size()) {
    const std::string text = Flat(tokens.first(head)) + (tokens.front().role == TokenRole::Minus ? "" : " ");
    Broken lines = BreakLines(tokens.subspan(head), column + Width(text), indent);
    lines.front().text.insert(0, text);
    return lines;
  }
  return BreakBrackets(tokens, indent);
}

}  // namespace

std::vector<Line> BreakLines(Tokens tokens, size_t column, size_t indent) {
  if (tokens.empty()) return {{indent, {}, {}}};
  if (HasLineComment(tokens)) return AuthorsLines(tokens, indent);
  std::string flat = Flat(tokens);
  if (column + Width(flat) > kMaxWidth) {
    if (Broken lines = BreakTooLong(tokens, column, indent); !lines.empty()) return lines;
  }
  return {{indent, std::move(flat), {}}};
}

std::vector<Line> AuthorsLines(Tokens tokens, size_t indent) {
  Broken lines;
  size_t begin = 0;
  for (size_t at = 0; at < tokens.size(); ++at) {
    const bool ends = at + 1 == tokens.size() || tokens[at + 1].newline_before || !tokens[at].trailing.empty();
    if (at == begin && at > 0) {
      for (const Comment& comment : tokens[at].above) lines.push_back({indent, comment.text, {}});
    }
    if (!ends) continue;
    const bool last = at + 1 == tokens.size();
    lines.push_back({indent, Flat(tokens, begin, at + 1), last ? std::string() : tokens[at].trailing});
    begin = at + 1;
  }
  return lines;
}

}  // namespace rulec::format
