// Logical types: https://avro.apache.org/docs/1.12.0/specification/#logical-types
#pragma once

#include "avro/json_tree.h"
#include "avro/schema.h"

namespace avro {

// Reads `logicalType` and its attributes. One that is unknown or does not fit the type is ignored, as the
// specification demands.
void ApplyLogicalType(const JsonValue& json, Schema* schema);

}  // namespace avro
