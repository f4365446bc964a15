#include "runtime/execute/rule_set.h"

#include <algorithm>
#include <set>

namespace rulert {
namespace {

// With fewer rules, each looks at every row.
constexpr size_t kIndexFrom = 8;
// Rules that run while the memory of a later one is fetched.
constexpr size_t kPrefetch = 4;

}  // namespace

void RuleSet::SetSlots(const std::vector<SlotSpec>& slots) {
  slots_ = slots;
  Changed();
}

void RuleSet::Add(std::unique_ptr<RuleInstance> rule, int32_t id) {
  Running running{std::move(rule), id, nullptr, 0};
  if (running.rule->needs_entries()) {
    const RuleSpec& spec = running.rule->spec();
    for (const Running& other : rules_) {
      if (other.locator && other.locator->columns() == spec.keys && other.locator->slots() == spec.key_slots) {
        running.locator = other.locator;
      }
    }
    if (!running.locator) running.locator = std::make_shared<Locator>(spec.keys, spec.key_slots, key_seed_);
  }
  rules_.push_back(std::move(running));
  Changed();
}

std::unique_ptr<RuleInstance> RuleSet::Remove(const std::string& qualified_name) {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Running& running) {
    return running.rule->qualified_name() == qualified_name;
  });
  if (found == rules_.end()) return nullptr;
  std::unique_ptr<RuleInstance> rule = std::move(found->rule);
  rules_.erase(found);
  Changed();
  return rule;
}

bool RuleSet::Has(const std::string& qualified_name) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Running& running) { return running.rule->qualified_name() == qualified_name; });
}

std::vector<int32_t> RuleSet::SlotsInUse() const {
  std::set<int32_t> slots;
  for (const Running& running : rules_) {
    const RuleSpec& spec = running.rule->spec();
    slots.insert(spec.slots.begin(), spec.slots.end());
    slots.insert(spec.key_slots.begin(), spec.key_slots.end());
  }
  return {slots.begin(), slots.end()};
}

// The index is built when the next batch comes, so that a thousand rules that are loaded one by one build it once.
void RuleSet::Changed() {
  indexed_ = false;
  locators_.clear();
  for (Running& running : rules_) {
    if (!running.locator) continue;
    const auto found = std::find(locators_.begin(), locators_.end(), running.locator.get());
    running.entries = static_cast<size_t>(found - locators_.begin());
    if (found == locators_.end()) locators_.push_back(running.locator.get());
  }
  entries_.assign(locators_.size(), nullptr);
}

Error RuleSet::RunOne(Running& running, const rulert_batch& batch, Selection selection, RuleResults& results) {
  const bool keyed = running.locator != nullptr;
  return running.rule->Run(batch, selection, keyed ? entries_[running.entries] : nullptr,
                           keyed ? running.locator->directory().size() : 0, results);
}

Error RuleSet::Run(const rulert_batch& batch, RuleResults& results) {
  if (rules_.empty()) return {};
  for (size_t i = 0; i < locators_.size(); ++i) entries_[i] = locators_[i]->Locate(batch.columns, batch.rows);
  Error error = rules_.size() < kIndexFrom ? RunFew(batch, results) : RunIndexed(batch, results);
  if (error) rules_.front().rule->scratch().Drop();
  return error;
}

Error RuleSet::RunFew(const rulert_batch& batch, RuleResults& results) {
  for (Running& running : rules_) {
    if (Error error = RunOne(running, batch, {nullptr, batch.rows}, results)) return error;
    if (Error error = running.rule->scratch().HandOn(results)) return error;
  }
  return {};
}

Error RuleSet::RunIndexed(const rulert_batch& batch, RuleResults& results) {
  if (!indexed_) {
    std::vector<PredicateIndex::Rule> rules;
    for (const Running& running : rules_) rules.push_back({&running.rule->spec(), running.rule->params()});
    index_.Build(rules, slots_);
    indexed_ = true;
  }
  const std::span<const PredicateIndex::Selected> selected = index_.Match(batch);
  for (size_t i = 0; i < selected.size(); ++i) {
    if (i + 2 * kPrefetch < selected.size()) rules_[selected[i + 2 * kPrefetch].rule].rule->PrefetchRule();
    if (i + kPrefetch < selected.size()) rules_[selected[i + kPrefetch].rule].rule->PrefetchEmits();
    if (Error error = RunOne(rules_[selected[i].rule], batch, selected[i].selection, results)) return error;
  }
  return rules_.front().rule->scratch().HandOn(results);
}

}  // namespace rulert
