#include "avro/limits.h"

#include <algorithm>

namespace avro {
namespace {

Limits current;

}  // namespace

const Limits& CurrentLimits() { return current; }

void SetLimits(const Limits& limits) {
  const Limits most;
  current.schema_nesting = std::min(limits.schema_nesting, most.schema_nesting);
  current.datum_depth = std::min(limits.datum_depth, most.datum_depth);
  current.text_bytes = std::min(limits.text_bytes, most.text_bytes);
}

}  // namespace avro
