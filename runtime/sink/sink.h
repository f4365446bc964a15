// Where encoded records go.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/error.h"

namespace rulert {

// Called by one thread. What is written belongs to the open epoch: Prepare(n) makes it durable without showing it,
// Commit(n) shows it, Abort(n) drops it. A bounded job is one epoch.
class Sink {
 public:
  virtual ~Sink() = default;
  // `records` whole records, encoded one behind the other.
  virtual Error Write(std::string_view bytes, uint64_t records) = 0;
  // Hands on what is buffered, where readers may see it before the commit (standard output, a pipe).
  virtual Error Flush() { return {}; }
  virtual Error Prepare(uint64_t epoch) = 0;
  virtual Error Commit(uint64_t epoch) = 0;
  virtual void Abort(uint64_t epoch) = 0;
};

}  // namespace rulert
