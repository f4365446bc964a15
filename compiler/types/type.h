// The types of expressions.
#pragma once

#include <cstdint>
#include <string>

#include "avro/schema.h"

namespace rulec {

enum class TypeKind : uint8_t {
  Error,  // matches any type, so that one mistake gives one message
  Null,   // of the literal `null` alone
  Bool,
  Int,
  Long,
  Double,
  String,
  Enum,
  Timestamp,
  Duration,
  Record  // only as the object of `.`: a record is not a value yet
};

struct Type {
  TypeKind kind = TypeKind::Error;
  bool nullable = false;
  const avro::Schema* schema = nullptr;  // Enum, Record: the reader's named type; kept by the program's schemas
  bool operator==(const Type&) const = default;
  Type OrNull() const { return {kind, true, schema}; }
  Type NotNull() const { return {kind, false, schema}; }
};

// "long", "string?", "enum `market.Side`"
std::string TypeName(const Type& type);

}  // namespace rulec
