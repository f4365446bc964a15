// Avro's own JSON encoding, in which the branch of a union is named; of values of both decoders.
#pragma once

#include <nlohmann/json.hpp>

#include "avro/datum.h"
#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"

namespace conformance {

using PlainJson = nlohmann::json;  // members in any order are equal

PlainJson ToAvroJson(const avro::Schema& schema, const avro::Datum& datum);
// `cell` is one of `column`, the storage of `schema`; null for a null value.
PlainJson ToAvroJson(const avro::Schema& schema, const rulert::ColumnSpec& column, const void* cell);

}  // namespace conformance
