// Reading cells (abi.h, rulert_column): one value of any type, wherever it stands.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "runtime/abi/abi.h"
#include "runtime/base/text.h"
#include "runtime/record/cell_type.h"
#include "runtime/record/column_buffer.h"

namespace rulert {

// A cell of its own, for any type; zero is the cell of null.
struct alignas(16) Cell {
  unsigned char bytes[16] = {};
};

template <typename T>
T LoadCell(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof value);
  return value;
}
template <typename T>
void StoreCell(const T& value, void* cell) {
  std::memcpy(cell, &value, sizeof value);
}

inline const void* CellOf(const rulert_column& column, uint32_t width, uint32_t row) {
  return static_cast<const char*>(column.values) + size_t{row} * width;
}
inline void* MutableCellOf(const rulert_column& column, uint32_t width, uint32_t row) {
  return static_cast<char*>(column.values) + size_t{row} * width;
}

// A value and whether it is there; `cell` is null for null.
using CellPointer = const void*;

// The items of a list, or the values of a map.
class ListView {
 public:
  ListView(const CellType& type, const void* cell)
      : element_(type.children.front()), list_(LoadCell<rulert_list>(cell)), is_map_(type.kind == ColumnKind::Map) {
    cells_ = static_cast<const char*>(list_.items) + (is_map_ ? size_t{list_.length} * sizeof(rulert_string) : 0);
  }
  uint32_t size() const { return list_.length; }
  const CellType& element() const { return element_; }
  CellPointer item(uint32_t index) const {
    if (element_.nullable && cells_[size_t{list_.length} * element_.width + index] == 0) return nullptr;
    return cells_ + size_t{index} * element_.width;
  }
  // Of a map. The view is valid as long as the map: short keys stand in it too.
  std::string_view key(uint32_t index) const { return View(static_cast<const rulert_string*>(list_.items)[index]); }

 private:
  const CellType& element_;
  rulert_list list_;
  bool is_map_;
  const char* cells_;
};

// The fields of a record.
class RecordView {
 public:
  RecordView(const CellType& type, const void* cell) : type_(type), fields_(LoadCell<const char*>(cell)) {}
  CellPointer field(size_t index) const {
    const int32_t null_byte = type_.layout.null_bytes[index];
    if (null_byte != kNone && fields_[null_byte] == 0) return nullptr;
    return fields_ + type_.layout.offsets[index];
  }

 private:
  const CellType& type_;
  const char* fields_;
};

// The branch of a union and its cell, which is valid as long as `cell` is.
struct BranchView {
  BranchView(const CellType& type, const void* cell) {
    std::memcpy(&branch, cell, sizeof branch);
    const char* inlined = static_cast<const char*>(cell) + offsetof(rulert_union, u);
    value =
        branch < type.children.size() && type.children[branch].width == 16 ? LoadCell<const void*>(inlined) : inlined;
  }
  uint32_t branch = 0;
  CellPointer value = nullptr;
};

inline std::string_view TextOf(const void* cell) { return View(*static_cast<const rulert_string*>(cell)); }

}  // namespace rulert
