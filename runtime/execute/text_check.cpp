#include "runtime/execute/text_check.h"

#include <algorithm>
#include <cstring>

#include "avro/utf8.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

template <typename T>
T Load(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof value);
  return value;
}

// `items` cells of the type, and behind them a byte for each that may be null.
bool AreItemsValid(const ColumnSpec& spec, const char* items, uint32_t count) {
  if (!HoldsText(spec)) return true;
  const size_t width = ColumnWidth(spec.kind);
  const char* there = items + count * width;
  for (uint32_t i = 0; i < count; ++i) {
    if (spec.nullable && there[i] == 0) continue;
    if (!IsTextValid(spec, items + i * width)) return false;
  }
  return true;
}

bool IsListValid(const ColumnSpec& spec, const void* cell) {
  const auto list = Load<rulert_list>(cell);
  return list.length == 0 || AreItemsValid(spec.children[0], static_cast<const char*>(list.items), list.length);
}

bool IsMapValid(const ColumnSpec& spec, const void* cell) {
  const auto map = Load<rulert_list>(cell);
  if (map.length == 0) return true;
  const char* keys = static_cast<const char*>(map.items);
  for (uint32_t i = 0; i < map.length; ++i) {
    const auto key = Load<rulert_string>(keys + i * sizeof(rulert_string));
    if (!avro::IsUtf8(View(key))) return false;
  }
  return AreItemsValid(spec.children[0], keys + map.length * sizeof(rulert_string), map.length);
}

bool IsRecordValid(const ColumnSpec& spec, const void* cell) {
  const auto* fields = Load<const char*>(cell);
  const RecordLayout layout = LayOutRecord(spec);
  for (size_t i = 0; i < spec.children.size(); ++i) {
    if (layout.null_bytes[i] != kNone && fields[layout.null_bytes[i]] == 0) continue;
    if (!IsTextValid(spec.children[i], fields + layout.offsets[i])) return false;
  }
  return true;
}

bool IsUnionValid(const ColumnSpec& spec, const void* cell) {
  const auto value = Load<rulert_union>(cell);
  if (value.branch >= spec.children.size()) return true;
  const ColumnSpec& branch = spec.children[value.branch];
  return IsTextValid(branch, ColumnWidth(branch.kind) <= 8 ? value.u.inlined : value.u.cell);
}

}  // namespace

bool HoldsText(const ColumnSpec& spec) {
  return spec.kind == ColumnKind::String || spec.kind == ColumnKind::Map ||
         std::any_of(spec.children.begin(), spec.children.end(), HoldsText);
}

bool IsTextValid(const ColumnSpec& spec, const void* cell) {
  switch (spec.kind) {
    case ColumnKind::String: {
      const auto text = Load<rulert_string>(cell);
      return avro::IsUtf8(View(text));
    }
    case ColumnKind::List: return IsListValid(spec, cell);
    case ColumnKind::Map: return IsMapValid(spec, cell);
    case ColumnKind::Record: return IsRecordValid(spec, cell);
    case ColumnKind::Union: return IsUnionValid(spec, cell);
    default: return true;
  }
}

}  // namespace rulert
