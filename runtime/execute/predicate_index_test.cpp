#include "runtime/execute/predicate_index.h"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <deque>
#include <random>

#include "runtime/base/text.h"
#include "runtime/execute/params.h"
#include "runtime/record/column_buffer.h"

namespace rulert {
namespace {

// A rule's conditions, and what they say of a row, written down as plainly as can be.
class IndexedRules : public testing::Test {
 protected:
  enum Slot : int32_t { kName, kSize, kPrice, kSide, kMaybe, kWhen, kCost };

  IndexedRules() {
    slots_ = {{"name", {ColumnKind::String, false, {}}},  {"size", {ColumnKind::Long, false, {}}},
              {"price", {ColumnKind::Double, false, {}}}, {"side", {ColumnKind::Enum, false, {"BUY", "SELL", "OFF"}}},
              {"maybe", {ColumnKind::String, true, {}}},  {"when", {ColumnKind::Timestamp, true, {}}},
              {"cost", {ColumnKind::Decimal, false, {}}}};
    slots_[kCost].column.precision = 20;
    slots_[kCost].column.scale = 2;
    for (size_t i = 0; i < slots_.size(); ++i) columns_.push_back(pool_.Get(i, slots_[i].column.nullable));
  }

  std::string Name(uint64_t number) const {
    return number % 3 == 0 ? "a name of more than twelve bytes " + std::to_string(number)
                           : "n" + std::to_string(number);
  }

  template <typename T>
  T& At(int32_t slot, uint32_t row) {
    return static_cast<T*>(columns_[static_cast<size_t>(slot)].values)[row];
  }

  void FillRows(uint32_t rows, uint64_t names) {
    rows_ = rows;
    texts_.clear();
    for (uint32_t row = 0; row < rows; ++row) {
      texts_.push_back(Name(random_() % names));
      At<rulert_string>(kName, row) = MakeString(texts_.back());
      At<int64_t>(kSize, row) = static_cast<int64_t>(random_() % 2000) - 1000;
      At<double>(kPrice, row) = SomeDouble();
      At<int32_t>(kSide, row) = static_cast<int32_t>(random_() % 3);
      texts_.push_back(Name(random_() % 5));
      SetValid(columns_[kMaybe], row, random_() % 3 != 0);
      At<rulert_string>(kMaybe, row) = MakeString(texts_.back());
      SetValid(columns_[kWhen], row, random_() % 5 != 0);
      At<int64_t>(kWhen, row) = static_cast<int64_t>(random_() % 100);
      const int64_t cost = static_cast<int64_t>(random_() % 100) - 50;
      At<rulert_decimal>(kCost, row) = {static_cast<uint64_t>(cost), random_() % 20 == 0 ? 5 : cost >> 63};
    }
  }

  double SomeDouble() {
    switch (random_() % 12) {
      case 0: return std::nan("");
      case 1: return -0.0;
      case 2: return 0.0;
      case 3: return INFINITY;
      case 4: return -INFINITY;
      default: return (static_cast<double>(random_() % 2000) - 1000) / 10;
    }
  }

  ParamSpec ParamFor(int32_t slot, uint64_t names) {
    ParamSpec param;
    param.column = slots_[static_cast<size_t>(slot)].column;
    param.column.nullable = false;
    switch (slot) {
      case kName: param.text = Name(random_() % names); break;
      case kMaybe: param.text = Name(random_() % 5); break;
      case kSize: param.integer = static_cast<int64_t>(random_() % 2000) - 1000; break;
      case kPrice: param.number = SomeDouble(); break;
      case kSide: param.integer = static_cast<int64_t>(random_() % 3); break;
      case kWhen: param.integer = static_cast<int64_t>(random_() % 100); break;
      default: break;
    }
    return param;
  }

  // -1, 0, 1, or 2 if they cannot be compared.
  int Compare(int32_t slot, uint32_t row, const ParamSpec& param) {
    const auto order = [](const auto& a, const auto& b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; };
    switch (slot) {
      case kName:
      case kMaybe: return order(View(At<rulert_string>(slot, row)), std::string_view(param.text));
      case kPrice: return order(At<double>(slot, row), param.number);
      case kSide: return order(int64_t{At<int32_t>(slot, row)}, param.integer);
      default: return order(At<int64_t>(slot, row), param.integer);
    }
  }

  bool Holds(const RuleSpec& rule, const IndexCondition& condition, uint32_t row) {
    if (!IsValid(columns_[static_cast<size_t>(condition.slot)], row)) return false;
    for (const int32_t number : condition.params) {
      const ParamSpec& param = rule.params[static_cast<size_t>(number)];
      if (param.prepared == Prepared::StringSet) {
        const auto text = View(At<rulert_string>(condition.slot, row));
        return std::find(param.texts.begin(), param.texts.end(), text) != param.texts.end();
      }
      const int order = Compare(condition.slot, row, param);
      switch (condition.op) {
        case IndexOp::Equal:
          if (order == 0) return true;
          break;
        case IndexOp::Less: return order == -1;
        case IndexOp::LessEqual: return order == -1 || order == 0;
        case IndexOp::Greater: return order == 1;
        case IndexOp::GreaterEqual: return order == 1 || order == 0;
      }
    }
    return false;
  }

  void AddCondition(RuleSpec* rule, int32_t slot, IndexOp op, size_t values, uint64_t names) {
    IndexCondition condition{slot, op, {}};
    for (size_t i = 0; i < values; ++i) {
      ParamSpec param = ParamFor(slot, names);
      rule->params_size = (rule->params_size + 15) / 16 * 16;
      param.offset = rule->params_size;
      rule->params_size += 16;
      condition.params.push_back(static_cast<int32_t>(rule->params.size()));
      rule->params.push_back(param);
    }
    rule->index.push_back(condition);
  }

  RuleSpec RandomRule(uint64_t names) {
    RuleSpec rule;
    const size_t conditions = random_() % 4;
    for (size_t i = 0; i < conditions; ++i) {
      const auto slot = static_cast<int32_t>(random_() % 6);
      const bool equality_only = slot == kSide;
      const auto op = equality_only || random_() % 2 == 0 ? IndexOp::Equal : static_cast<IndexOp>(1 + random_() % 4);
      AddCondition(&rule, slot, op, op == IndexOp::Equal ? 1 + random_() % 3 : 1, names);
    }
    return rule;
  }

  void Build(const std::vector<RuleSpec>& rules) {
    rules_ = rules;
    blocks_.clear();
    std::vector<PredicateIndex::Rule> indexed;
    for (const RuleSpec& rule : rules_) {
      auto block = ParamsBlock::Build(rule, {});
      ASSERT_TRUE(block.ok()) << block.error().message();
      blocks_.push_back(std::move(*block));
    }
    for (size_t i = 0; i < rules_.size(); ++i) indexed.push_back({&rules_[i], blocks_[i].data()});
    index_.Build(indexed, slots_, 1);
  }

  std::span<const PredicateIndex::Selected> Match() {
    rulert_batch batch{};
    batch.rows = rows_;
    batch.columns = columns_.data();
    return index_.Match(batch);
  }

  // Every row that passes all conditions of a rule is selected; returns how many are that do not.
  size_t ExpectAllFound() {
    std::vector<std::vector<bool>> selected(rules_.size(), std::vector<bool>(rows_));
    int64_t before = -1;
    for (const auto& found : Match()) {
      EXPECT_GT(int64_t{found.rule}, before) << "rules come in their order";
      before = found.rule;
      EXPECT_GT(found.selection.count, 0u);
      for (uint32_t i = 0; i < found.selection.count; ++i) {
        const uint32_t row = found.selection.rows != nullptr ? found.selection.rows[i] : i;
        if (i > 0 && found.selection.rows != nullptr) {
          EXPECT_GT(row, found.selection.rows[i - 1]);
        }
        selected[found.rule][row] = true;
      }
    }
    size_t surplus = 0;
    for (size_t rule = 0; rule < rules_.size(); ++rule) {
      for (uint32_t row = 0; row < rows_; ++row) {
        bool passes = true;
        for (const auto& condition : rules_[rule].index) passes = passes && Holds(rules_[rule], condition, row);
        EXPECT_TRUE(selected[rule][row] || !passes) << "rule " << rule << ", row " << row;
        surplus += selected[rule][row] && !passes;
      }
    }
    return surplus;
  }

  static constexpr uint64_t kSeed = 20;
  std::mt19937_64 random_{kSeed};
  std::vector<SlotSpec> slots_;
  ColumnPool pool_;
  std::vector<rulert_column> columns_;
  std::deque<std::string> texts_;
  uint32_t rows_ = 0;
  std::deque<ParamsBlock> blocks_;
  std::vector<RuleSpec> rules_;
  PredicateIndex index_;
};

TEST_F(IndexedRules, NoRowThatPassesIsEverMissed) {
  for (int round = 0; round < 60; ++round) {
    const uint64_t names = 1 + random_() % 50;
    std::vector<RuleSpec> rules;
    const size_t count = 1 + random_() % 200;
    for (size_t i = 0; i < count; ++i) rules.push_back(RandomRule(names));
    Build(rules);
    for (const uint32_t rows : {0u, 1u, 64u, 300u, 1024u}) {
      FillRows(rows, names);
      ExpectAllFound();
      if (HasFailure()) FAIL() << "round " << round << ", seed " << kSeed;
    }
  }
}

TEST_F(IndexedRules, OneConditionIsDecidedExactly) {
  FillRows(1024, 20);
  for (const int32_t slot : {kName, kSize, kPrice, kSide, kWhen}) {
    for (int op = 0; op < (slot == kSide || slot == kName ? 1 : 5); ++op) {
      std::vector<RuleSpec> rules(40);
      for (RuleSpec& rule : rules) AddCondition(&rule, slot, static_cast<IndexOp>(op), 1, 20);
      // A NaN as a literal is no condition that the index could use.
      std::erase_if(rules, [](const RuleSpec& rule) { return std::isnan(rule.params[0].number); });
      Build(rules);
      EXPECT_EQ(ExpectAllFound(), 0u) << slot << " " << op;
    }
  }
}

TEST_F(IndexedRules, BothEndsOfARangeCount) {
  RuleSpec rule;
  AddCondition(&rule, kSize, IndexOp::GreaterEqual, 1, 1);
  AddCondition(&rule, kSize, IndexOp::Less, 1, 1);
  rule.params[0].integer = 5;
  rule.params[1].integer = 5;
  Build({rule, rule});
  FillRows(1024, 3);
  EXPECT_TRUE(Match().empty()) << "no number is at least 5 and below 5";
  rule.params[1].integer = 6;
  Build({rule});
  At<int64_t>(kSize, 17) = 5;
  EXPECT_EQ(ExpectAllFound(), 0u);
}

TEST_F(IndexedRules, SetsOfTextsAreEqualities) {
  std::vector<RuleSpec> rules(10);
  for (RuleSpec& rule : rules) {
    ParamSpec set;
    set.column.kind = ColumnKind::String;
    set.prepared = Prepared::StringSet;
    for (int i = 0; i < 4; ++i) set.texts.push_back(Name(random_() % 30));
    rule.params = {set};
    rule.index = {{kName, IndexOp::Equal, {0}}};
  }
  rules_ = rules;
  std::vector<PredicateIndex::Rule> indexed;
  for (const RuleSpec& rule : rules_) indexed.push_back({&rule, nullptr});
  index_.Build(indexed, slots_, 1);
  FillRows(1024, 30);
  EXPECT_EQ(ExpectAllFound(), 0u);
}

TEST_F(IndexedRules, DecimalsBeyond64BitsAreNotLost) {
  std::vector<RuleSpec> rules;
  std::vector<rulert_decimal> literals;
  for (int i = 0; i < 20; ++i) {
    RuleSpec rule;
    AddCondition(&rule, kCost, static_cast<IndexOp>(i % 5), 1, 1);
    rule.params[0].column = slots_[kCost].column;
    rules.push_back(rule);
    const int64_t value = static_cast<int64_t>(random_() % 100) - 50;
    literals.push_back({static_cast<uint64_t>(value), value >> 63});
  }
  std::vector<PredicateIndex::Rule> indexed;
  for (size_t i = 0; i < rules.size(); ++i) {
    indexed.push_back({&rules[i], reinterpret_cast<const uint8_t*>(&literals[i])});
  }
  index_.Build(indexed, slots_, 1);
  FillRows(1024, 1);
  std::vector<std::vector<bool>> selected(rules.size(), std::vector<bool>(rows_));
  for (const auto& found : Match()) {
    for (uint32_t i = 0; i < found.selection.count; ++i) {
      selected[found.rule][found.selection.rows != nullptr ? found.selection.rows[i] : i] = true;
    }
  }
  __extension__ using Wide = __int128;
  for (size_t r = 0; r < rules.size(); ++r) {
    const auto value_of = [](const rulert_decimal& decimal) {
      return static_cast<Wide>(decimal.high) * (static_cast<Wide>(1) << 64) + static_cast<Wide>(decimal.low);
    };
    for (uint32_t row = 0; row < rows_; ++row) {
      const Wide cell = value_of(At<rulert_decimal>(kCost, row));
      const Wide bound = value_of(literals[r]);
      const bool passes[] = {cell == bound, cell<bound, cell <= bound, cell> bound, cell >= bound};
      EXPECT_TRUE(selected[r][row] || !passes[r % 5]) << r << " " << row;
    }
  }
}

// Twenty shapes over a thousand names: each event meets one rule.
TEST_F(IndexedRules, AThousandRulesTakeLittle) {
  std::vector<RuleSpec> rules(1000);
  for (size_t i = 0; i < rules.size(); ++i) {
    AddCondition(&rules[i], kName, IndexOp::Equal, 1, 1);
    rules[i].params[0].text = Name(i);
    AddCondition(&rules[i], kSize, IndexOp::GreaterEqual, 1, 1);
    rules[i].params[1].integer = i % 2 == 0 ? -1000 : 990;
  }
  Build(rules);
  FillRows(1024, 1000);
  ExpectAllFound();
  constexpr int kRounds = 200;
  const auto start = std::chrono::steady_clock::now();
  size_t found = 0;
  for (int i = 0; i < kRounds; ++i) found += Match().size();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  EXPECT_GT(found, 0u);
  RecordProperty("nanoseconds_an_event", std::to_string(took.count() / kRounds / 1024));
}

TEST(IntervalTreeTest, FindsWhatEveryIntervalSays) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<IntervalTree::Interval> intervals;
    const uint64_t range = 1 + random() % 100;
    const size_t count = random() % 100;
    for (uint32_t i = 0; i < count; ++i) {
      const uint64_t low = random() % range;
      intervals.push_back({low, low + random() % range, i});
    }
    IntervalTree tree;
    tree.Build(intervals);
    for (uint64_t value = 0; value <= 2 * range; ++value) {
      std::vector<uint32_t> found;
      tree.Stab(value, [&](uint32_t id) { found.push_back(id); });
      std::sort(found.begin(), found.end());
      std::vector<uint32_t> expected;
      for (const auto& interval : intervals) {
        if (interval.low <= value && value <= interval.high) expected.push_back(interval.id);
      }
      ASSERT_EQ(found, expected) << round << " " << value;
    }
  }
}

}  // namespace
}  // namespace rulert
