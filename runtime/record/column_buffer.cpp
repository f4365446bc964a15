#include "runtime/record/column_buffer.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace rulert {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kValueBytes = RULERT_BATCH_ROWS * sizeof(rulert_string);
constexpr size_t kValidBytes = RULERT_BATCH_ROWS / 8;
static_assert(kValueBytes % kAlignment == 0 && (kValueBytes + kValidBytes) % kAlignment == 0);

}  // namespace

void ColumnBuffer::Free::operator()(void* memory) const { std::free(memory); }

ColumnBuffer::ColumnBuffer() : values_(std::aligned_alloc(kAlignment, kValueBytes + kValidBytes)) {
  if (!values_) {
    std::fputs("out of memory for a batch's columns\n", stderr);
    std::abort();
  }
  std::memset(values_.get(), 0, kValueBytes + kValidBytes);
  valid_ = reinterpret_cast<uint64_t*>(static_cast<char*>(values_.get()) + kValueBytes);
}

rulert_column ColumnPool::Get(size_t number, bool nullable) {
  while (buffers_.size() <= number) buffers_.emplace_back();
  return buffers_[number].column(nullable);
}

}  // namespace rulert
