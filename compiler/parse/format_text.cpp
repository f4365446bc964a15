#include "compiler/parse/format_text.h"

#include <algorithm>

namespace rulec {
namespace {

// Formatted strings in the values of formatted strings.
constexpr size_t kMaxDepth = 32;

bool IsNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

// Of `\u{1F600}` the braces belong to it.
uint32_t FormatScanner::SkipEscape(uint32_t at) const {
  uint32_t end = at + 2;
  if (end >= limit_ || text_[at + 1] != 'u' || text_[end] != '{') return end;
  do {
    ++end;
  } while (end < limit_ && IsHexDigit(text_[end]));
  return end < limit_ && text_[end] == '}' ? end + 1 : at + 2;
}

FormatRange FormatScanner::Scan(uint32_t begin, uint32_t limit) {
  limit_ = limit;
  FormatRange range;
  if (begin >= plain_until_) {
    range.end = SkipFormat(begin + 2, 0, &range.parts);
    if (range.end != 0) return range;
  }
  return ScanPlainly(begin);
}

uint32_t FormatScanner::SkipFormat(uint32_t at, size_t depth, std::vector<FormatPartRange>* parts) {
  uint32_t text_begin = at;
  const auto add_text = [&](uint32_t end) {
    if (parts && end > text_begin) parts->push_back({false, text_begin, end, end, true});
  };
  while (!AtEnd(at)) {
    if (text_[at] == '"') {
      add_text(at);
      return at + 1;
    }
    if (text_[at] == '\\') {
      at = SkipEscape(at);
    } else if (text_[at] != '{') {
      ++at;
    } else if (at + 1 < limit_ && text_[at + 1] == '{') {
      at += 2;
    } else {
      add_text(at);
      uint32_t colon = 0;
      const uint32_t close = SkipHole(at + 1, depth, &colon);
      if (close == 0) return 0;
      if (parts) parts->push_back({true, at, colon, close, true});
      at = text_begin = close + 1;
    }
  }
  plain_until_ = std::max(plain_until_, at);
  return 0;
}

// The place of the `}`; 0 if there is none. A value has no braces apart from those of formatted strings in it.
uint32_t FormatScanner::SkipHole(uint32_t at, size_t depth, uint32_t* colon) {
  if (depth >= kMaxDepth) return 0;
  size_t brackets = 0;
  *colon = 0;
  while (!AtEnd(at)) {
    const char c = text_[at];
    if (*colon != 0) {
      if (c == '}') return at;
      if (c == '"' || c == '{') return 0;
      ++at;
    } else if (c == '"') {
      at = text_[at - 1] == 'f' && !IsNamePart(text_[at - 2]) ? SkipFormat(at + 1, depth + 1, nullptr) : SkipString(at);
      if (at == 0) return 0;
    } else if (c == '{') {
      return 0;
    } else if (c == '}') {
      *colon = at;
      return at;
    } else {
      if (c == '(' || c == '[') ++brackets;
      if ((c == ')' || c == ']') && brackets > 0) --brackets;
      if (c == ':' && brackets == 0) *colon = at;
      ++at;
    }
  }
  plain_until_ = std::max(plain_until_, at);
  return 0;
}

uint32_t FormatScanner::SkipString(uint32_t at) const {
  for (++at; !AtEnd(at); ++at) {
    if (text_[at] == '"') return at + 1;
    if (text_[at] == '\\') ++at;
  }
  return 0;
}

// Up to the next quote. What stands behind the last `{` that has no `}` is a hole that is not closed.
FormatRange FormatScanner::ScanPlainly(uint32_t begin) {
  FormatRange range;
  uint32_t at = begin + 2;
  for (; !AtEnd(at) && text_[at] != '"'; ++at) {
    if (text_[at] == '\\' && !AtEnd(at + 1)) ++at;
  }
  range.closed = !AtEnd(at);
  range.end = range.closed ? at + 1 : at;
  uint32_t text_begin = begin + 2;
  for (uint32_t i = text_begin; i < at; ++i) {
    if (text_[i] == '\\') {
      i = SkipEscape(i) - 1;
      continue;
    }
    if (text_[i] != '{') continue;
    if (i + 1 < at && text_[i + 1] == '{') {
      ++i;
      continue;
    }
    if (i > text_begin) range.parts.push_back({false, text_begin, i, i, true});
    const size_t found = text_.substr(0, at).find('}', i);
    const bool closed = found != std::string_view::npos;
    const auto end = closed ? static_cast<uint32_t>(found) : at;
    const size_t colon = text_.substr(0, end).find(':', i);
    range.parts.push_back({true, i, colon == std::string_view::npos ? end : static_cast<uint32_t>(colon), end, closed});
    text_begin = closed ? end + 1 : end;
    i = end;
  }
  if (at > text_begin) range.parts.push_back({false, text_begin, at, at, true});
  return range;
}

}  // namespace rulec
