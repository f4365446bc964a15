// Which rows of a batch can each of many rules let through? Found from their conditions as data, so that ten thousand
// rules do not cost ten thousand evaluations.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/execute/index_keys.h"
#include "runtime/execute/interval_tree.h"
#include "runtime/execute/selection.h"

namespace rulert {

// Each rule stands in one place: under the values of one of its equalities (a hash table of postings for each slot), or
// with one of its ranges (an interval tree for each slot). Its other conditions are looked at for the rows found there.
// What is selected is a superset of what the rule lets through; R looks at all its conditions again.
//
// Owned by one shard; built anew when the rules of the stream change.
class PredicateIndex {
 public:
  struct Rule {
    const RuleSpec* spec = nullptr;
    const uint8_t* params = nullptr;  // its block, as generated code reads it
  };
  // Rules without conditions that can be used are selected for every row, and so are those that fewer than `fewest` of
  // one kind and slot would be looked up with: their code looks at a batch in less time.
  void Build(const std::vector<Rule>& rules, const std::vector<SlotSpec>& slots, size_t fewest = kFewestRules);
  // A look-up costs about as much for a row as the conditions of so many rules.
  static constexpr size_t kFewestRules = 8;

  struct Selected {
    uint32_t rule;
    Selection selection;  // never empty
  };
  // The rules that may let rows through, in their order; valid until the next call.
  std::span<const Selected> Match(const rulert_batch& batch);

 private:
  // Of keys of one slot: low <= key <= high.
  struct Check {
    uint32_t column;  // index into columns_
    uint64_t low;
    uint64_t high;
  };
  struct Place {
    uint64_t key = 0;
    uint32_t begin = 0;  // into postings_
    uint32_t count = 0;  // 0: free
  };
  struct Equality {
    uint32_t column = 0;
    std::vector<Place> table;  // open addressing, a power of two
  };
  struct Ranges {
    uint32_t column = 0;
    std::vector<IntervalTree::Interval> intervals;  // ids are rules
    IntervalTree tree;
  };
  // The keys of one slot, made for a batch when they are first asked for.
  struct Column {
    uint32_t slot = 0;
    KeyUse use = KeyUse::Equality;
    ColumnSpec spec;
    std::vector<uint64_t> keys;
    std::vector<uint64_t> valid;
    bool all_valid = false;
    bool made = false;
  };
  struct Candidate;

  uint32_t ColumnOf(int32_t slot, KeyUse use, const std::vector<SlotSpec>& slots);
  std::vector<Candidate> CandidatesOf(const Rule& rule, const std::vector<SlotSpec>& slots);
  void AddRange(const IndexCondition& condition, const ParamSpec& param, const uint8_t* params,
                const std::vector<SlotSpec>& slots, std::vector<Candidate>* to);
  void AddEquality(const Rule& rule, const IndexCondition& condition, const std::vector<SlotSpec>& slots,
                   std::vector<Candidate>* to);
  using Candidates = std::vector<std::vector<Candidate>>;  // by rule
  std::vector<size_t> Choose(const Candidates& candidates, size_t fewest) const;
  void Assign(const Candidates& candidates, const std::vector<size_t>& chosen);
  void BuildTables(std::vector<std::vector<std::pair<uint64_t, uint32_t>>>& entries);

  const Column& Keys(uint32_t column, const rulert_batch& batch);
  bool PassesChecks(uint32_t rule, uint32_t row, const rulert_batch& batch);
  void Add(uint32_t rule, uint32_t row);
  void MatchEquality(const Equality& equality, const rulert_batch& batch);
  void MatchRanges(const Ranges& ranges, const rulert_batch& batch);
  void MatchRows(uint32_t rule, const IntervalTree::Interval& interval, const Column& keys, const rulert_batch& batch);
  void Collect(uint32_t rows);

  // Constant after Build.
  std::vector<uint64_t> always_;  // a bit a rule: selected for every row
  std::vector<Equality> equalities_;
  std::vector<Ranges> ranges_;
  std::vector<uint32_t> postings_;
  std::vector<Check> checks_;           // by rule, one rule's behind the other's
  std::vector<uint32_t> checks_begin_;  // by rule, and one more
  // Changed by Match.
  std::vector<Column> columns_;
  std::vector<uint32_t> found_rules_;
  std::vector<uint16_t> found_rows_;
  std::vector<uint32_t> counts_;   // by rule; all 0 between two calls
  std::vector<uint64_t> touched_;  // a bit a rule
  std::vector<uint64_t> whole_;    // a bit a rule: all rows
  std::vector<uint64_t> covered_;  // a bit a rule: its range holds all values of the batch
  bool overflow_ = false;
  std::vector<uint16_t> rows_;
  std::vector<Selected> selected_;
};

}  // namespace rulert
