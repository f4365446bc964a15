// Random schemas and random values of them, for tests that compare codecs with one another.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "avro/datum.h"
#include "avro/schema.h"

namespace avro {

struct RandomSchemaOptions {
  int max_depth = 4;  // nesting of types below the top
  int max_fields = 6;
  int max_branches = 4;
  bool top_is_record = true;
  bool recursion = true;  // types that refer to themselves
  bool logical_types = true;
  bool defaults = true;
};

// JSON text of a random schema; equal seeds give equal texts on every machine.
std::string RandomSchemaText(uint64_t seed, const RandomSchemaOptions& options = {});
// The same, parsed. Every such schema has values.
SchemaPtr RandomSchema(uint64_t seed, const RandomSchemaOptions& options = {});

// A random value that fits `schema`, of bounded size. Favours corner cases: zero, least and greatest numbers, empty
// text, NaN. Float values are exact floats, and NaNs quiet.
Datum RandomDatum(const Schema& schema, std::mt19937_64& random);

}  // namespace avro
