// Survives the truncation of a file while it is mapped: reading a page that the file no longer has raises SIGBUS, and
// the handler puts a page of zeros there and notes it, so that whoever reads goes on and finds the note afterwards.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rulert {

// One region of addresses under guard, for as long as the object lives. Threads may hold guards independently; a
// region is read by the thread that owns it. With more guards than kLimit the surplus ones are not active, and a
// fault in their region ends the process as it would without them.
class FaultGuard {
 public:
  static constexpr size_t kLimit = 1024;

  FaultGuard(const void* begin, size_t size);
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  // Has a page of the region been replaced by zeros?
  bool faulted() const;

 private:
  int slot_ = -1;
};

}  // namespace rulert
