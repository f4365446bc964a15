// What schemas and data may ask for; the other limits of avro/ stand where they are kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace avro {

// The defaults are also the most that can be asked for.
struct Limits {
  size_t schema_nesting = 256;
  int datum_depth = 1000;                   // records, arrays and maps within each other
  int64_t text_bytes = int64_t{256} << 20;  // of a string, of a value of bytes

  bool operator==(const Limits&) const = default;
};

// Of the whole process. To be set once, before any thread is started that reads schemas or data; what is beyond the
// defaults counts as the default.
const Limits& CurrentLimits();
void SetLimits(const Limits& limits);

}  // namespace avro
