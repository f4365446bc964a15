// The model of an Avro schema (Apache Avro 1.11/1.12 specification), as every other part of the project sees it.
//
// A SchemaDocument owns all nodes of one parsed schema; nodes refer to each other by plain pointers and a named
// type that is referred to twice, or by itself, is one node. Documents are immutable once parsed, so they are
// shared between threads freely; whoever keeps a `const Schema*` keeps the document.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace avro {

enum class Kind : uint8_t {
  Null,
  Bool,
  Int,
  Long,
  Float,
  Double,
  Bytes,
  String,
  Record,
  Enum,
  Array,
  Map,
  Union,
  Fixed
};

enum class Logical : uint8_t {
  None,
  Date,
  TimeMillis,
  TimeMicros,
  TimestampMillis,
  TimestampMicros,
  TimestampNanos,
  LocalTimestampMillis,
  LocalTimestampMicros,
  LocalTimestampNanos,
  Decimal,
  Uuid,
  Duration
};

struct Schema;

struct Field {
  std::string name;
  std::string doc;
  std::vector<std::string> aliases;
  const Schema* type = nullptr;
  // JSON text of the default, absent if the field has none.
  std::optional<std::string> default_json;
  uint32_t line = 0;  // 1-based, where the field's name stands in the schema's text
};

struct Schema {
  Kind kind = Kind::Null;
  Logical logical = Logical::None;
  int precision = 0;  // decimal
  int scale = 0;      // decimal
  std::string name;   // full name of a record, enum or fixed
  std::string doc;
  std::vector<std::string> aliases;  // full names
  std::vector<Field> fields;         // Record
  std::vector<std::string> symbols;  // Enum
  std::optional<std::string> enum_default;
  const Schema* items = nullptr;        // Array, and the values of a Map
  std::vector<const Schema*> branches;  // Union
  uint32_t size = 0;                    // Fixed, in bytes
  uint32_t line = 0;                    // 1-based line in the schema's text

  // Index of the field called `name`, or -1. Aliases are not looked at.
  int FieldIndex(std::string_view name) const;
  // Index of the branch that is null, or -1.
  int NullBranch() const;
};

// What is wrong with a schema's text, and where.
struct SchemaError {
  std::string message;  // lower case, no full stop
  uint32_t line = 0;    // 1-based
  uint32_t column = 0;  // 1-based, in bytes
  std::string path;     // `fields.price.type`, empty at the top
};

class SchemaDocument {
 public:
  const Schema& root() const { return *root_; }
  // The JSON text as it was given.
  const std::string& text() const { return text_; }

 private:
  friend class SchemaParser;
  std::vector<std::unique_ptr<Schema>> nodes_;
  const Schema* root_ = nullptr;
  std::string text_;
};

using SchemaPtr = std::shared_ptr<const SchemaDocument>;

struct ParsedSchema {
  SchemaPtr document;  // null if there is an error
  SchemaError error;
};

// Limits are those of docs/limits.md: nesting 256.
ParsedSchema ParseSchema(std::string_view json);

// Parsing Canonical Form of the specification.
std::string CanonicalForm(const Schema& schema);
// CRC-64-AVRO of the canonical form.
uint64_t Fingerprint(const Schema& schema);
// Do data written as `a` read as `b` without any resolution, logical types, symbols and field names included?
// Documentation, aliases and defaults do not matter.
bool SameLayout(const Schema& a, const Schema& b);

std::string_view KindName(Kind kind);        // "long"
std::string_view LogicalName(Logical type);  // "timestamp-micros", "" for None
// "long (timestamp-micros)", "union of null and string", "record `market.Trade`": for messages.
std::string Describe(const Schema& schema);

}  // namespace avro
