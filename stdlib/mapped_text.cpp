#include "stdlib/mapped_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "stdlib/result.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr int kFold = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
constexpr int kCompose = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
constexpr int kStrip = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK;

// Latin, Greek and Cyrillic: their letters are mapped one by one, if there is no mark among them.
constexpr uint32_t kLetters = 0x530;
bool IsMark(uint32_t code) { return (code >= 0x300 && code <= 0x36F) || (code >= 0x483 && code <= 0x489); }
// Han and Hangul syllables have no case and no marks; the parts of syllables stand elsewhere.
bool MapsToItself(uint32_t code) { return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7A3); }

struct Letter {
  char bytes[7] = {};
  uint8_t size = 0;  // 0: not mapped by itself
  std::string_view view() const { return {bytes, size}; }
};
using Letters = std::array<Letter, kLetters>;

template <int kOptions>
const Letters& LettersOf() {
  static const Letters letters = [] {
    Letters made{};
    for (uint32_t code = 1; code < kLetters; ++code) {
      if (IsMark(code)) continue;
      utf8proc_uint8_t text[4];
      utf8proc_uint8_t* mapped = nullptr;
      auto size = static_cast<utf8proc_ssize_t>(WriteCodePoint(code, reinterpret_cast<char*>(text)));
      utf8proc_ssize_t mapped_size = utf8proc_map(text, size, &mapped, static_cast<utf8proc_option_t>(kOptions));
      Letter& letter = made[code];
      if (mapped_size > 0 && static_cast<size_t>(mapped_size) <= sizeof letter.bytes) {
        std::memcpy(letter.bytes, mapped, static_cast<size_t>(mapped_size));
        letter.size = static_cast<uint8_t>(mapped_size);
      }
      free(mapped);
    }
    return made;
  }();
  return letters;
}

template <int kOptions>
RuleString LetterByLetter(rulert_context* context, RuleString text) {
  std::string_view all = View(text);
  const Letters& letters = LettersOf<kOptions>();
  TextBuilder out(context);
  for (size_t at = 0; at < all.size();) {
    size_t begin = at;
    uint32_t code = NextCodePoint(all, &at);
    if (code < kLetters && letters[code].size > 0) {
      out.Append(letters[code].view());
    } else if (MapsToItself(code)) {
      out.Append(all.substr(begin, at - begin));
    } else {
      return MappedText(context, all, kOptions);
    }
  }
  return out.Finish();
}

// The code points of a text as the options map them one by one.
std::vector<int32_t> Decomposed(std::string_view text, int options) {
  constexpr size_t kMost = 32;  // that one code point becomes; U+FDFA becomes 18
  std::vector<int32_t> codes;
  codes.reserve(text.size() + kMost);
  size_t size = 0;
  int boundary = 0;
  for (size_t at = 0; at < text.size();) {
    codes.resize(size + kMost);
    auto code = static_cast<int32_t>(NextCodePoint(text, &at));
    auto mapped = static_cast<utf8proc_option_t>(options);
    utf8proc_ssize_t made = utf8proc_decompose_char(code, &codes[size], kMost, mapped, &boundary);
    if (made > 0) size += static_cast<size_t>(made);
  }
  codes.resize(size);
  return codes;
}

// Unicode's canonical order: marks behind one letter by their classes. utf8proc_decompose would take the square of
// their number.
void Order(std::vector<int32_t>* codes) {
  auto mark_class = [](int32_t code) { return utf8proc_get_property(code)->combining_class; };
  for (size_t begin = 0; begin < codes->size(); ++begin) {
    if (mark_class((*codes)[begin]) == 0) continue;
    size_t end = begin + 1;
    bool in_order = true;
    for (; end < codes->size() && mark_class((*codes)[end]) != 0; ++end) {
      in_order = in_order && mark_class((*codes)[end - 1]) <= mark_class((*codes)[end]);
    }
    if (!in_order) {
      std::stable_sort(codes->begin() + static_cast<ptrdiff_t>(begin), codes->begin() + static_cast<ptrdiff_t>(end),
                       [&](int32_t a, int32_t b) { return mark_class(a) < mark_class(b); });
    }
    begin = end - 1;
  }
}

}  // namespace

RuleString FoldedText(rulert_context* context, RuleString text) { return LetterByLetter<kFold>(context, text); }
RuleString TextWithoutMarks(rulert_context* context, RuleString text) { return LetterByLetter<kStrip>(context, text); }

RuleString ComposedText(rulert_context* context, RuleString text) {
  std::string_view all = View(text);
  const Letters& letters = LettersOf<kCompose>();
  for (size_t at = 0; at < all.size();) {
    size_t begin = at;
    uint32_t code = NextCodePoint(all, &at);
    bool composed = code < kLetters ? letters[code].view() == all.substr(begin, at - begin) : MapsToItself(code);
    if (!composed) return MappedText(context, all, kCompose);
  }
  return text;
}

RuleString MappedText(rulert_context* context, std::string_view text, int options) {
  std::vector<int32_t> codes = Decomposed(text, options);
  Order(&codes);
  auto count = static_cast<utf8proc_ssize_t>(codes.size());
  codes.push_back(0);  // room for the zero behind the bytes that take the code points' place
  utf8proc_ssize_t size = utf8proc_reencode(codes.data(), count, static_cast<utf8proc_option_t>(options));
  if (size < 0) return Fail(context, Cause::NotUtf8);  // not reached: the bytes are valid
  return Copy(context, {reinterpret_cast<const char*>(codes.data()), static_cast<size_t>(size)});
}

}  // namespace rulelib
