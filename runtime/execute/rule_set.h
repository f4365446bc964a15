// The rules of one stream, run over its batches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/execute/predicate_index.h"
#include "runtime/execute/rule_instance.h"
#include "runtime/state/key_directory.h"

namespace rulert {

// Rules with equal keys share the look-up of keys; where rules are many, an index finds the rows for each. Owned by one
// shard; rules come and go between batches.
class RuleSet {
 public:
  explicit RuleSet(uint64_t key_seed) : key_seed_(key_seed) {}

  // The stream's slots, which conditions of rules name; to be told again when there are more.
  void SetSlots(const std::vector<SlotSpec>& slots);
  // `id` is what scans refer to.
  void Add(std::unique_ptr<RuleInstance> rule, int32_t id);
  // The rule of that name (with its package) no longer runs; null if there is none.
  std::unique_ptr<RuleInstance> Remove(const std::string& qualified_name);
  bool Has(const std::string& qualified_name) const;

  size_t size() const { return rules_.size(); }
  const RuleInstance& rule(size_t i) const { return *rules_[i].rule; }
  RuleInstance& rule(size_t i) { return *rules_[i].rule; }
  int32_t id(size_t i) const { return rules_[i].id; }
  bool needs_entries(size_t i) const { return rules_[i].locator != nullptr; }
  // Slots that any of them reads, rising.
  std::vector<int32_t> SlotsInUse() const;

  // In the order in which they were added. What they emit is handed on before this returns: rows of many rules to one
  // output together, those of few rules rule by rule.
  Error Run(const rulert_batch& batch, RuleResults& results);

 private:
  struct Running {
    std::unique_ptr<RuleInstance> rule;
    int32_t id;
    std::shared_ptr<Locator> locator;  // shared by rules with the same key; null if not needed
    size_t entries = 0;                // index into entries_
  };
  void Changed();
  Error RunFew(const rulert_batch& batch, RuleResults& results);
  Error RunIndexed(const rulert_batch& batch, RuleResults& results);
  Error RunOne(Running& running, const rulert_batch& batch, Selection selection, RuleResults& results);

  // Constant after construction.
  uint64_t key_seed_;
  // Changed between batches.
  std::vector<SlotSpec> slots_;
  std::vector<Running> rules_;
  std::vector<Locator*> locators_;  // each once
  PredicateIndex index_;
  bool indexed_ = false;
  // Changed by Run.
  std::vector<const uint32_t*> entries_;  // by locator
};

}  // namespace rulert
