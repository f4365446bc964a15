// Rows of a batch.
#pragma once

#include <cstdint>

namespace rulert {

// In rising order; null `rows`: the first `count` ones.
struct Selection {
  const uint16_t* rows = nullptr;
  uint32_t count = 0;
};

}  // namespace rulert
