// Walks the fields of a record in the order of its bytes: those in use go to a handler, the others are stepped over.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/slot_tree.h"
#include "compiler/lower/value_reader.h"

namespace rulec::lower {

class LeafHandler {
 public:
  virtual ~LeafHandler() = default;
  // The cursor stands at the field's first byte; the handler moves it behind the field.
  virtual void OnLeaf(plan::SlotId slot, avro::ActionId action) = 0;
  // What stands for a field that the data lack: its default, or null.
  virtual void OnMissing(plan::SlotId slot, const avro::Datum& datum, const avro::Schema& type) = 0;
};

class RecordWalker {
 public:
  // `paths` takes the paths of the fields walked, whose indices errors are told by.
  RecordWalker(FunctionBuilder& f, DecodeUnit& unit, WireReader& reader, const SlotTree& slots, LeafHandler& handler,
               std::vector<std::string>* paths)
      : f_(f), unit_(unit), reader_(reader), slots_(slots), handler_(handler), paths_(*paths) {}

  // The writer's record, from its first byte to its last.
  void Walk();
  // Its fields [first, last) and, apart, those that it lacks.
  void WalkFields(size_t first, size_t last);
  void GiveMissing();

  // The field whose code is being made, as index into the paths: for error exits.
  uint32_t current_field() const { return current_field_; }
  // Is the code being made on one of several ways through a union?
  bool in_branch() const { return branches_ > 0; }

 private:
  using Action = avro::Resolution::Action;
  void WalkAction(avro::ActionId id, const SlotTree& node, const std::string& prefix);
  void WalkUnion(const Action& action, const SlotTree& node, const std::string& prefix);
  void WalkRange(const Action& action, const SlotTree& node, const std::string& prefix, size_t first, size_t last);
  void WalkField(const Action& action, const SlotTree& part, const std::string& path, size_t field);
  size_t SkipRun(const Action& action, const std::string& prefix, size_t first, size_t last, const SlotTree& node);
  const SlotTree* PartOf(const Action& action, const SlotTree& node, size_t field) const;
  void GiveMissing(const Action& action, const SlotTree& node);
  void Give(const SlotTree& node, const avro::Datum& datum, const avro::Schema& type);
  void GiveNull(const SlotTree& node);
  void AddPath(std::string path);

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  WireReader& reader_;
  const SlotTree& slots_;
  LeafHandler& handler_;
  std::vector<std::string>& paths_;
  uint32_t current_field_ = 0;
  int branches_ = 0;
};

}  // namespace rulec::lower
