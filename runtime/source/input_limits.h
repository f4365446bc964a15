// What an input may ask of memory.
#pragma once

#include <cstdint>

namespace rulert {

inline constexpr uint64_t kMostInputBytes = uint64_t{256} << 20;

// The defaults are also the most that can be asked for.
struct InputLimits {
  uint64_t block_bytes = kMostInputBytes;  // of a container's block, as stored and unpacked; of a single message
  uint64_t line_bytes = kMostInputBytes;   // of a line of JSON, a record of CSV
};

}  // namespace rulert
