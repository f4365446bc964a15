// Memory for the columns of a batch, owned by the runtime and written by generated code.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "runtime/abi/abi.h"

namespace rulert {

// Values (up to 16 bytes a row) and validity of one column, aligned to 64 bytes, for RULERT_BATCH_ROWS rows. Fits any
// kind of column, so that rules with different outputs can share it one after the other.
class ColumnBuffer {
 public:
  ColumnBuffer();
  rulert_column column(bool nullable) const { return {values_.get(), nullable ? valid_ : nullptr}; }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> values_;
  uint64_t* valid_;  // behind the values, in the same allocation
};

// Columns by number that never move once made: pointers to them stay good while the pool grows.
class ColumnPool {
 public:
  rulert_column Get(size_t number, bool nullable);
  size_t size() const { return buffers_.size(); }

 private:
  std::deque<ColumnBuffer> buffers_;
};

// Is the value of `row` not null?
inline bool IsValid(const rulert_column& column, uint32_t row) {
  return column.valid == nullptr || ((column.valid[row / 64] >> (row % 64)) & 1) != 0;
}
inline void SetValid(const rulert_column& column, uint32_t row, bool valid) {
  const uint64_t bit = uint64_t{1} << (row % 64);
  uint64_t& word = column.valid[row / 64];
  word = valid ? word | bit : word & ~bit;
}

}  // namespace rulert
