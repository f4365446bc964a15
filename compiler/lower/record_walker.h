// Walks the fields of a record in the order of its bytes: those in use go to a handler, the others are stepped over.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "compiler/lower/values.h"
#include "compiler/lower/wire_reader.h"
#include "compiler/plan/plan.h"

namespace rulec::lower {

// Of the fields in use: where they are put.
using SlotPaths = std::map<std::string, plan::SlotId, std::less<>>;

class LeafHandler {
 public:
  virtual ~LeafHandler() = default;
  // The cursor stands at the field's first byte; the handler moves it behind the field.
  virtual void OnLeaf(plan::SlotId slot, const avro::Schema& type) = 0;
};

class RecordWalker {
 public:
  RecordWalker(WireReader& reader, const SlotPaths& slots, LeafHandler& handler)
      : reader_(reader), slots_(slots), handler_(handler) {}

  void Walk(const avro::Schema& record) { WalkFields(record, ""); }

  // The field whose code is being made, as index into field_paths(): for error exits.
  uint32_t current_field() const { return current_field_; }
  const std::vector<std::string>& field_paths() const { return field_paths_; }

 private:
  void WalkFields(const avro::Schema& record, const std::string& prefix);
  bool AnySlotUnder(const std::string& path) const;

  WireReader& reader_;
  const SlotPaths& slots_;
  LeafHandler& handler_;
  std::vector<std::string> field_paths_;
  uint32_t current_field_ = 0;
};

// Reads a field of a type that slots can have, converted to its column: times to microseconds.
Value ReadLeaf(FunctionBuilder& f, WireReader& reader, const avro::Schema& type, const rulert::ColumnSpec& column,
               const WireReader::Fail& fail);

}  // namespace rulec::lower
