// From the types of a schema to those of expressions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "compiler/types/type.h"

namespace rulec {

// What a rule sees of a value of `schema`. TypeKind::Error: rules cannot read it (a decimal of more than 38 digits, a
// field that is always null).
Type TypeOf(const avro::Schema& schema);

// Equal, where a named type of one schema is that of another if it has the same name and is declared the same.
bool SameType(const Type& a, const Type& b);

// Is `kind` int or long?
bool IsWhole(TypeKind kind);
// Is `kind` float or double?
bool IsFloating(TypeKind kind);
// Is `kind` one of these four?
bool IsNumber(TypeKind kind);
// Have its values an order, for `<`, least and sort?
bool IsOrdered(TypeKind kind);

// ---- The fields of a Record ----

size_t FieldCount(const Type& record);
const std::string& FieldName(const Type& record, size_t index);
Type FieldType(const Type& record, size_t index);
// -1 if there is none of that name.
int FieldIndex(const Type& record, std::string_view name);

// ---- The branches of a Union ----

// The branch that `name` names: a type's word, or a named type's full or simple name; -1 if none.
int BranchNamed(const Type& type, std::string_view name);

// How deep lists, maps, records and unions that rules make lie in each other; a record of a schema is as a leaf.
uint32_t TypeDepth(const Type& type);

// How many types a value's column has below it, itself included: the nodes of its ColumnSpec. Saturates at
// kEndlessType, which is also that of a type that contains itself, or something that rules cannot read.
inline constexpr uint64_t kEndlessType = ~uint64_t{0};
inline constexpr uint64_t kMaxTypeNodes = 10'000;  // a value of more cannot be used whole
uint64_t TypeNodes(const Type& type);

// With its article: "an int", "a nullable string", "the enum `market.Side`".
std::string TypePhrase(const Type& type);

}  // namespace rulec
