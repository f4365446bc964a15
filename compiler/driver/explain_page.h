// The pages of docs/diagnostics, which are part of the program.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace rulec {

// By code: "R0201" and the page's Markdown. Written by embed_pages.cmake when the program is built.
const std::vector<std::pair<std::string_view, std::string_view>>& ExplainPages();
// The page of `code` (upper or lower case), or "".
std::string_view ExplainPage(std::string_view code);

}  // namespace rulec
