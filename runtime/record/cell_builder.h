// Making cells that point to memory of a batch.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime/record/cell.h"

namespace rulert {

// Memory of a batch as rulert_host gives it.
struct CellMemory {
  const rulert_host* host = nullptr;
  void* arena = nullptr;
  // 16-byte aligned; null if there is none left.
  void* Allocate(uint64_t bytes) const { return host->allocate(arena, bytes); }
};

// Items of lists and maps whose number is not known before they are read. Lists in lists are built at the same time:
// what is begun last is ended first. Keeps its memory from use to use. An item takes no more here than it will take in
// the arena, so the arena's limit holds here too.
class ItemStack {
 public:
  struct Mark {
    size_t cells = 0;
    size_t flags = 0;
    size_t keys = 0;
  };
  Mark Begin() const { return {cells_.size(), flags_.size(), keys_.size()}; }
  // Adds an item; `cell` null adds a null.
  void Add(const CellType& element, CellPointer cell);
  // The key of the item that is added next. The text stays where it is if it is longer than 12 bytes.
  void AddKey(std::string_view key) { keys_.push_back(MakeString(key)); }
  // Takes everything since `mark` as a list (map) of `type`; false if there is no memory.
  bool End(const CellType& type, const Mark& mark, const CellMemory& memory, void* cell);
  // Forgets everything since `mark`.
  void Drop(const Mark& mark);
  bool empty() const { return cells_.empty() && keys_.empty(); }
  // Bytes held: the caller refuses what grows beyond a batch's limit.
  size_t size() const { return cells_.size() + keys_.size() * sizeof(rulert_string); }

 private:
  std::vector<unsigned char> cells_;
  std::vector<unsigned char> flags_;
  std::vector<rulert_string> keys_;
};

// A record whose fields are all zero, and null where they can be; null if there is no memory.
char* NewRecord(const CellType& type, const CellMemory& memory);
// Where field `index` goes; marks it as present.
inline void* PutField(const CellType& type, char* record, size_t index) {
  if (type.layout.null_bytes[index] != kNone) record[type.layout.null_bytes[index]] = 1;
  return record + type.layout.offsets[index];
}

// The cell of a union whose branch has the cell `value`; false if there is no memory.
bool MakeUnion(const CellType& type, uint32_t branch, const Cell& value, const CellMemory& memory, void* cell);

// A string whose text is copied unless it is short; false if there is no memory.
bool CopyText(std::string_view text, const CellMemory& memory, void* cell);

// The text at `p`, of which twelve bytes can be read whatever its size is. A longer one stays where it is.
inline void StorePaddedText(const uint8_t* p, size_t size, void* cell) {
  static_assert(std::endian::native == std::endian::little && RULERT_STRING_INLINE == 12);
  uint32_t first;
  uint64_t rest;
  std::memcpy(&first, p, sizeof first);
  std::memcpy(&rest, p + sizeof first, sizeof rest);
  if (size < 12) {
    first &= static_cast<uint32_t>(size < 4 ? (uint64_t{1} << (8 * size)) - 1 : ~uint64_t{0});
    rest &= size > 4 ? (uint64_t{1} << (8 * (size - 4))) - 1 : 0;
  } else if (size > 12) {
    rest = reinterpret_cast<uintptr_t>(p);
  }
  // Two whole words: what is read next reads 16 bytes at once.
  const uint64_t words[2] = {static_cast<uint32_t>(size) | uint64_t{first} << 32, rest};
  StoreCell(words[0], cell);
  StoreCell(words[1], static_cast<char*>(cell) + sizeof words[0]);
}

// Copies a value with everything that it points to; false if there is no memory.
bool CopyCell(const CellType& type, const void* from, const CellMemory& memory, void* to);

}  // namespace rulert
