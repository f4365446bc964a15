#include "runtime/record/cell_type.h"

#include <algorithm>

#include "runtime/record/json_shape.h"

namespace rulert {
namespace {

Error Misfit(const ColumnSpec& spec, const avro::Schema& schema) {
  return Error::Environment("a column of type " + std::string(ColumnKindName(spec.kind)) + " cannot hold " +
                            avro::Describe(schema));
}

TimeUnit UnitOf(avro::Logical logical) {
  switch (logical) {
    case avro::Logical::TimeMillis:
    case avro::Logical::TimestampMillis:
    case avro::Logical::LocalTimestampMillis: return TimeUnit::Millis;
    case avro::Logical::TimestampNanos:
    case avro::Logical::LocalTimestampNanos: return TimeUnit::Nanos;
    default: return TimeUnit::Micros;
  }
}

bool IsLocal(avro::Logical logical) {
  return logical == avro::Logical::LocalTimestampMillis || logical == avro::Logical::LocalTimestampMicros ||
         logical == avro::Logical::LocalTimestampNanos;
}

// Whether cells of `spec` hold what is read with `schema`, children left aside. A long of a rule's own may hold what
// the schema calls an int: outputs widen.
bool Fits(const ColumnSpec& spec, const avro::Schema& schema) {
  using avro::Kind;
  const bool whole = schema.kind == Kind::Int || schema.kind == Kind::Long;
  switch (spec.kind) {
    case ColumnKind::Bool: return schema.kind == Kind::Bool;
    case ColumnKind::Int:
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::Date:
    case ColumnKind::TimeOfDay: return whole;
    case ColumnKind::Float:
    case ColumnKind::Double: return schema.kind == Kind::Float || schema.kind == Kind::Double;
    case ColumnKind::String: return schema.kind == Kind::String;
    case ColumnKind::Enum: return schema.kind == Kind::Enum && spec.symbols == schema.symbols;
    case ColumnKind::Decimal:
    case ColumnKind::Bytes: return schema.kind == Kind::Bytes || schema.kind == Kind::Fixed;
    case ColumnKind::Uuid: return schema.kind == Kind::String || schema.kind == Kind::Fixed;
    case ColumnKind::List: return schema.kind == Kind::Array;
    case ColumnKind::Map: return schema.kind == Kind::Map;
    case ColumnKind::Record: return schema.kind == Kind::Record && spec.children.size() == schema.fields.size();
    case ColumnKind::Union: return schema.kind == Kind::Union;
  }
  return false;
}

// All but the children.
CellType Node(const ColumnSpec& spec) {
  CellType type;
  type.kind = spec.kind;
  type.nullable = spec.nullable;
  type.width = ColumnWidth(spec.kind);
  type.precision = spec.precision;
  type.scale = spec.scale;
  type.fixed_size = spec.fixed_size;
  type.symbols = spec.symbols;
  type.names = spec.names;
  if (spec.kind == ColumnKind::Record) type.layout = LayOutRecord(spec);
  return type;
}

std::string TagOf(const ColumnSpec& spec) {
  if (!spec.type_name.empty()) return spec.type_name;
  switch (spec.kind) {
    case ColumnKind::Bool: return "boolean";
    case ColumnKind::Int:
    case ColumnKind::Date: return "int";
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::TimeOfDay: return "long";
    case ColumnKind::Float: return "float";
    case ColumnKind::Double: return "double";
    case ColumnKind::String:
    case ColumnKind::Uuid: return "string";
    case ColumnKind::Decimal:
    case ColumnKind::Bytes: return "bytes";
    case ColumnKind::List: return "array";
    case ColumnKind::Map: return "map";
    default: return "";
  }
}

std::string TagOf(const avro::Schema& schema) {
  return schema.name.empty() ? std::string(avro::KindName(schema.kind)) : schema.name;
}

}  // namespace

CellType MakeCellType(const ColumnSpec& spec) {
  CellType type = Node(spec);
  type.tag = TagOf(spec);
  for (const ColumnSpec& child : spec.children) type.children.push_back(MakeCellType(child));
  for (size_t i = 0; spec.kind == ColumnKind::Union && i < spec.names.size(); ++i) type.children[i].tag = spec.names[i];
  if (type.kind == ColumnKind::Union) type.tagged_objects = ObjectsNeedTag(type);
  return type;
}

const avro::Schema& NotNull(const avro::Schema& schema) {
  if (schema.kind != avro::Kind::Union) return schema;
  const auto branches = NotNullBranches(schema);
  return branches.size() == 1 ? *branches.front() : schema;
}

std::vector<const avro::Schema*> NotNullBranches(const avro::Schema& schema) {
  std::vector<const avro::Schema*> branches;
  std::copy_if(schema.branches.begin(), schema.branches.end(), std::back_inserter(branches),
               [](const avro::Schema* branch) { return branch->kind != avro::Kind::Null; });
  return branches;
}

Result<CellType> MakeCellType(const ColumnSpec& spec, const avro::Schema& declared) {
  const avro::Schema& schema = NotNull(declared);
  if (!Fits(spec, schema)) return Misfit(spec, schema);
  CellType type = Node(spec);
  type.schema = &schema;
  type.unit = UnitOf(schema.logical);
  type.local = IsLocal(schema.logical);
  type.tag = TagOf(schema);
  if (schema.enum_default) {
    const auto found = std::find(spec.symbols.begin(), spec.symbols.end(), *schema.enum_default);
    if (found != spec.symbols.end()) type.default_symbol = static_cast<int32_t>(found - spec.symbols.begin());
  }
  std::vector<const avro::Schema*> parts;
  if (spec.kind == ColumnKind::List || spec.kind == ColumnKind::Map) parts = {schema.items};
  if (spec.kind == ColumnKind::Union) parts = NotNullBranches(schema);
  if (spec.kind == ColumnKind::Record) {
    for (const avro::Field& field : schema.fields) parts.push_back(field.type);
  }
  if (parts.size() != spec.children.size()) return Misfit(spec, schema);
  for (size_t i = 0; i < parts.size(); ++i) {
    auto child = MakeCellType(spec.children[i], *parts[i]);
    if (!child.ok()) return child.error();
    type.children.push_back(std::move(*child));
  }
  if (type.kind == ColumnKind::Union) type.tagged_objects = ObjectsNeedTag(type);
  return type;
}

bool ToMicros(int64_t count, TimeUnit unit, int64_t* micros) {
  switch (unit) {
    case TimeUnit::Micros: *micros = count; return true;
    case TimeUnit::Millis: return !__builtin_mul_overflow(count, int64_t{1000}, micros);
    case TimeUnit::Nanos: *micros = count / 1000 - (count % 1000 < 0 ? 1 : 0); return true;
  }
  return false;
}

bool FromMicros(int64_t micros, TimeUnit unit, int64_t* count) {
  switch (unit) {
    case TimeUnit::Micros: *count = micros; return true;
    case TimeUnit::Millis: *count = micros / 1000 - (micros % 1000 < 0 ? 1 : 0); return true;
    case TimeUnit::Nanos: return !__builtin_mul_overflow(micros, int64_t{1000}, count);
  }
  return false;
}

}  // namespace rulert
