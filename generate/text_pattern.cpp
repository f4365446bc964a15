#include "generate/text_pattern.h"

#include <charconv>

namespace rulec::generate {
namespace {

constexpr size_t kMaxCount = 10'000;

std::string_view AlphabetOf(char letter) {
  switch (letter) {
    case 'A': return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    case 'a': return "abcdefghijklmnopqrstuvwxyz";
    case '9': return "0123456789";
    case 'x': return "0123456789abcdef";
    case 'w': return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    default: return "";
  }
}

}  // namespace

std::optional<TextPattern> TextPattern::Parse(std::string_view text, std::string* problem) {
  TextPattern pattern;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{' || text.substr(at, 2) == "{{") {
      pattern.AddLiteral(text[at]);
      if (text[at] == '{') ++at;
      continue;
    }
    const size_t end = text.find('}', at);
    if (end == std::string_view::npos) {
      *problem = "a `{` has no `}`; write `{{` for a brace";
      return std::nullopt;
    }
    if (!pattern.AddHole(text.substr(at + 1, end - at - 1), problem)) return std::nullopt;
    at = end;
  }
  return pattern;
}

void TextPattern::AddLiteral(char c) {
  if (parts_.empty() || parts_.back().count > 0) parts_.emplace_back();
  parts_.back().literal += c;
}

bool TextPattern::AddHole(std::string_view hole, std::string* problem) {
  if (!hole.empty() && hole.size() <= 19 && hole.find_first_not_of('0') == std::string_view::npos) {
    parts_.push_back({"", "", hole.size()});
    has_number_ = true;
    return true;
  }
  const std::string_view alphabet = hole.empty() ? "" : AlphabetOf(hole[0]);
  size_t count = hole.size() == 1 ? 1 : 0;
  if (hole.size() > 2 && hole[1] == '*') {
    const auto [end, failure] = std::from_chars(hole.data() + 2, hole.data() + hole.size(), count);
    if (failure != std::errc() || end != hole.data() + hole.size()) count = 0;
  }
  if (alphabet.empty() || count == 0 || count > kMaxCount) {
    *problem =
        "`{" + std::string(hole) + "}` is no hole of a pattern; there are {0000}, {A*6}, {a*6}, {9*6}, {x*6} and {w*6}";
    return false;
  }
  parts_.push_back({"", alphabet, count});
  has_random_ = true;
  return true;
}

void TextPattern::Append(int64_t number, Random& random, std::string* out) const {
  for (const Part& part : parts_) {
    if (part.count == 0) {
      *out += part.literal;
    } else if (part.alphabet.empty()) {
      char digits[24];
      const char* end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
      const auto length = static_cast<size_t>(end - digits);
      if (number >= 0 && length < part.count) out->append(part.count - length, '0');
      out->append(digits, length);
    } else {
      for (size_t i = 0; i < part.count; ++i) *out += part.alphabet[random.Below(part.alphabet.size())];
    }
  }
}

}  // namespace rulec::generate
