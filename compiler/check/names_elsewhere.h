// What functions are called elsewhere, so that whoever comes from there is told what they are called here.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rulec::check {

struct NameElsewhere {
  std::string_view name;  // as PlainName gives it
  std::string_view here;  // a function; empty if something else says it
  std::string_view help;  // what is different; empty if nothing is
};

std::span<const NameElsewhere> NamesElsewhere();
// nullptr if nothing is known of it. Letters may be upper or lower, with `_` between or not.
const NameElsewhere* FindElsewhere(std::string_view name);

// The function that `member` means in `xs.member`, by its name here or elsewhere; "" if none.
std::string_view FunctionMeant(std::string_view member);
// In lower case and without `_`: equal for `starts_with`, `startsWith` and `STARTSWITH`.
std::string PlainName(std::string_view name);

}  // namespace rulec::check
