// Makes Resolutions. Internal: callers use ResolveSchemas.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "avro/default_value.h"
#include "avro/resolution.h"

namespace avro {

// In three steps, none of which recurses, so that schemas of any shape are safe:
// 1. every pair of types that can meet becomes an action, all the fitting branches of a reader's union included;
// 2. pairs that cannot be read spread that to the actions that need them; what is left can be read. A pair that only
//    needs itself is left too, which is right: no finite datum proves it wrong;
// 3. each reader's union settles for its first branch that is left, and under a writer's union what fell becomes a
//    refusal.
class ResolutionBuilder {
 public:
  // What is wanted of a record: all of it, or some of its parts by the reader's names.
  struct Wanted {
    bool whole = false;
    std::map<std::string, Wanted, std::less<>> parts;
  };

  ResolutionBuilder(SchemaPtr writer, SchemaPtr reader);
  ResolvedSchemas Build();
  // Only what is wanted, with logical types compared; `wanted` must live as long as this.
  ResolvedSchemas BuildParts(const Wanted& wanted);

 private:
  using Action = Resolution::Action;

  // What the builder knows of an action beside the action itself.
  struct Note {
    std::vector<ActionId> needs;       // of a ReaderUnion any one, of others all
    std::vector<ActionId> needed_by;   // not by WriterUnions, which stand whatever falls
    std::vector<uint32_t> candidates;  // ReaderUnion: branch for each of `needs`
    size_t fallen_needs = 0;
    bool fallen = false;
    std::string problem;             // if the pair itself is wrong
    ActionId culprit = 0;            // if it fell: the need that brought it down, or itself
    ActionId cause = 0;              // if it fell: the pair that has the problem
    const Wanted* wanted = nullptr;  // null: the whole
  };

  struct PairHash {
    size_t operator()(const std::pair<const Schema*, const Schema*>& pair) const {
      const std::hash<const Schema*> hash;
      return hash(pair.first) * 31 + hash(pair.second);
    }
  };

  ResolvedSchemas Finish();
  ActionId Pair(const Schema* writer, const Schema* reader);
  ActionId NewAction(const Schema* writer, const Schema* reader);
  // As Pair, of what is wanted alone; one for each place that leads here.
  ActionId Part(const Schema* writer, const Schema* reader, const Wanted& wanted);
  void NeedPart(ActionId id, const Schema* writer, const Schema* reader, const Wanted& wanted);
  void ExpandPart(ActionId id);
  void ExpandRecordPart(ActionId id);
  void AddDefault(ActionId id, size_t reader_field);
  void Need(ActionId id, const Schema* writer, const Schema* reader);
  void Expand(ActionId id);
  void ExpandWriterUnion(ActionId id);
  void ExpandReaderUnion(ActionId id);
  void ExpandSameKind(ActionId id);
  void ExpandNamed(ActionId id);
  void ExpandEnum(ActionId id);
  void ExpandRecord(ActionId id);
  void ExpandDefaults(ActionId id, const std::vector<int32_t>& matches);
  void Wrong(ActionId id, std::string problem);
  void SpreadFalls();
  void Settle(ActionId id);
  void RefuseFallenBranches();
  ResolutionError Explain(ActionId id) const;
  std::string Step(ActionId from, ActionId to) const;
  bool TooLarge() const { return actions().size() > kMaxPairs || work_ > kMaxWork; }

  std::vector<Action>& actions() { return resolution_->actions_; }
  const std::vector<Action>& actions() const { return resolution_->actions_; }

  static constexpr size_t kMaxPairs = 200'000;
  static constexpr size_t kMaxWork = 20'000'000;  // fields, symbols and branches compared

  std::shared_ptr<Resolution> resolution_ = std::make_shared<Resolution>();
  std::vector<Note> notes_;
  std::unordered_map<std::pair<const Schema*, const Schema*>, ActionId, PairHash> ids_;
  std::unordered_map<const Field*, uint32_t> default_ids_;
  DefaultBuilder default_builder_;
  size_t work_ = 0;
  bool compare_logical_ = false;
};

}  // namespace avro
