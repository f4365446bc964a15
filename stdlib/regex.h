// A prepared regular expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace rulelib {

// Compiled once, read by any thread. Memory for the automaton of one expression is bounded (RE2 gives up its cache and
// goes on more slowly when it is full); time is linear in the text.
struct Regex {
  Regex();
  ~Regex();
  std::unique_ptr<re2::RE2> compiled;
};

// nullptr if the expression is wrong; `error` then says what RE2 says.
std::unique_ptr<Regex> MakeRegex(std::string_view expression, std::string* error);

}  // namespace rulelib
