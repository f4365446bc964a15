// What other languages call values and types, for the help of messages about names that are not known (functions are in
// names_elsewhere.def).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace rulec::check {

struct ForeignName {
  std::string_view right;  // what stands in its place; empty if only `help` says what to write
  std::string_view help;
};

// `NULL`, `None`, `True`, `now`.
std::optional<ForeignName> ForeignValue(std::string_view name);
// All that ForeignType may put in the place of a name.
std::vector<std::string_view> RightTypes();
// `int64`, `varchar`.
std::optional<ForeignName> ForeignType(std::string_view name);

}  // namespace rulec::check
