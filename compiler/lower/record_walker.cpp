#include "compiler/lower/record_walker.h"

#include <algorithm>

#include "compiler/lower/skip_functions.h"
#include "runtime/abi/abi.h"

namespace rulec::lower {

using ActionKind = avro::Resolution::Kind;

namespace {

// A run of fields that nobody reads is stepped over by calls if its code would be longer.
constexpr uint32_t kMostInLine = 32;

}  // namespace

void RecordWalker::AddPath(std::string path) {
  current_field_ = static_cast<uint32_t>(paths_.size());
  paths_.push_back(std::move(path));
}

void RecordWalker::Walk() {
  const avro::ActionId root = unit_.resolution().root();
  // Data whose top is a union of records: its branch belongs to no field.
  if (unit_.resolution().action(root).kind != ActionKind::Record) AddPath("");
  WalkAction(root, slots_, "");
}

void RecordWalker::WalkFields(size_t first, size_t last) {
  const Action& root = unit_.resolution().action(unit_.resolution().root());
  reader_.EnterLevel();
  WalkRange(root, slots_, "", first, last);
  reader_.LeaveLevel();
}

void RecordWalker::GiveMissing() { GiveMissing(unit_.resolution().action(unit_.resolution().root()), slots_); }

const SlotTree* RecordWalker::PartOf(const Action& action, const SlotTree& node, size_t field) const {
  const int32_t reader_field = action.fields[field].reader_field;
  if (reader_field < 0) return nullptr;
  const auto part = node.parts.find(action.reader->fields[static_cast<size_t>(reader_field)].name);
  return part == node.parts.end() ? nullptr : &part->second;
}

void RecordWalker::WalkRange(const Action& action, const SlotTree& node, const std::string& prefix, size_t first,
                             size_t last) {
  for (size_t i = first; i < last;) {
    const SlotTree* part = PartOf(action, node, i);
    if (!part) {
      i = SkipRun(action, prefix, i, last, node);
      continue;
    }
    const std::string path = prefix + action.writer->fields[i].name;
    AddPath(path);
    WalkField(action, *part, path, i);
    ++i;
  }
}

size_t RecordWalker::SkipRun(const Action& action, const std::string& prefix, size_t first, size_t last,
                             const SlotTree& node) {
  const avro::Schema& record = *action.writer;
  size_t end = first;
  uint32_t weight = 0;
  for (; end < last && !PartOf(action, node, end); ++end) weight += unit_.shape(*record.fields[end].type).cost();
  const bool in_line = weight <= kMostInLine;
  const std::vector<size_t> pieces = FieldPieces(unit_, record, first, end);
  for (size_t piece = 0; piece + 1 < pieces.size(); ++piece) {
    AddPath(prefix + record.fields[pieces[piece]].name);
    const uint32_t field = current_field_;
    if (in_line) reader_.Skip(*record.fields[pieces[piece]].type);
    for (size_t i = pieces[piece] + 1; i < pieces[piece + 1]; ++i) {
      AddPath(prefix + record.fields[i].name);
      if (in_line) reader_.Skip(*record.fields[i].type);
    }
    current_field_ = field;
    if (!in_line) reader_.SkipFields(record, pieces[piece], pieces[piece + 1]);
  }
  return end;
}

void RecordWalker::WalkField(const Action& action, const SlotTree& part, const std::string& path, size_t field) {
  const uint32_t index = current_field_;
  const avro::ActionId inner = action.fields[field].action;
  if (part.slot != rulert::kNone) {
    // Wanted as a whole and in parts: it is read twice.
    llvm::Value* start = nullptr;
    if (!part.parts.empty()) {
      reader_.CheckBounds();
      start = reader_.Cursor();
    }
    handler_.OnLeaf(static_cast<plan::SlotId>(part.slot), inner);
    if (!start) return;
    reader_.CheckBounds();
    reader_.SetCursor(start);
  }
  WalkAction(inner, part, path + ".");
  current_field_ = index;
}

void RecordWalker::WalkAction(avro::ActionId id, const SlotTree& node, const std::string& prefix) {
  const Action& action = unit_.resolution().action(id);
  switch (action.kind) {
    case ActionKind::WriterUnion: return WalkUnion(action, node, prefix);
    case ActionKind::ReaderUnion: return WalkAction(action.inner, node, prefix);
    case ActionKind::Record:
      reader_.EnterLevel();
      WalkRange(action, node, prefix, 0, action.fields.size());
      reader_.LeaveLevel();
      return GiveMissing(action, node);
    case ActionKind::Refuse: reader_.Refuse(RULERT_DECODE_RESOLVE); return f_.Enter(f_.NewBlock("refused"));
    case ActionKind::Value:  // null, read as null: there is no record whose parts could be read
    case ActionKind::Enum:
    case ActionKind::Items: return GiveNull(node);
  }
}

void RecordWalker::WalkUnion(const Action& action, const SlotTree& node, const std::string& prefix) {
  auto& ir = f_.ir();
  const auto count = static_cast<uint32_t>(action.branches.size());
  llvm::Value* branch = reader_.ReadIndex(count, RULERT_DECODE_BRANCH);
  llvm::BasicBlock* none = f_.NewBlock("no_branch");
  llvm::BasicBlock* on = f_.NewBlock("union");
  llvm::SwitchInst* choice = ir.CreateSwitch(branch, none, count);
  f_.Enter(none);
  ir.CreateUnreachable();
  const uint32_t before = reader_.pending();
  const uint32_t field = current_field_;
  uint32_t most = before;
  ++branches_;
  for (uint32_t i = 0; i < count; ++i) {
    llvm::BasicBlock* block = f_.NewBlock("branch");
    choice->addCase(f_.Int32(i), block);
    f_.Enter(block);
    reader_.set_pending(before);
    current_field_ = field;
    WalkAction(action.branches[i], node, prefix);
    most = std::max(most, reader_.pending());
    f_.Jump(on);
  }
  --branches_;
  reader_.set_pending(most);
  f_.Enter(on);
}

void RecordWalker::GiveMissing(const Action& action, const SlotTree& node) {
  for (const auto& [name, part] : node.parts) {
    const int field = action.reader->FieldIndex(name);
    const bool written = std::any_of(action.fields.begin(), action.fields.end(), [&](const auto& step) {
      return step.reader_field >= 0 && step.reader_field == field;
    });
    if (written) continue;
    const auto given = std::find_if(action.defaults.begin(), action.defaults.end(),
                                    [&](const auto& step) { return static_cast<int>(step.reader_field) == field; });
    if (given == action.defaults.end()) {
      GiveNull(part);
    } else {
      Give(part, unit_.resolution().default_value(given->value).value,
           *action.reader->fields[static_cast<size_t>(field)].type);
    }
  }
}

void RecordWalker::Give(const SlotTree& node, const avro::Datum& datum, const avro::Schema& type) {
  if (datum.kind == avro::Kind::Null) return GiveNull(node);
  if (node.slot != rulert::kNone) handler_.OnMissing(static_cast<plan::SlotId>(node.slot), datum, type);
  const avro::Schema& record = datum.branch >= 0 ? *type.branches[static_cast<size_t>(datum.branch)] : type;
  for (const auto& [name, part] : node.parts) {
    const int field = record.FieldIndex(name);
    if (field < 0) {
      GiveNull(part);
    } else {
      Give(part, datum.items[static_cast<size_t>(field)], *record.fields[static_cast<size_t>(field)].type);
    }
  }
}

void RecordWalker::GiveNull(const SlotTree& node) {
  static const avro::Datum null;
  static const avro::Schema none;
  if (node.slot != rulert::kNone) handler_.OnMissing(static_cast<plan::SlotId>(node.slot), null, none);
  for (const auto& [name, part] : node.parts) GiveNull(part);
}

}  // namespace rulec::lower
