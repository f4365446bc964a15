// What decoding and skipping of a datum share: limits, the blocks of arrays and maps, the path of an error.
// Internal to avro/.
#pragma once

#include <string>
#include <string_view>

#include "avro/cursor.h"
#include "avro/datum.h"

namespace avro {

class DatumWalk {
 public:
  explicit DatumWalk(std::span<const uint8_t> bytes) : cursor_(bytes) {}
  DecodeError TakeError() const;
  size_t used() const { return cursor_.offset(); }
  // Steps over one value.
  bool Skip(const Schema& schema);

 protected:
  struct Block {
    uint64_t count = 0;
    bool has_size = false;
    size_t end = 0;  // offset behind the block, if it has a size
  };

  bool ReadBlock(Block* block);
  // After the items of a block: was its size the truth?
  bool CheckBlockEnd(const Block& block);
  bool ReadIndex(const Schema& schema, size_t count, size_t* index);
  bool ReadUtf8(std::string_view* text);
  bool Enter();
  void Leave() { --depth_; }
  // Counts one more value. Values that take no bytes may not be more than the input accounts for.
  bool Count();
  int depth() const { return depth_; }

  // Put the step in front of the path while the error travels outwards; they return false.
  bool InField(const Schema& record, size_t field);
  bool InItem(uint64_t index);
  bool InKey(std::string_view key);

  Cursor cursor_;

 private:
  bool Prepend(std::string step);
  bool SkipValue(const Schema& schema);
  bool SkipRecord(const Schema& schema);
  bool SkipItems(const Schema& schema);

  int depth_ = 0;
  uint64_t values_ = 0;
  std::string path_;
};

}  // namespace avro
