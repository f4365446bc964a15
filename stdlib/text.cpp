// Functions on text that only look at it: their results are parts of their arguments.
#include <algorithm>

#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/scratch.h"
#include "stdlib/search.h"
#include "stdlib/support.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

// A part of `text`, which may stand in the string itself: Borrow copies what is short enough for that.
RuleString Part(std::string_view text) { return Borrow(text); }

// The code points of a text, looked up in constant or logarithmic time.
class CodeSet {
 public:
  explicit CodeSet(std::string_view text) : others_(IsAscii(text) ? 0 : text.size()) {
    size_t count = 0;
    for (size_t at = 0; at < text.size();) {
      uint32_t code = NextCodePoint(text, &at);
      if (code < 128) {
        ascii_[code / 64] |= uint64_t{1} << code % 64;
      } else {
        others_[count++] = code;
      }
    }
    others_.Shrink(count);
    std::sort(others_.begin(), others_.end());
  }
  bool operator()(uint32_t code) {
    if (code < 128) return (ascii_[code / 64] >> code % 64 & 1) != 0;
    return std::binary_search(others_.begin(), others_.end(), code);
  }

 private:
  uint64_t ascii_[2] = {};
  Scratch<uint32_t, 32> others_;  // sorted
};

template <class Drop>
std::string_view TrimStart(std::string_view text, Drop&& drop) {
  for (size_t at = 0; at < text.size();) {
    size_t begin = at;
    if (!drop(NextCodePoint(text, &at))) return text.substr(begin);
  }
  return text.substr(text.size());
}

template <class Drop>
std::string_view TrimEnd(std::string_view text, Drop&& drop) {
  while (!text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && IsContinuation(text[begin])) --begin;
    size_t at = begin;
    if (!drop(NextCodePoint(text, &at))) return text;
    text = text.substr(0, begin);
  }
  return text;
}

std::string_view Substring(std::string_view text, int64_t start, int64_t length) {
  if (start < 0) {
    // What lies before the text is left out.
    if (__builtin_add_overflow(length, start, &length)) return {};
    start = 0;
  }
  if (length <= 0) return {};
  text = text.substr(ByteOfCodePoint(text, static_cast<uint64_t>(start)));
  return text.substr(0, ByteOfCodePoint(text, static_cast<uint64_t>(length)));
}

int64_t CodePointsBefore(std::string_view text, size_t byte) {
  return static_cast<int64_t>(CountCodePoints(text.substr(0, byte)));
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_length(RuleString text) { return static_cast<int64_t>(CountCodePoints(View(text))); }

uint8_t rule_is_blank(RuleString text, uint8_t valid) {
  return valid == 0 || TrimStart(View(text), IsSpace).empty() ? 1 : 0;
}

RuleString rule_trim(RuleString text) { return Part(TrimEnd(TrimStart(View(text), IsSpace), IsSpace)); }
RuleString rule_ltrim(RuleString text) { return Part(TrimStart(View(text), IsSpace)); }
RuleString rule_rtrim(RuleString text) { return Part(TrimEnd(View(text), IsSpace)); }

RuleString rule_trim_set(RuleString text, RuleString set) {
  CodeSet drop(View(set));
  return Part(TrimEnd(TrimStart(View(text), drop), drop));
}

RuleString rule_ltrim_set(RuleString text, RuleString set) { return Part(TrimStart(View(text), CodeSet(View(set)))); }

RuleString rule_rtrim_set(RuleString text, RuleString set) { return Part(TrimEnd(View(text), CodeSet(View(set)))); }

RuleString rule_substring(RuleString text, int64_t start) {
  return Part(Substring(View(text), start < 0 ? 0 : start, INT64_MAX));
}
RuleString rule_substring_length(RuleString text, int64_t start, int64_t length) {
  return Part(Substring(View(text), start, length));
}
RuleString rule_left(RuleString text, int64_t count) { return Part(Substring(View(text), 0, count)); }

RuleString rule_right(RuleString text, int64_t count) {
  std::string_view all = View(text);
  if (count <= 0) return {};
  int64_t missing = static_cast<int64_t>(CountCodePoints(all)) - count;
  return missing <= 0 ? text : Part(all.substr(ByteOfCodePoint(all, static_cast<uint64_t>(missing))));
}

uint8_t rule_contains(RuleString text, RuleString part) {
  return FindFirst(View(text), View(part)) != kNotFound ? 1 : 0;
}

int64_t rule_index_of(rulert_context* context, RuleString text, RuleString part) {
  size_t at = FindFirst(View(text), View(part));
  if (at == kNotFound) return Null(context);
  return CodePointsBefore(View(text), at);
}

int64_t rule_last_index_of(rulert_context* context, RuleString text, RuleString part) {
  size_t at = FindLast(View(text), View(part));
  if (at == kNotFound) return Null(context);
  return CodePointsBefore(View(text), at);
}

int64_t rule_count_of(RuleString text, RuleString part) {
  std::string_view all = View(text), wanted = View(part);
  if (wanted.empty()) return 0;
  int64_t count = 0;
  for (size_t at = FindFirst(all, wanted); at != kNotFound; at = FindFirst(all, wanted, at + wanted.size())) ++count;
  return count;
}

RuleString rule_before(rulert_context* context, RuleString text, RuleString separator) {
  size_t at = FindFirst(View(text), View(separator));
  if (at == kNotFound) return Null(context);
  return Part(View(text).substr(0, at));
}

RuleString rule_after(rulert_context* context, RuleString text, RuleString separator) {
  size_t at = FindFirst(View(text), View(separator));
  if (at == kNotFound) return Null(context);
  return Part(View(text).substr(at + View(separator).size()));
}

RuleString rule_split_part(rulert_context* context, RuleString text, RuleString separator, int64_t index) {
  std::string_view all = View(text), mark = View(separator);
  if (mark.empty()) {
    auto length = static_cast<int64_t>(CountCodePoints(all));
    if (index < 0) index += length;
    if (index < 0 || index >= length) return Null(context);
    return Part(Substring(all, index, 1));
  }
  if (index < 0) {
    // The same parts as from the front, where occurrences could overlap.
    index += rule_count_of(text, separator) + 1;
    if (index < 0) return Null(context);
  }
  for (; index > 0; --index) {
    size_t at = FindFirst(all, mark);
    if (at == kNotFound) return Null(context);
    all = all.substr(at + mark.size());
  }
  return Part(all.substr(0, std::min(FindFirst(all, mark), all.size())));
}

RuleString rule_char_at(rulert_context* context, RuleString text, int64_t index) {
  std::string_view found = index < 0 ? std::string_view() : Substring(View(text), index, 1);
  if (found.empty()) return Fail(context, Cause::IndexOutOfRange);
  return Part(found);
}

int64_t rule_code_point(rulert_context* context, RuleString text) {
  size_t at = 0;
  if (ByteLength(text) == 0) return Null(context);
  return NextCodePoint(View(text), &at);
}

RuleString rule_from_code_point(rulert_context* context, int64_t code) {
  if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return Fail(context, Cause::NotACodePoint);
  char bytes[4];
  return Borrow({bytes, WriteCodePoint(static_cast<uint32_t>(code), bytes)});
}

uint8_t rule_is_ascii(RuleString text) { return IsAscii(View(text)) ? 1 : 0; }

uint8_t rule_is_digits(RuleString text) {
  return ByteLength(text) > 0 && View(text).find_first_not_of("0123456789") == kNotFound ? 1 : 0;
}

}  // extern "C"
