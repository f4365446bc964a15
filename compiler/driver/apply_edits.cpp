#include "compiler/driver/apply_edits.h"

#include <algorithm>

namespace rulec {

EditedText ApplyEdits(std::string_view text, std::vector<SuggestedEdit> edits) {
  const auto begin = [](const SuggestedEdit& edit) { return edit.span.begin; };
  std::ranges::stable_sort(edits, {}, begin);
  EditedText edited;
  size_t at = 0;
  bool first = true;
  for (const SuggestedEdit& edit : edits) {
    // Two insertions at one place would depend on their order.
    const bool overlaps = edit.span.begin < at || (!first && edit.span.begin == at && edit.span.begin == edit.span.end);
    if (overlaps || edit.span.end > text.size()) continue;
    edited.text += text.substr(at, edit.span.begin - at);
    edited.text += edit.replacement;
    at = edit.span.end;
    first = false;
    ++edited.applied;
  }
  edited.text += text.substr(at);
  return edited;
}

}  // namespace rulec
