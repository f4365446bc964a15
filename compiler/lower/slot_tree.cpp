#include "compiler/lower/slot_tree.h"

#include <algorithm>

namespace rulec::lower {

SlotTree TreeOfSlots(const plan::SlotRegistry& registry) {
  SlotTree tree;
  int32_t slot = 0;
  for (const rulert::SlotSpec& spec : registry.slots()) {
    SlotTree* at = &tree;
    for (size_t begin = 0; begin <= spec.path.size();) {
      const size_t end = std::min(spec.path.find('.', begin), spec.path.size());
      at = &at->parts[spec.path.substr(begin, end - begin)];
      begin = end + 1;
    }
    at->slot = slot++;
  }
  return tree;
}

std::vector<std::string> PathsOfSlots(const plan::SlotRegistry& registry) {
  std::vector<std::string> paths;
  for (const rulert::SlotSpec& spec : registry.slots()) paths.push_back(spec.path);
  return paths;
}

}  // namespace rulec::lower
