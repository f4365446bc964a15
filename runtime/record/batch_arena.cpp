#include "runtime/record/batch_arena.h"

#include <algorithm>
#include <new>

namespace rulert {

void* BatchArena::Allocate(uint64_t bytes) {
  if (bytes > kLimit - used_) return nullptr;
  const uint64_t units = std::max<uint64_t>(1, (bytes + sizeof(Unit) - 1) / sizeof(Unit));
  if (units > units_left_) {
    const uint64_t made = std::max(units, kChunk / sizeof(Unit));
    std::unique_ptr<Unit[]> chunk(new (std::nothrow) Unit[made]);
    if (!chunk) return nullptr;
    next_ = chunk.get();
    units_left_ = made;
    chunks_.push_back(std::move(chunk));
  }
  Unit* result = next_;
  next_ += units;
  units_left_ -= units;
  used_ += std::min(units * sizeof(Unit), kLimit - used_);
  return result;
}

void BatchArena::Reset() {
  if (used_ == 0) return;
  used_ = 0;
  // Chunks differ in size: starting anew costs one allocation in the batches that need any.
  chunks_.clear();
  units_left_ = 0;
  next_ = nullptr;
}

}  // namespace rulert
