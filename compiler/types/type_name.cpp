#include "compiler/types/avro_type.h"
#include "compiler/types/type.h"

namespace rulec {
namespace {

std::string KindWord(const Type& type) {
  switch (type.kind) {
    case TypeKind::Error: return "error";
    case TypeKind::Null: return "null";
    case TypeKind::Bool: return "bool";
    case TypeKind::Int: return "int";
    case TypeKind::Long: return "long";
    case TypeKind::Double: return "double";
    case TypeKind::String: return "string";
    case TypeKind::Enum: return "enum `" + type.schema->name + "`";
    case TypeKind::Timestamp: return "timestamp";
    case TypeKind::Duration: return "duration";
    case TypeKind::Record: return "record `" + type.schema->name + "`";
  }
  return "";
}

}  // namespace

std::string TypeName(const Type& type) {
  const bool marked = type.nullable && type.kind != TypeKind::Null;
  return KindWord(type) + (marked ? "?" : "");
}

std::string TypePhrase(const Type& type) {
  if (type.kind == TypeKind::Null) return "null";
  if (type.nullable) return "a nullable " + KindWord(type.NotNull());
  if (type.kind == TypeKind::Enum || type.kind == TypeKind::Record) return "the " + KindWord(type);
  return (type.kind == TypeKind::Int ? "an " : "a ") + KindWord(type);
}

}  // namespace rulec
