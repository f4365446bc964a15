#include "compiler/driver/explain_page.h"

#include <algorithm>
#include <cctype>

namespace rulec {

std::string_view ExplainPage(std::string_view code) {
  const auto same = [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == std::toupper(static_cast<unsigned char>(b));
  };
  for (const auto& [name, page] : ExplainPages()) {
    if (std::ranges::equal(name, code, same)) return page;
  }
  return "";
}

}  // namespace rulec
