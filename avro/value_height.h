// How small can a value of a recursive type be? Generators use it to come to an end; and a type without any value
// (a record that holds itself, an empty enum) shows.
#pragma once

#include <unordered_map>

#include "avro/schema.h"

namespace avro {

class ValueHeights {
 public:
  explicit ValueHeights(const Schema& root);
  // Nesting of the flattest value: 0 for a primitive or an empty array, -1 if the type has no value.
  int Of(const Schema& schema) const;

 private:
  int Height(const Schema& schema) const;
  int Lookup(const Schema& schema) const;
  std::unordered_map<const Schema*, int> heights_;
};

}  // namespace avro
