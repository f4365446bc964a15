#include "runtime/record/cell_builder.h"

#include <cstring>

namespace rulert {

void ItemStack::Add(const CellType& element, CellPointer cell) {
  const size_t at = cells_.size();
  cells_.resize(at + element.width);
  if (cell != nullptr) std::memcpy(cells_.data() + at, cell, element.width);
  if (element.nullable) flags_.push_back(cell != nullptr ? 1 : 0);
}

bool ItemStack::End(const CellType& type, const Mark& mark, const CellMemory& memory, void* cell) {
  const CellType& element = type.children.front();
  const size_t cells = cells_.size() - mark.cells;
  const size_t flags = flags_.size() - mark.flags;
  const size_t keys = (keys_.size() - mark.keys) * sizeof(rulert_string);
  rulert_list list{};
  list.length = static_cast<uint32_t>(cells / element.width);
  if (list.length > 0) {
    auto* to = static_cast<unsigned char*>(memory.Allocate(keys + cells + flags));
    if (to == nullptr) return false;
    list.items = to;
    if (keys > 0) std::memcpy(to, keys_.data() + mark.keys, keys);
    std::memcpy(to + keys, cells_.data() + mark.cells, cells);
    if (flags > 0) std::memcpy(to + keys + cells, flags_.data() + mark.flags, flags);
  }
  StoreCell(list, cell);
  Drop(mark);
  return true;
}

void ItemStack::Drop(const Mark& mark) {
  cells_.resize(mark.cells);
  flags_.resize(mark.flags);
  keys_.resize(mark.keys);
}

char* NewRecord(const CellType& type, const CellMemory& memory) {
  void* record = memory.Allocate(type.layout.size);
  if (record != nullptr) std::memset(record, 0, type.layout.size);
  return static_cast<char*>(record);
}

bool MakeUnion(const CellType& type, uint32_t branch, const Cell& value, const CellMemory& memory, void* cell) {
  rulert_union made{};
  made.branch = branch;
  const uint32_t width = type.children[branch].width;
  if (width <= sizeof made.u.inlined) {
    std::memcpy(made.u.inlined, value.bytes, width);
  } else {
    void* copy = memory.Allocate(width);
    if (copy == nullptr) return false;
    std::memcpy(copy, value.bytes, width);
    made.u.cell = copy;
  }
  StoreCell(made, cell);
  return true;
}

bool CopyText(std::string_view text, const CellMemory& memory, void* cell) {
  if (text.size() > RULERT_STRING_INLINE) {
    auto* copy = static_cast<char*>(memory.Allocate(text.size()));
    if (copy == nullptr) return false;
    std::memcpy(copy, text.data(), text.size());
    text = {copy, text.size()};
  }
  StoreCell(MakeString(text), cell);
  return true;
}

namespace {

bool CopyItems(const CellType& type, const void* from, const CellMemory& memory, void* to) {
  auto list = LoadCell<rulert_list>(from);
  const CellType& element = type.children.front();
  const bool map = type.kind == ColumnKind::Map;
  const size_t keys = map ? list.length * sizeof(rulert_string) : 0;
  const size_t bytes = keys + size_t{list.length} * (element.width + (element.nullable ? 1 : 0));
  if (list.length > 0) {
    auto* items = static_cast<char*>(memory.Allocate(bytes));
    if (items == nullptr) return false;
    std::memcpy(items, list.items, bytes);
    const ListView view(type, from);
    for (uint32_t i = 0; i < list.length; ++i) {
      if (map && !CopyText(view.key(i), memory, items + i * sizeof(rulert_string))) return false;
      const CellPointer item = view.item(i);
      if (item != nullptr && !CopyCell(element, item, memory, items + keys + size_t{i} * element.width)) return false;
    }
    list.items = items;
  }
  StoreCell(list, to);
  return true;
}

bool CopyRecord(const CellType& type, const void* from, const CellMemory& memory, void* to) {
  char* record = NewRecord(type, memory);
  if (record == nullptr) return false;
  const RecordView view(type, from);
  for (size_t i = 0; i < type.children.size(); ++i) {
    const CellPointer field = view.field(i);
    if (field != nullptr && !CopyCell(type.children[i], field, memory, PutField(type, record, i))) return false;
  }
  StoreCell<const char*>(record, to);
  return true;
}

}  // namespace

bool CopyCell(const CellType& type, const void* from, const CellMemory& memory, void* to) {
  switch (type.kind) {
    case ColumnKind::String:
    case ColumnKind::Bytes: return CopyText(TextOf(from), memory, to);
    case ColumnKind::List:
    case ColumnKind::Map: return CopyItems(type, from, memory, to);
    case ColumnKind::Record: return CopyRecord(type, from, memory, to);
    case ColumnKind::Union: {
      const BranchView view(type, from);
      Cell value;
      return CopyCell(type.children[view.branch], view.value, memory, value.bytes) &&
             MakeUnion(type, view.branch, value, memory, to);
    }
    default: std::memcpy(to, from, type.width); return true;
  }
}

}  // namespace rulert
