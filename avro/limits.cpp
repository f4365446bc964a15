#include "avro/limits.h"

#include <algorithm>

namespace avro {
namespace {

Limits current;

}  // namespace

const Limits& CurrentLimits() { return current; }

void SetLimits(const Limits& limits) {
  const Limits most;
  current.schema_nesting = std::clamp(limits.schema_nesting, size_t{1}, most.schema_nesting);
  current.datum_depth = std::clamp(limits.datum_depth, 1, most.datum_depth);
  current.text_bytes = std::clamp(limits.text_bytes, int64_t{0}, most.text_bytes);
}

}  // namespace avro
