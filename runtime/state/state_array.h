// A rule's keyed state: one fixed record for each entry, zero at first.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rulert {

// Contiguous, so that generated code finds an entry at base + id * record size. Grows by remapping, which moves page
// tables and copies nothing; `data()` may change then. Records hold no pointers.
class StateArray {
 public:
  explicit StateArray(uint32_t record_size) : record_size_(record_size) {}
  ~StateArray();
  StateArray(const StateArray&) = delete;
  StateArray& operator=(const StateArray&) = delete;

  // Room for entries [0, entries). False if there is no memory.
  bool Reserve(uint64_t entries);
  void* data() const { return data_; }
  uint32_t record_size() const { return record_size_; }

 private:
  uint32_t record_size_;
  size_t size_ = 0;
  void* data_ = nullptr;
};

}  // namespace rulert
