// The types of expressions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "avro/schema.h"

namespace rulec {

enum class TypeKind : uint8_t {
  Error,  // matches any type, so that one mistake gives one message
  Null,   // of the literal `null` alone
  Bool,
  Int,
  Long,
  Float,
  Double,
  Decimal,
  String,
  Bytes,
  Date,
  TimeOfDay,
  Timestamp,
  Duration,
  Uuid,
  Enum,
  List,
  Map,
  Record,
  Union
};

struct Composite;

// A plain value; what it points to is immutable and outlives it (TypeTable, the program's schemas).
struct Type {
  TypeKind kind = TypeKind::Error;
  bool nullable = false;
  const avro::Schema* schema = nullptr;  // Enum; Record and fixed Bytes of a schema: the reader's named type
  uint8_t precision = 0;                 // Decimal: 1 to 38
  uint8_t scale = 0;                     // Decimal
  // List, Map: the element's type; Union: the branches' (none nullable); Record: the fields' where it has no `schema`.
  // Equal types have equal pointers (TypeTable). A Record of a schema leaves it null: it may contain itself, so its
  // fields' types are found one by one (FieldTypes).
  const Composite* of = nullptr;
  bool operator==(const Type&) const = default;
  Type OrNull() const { return With(true); }
  Type NotNull() const { return With(false); }

 private:
  Type With(bool null) const {
    Type type = *this;
    type.nullable = null;
    return type;
  }
};

struct Composite {
  std::vector<Type> types;
  std::vector<std::string> names;  // Record: of the fields
  bool operator==(const Composite&) const = default;
};

// Makes equal composites one. Never frees; lives as long as the process, shared by all programs. Not thread-safe.
const Composite* Intern(Composite composite);
Type ListOf(const Type& element);
Type MapOf(const Type& element);
Type RecordOf(std::vector<std::string> names, std::vector<Type> types);
Type DecimalOf(uint8_t precision, uint8_t scale);
// Two branches or more, none nullable.
Type UnionOf(std::vector<Type> branches);
// "long", "string?", "enum `market.Side`", "list<decimal(10, 2)?>"
std::string TypeName(const Type& type);

// The element of a list or map.
inline const Type& ElementOf(const Type& type) { return type.of->types.front(); }

}  // namespace rulec
