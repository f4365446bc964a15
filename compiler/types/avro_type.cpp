#include "compiler/types/avro_type.h"

namespace rulec {
namespace {

Type TypeOfLong(const avro::Schema& schema) {
  switch (schema.logical) {
    case avro::Logical::None: return {TypeKind::Long};
    case avro::Logical::TimestampMillis:
    case avro::Logical::TimestampMicros:
    case avro::Logical::TimestampNanos: return {TypeKind::Timestamp};
    default: return {};
  }
}

Type TypeOfUnion(const avro::Schema& schema) {
  const int null_branch = schema.NullBranch();
  if (null_branch < 0 || schema.branches.size() != 2) return {};
  const Type type = TypeOf(*schema.branches[null_branch == 0 ? 1 : 0]);
  // A null record has no columns to be null in.
  if (type.kind == TypeKind::Error || type.kind == TypeKind::Record) return {};
  return type.OrNull();
}

}  // namespace

Type TypeOf(const avro::Schema& schema) {
  using avro::Kind;
  if (schema.kind == Kind::Long) return TypeOfLong(schema);
  if (schema.kind == Kind::Union) return TypeOfUnion(schema);
  if (schema.logical != avro::Logical::None) return {};
  switch (schema.kind) {
    case Kind::Bool: return {TypeKind::Bool};
    case Kind::Int: return {TypeKind::Int};
    case Kind::Double: return {TypeKind::Double};
    case Kind::String: return {TypeKind::String};
    case Kind::Enum: return {TypeKind::Enum, false, &schema};
    case Kind::Record: return {TypeKind::Record, false, &schema};
    default: return {};
  }
}

bool SameType(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.nullable != b.nullable) return false;
  if (a.schema == b.schema) return true;
  return a.kind == TypeKind::Enum && a.schema->name == b.schema->name && a.schema->symbols == b.schema->symbols;
}

bool IsNumber(TypeKind kind) { return kind == TypeKind::Int || kind == TypeKind::Long || kind == TypeKind::Double; }

}  // namespace rulec
