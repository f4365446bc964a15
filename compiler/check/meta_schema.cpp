#include "compiler/check/meta_schema.h"

#include <optional>

#include "compiler/types/avro_type.h"
#include "runtime/abi/program.h"

namespace rulec::check {
namespace {

std::optional<rulert::ColumnKind> ColumnKindOf(const avro::Schema& schema) {
  switch (TypeOf(schema).kind) {
    case TypeKind::Bool: return rulert::ColumnKind::Bool;
    case TypeKind::Int: return rulert::ColumnKind::Int;
    case TypeKind::Long: return rulert::ColumnKind::Long;
    case TypeKind::Double: return rulert::ColumnKind::Double;
    case TypeKind::String: return rulert::ColumnKind::String;
    case TypeKind::Timestamp: return rulert::ColumnKind::Timestamp;
    default: return std::nullopt;
  }
}

}  // namespace

std::string WhyNotMeta(const avro::Schema& schema) {
  const std::vector<rulert::OutputField>& wanted = rulert::MetaFields();
  std::string shape;
  for (const rulert::OutputField& field : wanted) {
    shape += (shape.empty() ? "`" : ", `") + field.name + ": " +
             std::string(rulert::ColumnKindName(field.column.kind)) + (field.column.nullable ? "?`" : "`");
  }
  const std::string wrong = "`_meta` is a record of " + shape;
  if (schema.kind != avro::Kind::Record || schema.fields.size() != wanted.size()) return wrong;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const avro::Field& field = schema.fields[i];
    const bool same = field.name == wanted[i].name && ColumnKindOf(*field.type) == wanted[i].column.kind &&
                      TypeOf(*field.type).nullable == wanted[i].column.nullable;
    if (!same) return wrong;
  }
  return "";
}

}  // namespace rulec::check
