// Case, normalization and classes of characters, by utf8proc.
#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "stdlib/library.h"
#include "stdlib/mapped_text.h"
#include "stdlib/result.h"
#include "stdlib/special_casing.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

void AppendCode(int32_t code, TextBuilder* out) {
  char* room = out->Reserve(4);
  if (room != nullptr) out->Advance(WriteCodePoint(static_cast<uint32_t>(code), room));
}

// A byte at a time where the text is ASCII: most are.
template <class Change>
RuleString ChangeAscii(rulert_context* context, std::string_view text, Change change) {
  TextBuilder out(context);
  char* room = out.Reserve(text.size());
  if (room == nullptr) return {};
  for (char c : text) *room++ = change(c);
  out.Advance(text.size());
  return out.Finish();
}

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~32) : c; }

bool IsAsciiLetter(uint32_t code) { return (code | 32) >= 'a' && (code | 32) <= 'z'; }

constexpr uint32_t kSigma = 0x3A3, kFinalSigma = 0x3C2, kDottedI = 0x130;

// What word boundaries and case pass over (Case_Ignorable): marks, modifiers, and punctuation inside of words.
bool IsIgnorable(uint32_t code) {
  if (code < 0x80) return code == '\'' || code == '.' || code == ':' || code == '^' || code == '`';
  switch (utf8proc_category(static_cast<int32_t>(code))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK: return true;
    default: break;
  }
  static constexpr uint32_t kInsideWords[] = {0x27,   0x2E,   0x3A,   0xB7,   0x387,  0x55F,  0x5F4,  0x2018, 0x2019,
                                              0x2024, 0x2027, 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A};
  return std::binary_search(std::begin(kInsideWords), std::end(kInsideWords), code);
}

bool IsCased(uint32_t code) {
  if (code < 0x80) return IsAsciiLetter(code);
  auto letter = static_cast<int32_t>(code);
  switch (utf8proc_category(letter)) {
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT: return true;
    default: return utf8proc_tolower(letter) != letter || utf8proc_toupper(letter) != letter;
  }
}

bool IsBeforeCased(std::string_view text, size_t at) {
  while (at < text.size()) {
    uint32_t code = NextCodePoint(text, &at);
    if (!IsIgnorable(code)) return IsCased(code);
  }
  return false;
}

// What ends at `at`. Passes over ignorable characters alone, which no other sigma passes over.
bool IsBehindCased(std::string_view text, size_t at) {
  while (at > 0) {
    do --at;
    while (at > 0 && IsContinuation(text[at]));
    size_t begin = at;
    uint32_t code = NextCodePoint(text, &begin);
    if (!IsIgnorable(code)) return IsCased(code);
  }
  return false;
}

// Han, Hangul, Kana and what stands between them, which have no case: half of all code points in use.
bool HasNoCase(uint32_t code) { return (code >= 0x2E80 && code <= 0xA63F) || (code >= 0xAC00 && code <= 0xD7A3); }

// Latin, Greek, Cyrillic and all else of two bytes, looked up at once.
constexpr uint32_t kTwoBytes = 0x800;
template <int32_t (*kChange)(int32_t)>
const std::array<uint16_t, kTwoBytes>& TableOf() {
  static const auto table = [] {
    std::array<uint16_t, kTwoBytes> made{};
    for (uint32_t code = 0; code < kTwoBytes; ++code) {
      // What leads out of the table's words is asked for one by one.
      int32_t changed = kChange(static_cast<int32_t>(code));
      made[code] = changed <= UINT16_MAX ? static_cast<uint16_t>(changed) : uint16_t{0};
    }
    return made;
  }();
  return table;
}

template <int32_t (*kChange)(int32_t)>
uint32_t Changed(uint32_t code) {
  if (HasNoCase(code)) return code;
  static const auto& table = TableOf<kChange>();
  if (code < kTwoBytes && table[code] != 0) return table[code];
  return static_cast<uint32_t>(kChange(static_cast<int32_t>(code)));
}

// Appends a character in lower case; `end` is where it ends. A sigma behind a letter and before none is a final one
// (Final_Sigma).
void AppendLower(std::string_view text, uint32_t code, size_t end, TextBuilder* out) {
  constexpr size_t kSigmaBytes = 2;
  if (code < 0x80) {
    out->Append(LowerAscii(static_cast<char>(code)));
  } else if (code == kSigma && IsBehindCased(text, end - kSigmaBytes) && !IsBeforeCased(text, end)) {
    AppendCode(kFinalSigma, out);
  } else if (code == kDottedI) {
    out->Append("i\u0307");
  } else {
    AppendCode(static_cast<int32_t>(Changed<utf8proc_tolower>(code)), out);
  }
}

template <size_t (*kSpecial)(uint32_t, char*), int32_t (*kSimple)(int32_t)>
void AppendUpper(uint32_t code, TextBuilder* out) {
  if (code < 0x80) return out->Append(UpperAscii(static_cast<char>(code)));
  char* room = out->Reserve(kMostSpecialBytes);
  if (room == nullptr) return;
  size_t size = HasNoCase(code) ? 0 : kSpecial(code, room);
  if (size == 0) size = WriteCodePoint(Changed<kSimple>(code), room);
  out->Advance(size);
}

enum class Class { Lower, Upper, Title, OtherLetter, Digit, Mark, Other };

Class ClassOf(uint32_t code) {
  if (code < 0x80) {
    if (IsAsciiLetter(code)) return code >= 'a' ? Class::Lower : Class::Upper;
    return code >= '0' && code <= '9' ? Class::Digit : Class::Other;
  }
  switch (utf8proc_category(static_cast<int32_t>(code))) {
    case UTF8PROC_CATEGORY_LL: return Class::Lower;
    case UTF8PROC_CATEGORY_LU: return Class::Upper;
    case UTF8PROC_CATEGORY_LT: return Class::Title;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return Class::OtherLetter;
    case UTF8PROC_CATEGORY_ND: return Class::Digit;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC: return Class::Mark;
    default: return Class::Other;
  }
}

bool IsLetter(Class of) { return of <= Class::OtherLetter; }

// Upper case at the start of a word, as far as `every_word` says; lower case else.
RuleString Capitalized(rulert_context* context, std::string_view text, bool every_word) {
  TextBuilder out(context);
  bool first = true;
  for (size_t at = 0; at < text.size();) {
    uint32_t code = NextCodePoint(text, &at);
    Class of = ClassOf(code);
    if (first) {
      AppendUpper<SpecialTitle, utf8proc_totitle>(code, &out);
    } else {
      AppendLower(text, code, at, &out);
    }
    // An apostrophe does not end a word, nor do marks: "don't" is one.
    bool inside = IsLetter(of) || of == Class::Mark || of == Class::Digit || code == '\'' || code == 0x2019;
    if (every_word) {
      first = !inside;
    } else if (IsLetter(of)) {
      first = false;
    }
  }
  return out.Finish();
}

// Marks belong to what stands before them, which there must be.
template <class Fits>
uint8_t All(std::string_view text, Fits fits) {
  for (size_t at = 0; at < text.size();) {
    bool first = at == 0;
    Class of = ClassOf(NextCodePoint(text, &at));
    if (of == Class::Mark ? first : !fits(of)) return 0;
  }
  return text.empty() ? 0 : 1;
}

uint8_t HasCase(std::string_view text, Class wanted, Class unwanted) {
  uint8_t found = 0;
  for (size_t at = 0; at < text.size();) {
    Class of = ClassOf(NextCodePoint(text, &at));
    if (of == unwanted || of == Class::Title) return 0;
    if (of == wanted) found = 1;
  }
  return found;
}

int FormOptions(std::string_view form) {
  if (form == "NFC") return UTF8PROC_STABLE | UTF8PROC_COMPOSE;
  if (form == "NFD") return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
  if (form == "NFKC") return UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
  if (form == "NFKD") return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  return 0;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

bool rulelib::IsPunctuation(uint32_t code) {
  utf8proc_category_t category = utf8proc_category(static_cast<int32_t>(code));
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

extern "C" {

RuleString rule_lower(rulert_context* context, RuleString text) {
  if (IsAscii(View(text))) return ChangeAscii(context, View(text), LowerAscii);
  std::string_view all = View(text);
  TextBuilder out(context);
  for (size_t at = 0; at < all.size();) {
    uint32_t code = NextCodePoint(all, &at);
    AppendLower(all, code, at, &out);
  }
  return out.Finish();
}

RuleString rule_upper(rulert_context* context, RuleString text) {
  std::string_view all = View(text);
  if (IsAscii(all)) return ChangeAscii(context, all, UpperAscii);
  TextBuilder out(context);
  for (size_t at = 0; at < all.size();) AppendUpper<SpecialUpper, utf8proc_toupper>(NextCodePoint(all, &at), &out);
  return out.Finish();
}

RuleString rule_fold(rulert_context* context, RuleString text) {
  if (IsAscii(View(text))) return ChangeAscii(context, View(text), LowerAscii);
  return FoldedText(context, text);
}

RuleString rule_title(rulert_context* context, RuleString text) { return Capitalized(context, View(text), true); }
RuleString rule_capitalize(rulert_context* context, RuleString text) { return Capitalized(context, View(text), false); }

RuleString rule_normalize_nfc(rulert_context* context, RuleString text) {
  if (IsAscii(View(text))) return text;
  return ComposedText(context, text);
}

RuleString rule_normalize(rulert_context* context, RuleString text, RuleString form) {
  int options = FormOptions(View(form));
  if (options == 0) return Fail(context, Cause::UnknownForm);
  if (IsAscii(View(text))) return text;
  return MappedText(context, View(text), options);
}

RuleString rule_strip_accents(rulert_context* context, RuleString text) {
  if (IsAscii(View(text))) return text;
  return TextWithoutMarks(context, text);
}

uint8_t rule_is_letters(RuleString text) { return All(View(text), IsLetter); }
uint8_t rule_is_alphanumeric(RuleString text) {
  return All(View(text), [](Class of) { return IsLetter(of) || of == Class::Digit; });
}
uint8_t rule_is_lower(RuleString text) { return HasCase(View(text), Class::Lower, Class::Upper); }
uint8_t rule_is_upper(RuleString text) { return HasCase(View(text), Class::Upper, Class::Lower); }

}  // extern "C"
