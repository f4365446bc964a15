// The slots of a stream by the reader's field names: `buyer.country` is the part `country` of the part `buyer`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace rulec::lower {

struct SlotTree {
  int32_t slot = rulert::kNone;
  std::map<std::string, SlotTree, std::less<>> parts;
};

SlotTree TreeOfSlots(const plan::SlotRegistry& registry);
std::vector<std::string> PathsOfSlots(const plan::SlotRegistry& registry);

}  // namespace rulec::lower
