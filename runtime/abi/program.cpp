#include "runtime/abi/program.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rulert {
namespace {

constexpr std::array<std::pair<ColumnKind, std::string_view>, 18> kKinds = {{
    {ColumnKind::Bool, "bool"},
    {ColumnKind::Int, "int"},
    {ColumnKind::Long, "long"},
    {ColumnKind::Double, "double"},
    {ColumnKind::String, "string"},
    {ColumnKind::Enum, "enum"},
    {ColumnKind::Timestamp, "timestamp"},
    {ColumnKind::Duration, "duration"},
    {ColumnKind::Float, "float"},
    {ColumnKind::Decimal, "decimal"},
    {ColumnKind::Bytes, "bytes"},
    {ColumnKind::Date, "date"},
    {ColumnKind::TimeOfDay, "timeofday"},
    {ColumnKind::Uuid, "uuid"},
    {ColumnKind::List, "list"},
    {ColumnKind::Map, "map"},
    {ColumnKind::Record, "record"},
    {ColumnKind::Union, "union"},
}};

constexpr std::array<std::string_view, 6> kPrepared = {"none", "regex", "like", "zone", "time_format", "string_set"};

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
    case ColumnKind::Float:
    case ColumnKind::Date:
    case ColumnKind::Enum: return 4;
    case ColumnKind::Long:
    case ColumnKind::Double:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::Record: return 8;
    case ColumnKind::String:
    case ColumnKind::Bytes:
    case ColumnKind::Decimal:
    case ColumnKind::Uuid:
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Union: return 16;
  }
  return 0;
}

std::string_view PreparedName(Prepared prepared) { return kPrepared[static_cast<size_t>(prepared)]; }

std::optional<Prepared> PreparedNamed(std::string_view name) {
  for (size_t i = 0; i < kPrepared.size(); ++i) {
    if (kPrepared[i] == name) return static_cast<Prepared>(i);
  }
  return std::nullopt;
}

namespace {

constexpr std::array<std::string_view, 5> kIndexOps = {"equal", "less", "less_equal", "greater", "greater_equal"};

}  // namespace

std::string_view IndexOpName(IndexOp op) { return kIndexOps[static_cast<size_t>(op)]; }

std::optional<IndexOp> IndexOpNamed(std::string_view name) {
  for (size_t i = 0; i < kIndexOps.size(); ++i) {
    if (kIndexOps[i] == name) return static_cast<IndexOp>(i);
  }
  return std::nullopt;
}

bool ColumnSpec::operator==(const ColumnSpec&) const = default;

RecordLayout LayOutRecord(const ColumnSpec& record) {
  RecordLayout layout;
  uint32_t at = 0;
  for (const ColumnSpec& field : record.children) {
    const uint32_t width = ColumnWidth(field.kind);
    const uint32_t alignment = std::min<uint32_t>(width, 8);
    at = (at + alignment - 1) / alignment * alignment;
    layout.offsets.push_back(at);
    at += width;
  }
  for (const ColumnSpec& field : record.children) {
    layout.null_bytes.push_back(field.nullable ? static_cast<int32_t>(at++) : kNone);
  }
  layout.size = (at + 7) / 8 * 8;
  return layout;
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
