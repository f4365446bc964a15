#include "runtime/record/batch_arena.h"

#include <algorithm>
#include <new>

namespace rulert {

void* BatchArena::Allocate(uint64_t bytes) {
  const uint64_t left = kLimit - (used_ - limit_begin_);
  if (bytes > left) return nullptr;
  const uint64_t units = std::max<uint64_t>(1, (bytes + sizeof(Unit) - 1) / sizeof(Unit));
  if (units > units_left_) {
    const uint64_t made = std::max(units, kChunk / sizeof(Unit));
    std::unique_ptr<Unit[]> chunk(new (std::nothrow) Unit[made]);
    if (!chunk) return nullptr;
    if (chunks_.empty()) first_is_usual_ = made == kChunk / sizeof(Unit);
    next_ = chunk.get();
    units_left_ = made;
    chunks_.push_back(std::move(chunk));
  }
  Unit* result = next_;
  next_ += units;
  units_left_ -= units;
  used_ += std::min(units * sizeof(Unit), left);
  return result;
}

void BatchArena::Reset() {
  if (used_ == 0) return;
  used_ = 0;
  limit_begin_ = 0;
  units_left_ = 0;
  next_ = nullptr;
  // Chunks differ in size; the first is kept if it is of the usual one.
  if (!first_is_usual_) return chunks_.clear();
  chunks_.resize(1);
  next_ = chunks_.front().get();
  units_left_ = kChunk / sizeof(Unit);
}

const rulert_host* ArenaHost() {
  static constexpr rulert_host host = {
      RULERT_ABI_VERSION, sizeof(rulert_host),
      [](void* arena, uint64_t bytes) { return static_cast<BatchArena*>(arena)->Allocate(bytes); },
      [](void*, uint32_t) {}};
  return &host;
}

}  // namespace rulert
