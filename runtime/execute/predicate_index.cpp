#include "runtime/execute/predicate_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <set>

namespace rulert {
namespace {

// So many pairs of a rule and a row are kept at most; with more, every rule looks at every row.
constexpr size_t kMostFound = size_t{4} << 20;
// Ranges that hold some values of a batch and not others are tried one by one if they are few.
constexpr size_t kFewRanges = 16;
constexpr size_t kEvaluated = ~size_t{0};
// Values of one `in`.
constexpr size_t kMostValues = 100'000;

uint32_t Bucket(uint64_t key, size_t table_size) {
  return static_cast<uint32_t>((key * 0x9E3779B97F4A7C15u) >> (64 - std::countr_zero(table_size)));
}

bool HasBit(const std::vector<uint64_t>& bits, uint32_t i) { return ((bits[i / 64] >> (i % 64)) & 1) != 0; }
void SetBit(std::vector<uint64_t>* bits, uint32_t i) { (*bits)[i / 64] |= uint64_t{1} << (i % 64); }

template <typename Use>
void ForEachBit(const std::vector<uint64_t>& bits, uint32_t count, Use use) {
  for (uint32_t word = 0; word < (count + 63) / 64; ++word) {
    for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
      use(word * 64 + static_cast<uint32_t>(std::countr_zero(left)));
    }
  }
}

enum class Comparable : uint8_t { No, Number, Float, Text, Decimal, Symbol, Uuid };

Comparable ComparableAs(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::Bool:
    case ColumnKind::Int:
    case ColumnKind::Date:
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::TimeOfDay: return Comparable::Number;
    case ColumnKind::Float:
    case ColumnKind::Double: return Comparable::Float;
    case ColumnKind::String: return Comparable::Text;
    case ColumnKind::Decimal: return Comparable::Decimal;
    case ColumnKind::Enum: return Comparable::Symbol;
    case ColumnKind::Uuid: return Comparable::Uuid;
    default: return Comparable::No;
  }
}

// Do equal values of both have equal keys?
bool AreAlike(const ColumnSpec& slot, const ColumnSpec& param) {
  const Comparable as = ComparableAs(slot.kind);
  return as != Comparable::No && as == ComparableAs(param.kind) &&
         (as != Comparable::Decimal || slot.scale == param.scale) &&
         (as != Comparable::Symbol || slot.symbols == param.symbols);
}

}  // namespace

// A condition that the index can use.
struct PredicateIndex::Candidate {
  uint32_t column = 0;
  std::vector<uint64_t> keys;  // of an equality
  uint64_t low = 0;            // of a range
  uint64_t high = ~uint64_t{0};
  bool is_equality() const { return !keys.empty(); }
};

uint32_t PredicateIndex::ColumnOf(int32_t slot, KeyUse use, const std::vector<SlotSpec>& slots) {
  const auto number = static_cast<uint32_t>(slot);
  for (uint32_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].slot == number && columns_[i].use == use) return i;
  }
  Column column;
  column.slot = number;
  column.use = use;
  column.spec = slots[number].column;
  column.keys.resize(RULERT_BATCH_ROWS);
  column.valid.resize(RULERT_BATCH_ROWS / 64);
  columns_.push_back(std::move(column));
  return static_cast<uint32_t>(columns_.size() - 1);
}

void PredicateIndex::AddEquality(const Rule& rule, const IndexCondition& condition, const std::vector<SlotSpec>& slots,
                                 std::vector<Candidate>* to) {
  const ColumnSpec& slot = slots[static_cast<size_t>(condition.slot)].column;
  if (!HasKeys(slot, KeyUse::Equality)) return;
  std::set<uint64_t> keys;
  for (const int32_t number : condition.params) {
    const ParamSpec& param = rule.spec->params[static_cast<size_t>(number)];
    if (param.prepared == Prepared::StringSet && slot.kind == ColumnKind::String) {
      for (const std::string& text : param.texts) keys.insert(TextKey(text));
      continue;
    }
    if (param.prepared != Prepared::None || param.column.nullable || !AreAlike(slot, param.column)) return;
    // A NaN equals nothing.
    if (const auto key = KeyOf(param.column, KeyUse::Equality, rule.params + param.offset)) keys.insert(*key);
  }
  if (keys.empty() || keys.size() > kMostValues) return;
  Candidate candidate;
  candidate.column = ColumnOf(condition.slot, KeyUse::Equality, slots);
  candidate.keys.assign(keys.begin(), keys.end());
  to->push_back(std::move(candidate));
}

void PredicateIndex::AddRange(const IndexCondition& condition, const ParamSpec& param, const uint8_t* params,
                              const std::vector<SlotSpec>& slots, std::vector<Candidate>* to) {
  const ColumnSpec& slot = slots[static_cast<size_t>(condition.slot)].column;
  if (param.prepared != Prepared::None || param.column.nullable || !HasKeys(slot, KeyUse::Order) ||
      !AreAlike(slot, param.column)) {
    return;
  }
  const auto key = KeyOf(param.column, KeyUse::Order, params + param.offset);
  if (!key) return;
  const uint32_t column = ColumnOf(condition.slot, KeyUse::Order, slots);
  auto range = std::find_if(to->begin(), to->end(), [&](const Candidate& candidate) {
    return candidate.column == column && !candidate.is_equality();
  });
  if (range == to->end()) {
    to->emplace_back();
    range = to->end() - 1;
    range->column = column;
  }
  const bool exact = AreOrderKeysExact(slot);
  switch (condition.op) {
    case IndexOp::Equal: break;
    case IndexOp::Less: range->high = std::min(range->high, exact && *key > 0 ? *key - 1 : *key); break;
    case IndexOp::LessEqual: range->high = std::min(range->high, *key); break;
    case IndexOp::Greater: range->low = std::max(range->low, exact && ~*key != 0 ? *key + 1 : *key); break;
    case IndexOp::GreaterEqual: range->low = std::max(range->low, *key); break;
  }
}

std::vector<PredicateIndex::Candidate> PredicateIndex::CandidatesOf(const Rule& rule,
                                                                    const std::vector<SlotSpec>& slots) {
  std::vector<Candidate> candidates;
  for (const IndexCondition& condition : rule.spec->index) {
    if (condition.op == IndexOp::Equal) {
      AddEquality(rule, condition, slots, &candidates);
    } else if (condition.params.size() == 1) {
      const ParamSpec& param = rule.spec->params[static_cast<size_t>(condition.params[0])];
      AddRange(condition, param, rule.params, slots, &candidates);
    }
  }
  return candidates;
}

void PredicateIndex::Build(const std::vector<Rule>& rules, const std::vector<SlotSpec>& slots, size_t fewest) {
  *this = PredicateIndex();
  const size_t words = (rules.size() + 63) / 64;
  always_.assign(words, 0);
  touched_.assign(words, 0);
  covered_.assign(words, 0);
  counts_.assign(rules.size(), 0);
  Candidates candidates;
  for (const Rule& rule : rules) candidates.push_back(CandidatesOf(rule, slots));
  Assign(candidates, Choose(candidates, fewest));
}

// By rule the number of its condition to look up: an equality with few values on a slot that tells many rules apart,
// else a range; kEvaluated without one.
std::vector<size_t> PredicateIndex::Choose(const Candidates& candidates, size_t fewest) const {
  std::vector<std::set<uint64_t>> values(columns_.size());
  for (const auto& of_rule : candidates) {
    for (const Candidate& candidate : of_rule) {
      values[candidate.column].insert(candidate.keys.begin(), candidate.keys.end());
    }
  }
  // Of the rows, by guess.
  const auto share = [&](const Candidate& candidate) {
    const bool both_ends = candidate.low > 0 && candidate.high < ~uint64_t{0};
    if (!candidate.is_equality()) return both_ends ? 0.6 : 0.9;
    return 0.5 * static_cast<double>(candidate.keys.size()) / static_cast<double>(values[candidate.column].size());
  };
  std::vector<bool> worth(columns_.size(), true);
  std::vector<size_t> chosen(candidates.size(), kEvaluated);
  // A second time without the slots that too few rules had chosen; what is left alone then is evaluated.
  for (int round = 0; round < 3; ++round) {
    std::vector<size_t> rules(columns_.size(), 0);
    for (size_t rule = 0; rule < candidates.size(); ++rule) {
      chosen[rule] = kEvaluated;
      double best = 2;
      for (size_t i = 0; i < candidates[rule].size(); ++i) {
        const Candidate& candidate = candidates[rule][i];
        if (!worth[candidate.column] || share(candidate) >= best) continue;
        best = share(candidate);
        chosen[rule] = i;
      }
      if (chosen[rule] != kEvaluated) ++rules[candidates[rule][chosen[rule]].column];
    }
    for (size_t column = 0; column < rules.size(); ++column) worth[column] = worth[column] && rules[column] >= fewest;
  }
  for (size_t rule = 0; rule < candidates.size(); ++rule) {
    if (chosen[rule] != kEvaluated && !worth[candidates[rule][chosen[rule]].column]) chosen[rule] = kEvaluated;
  }
  return chosen;
}

void PredicateIndex::Assign(const Candidates& candidates, const std::vector<size_t>& chosen) {
  std::vector<std::vector<std::pair<uint64_t, uint32_t>>> entries(columns_.size());
  std::vector<std::vector<IntervalTree::Interval>> intervals(columns_.size());
  checks_begin_.push_back(0);
  for (uint32_t rule = 0; rule < candidates.size(); ++rule) {
    const auto& of_rule = candidates[rule];
    if (chosen[rule] == kEvaluated) SetBit(&always_, rule);
    for (size_t i = 0; i < of_rule.size() && chosen[rule] != kEvaluated; ++i) {
      const Candidate& candidate = of_rule[i];
      if (i != chosen[rule]) {
        if (!candidate.is_equality()) checks_.push_back({candidate.column, candidate.low, candidate.high});
        if (candidate.keys.size() == 1) checks_.push_back({candidate.column, candidate.keys[0], candidate.keys[0]});
      } else if (candidate.is_equality()) {
        for (const uint64_t key : candidate.keys) entries[candidate.column].push_back({key, rule});
      } else if (candidate.low <= candidate.high) {
        intervals[candidate.column].push_back({candidate.low, candidate.high, rule});
      }
    }
    checks_begin_.push_back(static_cast<uint32_t>(checks_.size()));
  }
  BuildTables(entries);
  for (uint32_t column = 0; column < columns_.size(); ++column) {
    if (intervals[column].empty()) continue;
    Ranges& ranges = ranges_.emplace_back();
    ranges.column = column;
    ranges.intervals = intervals[column];
    ranges.tree.Build(std::move(intervals[column]));
  }
}

void PredicateIndex::BuildTables(std::vector<std::vector<std::pair<uint64_t, uint32_t>>>& entries) {
  for (uint32_t column = 0; column < entries.size(); ++column) {
    auto& of_column = entries[column];
    if (of_column.empty()) continue;
    std::sort(of_column.begin(), of_column.end());
    Equality& equality = equalities_.emplace_back();
    equality.column = column;
    equality.table.resize(std::max<size_t>(16, std::bit_ceil(of_column.size() * 2)));
    for (size_t i = 0; i < of_column.size();) {
      const uint64_t key = of_column[i].first;
      const auto begin = static_cast<uint32_t>(postings_.size());
      for (; i < of_column.size() && of_column[i].first == key; ++i) postings_.push_back(of_column[i].second);
      uint32_t at = Bucket(key, equality.table.size());
      while (equality.table[at].count != 0) at = (at + 1) & static_cast<uint32_t>(equality.table.size() - 1);
      equality.table[at] = {key, begin, static_cast<uint32_t>(postings_.size()) - begin};
    }
  }
}

const PredicateIndex::Column& PredicateIndex::Keys(uint32_t number, const rulert_batch& batch) {
  Column& column = columns_[number];
  if (!column.made) {
    column.all_valid = KeysOf(column.spec, column.use, batch.columns[column.slot], batch.rows, column.keys.data(),
                              column.valid.data());
    column.made = true;
  }
  return column;
}

inline bool PredicateIndex::PassesChecks(uint32_t rule, uint32_t row, const rulert_batch& batch) {
  for (uint32_t i = checks_begin_[rule]; i < checks_begin_[rule + 1]; ++i) {
    const Check& check = checks_[i];
    const Column& column = Keys(check.column, batch);
    const uint64_t key = column.keys[row];
    if (key < check.low || key > check.high || !HasBit(column.valid, row)) return false;
  }
  return true;
}

inline void PredicateIndex::Add(uint32_t rule, uint32_t row) {
  if (found_rules_.size() == kMostFound) {
    overflow_ = true;
    return;
  }
  found_rules_.push_back(rule);
  found_rows_.push_back(static_cast<uint16_t>(row));
  ++counts_[rule];
  SetBit(&touched_, rule);
}

void PredicateIndex::MatchEquality(const Equality& equality, const rulert_batch& batch) {
  const Column& keys = Keys(equality.column, batch);
  const Place* table = equality.table.data();
  const auto mask = static_cast<uint32_t>(equality.table.size() - 1);
  ForEachBit(keys.valid, batch.rows, [&](uint32_t row) {
    const uint64_t key = keys.keys[row];
    uint32_t at = Bucket(key, equality.table.size());
    while (table[at].count != 0 && table[at].key != key) at = (at + 1) & mask;
    const Place& place = table[at];
    for (uint32_t i = place.begin; i < place.begin + place.count; ++i) {
      if (PassesChecks(postings_[i], row, batch)) Add(postings_[i], row);
    }
  });
}

void PredicateIndex::MatchRows(uint32_t rule, const IntervalTree::Interval& interval, const Column& keys,
                               const rulert_batch& batch) {
  ForEachBit(keys.valid, batch.rows, [&](uint32_t row) {
    const uint64_t key = keys.keys[row];
    if (key >= interval.low && key <= interval.high && PassesChecks(rule, row, batch)) Add(rule, row);
  });
}

void PredicateIndex::MatchRanges(const Ranges& ranges, const rulert_batch& batch) {
  const Column& keys = Keys(ranges.column, batch);
  uint64_t least = ~uint64_t{0};
  uint64_t greatest = 0;
  ForEachBit(keys.valid, batch.rows, [&](uint32_t row) {
    least = std::min(least, keys.keys[row]);
    greatest = std::max(greatest, keys.keys[row]);
  });
  if (least > greatest) return;
  std::vector<const IntervalTree::Interval*> partial;
  for (const IntervalTree::Interval& interval : ranges.intervals) {
    if (interval.high < least || interval.low > greatest) continue;
    if (interval.low > least || interval.high < greatest) {
      partial.push_back(&interval);
      continue;
    }
    SetBit(&covered_, interval.id);
    if (keys.all_valid && checks_begin_[interval.id] == checks_begin_[interval.id + 1]) {
      SetBit(&whole_, interval.id);
    } else {
      MatchRows(interval.id, interval, keys, batch);
    }
  }
  if (partial.size() <= kFewRanges) {
    for (const auto* interval : partial) MatchRows(interval->id, *interval, keys, batch);
    return;
  }
  ForEachBit(keys.valid, batch.rows, [&](uint32_t row) {
    ranges.tree.Stab(keys.keys[row], [&](uint32_t rule) {
      if (!HasBit(covered_, rule) && PassesChecks(rule, row, batch)) Add(rule, row);
    });
  });
}

std::span<const PredicateIndex::Selected> PredicateIndex::Match(const rulert_batch& batch) {
  for (Column& column : columns_) column.made = false;
  found_rules_.clear();
  found_rows_.clear();
  selected_.clear();
  whole_ = always_;
  if (!ranges_.empty()) std::fill(covered_.begin(), covered_.end(), 0);
  overflow_ = false;
  if (batch.rows == 0) return {};
  for (const Equality& equality : equalities_) MatchEquality(equality, batch);
  for (const Ranges& ranges : ranges_) MatchRanges(ranges, batch);
  Collect(batch.rows);
  return selected_;
}

// Pairs of rule and row to rows by rule: a counting sort, which keeps the order of the rows.
void PredicateIndex::Collect(uint32_t rows) {
  const auto rules = static_cast<uint32_t>(counts_.size());
  rows_.resize(found_rows_.size());
  for (size_t word = 0; word < touched_.size(); ++word) whole_[word] |= overflow_ ? ~uint64_t{0} : 0;
  uint32_t begin = 0;
  for (uint32_t word = 0; word < touched_.size(); ++word) {
    for (uint64_t left = touched_[word] | whole_[word]; left != 0; left &= left - 1) {
      const uint32_t rule = word * 64 + static_cast<uint32_t>(std::countr_zero(left));
      if (rule >= rules) break;
      const uint32_t count = counts_[rule];
      const bool all = HasBit(whole_, rule) || count == rows;
      selected_.push_back({rule, all ? Selection{nullptr, rows} : Selection{rows_.data() + begin, count}});
      counts_[rule] = begin;
      begin += count;
    }
  }
  for (size_t i = 0; i < found_rules_.size(); ++i) rows_[counts_[found_rules_[i]]++] = found_rows_[i];
  for (const Selected& selected : selected_) counts_[selected.rule] = 0;
  std::fill(touched_.begin(), touched_.end(), 0);
}

}  // namespace rulert
