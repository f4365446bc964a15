#include "compiler/format/spacing.h"

#include <algorithm>
#include <array>

namespace rulec::format {
namespace {

// Words that stand behind an operand and before another one.
constexpr std::array<std::string_view, 10> kWordsBetween = {"when", "by",    "as",  "over", "limit",
                                                            "per",  "every", "for", "on",   "partition"};

bool EndsOperand(Tokens tokens, size_t at) {
  const CommentedToken& token = tokens[at];
  if (!token.ends_operand) return false;
  if (token.role != TokenRole::Word || !IsWordAfterOperand(tokens, at)) return true;
  return std::find(kWordsBetween.begin(), kWordsBetween.end(), token.text) == kWordsBetween.end();
}

bool IsOpen(TokenRole role) {
  return role == TokenRole::OpenRound || role == TokenRole::OpenLambda || role == TokenRole::OpenSquare;
}

// Never with a space before it.
bool Clings(TokenRole role) {
  switch (role) {
    case TokenRole::Comma:
    case TokenRole::Semicolon:
    case TokenRole::CloseRound:
    case TokenRole::CloseSquare:
    case TokenRole::Dot:
    case TokenRole::Range:
    case TokenRole::Question:
    case TokenRole::TypeOpen:
    case TokenRole::TypeClose:
    case TokenRole::MetaOf: return true;
    default: return false;
  }
}

class FlatWriter {
 public:
  FlatWriter(Tokens tokens, size_t begin) : tokens_(tokens), begin_(begin) {}

  std::string Write() {
    for (size_t at = begin_; at < tokens_.size(); ++at) {
      if (at > begin_ && SpaceBefore(at)) out_ += ' ';
      out_ += Commented(tokens_[at]);
    }
    return std::move(out_);
  }

 private:
  bool SpaceBefore(size_t at) const {
    const TokenRole role = tokens_[at].role;
    const TokenRole previous = tokens_[at - 1].role;
    if (Clings(role)) return false;
    if (IsOpen(previous) || previous == TokenRole::Dot || previous == TokenRole::Range) return false;
    if (previous == TokenRole::TypeOpen) return false;
    // `a: 1` within brackets and blocks, `trades : Trade` at the head of a declaration.
    if (role == TokenRole::Colon) return previous != TokenRole::Label && tokens_[at].depth == 0;
    if (role == TokenRole::OpenSquare || role == TokenRole::OpenRound) {
      return !EndsOperand(tokens_, at - 1) || previous == TokenRole::Constant || previous == TokenRole::Number;
    }
    if (previous == TokenRole::Minus || previous == TokenRole::Plus) return IsBinary(tokens_, at - 1);
    return true;
  }

  const Tokens tokens_;
  const size_t begin_;
  std::string out_;
};

}  // namespace

size_t Width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

bool IsWordAfterOperand(Tokens tokens, size_t at) {
  if (tokens[at].role != TokenRole::Word) return false;
  if (at == 0) return false;
  return tokens[at - 1].role == TokenRole::Case || EndsOperand(tokens, at - 1);
}

bool IsBinary(Tokens tokens, size_t at) { return at > 0 && EndsOperand(tokens, at - 1); }

std::string Commented(const CommentedToken& token) { return token.inline_before + std::string(token.text); }

std::string Flat(Tokens tokens) { return FlatWriter(tokens, 0).Write(); }

std::string Flat(Tokens tokens, size_t begin, size_t end) { return FlatWriter(tokens.first(end), begin).Write(); }

bool HasLineComment(Tokens tokens) {
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (at > 0 && !tokens[at].above.empty()) return true;
    if (at + 1 < tokens.size() && !tokens[at].trailing.empty()) return true;
  }
  return false;
}

}  // namespace rulec::format
