// Resolution of some paths of the reader's schema, the rest left aside.
#include "avro/resolution.h"
#include "avro/resolution_builder.h"
#include "avro/schema_match.h"

namespace avro {
namespace {

using ActionKind = Resolution::Kind;
using Wanted = ResolutionBuilder::Wanted;

std::string_view CutFirst(std::string_view* path) {
  const size_t dot = path->find('.');
  const std::string_view first = path->substr(0, dot);
  *path = dot == std::string_view::npos ? std::string_view() : path->substr(dot + 1);
  return first;
}

bool IsWrittenFrom(const Resolution& resolution, ActionId id, std::string_view path) {
  const Resolution::Action& action = resolution.action(id);
  if (path.empty()) return action.kind != ActionKind::Refuse;
  if (action.kind == ActionKind::ReaderUnion) return IsWrittenFrom(resolution, action.inner, path);
  if (action.kind == ActionKind::WriterUnion) {
    for (const ActionId branch : action.branches) {
      if (IsWrittenFrom(resolution, branch, path)) return true;
    }
    return false;
  }
  if (action.kind != ActionKind::Record) return false;
  const int field = action.reader->FieldIndex(CutFirst(&path));
  for (const Resolution::FieldStep& step : action.fields) {
    if (step.reader_field >= 0 && step.reader_field == field) return IsWrittenFrom(resolution, step.action, path);
  }
  return false;
}

}  // namespace

ResolvedSchemas ResolvePaths(SchemaPtr writer, SchemaPtr reader, const std::vector<std::string>& paths) {
  Wanted wanted;
  for (std::string_view path : paths) {
    Wanted* at = &wanted;
    while (!path.empty()) at = &at->parts[std::string(CutFirst(&path))];
    at->whole = true;
  }
  return ResolutionBuilder(std::move(writer), std::move(reader)).BuildParts(wanted);
}

bool IsWritten(const Resolution& resolution, std::string_view path) {
  return IsWrittenFrom(resolution, resolution.root(), path);
}

ResolvedSchemas ResolutionBuilder::BuildParts(const Wanted& wanted) {
  compare_logical_ = true;
  resolution_->root_ = Part(&resolution_->writer_->root(), &resolution_->reader_->root(), wanted);
  return Finish();
}

ActionId ResolutionBuilder::Part(const Schema* writer, const Schema* reader, const Wanted& wanted) {
  if (wanted.whole) return Pair(writer, reader);
  const ActionId id = NewAction(writer, reader);
  notes_[id].wanted = &wanted;
  return id;
}

void ResolutionBuilder::NeedPart(ActionId id, const Schema* writer, const Schema* reader, const Wanted& wanted) {
  const ActionId need = Part(writer, reader, wanted);
  notes_[id].needs.push_back(need);
  notes_[need].needed_by.push_back(id);
}

void ResolutionBuilder::ExpandPart(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  const Wanted& wanted = *notes_[id].wanted;
  if (writer.kind == Kind::Union) {
    actions()[id].kind = ActionKind::WriterUnion;
    for (const Schema* branch : writer.branches) {
      const ActionId need = Part(branch, &reader, wanted);
      actions()[id].branches.push_back(need);
      work_ += 1;
    }
    return;
  }
  if (reader.kind == Kind::Union) {
    actions()[id].kind = ActionKind::ReaderUnion;
    for (const Schema* branch : reader.branches) work_ += 1 + branch->aliases.size();
    notes_[id].candidates = MatchingBranches(writer, reader);
    for (const uint32_t branch : std::vector<uint32_t>(notes_[id].candidates)) {
      NeedPart(id, &writer, reader.branches[branch], wanted);
    }
    if (!notes_[id].candidates.empty()) return;
  } else if (writer.kind == Kind::Null && reader.kind == Kind::Null) {
    return;
  } else if (writer.kind == Kind::Record && reader.kind == Kind::Record && NamesMatch(writer, reader)) {
    return ExpandRecordPart(id);
  }
  Wrong(id, "the data are " + Describe(writer) + ", which is not read as " + Describe(reader));
}

void ResolutionBuilder::ExpandRecordPart(ActionId id) {
  const Schema& writer = *actions()[id].writer;
  const Schema& reader = *actions()[id].reader;
  const Wanted& wanted = *notes_[id].wanted;
  work_ += writer.fields.size();
  for (const Field& field : reader.fields) work_ += 1 + field.aliases.size();
  const std::vector<int32_t> matches = MatchingFields(writer, reader);
  actions()[id].kind = ActionKind::Record;
  std::vector<Resolution::FieldStep> fields(writer.fields.size());
  for (size_t i = 0; i < matches.size(); ++i) {
    const auto part = wanted.parts.find(reader.fields[i].name);
    if (part == wanted.parts.end()) continue;
    if (matches[i] >= 0) {
      const auto from = static_cast<size_t>(matches[i]);
      NeedPart(id, writer.fields[from].type, reader.fields[i].type, part->second);
      fields[from] = {static_cast<int32_t>(i), notes_[id].needs.back()};
    } else if (reader.fields[i].default_json) {
      AddDefault(id, i);
    }
  }
  actions()[id].fields = std::move(fields);
}

}  // namespace avro
