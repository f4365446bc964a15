// What a decoder that interprets makes of the reader's schema: which values are wanted, where they go, and what stands
// for those that are not there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/abi/program.h"
#include "runtime/base/error.h"
#include "runtime/record/batch_arena.h"
#include "runtime/record/cell.h"
#include "runtime/record/cell_type.h"

namespace rulert {

// What a field has where data have none for it.
struct FieldDefault {
  enum class Kind : uint8_t { None, Null, Value };
  Kind kind = Kind::None;
  Cell cell;  // a value's; what it points to lives as long as the plan
};

// A value of the reader's schema that is wanted, whole or in parts.
struct ReadNode {
  const avro::Schema* schema = nullptr;  // as declared: may be a union with null
  bool nullable = false;
  // Wanted whole: how its cell is made. Null for a record of which only parts are wanted ("flat").
  const CellType* type = nullptr;
  int32_t slot = kNone;  // where it goes; kNone inside of cells and for flat records
  // Record: the fields wanted (all of them inside of cells); List, Map: the element; Union: the branches.
  std::vector<ReadNode> children;
  std::vector<int32_t> child_of_field;  // Record: by the schema's field, index into `children` or kNone
  uint32_t record_number = 0;           // Record, flat or not: among all of the plan

  // As a field of a record.
  uint32_t field = 0;
  std::vector<std::string> names;  // its own, then its aliases
  FieldDefault missing;            // not for flat records
  // Of a flat record with a default: the nodes with slots below it.
  std::vector<std::pair<const ReadNode*, FieldDefault>> missing_below;
  // Slots that are parts of this one: which fields lead there.
  struct Part {
    int32_t slot;
    std::vector<uint32_t> fields;
  };
  std::vector<Part> parts;

  bool flat() const { return type == nullptr; }
};

// Does not move; nodes point into it.
class ReadPlan {
 public:
  // A plan for the slots that `wanted` names, of all slots of a stream. The schema must be that of a record.
  static Result<std::unique_ptr<ReadPlan>> Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                const std::vector<int32_t>& wanted);

  const ReadNode& root() const { return root_; }
  const std::vector<int32_t>& slots() const { return wanted_; }
  const ColumnSpec& column(int32_t slot) const { return slots_[static_cast<size_t>(slot)].column; }
  uint32_t record_count() const { return records_; }
  uint32_t width(int32_t slot) const { return widths_[static_cast<size_t>(slot)]; }

 private:
  friend class ReadPlanBuilder;
  ReadPlan() = default;

  avro::SchemaPtr reader_;
  std::vector<SlotSpec> slots_;
  std::vector<int32_t> wanted_;
  std::vector<uint32_t> widths_;
  std::vector<std::unique_ptr<CellType>> types_;
  uint32_t records_ = 0;
  BatchArena defaults_;
  ReadNode root_;
};

// Writes the cells of one row.
class RowSink {
 public:
  RowSink(const ReadPlan& plan, const rulert_column* columns) : plan_(plan), columns_(columns) {}
  void set_row(uint32_t row) { row_ = row; }

  // A value of a node with a slot; `cell` null writes null. Its parts are written too.
  void Put(const ReadNode& node, CellPointer cell) const {
    PutSlot(node.slot, cell);
    if (!node.parts.empty()) PutParts(node, cell);
  }
  // Where the cell of a node with a slot goes: to be written in place, then Done.
  void* Place(const ReadNode& node) const { return MutableCellOf(columns_[node.slot], node.type->width, row_); }
  void Done(const ReadNode& node, bool null) const {
    const rulert_column& column = columns_[node.slot];
    if (null) std::memset(Place(node), 0, node.type->width);
    if (column.valid != nullptr) SetValid(column, row_, !null);
    if (!node.parts.empty()) PutParts(node, null ? nullptr : Place(node));
  }

  // What a node that data lack has by default; false if it has none. `or_null`: then null.
  bool PutMissing(const ReadNode& node, bool or_null) const;
  // Null in every slot at or below `node`.
  void PutNull(const ReadNode& node) const;

 private:
  void PutSlot(int32_t slot, CellPointer cell) const {
    const rulert_column& column = columns_[slot];
    const uint32_t width = plan_.width(slot);
    void* to = MutableCellOf(column, width, row_);
    if (cell != nullptr) {
      std::memcpy(to, cell, width);
    } else {
      std::memset(to, 0, width);
    }
    if (column.valid != nullptr) SetValid(column, row_, cell != nullptr);
  }
  void PutParts(const ReadNode& node, CellPointer cell) const;

  const ReadPlan& plan_;
  const rulert_column* columns_;
  uint32_t row_ = 0;
};

}  // namespace rulert
