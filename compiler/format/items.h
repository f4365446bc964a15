// The items of a list that commas or line ends separate.
#pragma once

#include <vector>

#include "compiler/format/commented_tokens.h"

namespace rulec::format {

struct Item {
  Tokens tokens;
  std::vector<Comment> above;  // of the comma before it, and its own
  std::string comma_comment;   // behind the comma after it
};

// Separators are the commas of the first token's depth, and line ends that stand for them. A comma at the end separates
// nothing.
std::vector<Item> SplitItems(Tokens tokens);

}  // namespace rulec::format
