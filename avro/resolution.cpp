#include "avro/resolution.h"

#include <algorithm>

#include "avro/number_text.h"
#include "avro/resolution_builder.h"
#include "avro/schema_match.h"

namespace avro {
namespace {

using ActionKind = Resolution::Kind;

size_t CopiedBytes(const Datum& datum) {
  size_t bytes = sizeof(Datum) + datum.text.size();
  for (const std::string& key : datum.keys) bytes += sizeof(key) + key.size();
  for (const Datum& item : datum.items) bytes += CopiedBytes(item);
  return bytes;
}

int Height(const Datum& datum) {
  int height = 0;
  for (const Datum& item : datum.items) height = std::max(height, Height(item) + 1);
  return height;
}

bool IsNamed(Kind kind) { return kind == Kind::Record || kind == Kind::Enum || kind == Kind::Fixed; }

bool DecimalsDiffer(const Schema& writer, const Schema& reader) {
  return writer.logical == Logical::Decimal && reader.logical == Logical::Decimal &&
         (writer.precision != reader.precision || writer.scale != reader.scale);
}

// Date and time, or milliseconds and microseconds: one side alone having a logical type is no difference.
bool LogicalTypesDiffer(const Schema& writer, const Schema& reader) {
  return writer.logical != Logical::None && reader.logical != Logical::None && writer.logical != reader.logical;
}

}  // namespace

ResolvedSchemas ResolveSchemas(SchemaPtr writer, SchemaPtr reader) {
  return ResolutionBuilder(std::move(writer), std::move(reader)).Build();
}

ResolutionBuilder::ResolutionBuilder(SchemaPtr writer, SchemaPtr reader) {
  resolution_->writer_ = std::move(writer);
  resolution_->reader_ = std::move(reader);
}

ResolvedSchemas ResolutionBuilder::Build() {
  resolution_->root_ = Pair(&resolution_->writer_->root(), &resolution_->reader_->root());
  return Finish();
}

ResolvedSchemas ResolutionBuilder::Finish() {
  for (ActionId id = 0; id < actions().size(); ++id) {
    Expand(id);
    if (TooLarge()) {
      return {nullptr,
              {"the two schemas are too large together: more than " + WithCommas(uint64_t{kMaxPairs}) +
                   " pairs of their types can meet",
               ""}};
    }
  }
  SpreadFalls();
  if (notes_[resolution_->root_].fallen) return {nullptr, Explain(resolution_->root_)};
  for (ActionId id = 0; id < notes_.size(); ++id) Settle(id);
  RefuseFallenBranches();
  return {resolution_, {}};
}

ActionId ResolutionBuilder::Pair(const Schema* writer, const Schema* reader) {
  const auto [found, fresh] = ids_.emplace(std::pair(writer, reader), static_cast<ActionId>(actions().size()));
  if (fresh) NewAction(writer, reader);
  return found->second;
}

ActionId ResolutionBuilder::NewAction(const Schema* writer, const Schema* reader) {
  Action& action = actions().emplace_back();
  action.writer = writer;
  action.reader = reader;
  notes_.emplace_back();
  return static_cast<ActionId>(actions().size() - 1);
}

void ResolutionBuilder::Need(ActionId id, const Schema* writer, const Schema* reader) {
  const ActionId need = Pair(writer, reader);
  notes_[id].needs.push_back(need);
  notes_[need].needed_by.push_back(id);
}

// Names can be of any length, and the problems of very many pairs are kept.
void ResolutionBuilder::Wrong(ActionId id, std::string problem) {
  constexpr size_t kMaxProblem = 400;
  work_ += problem.size() / kMaxProblem;
  if (problem.size() > kMaxProblem) problem = problem.substr(0, kMaxProblem) + "...";
  notes_[id].problem = std::move(problem);
}

void ResolutionBuilder::Expand(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  if (notes_[id].wanted != nullptr) return ExpandPart(id);
  if (writer.kind == Kind::Union) return ExpandWriterUnion(id);
  if (reader.kind == Kind::Union) return ExpandReaderUnion(id);
  if (DecimalsDiffer(writer, reader) || (compare_logical_ && LogicalTypesDiffer(writer, reader))) {
    return Wrong(id, "the data are " + Describe(writer) + ", which is not read as " + Describe(reader));
  }
  if (writer.kind == reader.kind) return ExpandSameKind(id);
  if (Promotes(writer.kind, reader.kind)) return;
  Wrong(id, "the data are " + Describe(writer) + ", which is not read as " + Describe(reader));
}

void ResolutionBuilder::ExpandWriterUnion(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema* reader = actions()[id].reader;
  actions()[id].kind = ActionKind::WriterUnion;
  for (const Schema* branch : writer.branches) {
    const ActionId need = Pair(branch, reader);
    actions()[id].branches.push_back(need);
    work_ += 1;
  }
}

void ResolutionBuilder::ExpandReaderUnion(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  actions()[id].kind = ActionKind::ReaderUnion;
  for (const Schema* branch : reader.branches) work_ += 1 + branch->aliases.size();
  notes_[id].candidates = MatchingBranches(writer, reader);
  for (const uint32_t branch : std::vector<uint32_t>(notes_[id].candidates)) Need(id, &writer, reader.branches[branch]);
  if (notes_[id].candidates.empty()) {
    Wrong(id, "the data are " + Describe(writer) + ", which no branch of " + Describe(reader) + " takes");
  }
}

void ResolutionBuilder::ExpandSameKind(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  if (IsNamed(writer.kind)) return ExpandNamed(id);
  if (writer.items == nullptr) return;
  Need(id, writer.items, reader.items);
  actions()[id].kind = ActionKind::Items;
  actions()[id].inner = notes_[id].needs.front();
}

void ResolutionBuilder::ExpandNamed(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  if (!NamesMatch(writer, reader)) {
    return Wrong(
        id, "the data are " + Describe(writer) + ", and " + Describe(reader) + " has neither that name nor the alias");
  }
  if (writer.kind == Kind::Enum) return ExpandEnum(id);
  if (writer.kind == Kind::Record) return ExpandRecord(id);
  if (writer.size == reader.size) return;
  Wrong(id, "the data are " + Describe(writer) + " of " + WithCommas(uint64_t{writer.size}) +
                " bytes, the reader's has " + WithCommas(uint64_t{reader.size}));
}

void ResolutionBuilder::ExpandEnum(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  std::unordered_map<std::string_view, int32_t> symbols;
  for (size_t i = 0; i < reader.symbols.size(); ++i) symbols.emplace(reader.symbols[i], static_cast<int32_t>(i));
  const int32_t fallback = reader.enum_default ? symbols.at(*reader.enum_default) : -1;
  Action& action = actions()[id];
  action.kind = ActionKind::Enum;
  for (const std::string& symbol : writer.symbols) {
    const auto found = symbols.find(symbol);
    action.symbols.push_back(found == symbols.end() ? fallback : found->second);
  }
  work_ += reader.symbols.size() + writer.symbols.size();
}

void ResolutionBuilder::ExpandRecord(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  work_ += writer.fields.size();
  for (const Field& field : reader.fields) work_ += 1 + field.aliases.size();
  const std::vector<int32_t> matches = MatchingFields(writer, reader);
  std::vector<Resolution::FieldStep> fields(writer.fields.size());
  for (size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] < 0) continue;
    const auto from = static_cast<size_t>(matches[i]);
    Need(id, writer.fields[from].type, reader.fields[i].type);
    fields[from] = {static_cast<int32_t>(i), notes_[id].needs.back()};
  }
  actions()[id].kind = ActionKind::Record;
  actions()[id].fields = std::move(fields);
  ExpandDefaults(id, matches);
}

void ResolutionBuilder::ExpandDefaults(ActionId id, const std::vector<int32_t>& matches) {
  const Schema& reader = *actions()[id].reader;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] >= 0) continue;
    if (!reader.fields[i].default_json) {
      return Wrong(id, "the data lack the field `" + reader.fields[i].name + "` of " + Describe(reader) +
                           ", which has no default");
    }
    AddDefault(id, i);
    if (!notes_[id].problem.empty()) return;
  }
}

void ResolutionBuilder::AddDefault(ActionId id, size_t reader_field) {
  const Field& field = actions()[id].reader->fields[reader_field];
  const auto [found, fresh] = default_ids_.emplace(&field, static_cast<uint32_t>(resolution_->defaults_.size()));
  if (fresh) {
    Resolution::DefaultValue& made = resolution_->defaults_.emplace_back();
    std::string problem = default_builder_.Build(field, &made.value);
    if (!problem.empty()) {
      default_ids_.erase(found);
      resolution_->defaults_.pop_back();
      return Wrong(id, std::move(problem));
    }
    made.bytes = CopiedBytes(made.value);
    made.height = Height(made.value);
  }
  actions()[id].defaults.push_back({static_cast<uint32_t>(reader_field), found->second});
}

void ResolutionBuilder::SpreadFalls() {
  std::vector<ActionId> falling;
  for (ActionId id = 0; id < notes_.size(); ++id) {
    if (notes_[id].problem.empty()) continue;
    notes_[id].fallen = true;
    notes_[id].culprit = notes_[id].cause = id;
    falling.push_back(id);
  }
  for (size_t i = 0; i < falling.size(); ++i) {
    for (const ActionId above : notes_[falling[i]].needed_by) {
      Note& note = notes_[above];
      if (note.fallen) continue;
      const bool any_will_do = actions()[above].kind == ActionKind::ReaderUnion;
      if (any_will_do && ++note.fallen_needs < note.needs.size()) continue;
      note.fallen = true;
      // Of a union's branches the best is the one that was meant.
      note.culprit = any_will_do ? note.needs.front() : falling[i];
      note.cause = notes_[note.culprit].cause;
      falling.push_back(above);
    }
  }
}

void ResolutionBuilder::Settle(ActionId id) {
  const Note& note = notes_[id];
  if (note.fallen || actions()[id].kind != ActionKind::ReaderUnion) return;
  size_t chosen = 0;
  while (notes_[note.needs[chosen]].fallen) ++chosen;
  actions()[id].inner = note.needs[chosen];
  actions()[id].branch = note.candidates[chosen];
}

// The reasons are told of the whole graph, so it changes only after the last of them.
void ResolutionBuilder::RefuseFallenBranches() {
  std::unordered_map<ActionId, std::string> messages;
  for (const Action& action : actions()) {
    for (const ActionId branch : action.branches) {
      if (!notes_[branch].fallen || messages.count(branch) > 0) continue;
      const ResolutionError why = Explain(branch);
      messages.emplace(branch, why.message + (why.path.empty() ? "" : " (at " + why.path + ")"));
    }
  }
  for (auto& [id, message] : messages) {
    Action refusal;
    refusal.kind = ActionKind::Refuse;
    refusal.writer = actions()[id].writer;
    refusal.reader = actions()[id].reader;
    refusal.message = std::move(message);
    actions()[id] = std::move(refusal);
  }
}

std::string ResolutionBuilder::Step(ActionId from, ActionId to) const {
  const Schema& reader = *actions()[from].reader;
  if (actions()[from].kind == ActionKind::Items) return reader.kind == Kind::Array ? "[]" : "[*]";
  for (const Resolution::FieldStep& step : actions()[from].fields) {
    if (step.reader_field >= 0 && step.action == to) return reader.fields[static_cast<size_t>(step.reader_field)].name;
  }
  return "";
}

// Every culprit fell before the action that it brought down, so this comes to an end.
ResolutionError ResolutionBuilder::Explain(ActionId id) const {
  constexpr size_t kMaxSteps = 100;
  constexpr size_t kMaxPath = 300;
  std::string path;
  const std::string& problem = notes_[notes_[id].cause].problem;
  for (size_t steps = 0; notes_[id].culprit != id; id = notes_[id].culprit, ++steps) {
    if (steps == kMaxSteps || path.size() > kMaxPath) return {problem, path.substr(0, kMaxPath) + "..."};
    const std::string step = Step(id, notes_[id].culprit);
    if (!path.empty() && !step.empty() && step.front() != '[') path += '.';
    path += step;
  }
  return {problem, path};
}

}  // namespace avro
