// Which parts of a writer's schema are read as which parts of a reader's, by kind and name alone:
// https://avro.apache.org/docs/1.12.0/specification/#schema-resolution. Internal to avro/.
#pragma once

#include <vector>

#include "avro/schema.h"

namespace avro {

// Named types match by their name without the namespace, or by an alias of the reader's that is the writer's full name.
bool NamesMatch(const Schema& writer, const Schema& reader);

// int -> long -> float -> double, string <-> bytes.
bool Promotes(Kind writer, Kind reader);

// The branches of the union `reader` that may take a value of `writer` (no union), best first: the same type by full
// name or alias, then by short name, then in the union's order those that it promotes to.
std::vector<uint32_t> MatchingBranches(const Schema& writer, const Schema& reader);

// For each field of the record `reader` the field of `writer` that it takes, or -1. A field of the writer goes to one
// field of the reader at most: the one of its name, or else the first whose alias it is.
std::vector<int32_t> MatchingFields(const Schema& writer, const Schema& reader);

}  // namespace avro
