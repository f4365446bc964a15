#include "runtime/abi/program.h"

#include <array>
#include <utility>

namespace rulert {
namespace {

constexpr std::array<std::pair<ColumnKind, std::string_view>, 8> kKinds = {{
    {ColumnKind::Bool, "bool"},
    {ColumnKind::Int, "int"},
    {ColumnKind::Long, "long"},
    {ColumnKind::Double, "double"},
    {ColumnKind::String, "string"},
    {ColumnKind::Enum, "enum"},
    {ColumnKind::Timestamp, "timestamp"},
    {ColumnKind::Duration, "duration"},
}};

}  // namespace

std::string_view ColumnKindName(ColumnKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "unknown";
}

std::optional<ColumnKind> ColumnKindNamed(std::string_view name) {
  for (const auto& [kind, known] : kKinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

uint32_t ColumnWidth(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::Bool: return 1;
    case ColumnKind::Int:
    case ColumnKind::Enum: return 4;
    case ColumnKind::Long:
    case ColumnKind::Double:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return 8;
    case ColumnKind::String: return 16;
  }
  return 0;
}

const std::vector<OutputField>& MetaFields() {
  static const std::vector<OutputField> fields = {
      {"id", {ColumnKind::String, false, {}}},   {"rule", {ColumnKind::String, false, {}}},
      {"version", {ColumnKind::Int, false, {}}}, {"severity", {ColumnKind::String, true, {}}},
      {"key", {ColumnKind::String, true, {}}},   {"time", {ColumnKind::Timestamp, true, {}}},
  };
  return fields;
}

}  // namespace rulert
