#include "runtime/execute/rule_results.h"

namespace rulert {

Error ExecuteScratch::HandOn(RuleResults& results) {
  Error error;
  for (EmitBuffer* buffer : emits.waiting()) {
    error = results.OnRows(*buffer);
    if (error) break;
  }
  Drop();
  return error;
}

void ExecuteScratch::Drop() {
  emits.Clear();
  arena.Reset();
}

}  // namespace rulert
