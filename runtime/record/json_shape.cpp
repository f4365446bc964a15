#include "runtime/record/json_shape.h"

#include <algorithm>

namespace rulert {
namespace {

bool HasField(const CellType& record, const std::string& name) {
  if (std::find(record.names.begin(), record.names.end(), name) != record.names.end()) return true;
  if (record.schema == nullptr) return false;
  const auto& fields = record.schema->fields;
  return std::any_of(fields.begin(), fields.end(), [&](const avro::Field& field) {
    return std::find(field.aliases.begin(), field.aliases.end(), name) != field.aliases.end();
  });
}

}  // namespace

uint8_t WrittenShapes(const CellType& type) {
  switch (type.kind) {
    case ColumnKind::Bool: return kJsonBool;
    case ColumnKind::Int:
    case ColumnKind::Long:
    case ColumnKind::Date:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return kJsonWhole;
    case ColumnKind::Float:
    case ColumnKind::Double: return kJsonFraction | kJsonNotFinite;
    case ColumnKind::Decimal:
    case ColumnKind::Uuid: return kJsonText;
    case ColumnKind::String:
    case ColumnKind::Bytes:
    case ColumnKind::Enum: return kJsonText | kJsonNotFinite;
    case ColumnKind::List: return kJsonArray;
    case ColumnKind::Map:
    case ColumnKind::Record: return kJsonObject;
    case ColumnKind::Union: break;  // a branch is no union
  }
  return 0;
}

uint8_t ReadableShapes(const CellType& type) {
  switch (type.kind) {
    case ColumnKind::Date:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return kJsonText;
    case ColumnKind::Float:
    case ColumnKind::Double: return kJsonWhole;
    case ColumnKind::Decimal: return kJsonWhole | kJsonFraction;
    default: return 0;
  }
}

bool ObjectsNeedTag(const CellType& union_type) {
  int objects = 0;
  for (const CellType& branch : union_type.children) {
    if (branch.kind == ColumnKind::Map) return true;
    if (branch.kind != ColumnKind::Record) continue;
    if (++objects > 1) return true;
    for (const CellType& other : union_type.children) {
      if (HasField(branch, other.tag)) return true;
    }
  }
  return false;
}

int32_t BranchOfShape(const CellType& union_type, uint8_t shape) {
  int32_t written = kNone;
  int32_t readable = kNone;
  for (size_t i = 0; i < union_type.children.size(); ++i) {
    const CellType& branch = union_type.children[i];
    int32_t* found = (WrittenShapes(branch) & shape) != 0    ? &written
                     : (ReadableShapes(branch) & shape) != 0 ? &readable
                                                             : nullptr;
    if (found != nullptr) *found = *found == kNone ? static_cast<int32_t>(i) : kAmbiguous;
  }
  return written != kNone ? written : readable;
}

}  // namespace rulert
