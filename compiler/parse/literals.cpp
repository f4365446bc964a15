#include "compiler/parse/literals.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace rulec {
namespace {

struct Unit {
  std::string_view word;
  int64_t microseconds;
};

constexpr std::array<Unit, 6> kUnits = {
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void AppendUtf8(uint32_t point, std::string* out) {
  const auto add = [out](uint32_t byte) { *out += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | point >> 6);
    add(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
    add(0x80 | (point & 0x3F));
  } else {
    add(0xF0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3F));
    add(0x80 | (point >> 6 & 0x3F));
    add(0x80 | (point & 0x3F));
  }
}

// The length of `{1F600}` at the begin of `text`, and its code point; 0 if it is not one.
size_t ReadCodePoint(std::string_view text, uint32_t* point) {
  if (!text.starts_with('{')) return 0;
  const size_t close = text.find('}');
  if (close == std::string_view::npos || close < 2 || close > 7) return 0;
  const char* end = text.data() + close;
  const auto read = std::from_chars(text.data() + 1, end, *point, 16);
  const bool surrogate = *point >= 0xD800 && *point <= 0xDFFF;
  if (read.ec != std::errc() || read.ptr != end || *point > 0x10FFFF || surrogate) return 0;
  return close + 1;
}

char SimpleEscape(char c) {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '"': return '"';
    case '\\': return '\\';
    default: return 0;
  }
}

// A code point at the begin of `text` is not cut.
size_t CharacterLength(std::string_view text) {
  size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80) ++length;
  return length;
}

}  // namespace

std::string WithoutUnderscores(std::string_view digits) {
  std::string out(digits);
  std::erase(out, '_');
  return out;
}

std::optional<int64_t> ReadDuration(std::string_view text, Span span, Diagnostics& diagnostics) {
  int64_t total = 0;
  const Unit* last = nullptr;
  const std::string plain = WithoutUnderscores(text);
  for (size_t at = 0; at < plain.size();) {
    int64_t count = 0;
    const auto read = std::from_chars(plain.data() + at, plain.data() + plain.size(), count);
    at = static_cast<size_t>(read.ptr - plain.data());
    size_t end = at;
    while (end < plain.size() && IsLetter(plain[end])) ++end;
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) {
      return u.word == std::string_view(plain).substr(at, end - at);
    });
    int64_t part = 0;
    if (read.ec != std::errc() || unit == kUnits.end() || __builtin_mul_overflow(count, unit->microseconds, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      diagnostics.Build(span, InvalidDuration, {text, "it is longer than 292,000 years"}).Emit();
      return std::nullopt;
    }
    if (last && unit->microseconds >= last->microseconds) {
      diagnostics.Build(span, InvalidDuration, {text, "its units do not go from great to small"})
          .Help("units go as in `1d2h3m4s5ms6us`, each once")
          .Emit();
      return std::nullopt;
    }
    last = &*unit;
    at = end;
  }
  return total;
}

namespace {

// How much of `rest`, which follows a backslash, is the escape that was meant.
size_t EscapeLength(std::string_view rest) {
  const size_t close = rest.starts_with("u{") ? rest.substr(0, 16).find('}') : std::string_view::npos;
  return close == std::string_view::npos ? CharacterLength(rest) : close + 1;
}

// `inner` begins at `begin` of the file.
std::string ReadEscapes(std::string_view inner, FileId file, uint32_t inner_begin, bool braces,
                        Diagnostics& diagnostics) {
  std::string out;
  for (size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '\\' || i + 1 == inner.size()) {
      out += inner[i];
      if (!braces || (inner[i] != '{' && inner[i] != '}')) continue;
      if (i + 1 < inner.size() && inner[i + 1] == inner[i]) {
        ++i;
        continue;
      }
      const auto at = static_cast<uint32_t>(inner_begin + i);
      const Span span{file, at, at + 1};
      diagnostics.Build(span, LoneBrace).Suggest("two of them stand for one", span, "}}").Emit();
      continue;
    }
    const std::string_view rest = inner.substr(i + 1);
    uint32_t point = 0;
    if (const char simple = SimpleEscape(rest[0]); simple != 0) {
      out += simple;
      ++i;
    } else if (const size_t length = rest[0] == 'u' ? ReadCodePoint(rest.substr(1), &point) : 0; length != 0) {
      AppendUtf8(point, &out);
      i += 1 + length;
    } else {
      const size_t escape_length = 1 + EscapeLength(rest);
      const auto begin = static_cast<uint32_t>(inner_begin + i);
      diagnostics
          .Build({file, begin, static_cast<uint32_t>(begin + escape_length)}, InvalidEscape,
                 {inner.substr(i, escape_length)})
          .Help(escape_length > 2
                    ? "a character of Unicode is 1 to 6 hexadecimal digits, from 0 to 10FFFF without D800 to DFFF"
                    : "escapes are `\\n`, `\\t`, `\\r`, `\\\"`, `\\\\` and `\\u{1F600}`")
          .Emit();
      out += inner.substr(i + 1, escape_length - 1);
      i += escape_length - 1;
    }
    if (diagnostics.errors() > 100) return out;
  }
  return out;
}

}  // namespace

std::string ReadString(std::string_view literal, Span span, Diagnostics& diagnostics) {
  // Single quotes were told where the tokens were taken.
  const char quote = literal.ends_with('\'') ? '\'' : '"';
  const size_t begin = literal.find(quote) + 1;
  const bool closed = literal.size() > begin && literal.ends_with(quote);
  const std::string_view inner = literal.substr(begin, literal.size() - begin - (closed ? 1 : 0));
  return ReadEscapes(inner, span.file, span.begin + 1, false, diagnostics);
}

std::string ReadFormatText(std::string_view text, Span span, Diagnostics& diagnostics) {
  return ReadEscapes(text, span.file, span.begin, true, diagnostics);
}

namespace {

// `5L`, `1.5f`: how other languages give a number its type.
bool IsTypeSuffix(std::string_view suffix) {
  for (const std::string_view known :
       {"L", "l", "LL", "U", "UL", "f", "F", "D", "n", "M", "i64", "f64", "i32", "f32"}) {
    if (suffix == known) return true;
  }
  return false;
}

}  // namespace

std::string_view UnitCalled(std::string_view word) {
  struct Name {
    std::string_view word, unit;
  };
  static constexpr std::array<Name, 22> kNames = {{{"micros", "us"}, {"usec", "us"},        {"millis", "ms"},
                                                   {"msec", "ms"},   {"millisecond", "ms"}, {"milliseconds", "ms"},
                                                   {"sec", "s"},     {"secs", "s"},         {"second", "s"},
                                                   {"seconds", "s"}, {"min", "m"},          {"mins", "m"},
                                                   {"minute", "m"},  {"minutes", "m"},      {"hr", "h"},
                                                   {"hrs", "h"},     {"hour", "h"},         {"hours", "h"},
                                                   {"day", "d"},     {"days", "d"},         {"S", "s"},
                                                   {"H", "h"}}};
  for (const Name& name : kNames) {
    if (name.word == word) return name.unit;
  }
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.word == word; });
  return unit == kUnits.end() ? std::string_view{} : unit->word;
}

void TellBadNumber(std::string_view text, Span span, Diagnostics& diagnostics) {
  const size_t digits = static_cast<size_t>(
      std::find_if(text.begin(), text.end(), [](char c) { return !IsDigit(c) && c != '_' && c != '.'; }) -
      text.begin());
  const std::string_view suffix = text.substr(digits);
  const std::string shown(text.substr(0, 40));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.word == suffix; });
  if (unit != kUnits.end() && text.find('.') != std::string_view::npos) {
    diagnostics.Build(span, InvalidDuration, {shown, "a duration is made of whole numbers"})
        .Help("write it as in `1h30m`")
        .Emit();
  } else if (suffix.empty()) {
    diagnostics.Build(span, InvalidNumber, {shown, "`_` stands between two digits"}).Emit();
  } else if (digits == 1 && text[0] == '0' && suffix.size() > 1 &&
             std::string_view("xXoObB").find(suffix[0]) != std::string_view::npos) {
    diagnostics.Build(span, InvalidNumber, {shown, "numbers are decimal"})
        .Help("`from_base(\"ff\", 16)` reads the digits of another base")
        .Emit();
  } else if (suffix[0] == 'e' || suffix[0] == 'E') {
    diagnostics.Build(span, InvalidNumber, {shown, "an exponent is made of digits"})
        .Help("as in `1e6`, `2.5e-3`")
        .Emit();
  } else if (IsTypeSuffix(suffix)) {
    diagnostics.Build(span, InvalidNumber, {shown, "a number has no letter behind it"})
        .Suggest("its type comes from what stands beside it", span, std::string(text.substr(0, digits)))
        .Emit();
  } else {
    const std::string cause = "`" + std::string(suffix.substr(0, 20)) + "` is no unit of a duration";
    const std::string_view right = UnitCalled(suffix);
    diagnostics.Build(span, InvalidNumber, {shown, cause})
        .Help("units are `us`, `ms`, `s`, `m`, `h` and `d`")
        .Suggest("this one is called so", span,
                 right.empty() ? std::string() : std::string(text.substr(0, digits)) + std::string(right))
        .Emit();
  }
}

}  // namespace rulec
