#include "stdlib/mapped_text.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>

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
  utf8proc_uint8_t* mapped = nullptr;
  // The bytes are valid, so that only memory can be missing.
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &mapped, static_cast<utf8proc_option_t>(options));
  if (size < 0) return Fail(context, Cause::Memory);
  RuleString made = Copy(context, {reinterpret_cast<const char*>(mapped), static_cast<size_t>(size)});
  free(mapped);
  return made;
}

}  // namespace rulelib
