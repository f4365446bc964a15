// What changes between two texts, as `diff -u` shows it.
#pragma once

#include <string>
#include <string_view>

namespace rulec {

// "" if they are equal. Three lines of context; `name` stands in both header lines. A line without its line end at the
// end of a text is marked as `diff` does. Texts that differ in more than some thousand lines are shown as one hunk that
// takes all of `before` away, so that time stays bounded.
std::string UnifiedDiff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace rulec
