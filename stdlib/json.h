// Reads JSON (RFC 8259) without building a tree: one pass checks the whole text and remembers where the value of a path
// stands. Nested at most 1,000 deep.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rulelib {

// `$`, `$.name`, `$[0]`, `$["any name"]`, in any order. Refers to its text.
struct JsonPath {
  struct Step {
    std::string_view name;
    int64_t index = -1;  // of an item; -1: `name`
  };
  std::string_view steps;  // behind the `$`

  // Takes the first step off `*steps`; false if there is none that is well-formed.
  static bool TakeStep(std::string_view* steps, Step* out);
};
bool ParseJsonPath(std::string_view text, JsonPath* out);

enum class JsonResult : uint8_t { Found, Missing, Malformed };

// `*value` is the text of the value at the path, without white space around it. Of equal names the last one counts.
JsonResult FindJson(std::string_view json, const JsonPath& path, std::string_view* value);
bool IsJson(std::string_view json);

// The text of a JSON string that is well-formed, quotes included, as UTF-8.
void AppendJsonText(std::string_view quoted, std::string* out);

// Calls each(name, item) for what an array or object that is well-formed holds; names are quoted, those of items empty.
template <class Each>
void ForEachJson(std::string_view container, Each each);

// Steps over one well-formed or malformed value. Used by ForEachJson.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  bool Skip();        // a value
  bool SkipString();  // that begins here
  void SkipSpace();
  bool Take(char c);  // after white space
  bool done() const { return at_ == end_; }
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  const char* at() const { return at_; }

 private:
  bool SkipWord(std::string_view word);
  bool SkipNumber();
  bool SkipDigits();
  bool SkipEscape();
  bool HexWord(uint32_t* out);

  const char* at_;
  const char* end_;
  int depth_ = 0;
};

template <class Each>
void ForEachJson(std::string_view container, Each each) {
  JsonScanner scanner(container);
  bool object = scanner.Take('{');
  if (!object) scanner.Take('[');
  if (scanner.Take(object ? '}' : ']')) return;
  do {
    std::string_view name;
    scanner.SkipSpace();
    if (object) {
      const char* begin = scanner.at();
      scanner.SkipString();
      name = {begin, scanner.at()};
      scanner.Take(':');
      scanner.SkipSpace();
    }
    const char* begin = scanner.at();
    if (!scanner.Skip()) return;
    each(name, std::string_view(begin, scanner.at()));
  } while (scanner.Take(','));
}

}  // namespace rulelib
