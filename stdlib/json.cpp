#include "stdlib/json.h"

#include <algorithm>

#include "stdlib/hex.h"
#include "stdlib/text_of_values.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr int kMaxDepth = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Walks along one path; everything else is skipped, and so checked.
class Finder {
 public:
  Finder(std::string_view json, const JsonPath& path) : scanner_(json), path_(path) {}

  JsonResult Find(std::string_view* value) {
    scanner_.SkipSpace();
    if (!Walk(path_.steps)) return JsonResult::Malformed;
    scanner_.SkipSpace();
    if (!scanner_.done()) return JsonResult::Malformed;
    *value = found_;
    return found_.data() == nullptr ? JsonResult::Missing : JsonResult::Found;
  }

 private:
  // As deep as the path is long.
  bool Walk(std::string_view steps) {
    if (steps.empty()) {
      const char* begin = scanner_.at();
      if (!scanner_.Skip()) return false;
      found_ = {begin, scanner_.at()};
      return true;
    }
    JsonPath::Step wanted;
    JsonPath::TakeStep(&steps, &wanted);
    if (scanner_.peek() == '{' && wanted.index < 0) return WalkObject(wanted.name, steps);
    if (scanner_.peek() == '[' && wanted.index >= 0) return WalkArray(wanted.index, steps);
    return scanner_.Skip();
  }

  bool WalkObject(std::string_view name, std::string_view steps) {
    scanner_.Take('{');
    if (scanner_.Take('}')) return true;
    do {
      scanner_.SkipSpace();
      const char* begin = scanner_.at();
      if (!scanner_.SkipString()) return false;
      bool is_wanted = Equals({begin, scanner_.at()}, name);
      if (!scanner_.Take(':')) return false;
      scanner_.SkipSpace();
      if (is_wanted) found_ = {};
      if (is_wanted ? !Walk(steps) : !scanner_.Skip()) return false;
    } while (scanner_.Take(','));
    return scanner_.Take('}');
  }

  bool WalkArray(int64_t index, std::string_view steps) {
    scanner_.Take('[');
    if (scanner_.Take(']')) return true;
    int64_t i = 0;
    do {
      scanner_.SkipSpace();
      if (i++ == index ? !Walk(steps) : !scanner_.Skip()) return false;
    } while (scanner_.Take(','));
    return scanner_.Take(']');
  }

  static bool Equals(std::string_view quoted, std::string_view name) {
    std::string_view inner = quoted.substr(1, quoted.size() - 2);
    if (inner.find('\\') == std::string_view::npos) return inner == name;
    std::string text;
    AppendJsonText(quoted, &text);
    return text == name;
  }

  JsonScanner scanner_;
  const JsonPath& path_;
  std::string_view found_;
};

uint32_t HexWordAt(std::string_view text, size_t at) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i) word = word << 4 | static_cast<uint32_t>(HexDigit(text[at + i]));
  return word;
}

}  // namespace

void JsonScanner::SkipSpace() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) ++at_;
}

bool JsonScanner::Take(char c) {
  SkipSpace();
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

bool JsonScanner::SkipWord(std::string_view word) {
  if (!std::string_view(at_, end_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool JsonScanner::SkipDigits() {
  const char* begin = at_;
  while (at_ != end_ && IsDigit(*at_)) ++at_;
  return at_ != begin;
}

bool JsonScanner::SkipNumber() {
  if (*at_ == '-') ++at_;
  if (peek() == '0') {
    ++at_;
  } else if (!SkipDigits()) {
    return false;
  }
  if (peek() == '.') {
    ++at_;
    if (!SkipDigits()) return false;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!SkipDigits()) return false;
  }
  return true;
}

bool JsonScanner::HexWord(uint32_t* out) {
  if (end_ - at_ < 4) return false;
  *out = 0;
  for (int i = 0; i < 4; ++i) {
    int digit = HexDigit(*at_++);
    if (digit < 0) return false;
    *out = *out << 4 | static_cast<uint32_t>(digit);
  }
  return true;
}

// Behind the backslash. Half a surrogate pair is no text.
bool JsonScanner::SkipEscape() {
  if (at_ == end_) return false;
  char c = *at_++;
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  uint32_t high = 0, low = 0;
  if (!HexWord(&high)) return false;
  if (high < 0xD800 || high > 0xDFFF) return true;
  return high < 0xDC00 && SkipWord("\\u") && HexWord(&low) && low >= 0xDC00 && low <= 0xDFFF;
}

bool JsonScanner::SkipString() {
  if (at_ == end_ || *at_ != '"') return false;
  ++at_;
  while (at_ != end_) {
    char c = *at_++;
    if (c == '"') return true;
    if (static_cast<uint8_t>(c) < 0x20) return false;
    if (c == '\\' && !SkipEscape()) return false;
  }
  return false;
}

bool JsonScanner::Skip() {
  SkipSpace();
  if (at_ == end_) return false;
  switch (*at_) {
    case '"': return SkipString();
    case 't': return SkipWord("true");
    case 'f': return SkipWord("false");
    case 'n': return SkipWord("null");
    case '{':
    case '[': {
      if (++depth_ > kMaxDepth) return false;
      bool object = *at_++ == '{';
      char close = object ? '}' : ']';
      if (!Take(close)) {
        do {
          SkipSpace();
          if (object && (!SkipString() || !Take(':'))) return false;
          if (!Skip()) return false;
        } while (Take(','));
        if (!Take(close)) return false;
      }
      --depth_;
      return true;
    }
    default: return (*at_ == '-' || IsDigit(*at_)) && SkipNumber();
  }
}

JsonResult FindJson(std::string_view json, const JsonPath& path, std::string_view* value) {
  return Finder(json, path).Find(value);
}

bool IsJson(std::string_view json) {
  std::string_view value;
  return FindJson(json, {}, &value) == JsonResult::Found;
}

void AppendJsonText(std::string_view quoted, std::string* out) {
  std::string_view text = quoted.substr(1, quoted.size() - 2);
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      size_t end = std::min(text.find('\\', at), text.size());
      out->append(text.substr(at, end - at));
      at = end - 1;
      continue;
    }
    constexpr std::string_view kFrom = "bfnrt", kTo = "\b\f\n\r\t";
    char c = text[++at];
    size_t known = kFrom.find(c);
    if (c != 'u') {
      *out += known == std::string_view::npos ? c : kTo[known];
      continue;
    }
    uint32_t code = HexWordAt(text, at + 1);
    at += 4;
    if (code >= 0xD800 && code <= 0xDBFF) {
      code = 0x10000 + ((code - 0xD800) << 10) + (HexWordAt(text, at + 3) - 0xDC00);
      at += 6;
    }
    char bytes[4];
    out->append(bytes, WriteCodePoint(code, bytes));
  }
}

bool JsonPath::TakeStep(std::string_view* steps, Step* out) {
  std::string_view text = *steps;
  if (text.empty()) return false;
  size_t size = 0;
  if (text[0] == '.') {
    size = std::min(text.find_first_of(".[]", 1), text.size());
    if (size == 1) return false;
    *out = {text.substr(1, size - 1), -1};
  } else if (text.starts_with("[\"") || text.starts_with("['")) {
    // The name stands as it is: it ends with its quote and a bracket.
    const char end[] = {text[1], ']'};
    size = text.find({end, 2}, 2);
    if (size == std::string_view::npos) return false;
    *out = {text.substr(2, size - 2), -1};
    size += 2;
  } else {
    size = text.find(']');
    if (text[0] != '[' || size == std::string_view::npos || size == 1 || !IsDigit(text[1])) return false;
    if (!ParseLong(text.substr(1, size - 1), &out->index)) return false;
    out->name = {};
    ++size;
  }
  steps->remove_prefix(size);
  return true;
}

bool ParseJsonPath(std::string_view text, JsonPath* out) {
  if (!text.starts_with('$')) return false;
  out->steps = text.substr(1);
  JsonPath::Step step;
  int count = 0;
  for (std::string_view rest = out->steps; !rest.empty();) {
    if (++count > kMaxDepth || !JsonPath::TakeStep(&rest, &step)) return false;
  }
  return true;
}

}  // namespace rulelib
