// May data of one version of a schema be read as another? Answers as a Confluent registry does, which asks Apache
// Avro's Java library (SchemaCompatibility); that is stricter and in some corners laxer than what ResolveSchemas does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"

namespace avro {

enum class IncompatibilityKind : uint8_t {
  NameMismatch,
  FixedSizeMismatch,
  MissingEnumSymbols,
  ReaderFieldMissingDefaultValue,
  TypeMismatch,
  MissingUnionBranch,
  // The library throws here, which the registry takes for a refusal.
  AmbiguousAlias,
  // Beyond our limits: 200,000 pairs of types, 1,000 of them nested.
  TooLarge
};
std::string_view IncompatibilityName(IncompatibilityKind kind);  // "READER_FIELD_MISSING_DEFAULT_VALUE"

struct Incompatibility {
  IncompatibilityKind kind = IncompatibilityKind::TypeMismatch;
  // JSON pointer into the reader's schema: `/fields/3/type`, `/` at the top. Behind a union against a union stands the
  // index of the writer's branch.
  std::string path;
  std::string message;  // lower case, no full stop
};

// The most that are listed of one pair of schemas.
inline constexpr size_t kMaxFindings = 1000;

// In the order of the reader's schema; empty: compatible. Logical types are not looked at.
std::vector<Incompatibility> CheckCompatibility(const Schema& reader, const Schema& writer);

enum class LogicalChangeKind : uint8_t {
  UnitChanged,     // timestamp-millis to timestamp-micros: numbers mean another time
  DecimalChanged,  // precision or scale
  Added,           // a plain number or text is read as a date, decimal, ...
  Removed,
  Changed  // any other: time-millis to date
};
std::string_view LogicalChangeName(LogicalChangeKind kind);  // "UNIT_CHANGED"

struct LogicalChange {
  LogicalChangeKind kind = LogicalChangeKind::Changed;
  std::string path;  // as in Incompatibility
  std::string message;
};

// What logical types make of data that stay readable. A change of the decimal is one that ResolveSchemas refuses.
std::vector<LogicalChange> CompareLogicalTypes(const Schema& reader, const Schema& writer);

enum class CompatibilityMode : uint8_t {
  None,
  Backward,  // the new version reads data of the last one
  BackwardTransitive,
  Forward,  // the last version reads data of the new one
  ForwardTransitive,
  Full,  // both
  FullTransitive
};
// "backward-transitive", and as registries write it: "BACKWARD_TRANSITIVE".
std::optional<CompatibilityMode> CompatibilityModeByName(std::string_view name);
std::string_view CompatibilityModeName(CompatibilityMode mode);  // "backward-transitive"

// What stands between the new version and one older one, in one direction.
struct VersionFindings {
  size_t version = 0;         // index into the older versions
  bool new_is_reader = true;  // backward; else forward
  std::vector<Incompatibility> incompatibilities;
  std::vector<LogicalChange> logical_changes;
};

// `older` from first to last. Only pairs with findings are listed, the last version first.
std::vector<VersionFindings> CheckVersions(const Schema& new_version, std::span<const SchemaPtr> older,
                                           CompatibilityMode mode);
// Is the new version accepted? Changes of logical types do not count.
bool IsCompatible(std::span<const VersionFindings> findings);

}  // namespace avro
