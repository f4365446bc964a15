// What stepping over values of a writer's types takes, found once for a whole schema: whatever its types refer to, the
// code made for it is about as large as the schema.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "avro/schema.h"

namespace rulec::lower {

struct TypeShape {
  // Stepped over by a function of its own: arrays, maps, records that contain themselves, and what is too large to be
  // put in line at each place that refers to it.
  bool by_function = false;
  bool no_bytes = false;  // values take no bytes at all
  uint32_t weight = 1;    // about how many reads its code has
  uint32_t cost() const { return by_function ? 1 : weight; }
};

class TypeShapes {
 public:
  explicit TypeShapes(const avro::Schema& root);
  const TypeShape& Of(const avro::Schema& type) const { return shapes_.at(&type); }
  // About how many reads the code of all functions has together.
  uint64_t total() const { return total_; }

 private:
  std::unordered_map<const avro::Schema*, TypeShape> shapes_;
  uint64_t total_ = 0;
};

}  // namespace rulec::lower
