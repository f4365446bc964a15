#include "runtime/state/state_array.h"

#include <sys/mman.h>

#include <algorithm>

namespace rulert {
namespace {

constexpr size_t kFirst = size_t{64} << 10;

}  // namespace

StateArray::~StateArray() {
  if (data_ != nullptr) munmap(data_, size_);
}

bool StateArray::Reserve(uint64_t entries) {
  const uint64_t needed = entries * record_size_;
  if (needed <= size_) return true;
  size_t size = std::max(size_, kFirst);
  while (size < needed) size *= 2;
  void* moved = data_ == nullptr
                    ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                    : mremap(data_, size_, size, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return false;
  data_ = moved;
  size_ = size;
  return true;
}

}  // namespace rulert
