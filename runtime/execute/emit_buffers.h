// Where rules write what they emit: rows of one output, from one rule after the other, until they are handed on.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/record/column_buffer.h"
#include "runtime/record/meta_spec.h"

namespace rulert {

// Rows of a buffer that one emit of one rule gave: begin <= row < end.
struct EmitRun {
  const MetaSpec* meta;          // of the emit
  const rulert_column* columns;  // the fields of the output, and behind them the rule's keys
  uint32_t begin;
  uint32_t end;
};

// Room for RULERT_BATCH_ROWS rows of any output, one after the other.
class EmitBuffer {
 public:
  // Columns for cells of these widths, that may be null or not. They stay where they are.
  struct Shape {
    size_t width;
    bool nullable;
    auto operator<=>(const Shape&) const = default;
  };
  const rulert_column* Columns(const std::vector<Shape>& shapes);
  // As R wants it, behind the rows that wait.
  rulert_rows Room(const rulert_column* columns, bool with_items) {
    return {rows_,         RULERT_BATCH_ROWS,
            columns,       source_rows_.data(),
            times_.data(), with_items ? source_items_.data() : nullptr};
  }
  // May rows of this output join those that wait, and is there room for `more`?
  bool Takes(size_t output, uint32_t more) const {
    return rows_ == 0 || (output_ == output && rows_ + more <= RULERT_BATCH_ROWS);
  }

  // What waits: runs of one output, each where the one before ends.
  std::span<const EmitRun> runs() const { return runs_; }
  uint32_t rows() const { return rows_; }
  size_t output() const { return output_; }
  // All rows up to the end of a run: its own begin at run.begin.
  rulert_rows RowsOf(const EmitRun& run) {
    rulert_rows rows = Room(run.columns, run.meta->expands);
    rows.rows = run.end;
    return rows;
  }

 private:
  friend class EmitBuffers;
  // By place and width: rows of rules whose keys differ in width stand one behind the other.
  std::map<std::pair<size_t, size_t>, ColumnBuffer> buffers_;
  std::map<std::vector<Shape>, std::vector<rulert_column>> columns_;
  std::vector<uint32_t> source_rows_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<int64_t> times_ = std::vector<int64_t>(RULERT_BATCH_ROWS);
  std::vector<uint32_t> source_items_ = std::vector<uint32_t>(RULERT_BATCH_ROWS);
  std::vector<EmitRun> runs_;
  size_t output_ = 0;
  uint32_t rows_ = 0;
};

// The buffers of a shard's rules: so many rows share one call of an encoder, and a program with ten thousand outputs
// needs no more memory than one with kUsual.
class EmitBuffers {
 public:
  // The buffer for an emit to this output: the same for each rule, unless it is among those `taken` by other emits of
  // the rule. It stays where it is.
  EmitBuffer* Assign(size_t output, std::span<EmitBuffer* const> taken);

  // An emit wrote rows behind those that wait; the buffer has `rows` with them.
  void Add(EmitBuffer* buffer, size_t output, const MetaSpec* meta, const rulert_rows& rows) {
    if (buffer->rows_ == 0) waiting_.push_back(buffer);
    buffer->output_ = output;
    buffer->runs_.push_back({meta, rows.columns, buffer->rows_, rows.rows});
    buffer->rows_ = rows.rows;
  }
  // Those with rows, in the order in which they got their first.
  std::span<EmitBuffer* const> waiting() const { return waiting_; }
  void Clear();

 private:
  static constexpr size_t kUsual = 64;
  std::deque<EmitBuffer> buffers_;
  std::vector<EmitBuffer*> waiting_;
};

}  // namespace rulert
