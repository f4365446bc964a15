// Memory that lives as long as one batch, for what a rule makes of its rows (rulert_host::allocate).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/abi/abi.h"

namespace rulert {

// Hands out pieces of chunks; more than kLimit for one batch of one rule is refused, so that a rule error and not the
// system's lack of memory is the result.
class BatchArena {
 public:
  static constexpr uint64_t kLimit = uint64_t{256} << 20;

  // 16-byte aligned; null if the limit is reached.
  void* Allocate(uint64_t bytes);
  // Of what was handed out before, nothing counts towards the limit any more.
  void BeginLimit() { limit_begin_ = used_; }
  uint64_t used() const { return used_; }
  // Gives all of it back; the first chunk stays for the next batch.
  void Reset();

 private:
  static constexpr uint64_t kChunk = uint64_t{64} << 10;
  struct alignas(16) Unit {
    char bytes[16];
  };
  std::vector<std::unique_ptr<Unit[]>> chunks_;
  bool first_is_usual_ = false;
  uint64_t units_left_ = 0;
  Unit* next_ = nullptr;
  uint64_t used_ = 0;
  uint64_t limit_begin_ = 0;  // of `used_`
};

// Functions that take a BatchArena as their `arena`, for who keeps no state (touch does nothing).
const rulert_host* ArenaHost();

}  // namespace rulert
