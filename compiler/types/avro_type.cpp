#include "compiler/types/avro_type.h"

#include <unordered_map>
#include <utility>

namespace rulec {
namespace {

constexpr int kMaxPrecision = 38;

Type DecimalType(const avro::Schema& schema) {
  if (schema.precision < 1 || schema.precision > kMaxPrecision) return {};
  return DecimalOf(static_cast<uint8_t>(schema.precision), static_cast<uint8_t>(schema.scale));
}

Type TypeOfInt(const avro::Schema& schema) {
  switch (schema.logical) {
    case avro::Logical::Date: return {TypeKind::Date};
    case avro::Logical::TimeMillis: return {TypeKind::TimeOfDay};
    default: return {TypeKind::Int};
  }
}

Type TypeOfLong(const avro::Schema& schema) {
  switch (schema.logical) {
    case avro::Logical::None: return {TypeKind::Long};
    case avro::Logical::TimeMicros: return {TypeKind::TimeOfDay};
    default: return {TypeKind::Timestamp};
  }
}

Type TypeOfBytes(const avro::Schema& schema) {
  if (schema.logical == avro::Logical::Decimal) return DecimalType(schema);
  if (schema.logical == avro::Logical::Uuid) return {TypeKind::Uuid};
  return {TypeKind::Bytes, false, schema.kind == avro::Kind::Fixed ? &schema : nullptr};
}

Type TypeOfUnion(const avro::Schema& schema) {
  std::vector<Type> branches;
  for (const avro::Schema* branch : schema.branches) {
    if (branch->kind == avro::Kind::Null) continue;
    const Type type = TypeOf(*branch);
    if (type.kind == TypeKind::Error) return {};
    branches.push_back(type);
  }
  if (branches.empty()) return {};
  const bool nullable = schema.NullBranch() >= 0;
  Type type = branches.size() == 1 ? branches.front() : UnionOf(std::move(branches));
  type.nullable = nullable;
  return type;
}

Type TypeOfItems(const avro::Schema& schema) {
  const Type element = TypeOf(*schema.items);
  if (element.kind == TypeKind::Error) return {};
  return schema.kind == avro::Kind::Array ? ListOf(element) : MapOf(element);
}

std::string_view SimpleName(std::string_view full) {
  const size_t dot = full.rfind('.');
  return dot == std::string_view::npos ? full : full.substr(dot + 1);
}

uint64_t Sum(uint64_t a, uint64_t b) { return a > kEndlessType - b ? kEndlessType : a + b; }

// Each named record is counted once; one that is met while it is being counted contains itself.
class NodeCounter {
 public:
  uint64_t Count(const Type& type) {
    if (type.kind == TypeKind::Error) return kEndlessType;
    if (type.kind == TypeKind::Record && type.schema) return CountSchema(type);
    return CountChildren(type);
  }

 private:
  uint64_t CountSchema(const Type& type) {
    const auto [at, added] = known_.try_emplace(type.schema, kEndlessType);
    if (!added) return at->second;
    const uint64_t count = CountChildren(type);
    known_[type.schema] = count;
    return count;
  }

  uint64_t CountChildren(const Type& type) {
    uint64_t count = 1;
    if (type.kind == TypeKind::Record) {
      for (size_t i = 0; i < FieldCount(type); ++i) count = Sum(count, Count(FieldType(type, i)));
    } else if (type.of) {
      for (const Type& child : type.of->types) count = Sum(count, Count(child));
    }
    return count;
  }

  std::unordered_map<const avro::Schema*, uint64_t> known_;
};

bool SameNamed(const avro::Schema& a, const avro::Schema& b) {
  if (a.name != b.name || a.kind != b.kind) return false;
  switch (a.kind) {
    case avro::Kind::Enum: return a.symbols == b.symbols;
    case avro::Kind::Fixed: return a.size == b.size;
    default: return avro::SameLayout(a, b);
  }
}

std::string WithoutBlanks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return out;
}

}  // namespace

Type TypeOf(const avro::Schema& schema) {
  using avro::Kind;
  switch (schema.kind) {
    case Kind::Null: return {};
    case Kind::Bool: return {TypeKind::Bool};
    case Kind::Int: return TypeOfInt(schema);
    case Kind::Long: return TypeOfLong(schema);
    case Kind::Float: return {TypeKind::Float};
    case Kind::Double: return {TypeKind::Double};
    case Kind::Bytes:
    case Kind::Fixed: return TypeOfBytes(schema);
    case Kind::String: return {schema.logical == avro::Logical::Uuid ? TypeKind::Uuid : TypeKind::String};
    case Kind::Record: return {TypeKind::Record, false, &schema};
    case Kind::Enum: return {TypeKind::Enum, false, &schema};
    case Kind::Array:
    case Kind::Map: return TypeOfItems(schema);
    case Kind::Union: return TypeOfUnion(schema);
  }
  return {};
}

bool SameType(const Type& a, const Type& b) {
  if (a == b) return true;
  if (a.kind != b.kind || a.nullable != b.nullable || a.precision != b.precision || a.scale != b.scale) return false;
  if (a.kind == TypeKind::Bytes) return true;
  if (a.schema || b.schema) return a.schema && b.schema && SameNamed(*a.schema, *b.schema);
  if (!a.of || !b.of || a.of->types.size() != b.of->types.size() || a.of->names != b.of->names) return false;
  for (size_t i = 0; i < a.of->types.size(); ++i) {
    if (!SameType(a.of->types[i], b.of->types[i])) return false;
  }
  return true;
}

bool IsWhole(TypeKind kind) { return kind == TypeKind::Int || kind == TypeKind::Long; }
bool IsFloating(TypeKind kind) { return kind == TypeKind::Float || kind == TypeKind::Double; }
bool IsNumber(TypeKind kind) { return IsWhole(kind) || IsFloating(kind); }

bool IsOrdered(TypeKind kind) {
  switch (kind) {
    case TypeKind::Int:
    case TypeKind::Long:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Decimal:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Date:
    case TypeKind::TimeOfDay:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uuid: return true;
    default: return false;
  }
}

size_t FieldCount(const Type& record) { return record.schema ? record.schema->fields.size() : record.of->types.size(); }

const std::string& FieldName(const Type& record, size_t index) {
  return record.schema ? record.schema->fields[index].name : record.of->names[index];
}

Type FieldType(const Type& record, size_t index) {
  return record.schema ? TypeOf(*record.schema->fields[index].type) : record.of->types[index];
}

int FieldIndex(const Type& record, std::string_view name) {
  if (record.schema) return record.schema->FieldIndex(name);
  for (size_t i = 0; i < record.of->names.size(); ++i) {
    if (record.of->names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

int BranchNamed(const Type& type, std::string_view name) {
  const std::string written = WithoutBlanks(name);
  int by_word = -1, words = 0;
  for (size_t i = 0; i < type.of->types.size(); ++i) {
    const Type& branch = type.of->types[i];
    const bool named = branch.schema && (branch.schema->name == name || SimpleName(branch.schema->name) == name);
    const std::string full = WithoutBlanks(TypeName(branch));
    if (named || full == written) return static_cast<int>(i);
    // `decimal`, `list`, `map` of whatever it is.
    if (full.substr(0, full.find_first_of("(<")) != written) continue;
    by_word = static_cast<int>(i);
    ++words;
  }
  return words == 1 ? by_word : -1;
}

uint64_t TypeNodes(const Type& type) { return NodeCounter().Count(type); }

}  // namespace rulec
