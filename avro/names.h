// Names of the Avro specification: https://avro.apache.org/docs/1.11.1/specification/#names
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "avro/schema.h"

namespace avro {

bool IsName(std::string_view name);       // [A-Za-z_][A-Za-z0-9_]*
bool IsNamespace(std::string_view name);  // names joined by dots
std::string_view NamespaceOf(std::string_view full_name);
std::string_view ShortName(std::string_view full_name);
// `name` as seen inside `name_space`; a dotted name is full already, and a leading dot means no namespace.
std::string FullName(std::string_view name, std::string_view name_space);
std::optional<Kind> PrimitiveKind(std::string_view name);

}  // namespace avro
