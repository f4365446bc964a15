#include "compiler/plan/plan.h"

#include <cstdlib>

#include "compiler/types/avro_type.h"

namespace rulec::plan {

SlotId SlotRegistry::Find(std::string_view path, const rulert::ColumnSpec& column) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].path == path) return static_cast<SlotId>(i);
  }
  slots_.push_back({std::string(path), column});
  return static_cast<SlotId>(slots_.size() - 1);
}

rulert::ColumnKind KindOf(TypeKind kind) {
  using rulert::ColumnKind;
  switch (kind) {
    case TypeKind::Bool: return ColumnKind::Bool;
    case TypeKind::Int: return ColumnKind::Int;
    case TypeKind::Long: return ColumnKind::Long;
    case TypeKind::Float: return ColumnKind::Float;
    case TypeKind::Double: return ColumnKind::Double;
    case TypeKind::Decimal: return ColumnKind::Decimal;
    case TypeKind::String: return ColumnKind::String;
    case TypeKind::Bytes: return ColumnKind::Bytes;
    case TypeKind::Date: return ColumnKind::Date;
    case TypeKind::TimeOfDay: return ColumnKind::TimeOfDay;
    case TypeKind::Timestamp: return ColumnKind::Timestamp;
    case TypeKind::Duration: return ColumnKind::Duration;
    case TypeKind::Uuid: return ColumnKind::Uuid;
    case TypeKind::Enum: return ColumnKind::Enum;
    case TypeKind::List: return ColumnKind::List;
    case TypeKind::Map: return ColumnKind::Map;
    case TypeKind::Record: return ColumnKind::Record;
    case TypeKind::Union: return ColumnKind::Union;
    case TypeKind::Error:
    case TypeKind::Null: break;
  }
  std::abort();  // the checker lets no value of such a type through
}

namespace {

// As Avro's JSON encoding names a branch.
std::string BranchName(const Type& type) {
  if (type.schema) return type.schema->name;
  switch (type.kind) {
    case TypeKind::Bool: return "boolean";
    case TypeKind::Int:
    case TypeKind::Date: return "int";
    case TypeKind::Float: return "float";
    case TypeKind::Double: return "double";
    case TypeKind::Decimal:
    case TypeKind::Bytes: return "bytes";
    case TypeKind::String:
    case TypeKind::Uuid: return "string";
    case TypeKind::List: return "array";
    case TypeKind::Map: return "map";
    default: return "long";
  }
}

}  // namespace

rulert::ColumnSpec ColumnOf(const Type& type) {
  rulert::ColumnSpec column;
  column.kind = KindOf(type.kind);
  column.nullable = type.nullable;
  if (type.schema) column.type_name = type.schema->name;
  switch (type.kind) {
    case TypeKind::Enum: column.symbols = type.schema->symbols; break;
    case TypeKind::Decimal:
      column.precision = type.precision;
      column.scale = type.scale;
      break;
    case TypeKind::Bytes:
      if (type.schema) column.fixed_size = static_cast<uint32_t>(type.schema->size);
      break;
    case TypeKind::List:
    case TypeKind::Map: column.children.push_back(ColumnOf(ElementOf(type))); break;
    case TypeKind::Union:
      for (const Type& branch : type.of->types) {
        column.children.push_back(ColumnOf(branch));
        column.names.push_back(BranchName(branch));
      }
      break;
    case TypeKind::Record:
      for (size_t i = 0; i < FieldCount(type); ++i) {
        column.children.push_back(ColumnOf(FieldType(type, i)));
        column.names.push_back(FieldName(type, i));
      }
      break;
    default: break;
  }
  return column;
}

bool Callee::TellsNullOf(uint32_t operand) const {
  for (const Argument& argument : arguments) {
    if (argument.pass == Pass::Valid && argument.operand == operand) return true;
  }
  return false;
}

bool CanScan(const Rule& rule) {
  if (rule.expand) return false;
  for (const Expr& expr : rule.exprs) {
    if (expr.op == Op::Partition || expr.op == Op::Offset || expr.op == Op::SchemaVersion) return false;
  }
  return true;
}

}  // namespace rulec::plan
