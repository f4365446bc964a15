#include "avro/schema.h"

namespace avro {

int Schema::FieldIndex(std::string_view wanted) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == wanted) return static_cast<int>(i);
  }
  return -1;
}

int Schema::NullBranch() const {
  for (size_t i = 0; i < branches.size(); ++i) {
    if (branches[i]->kind == Kind::Null) return static_cast<int>(i);
  }
  return -1;
}

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::Null: return "null";
    case Kind::Bool: return "boolean";
    case Kind::Int: return "int";
    case Kind::Long: return "long";
    case Kind::Float: return "float";
    case Kind::Double: return "double";
    case Kind::Bytes: return "bytes";
    case Kind::String: return "string";
    case Kind::Record: return "record";
    case Kind::Enum: return "enum";
    case Kind::Array: return "array";
    case Kind::Map: return "map";
    case Kind::Union: return "union";
    case Kind::Fixed: return "fixed";
  }
  return "";
}

std::string_view LogicalName(Logical type) {
  switch (type) {
    case Logical::None: return "";
    case Logical::Date: return "date";
    case Logical::TimeMillis: return "time-millis";
    case Logical::TimeMicros: return "time-micros";
    case Logical::TimestampMillis: return "timestamp-millis";
    case Logical::TimestampMicros: return "timestamp-micros";
    case Logical::TimestampNanos: return "timestamp-nanos";
    case Logical::LocalTimestampMillis: return "local-timestamp-millis";
    case Logical::LocalTimestampMicros: return "local-timestamp-micros";
    case Logical::LocalTimestampNanos: return "local-timestamp-nanos";
    case Logical::Decimal: return "decimal";
    case Logical::Uuid: return "uuid";
    case Logical::Duration: return "duration";
  }
  return "";
}

}  // namespace avro
