// Random later versions of schemas, for tests of resolution: what the reader sees is told without resolving.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "avro/datum.h"
#include "avro/schema.h"

namespace avro {

struct Evolution {
  SchemaPtr reader;
  // The reader's value for one of the writer's. Both documents must live.
  std::function<Datum(const Datum&)> map;
};

// A version of `writer` that reads all its data: fields in another order, added with a default, removed, renamed with
// an alias; types promoted, renamed or moved to another namespace, put into a union or taken out of one; branches in
// another order; symbols removed where there is a default. Logical types are left out. Equal seeds give equal schemas.
Evolution EvolveAtRandom(const Schema& writer, uint64_t seed);

}  // namespace avro
