// Defaults of Avro fields as values of rules.
#pragma once

#include <optional>
#include <string>

#include "compiler/typed/typed.h"

namespace rulec::check {

// The JSON of a default as a value of `type`; nothing if it is not one.
std::optional<typed::Value> DefaultValue(const std::string& json, const Type& type);

}  // namespace rulec::check
