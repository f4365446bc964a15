#include "compiler/plan/plan.h"

#include <cstdlib>

namespace rulec::plan {

SlotId SlotRegistry::Find(std::string_view path, const rulert::ColumnSpec& column) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].path == path) return static_cast<SlotId>(i);
  }
  slots_.push_back({std::string(path), column});
  return static_cast<SlotId>(slots_.size() - 1);
}

rulert::ColumnSpec ColumnOf(const Type& type) {
  using rulert::ColumnKind;
  switch (type.kind) {
    case TypeKind::Bool: return {ColumnKind::Bool, type.nullable, {}};
    case TypeKind::Int: return {ColumnKind::Int, type.nullable, {}};
    case TypeKind::Long: return {ColumnKind::Long, type.nullable, {}};
    case TypeKind::Double: return {ColumnKind::Double, type.nullable, {}};
    case TypeKind::String: return {ColumnKind::String, type.nullable, {}};
    case TypeKind::Enum: return {ColumnKind::Enum, type.nullable, type.schema->symbols};
    case TypeKind::Timestamp: return {ColumnKind::Timestamp, type.nullable, {}};
    case TypeKind::Duration: return {ColumnKind::Duration, type.nullable, {}};
    case TypeKind::Error:
    case TypeKind::Null:
    default: break;
  }
  std::abort();  // the checker lets no value of such a type through
}

}  // namespace rulec::plan
