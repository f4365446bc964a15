// For tests: a schema with a field of every type, and random values of them with what lies at their edges.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "compiler/typed/typed.h"

namespace rulec {

// `gen.Event`: for each type a field that may be null and one that may not.
extern const char* const kEventSchema;

struct EventField {
  std::string path;
  Type type;
};
// All fields of kEventSchema's record but `at`, the event time, and `pick`.
std::vector<EventField> EventFields(const avro::Schema& event);

using Random = std::mt19937_64;

// Texts that mean something to functions of the library, and such that do not: JSON, addresses, numbers, names.
const std::vector<std::string>& SampleTexts();
// A null is one of three where the type has one.
typed::Value RandomValueOf(Random& random, const Type& type);

}  // namespace rulec
