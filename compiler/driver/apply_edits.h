// Suggested edits put into a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {

struct EditedText {
  std::string text;
  size_t applied = 0;  // edits done; others overlap with one of these, or are done already
};

// All edits are of one file. Of edits that overlap the first one in the text is done, and of those at one place the
// first given.
EditedText ApplyEdits(std::string_view text, std::vector<SuggestedEdit> edits);

}  // namespace rulec
