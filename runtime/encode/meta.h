// The envelope of emitted records, `_meta`: who found it, for which key, when, and an id that is the same in a replay.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/record/cell_type.h"
#include "runtime/record/column_buffer.h"
#include "runtime/record/meta_spec.h"

namespace rulert {

// Where rows came from.
struct RowOrigin {
  uint32_t partition = 0;
  int64_t first_offset = 0;
  const int64_t* offsets = nullptr;  // by row, or null: first_offset + row
  // Of a derived stream: which of the rows that one event gave each row is, and the constant part of what gave it.
  const uint64_t* lineages = nullptr;
  std::string_view derived_from;
  int64_t OffsetOf(uint32_t row) const { return offsets != nullptr ? offsets[row] : first_offset + row; }
};

// Tells the items of an event apart, and the items of rows that were items themselves.
uint64_t LineageOf(uint64_t parent, uint32_t item);

// Computes the columns of `_meta` for up to RULERT_BATCH_ROWS rows of one output. One for a shard and depth.
//
// id: 32 hex digits of XXH3-128 over, each text with its length before it (32 bits, little-endian): rule with package,
// stream, emit number (32 bits), key text, partition (32 bits), offset (64 bits). Where rows are items of a list or
// derived: lineage (64 bits), then the part before the key text of each rule that the row came through.
class MetaColumns {
 public:
  MetaColumns();
  // What was computed before is gone.
  void Clear();
  // The next rows are those from `begin` to `rows.rows`, which an emit with this spec gave; `keys` are its rule's key
  // columns.
  void Add(const MetaSpec& spec, const rulert_rows& rows, uint32_t begin, const rulert_column* keys,
           const RowOrigin& origin);
  // The columns of MetaFields(), valid until the next call of anything.
  const std::vector<rulert_column>& Finish();

 private:
  // A key text that was made here and is not inlined. Where it stands is known when all of them are made.
  struct KeyText {
    uint32_t row;
    uint32_t length;
    size_t begin;  // in key_text_
  };
  std::string_view AddKey(const MetaSpec& spec, const rulert_column* keys, uint32_t from);
  std::string_view AddMadeKey(size_t begin);
  std::string_view Hashed(const MetaSpec& spec, std::string_view key, uint32_t row, const rulert_rows& rows,
                          const RowOrigin& origin);

  ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::unique_ptr<char[]> id_text_;
  uint32_t rows_ = 0;
  std::string key_text_;  // one behind the other
  std::vector<KeyText> key_texts_;
  std::vector<char> hashed_;
};

// The text of one value as `_meta.key` has it: strings, enum symbols, decimals and uuids as they are, times in
// microseconds, doubles so that they read back, lists and the like as JSON.
void AppendKeyText(const CellType& type, const rulert_column& column, uint32_t row, std::string* out);
void AppendKeyText(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out);

}  // namespace rulert
