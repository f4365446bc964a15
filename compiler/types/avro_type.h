// From the types of a schema to those of expressions.
#pragma once

#include <string>

#include "avro/schema.h"
#include "compiler/types/type.h"

namespace rulec {

// What a rule sees of a value of `schema`: a type, or, if rules cannot read such values yet, TypeKind::Error.
Type TypeOf(const avro::Schema& schema);

// Equal, where an enum of one schema is that of another if name and symbols are the same.
bool SameType(const Type& a, const Type& b);

// Is `kind` int, long or double?
bool IsNumber(TypeKind kind);

// With its article: "an int", "a nullable string", "the enum `market.Side`".
std::string TypePhrase(const Type& type);

}  // namespace rulec
