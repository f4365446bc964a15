// What rules hand on, and what they share until they do.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/base/error.h"
#include "runtime/execute/emit_buffers.h"
#include "runtime/record/batch_arena.h"

namespace rulert {

class RuleInstance;

// Takes what rules made of a batch.
class RuleResults {
 public:
  virtual ~RuleResults() = default;
  // Rows of one output, valid during the call; never empty. Called before the batch ends; for an output that is
  // `ReadAtOnce` before the next rule runs, with one run then.
  virtual Error OnRows(EmitBuffer& buffer) = 0;
  // At once.
  virtual Error OnError(const RuleInstance& rule, const rulert_error& error) = 0;
  virtual bool ReadAtOnce(size_t output) const = 0;
};

// What rules use one after the other: all of those of a shard whose streams are equally far from a source. Rules of
// derived streams run while the rows of the rule that gave them are still in use, so they have another.
struct ExecuteScratch {
  EmitBuffers emits;
  BatchArena arena;  // what waiting rows point to, too
  std::vector<rulert_error> errors = std::vector<rulert_error>(RULERT_BATCH_ROWS);
  std::vector<rulert_rows> rows;  // by emit of the rule that runs
  std::vector<uint16_t> selection = std::vector<uint16_t>(RULERT_BATCH_ROWS);

  // Hands on all rows that wait. They are gone even if that fails.
  Error HandOn(RuleResults& results);
  void Drop();
};

}  // namespace rulert
