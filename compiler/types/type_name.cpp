#include "compiler/types/avro_type.h"
#include "compiler/types/type.h"

namespace rulec {
namespace {

// A record of records may have more fields than anybody reads.
constexpr size_t kMaxRecordWord = 400;

std::string Joined(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : " and ") + TypeName(type);
  return text;
}

std::string RecordWord(const Type& type) {
  if (type.schema != nullptr) return "record `" + type.schema->name + "`";
  std::string text;
  for (size_t i = 0; i < type.of->names.size(); ++i) {
    if (text.size() > kMaxRecordWord) return "record(" + text + ", …)";
    text += (text.empty() ? "" : ", ") + type.of->names[i] + ": " + TypeName(type.of->types[i]);
  }
  return "record(" + text + ")";
}

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
    case TypeKind::Float: return "float";
    case TypeKind::Decimal:
      return "decimal(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case TypeKind::Bytes: return "bytes";
    case TypeKind::Date: return "date";
    case TypeKind::TimeOfDay: return "timeofday";
    case TypeKind::Uuid: return "uuid";
    case TypeKind::List: return "list<" + TypeName(ElementOf(type)) + ">";
    case TypeKind::Map: return "map<" + TypeName(ElementOf(type)) + ">";
    case TypeKind::Record: return RecordWord(type);
    case TypeKind::Union: return "union of " + Joined(type.of->types);
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
  if (type.kind == TypeKind::Bytes) return type.nullable ? "nullable bytes" : "bytes";
  if (type.nullable) return "a nullable " + KindWord(type.NotNull());
  if (type.schema && type.kind != TypeKind::Bytes) return "the " + KindWord(type);
  return (type.kind == TypeKind::Int ? "an " : "a ") + KindWord(type);
}

}  // namespace rulec
