// The default of a field in a schema, as a value of rules.
#pragma once

#include <optional>

#include "avro/schema.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

// Nothing if the field has none, or one that rules cannot hold.
std::optional<typed::Value> DefaultValue(const avro::Field& field);

}  // namespace rulec::check
