// Searching for one text in another in linear time, whatever both are: texts come from events, and std::string_view's
// `find` takes the product of the lengths for what is made to be slow.
#pragma once

#include <string_view>

namespace rulelib {

inline constexpr size_t kNotFound = std::string_view::npos;

// Where `part` first stands at or behind `from` (at most text.size()).
size_t FindFirst(std::string_view text, std::string_view part, size_t from = 0);
size_t FindLast(std::string_view text, std::string_view part);

}  // namespace rulelib
