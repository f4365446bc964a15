// Text with holes: "ACC-{0000000}" and "{A*2}{w*20}".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generate/random.h"

namespace rulec::generate {

// {0000} the number drawn, with at least as many digits as there are zeros; {A*6} random letters A-Z, {a*6} a-z,
// {9*6} digits, {x*6} hex digits, {w*6} letters and digits; {{ a brace.
class TextPattern {
 public:
  // `*problem` says what is wrong if there is no pattern.
  static std::optional<TextPattern> Parse(std::string_view text, std::string* problem);

  bool has_number() const { return has_number_; }
  bool has_random() const { return has_random_; }
  void Append(int64_t number, Random& random, std::string* out) const;

 private:
  struct Part {
    std::string literal;        // used if `count` is 0
    std::string_view alphabet;  // empty: the number
    size_t count = 0;           // characters, or least digits of the number
  };
  bool AddHole(std::string_view hole, std::string* problem);
  void AddLiteral(char c);

  std::vector<Part> parts_;
  bool has_number_ = false;
  bool has_random_ = false;
};

}  // namespace rulec::generate
