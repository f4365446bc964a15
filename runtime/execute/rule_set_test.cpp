// How rules of a stream hand on what they emit: together, in order, and never what was dropped.
#include "runtime/execute/rule_set.h"

#include <gtest/gtest.h>

#include <numeric>

#include "runtime/base/text.h"
#include "runtime/record/batch_arena.h"

namespace rulert {
namespace {

int64_t Number(const rulert_batch* batch, uint32_t row) {
  return static_cast<const int64_t*>(batch->columns[0].values)[row];
}

uint32_t Row(const rulert_rule_call* call) {
  return call->selection != nullptr ? call->selection[call->next] : call->next;
}

void Put(rulert_rows* out, uint32_t row, int64_t number) {
  static_cast<int64_t*>(out->columns[0].values)[out->rows] = number;
  out->source_rows[out->rows++] = row;
}

// Emits the number, and as its key a text made of it.
void EmitWithText(rulert_rule_call* call) {
  rulert_rows* out = &call->outputs[0];
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = Row(call);
    const std::string text = "the number " + std::to_string(Number(call->batch, row));
    auto* memory = static_cast<char*>(call->host->allocate(call->arena, text.size()));
    ASSERT_NE(memory, nullptr);
    std::copy(text.begin(), text.end(), memory);
    static_cast<rulert_string*>(out->columns[1].values)[out->rows] = MakeString({memory, text.size()});
    Put(out, row, Number(call->batch, row));
  }
}

// Emits the number, and twice it as its key.
void EmitWithNumber(rulert_rule_call* call) {
  rulert_rows* out = &call->outputs[0];
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = Row(call);
    static_cast<int64_t*>(out->columns[1].values)[out->rows] = 2 * Number(call->batch, row);
    Put(out, row, Number(call->batch, row));
  }
}

// Two emits.
void EmitTwice(rulert_rule_call* call) {
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = Row(call);
    Put(&call->outputs[0], row, Number(call->batch, row));
    if (Number(call->batch, row) % 2 == 0) Put(&call->outputs[1], row, -Number(call->batch, row));
  }
}

// Takes all the memory that there may be.
void TakeMemory(rulert_rule_call* call) {
  constexpr uint64_t kPiece = uint64_t{32} << 20;
  for (uint64_t taken = 0; taken < BatchArena::kLimit; taken += kPiece) {
    ASSERT_NE(call->host->allocate(call->arena, kPiece), nullptr);
  }
  ASSERT_EQ(call->host->allocate(call->arena, 1), nullptr);
  EmitWithNumber(call);
}

class WaitingRows : public testing::Test, public RuleResults {
 protected:
  using Process = void (*)(rulert_rule_call*);

  WaitingRows() {
    std::iota(numbers_.begin(), numbers_.end(), 0);
    const ColumnSpec number{ColumnKind::Long, false, {}};
    for (const char* name : {"first", "second"}) {
      OutputSpec& output = outputs_.emplace_back();
      output.name = name;
      output.fields = {{"number", number}};
    }
  }

  void Add(Process process, const std::vector<int32_t>& outputs, const std::vector<ColumnSpec>& keys = {}) {
    RuleSpec spec;
    spec.name = "r" + std::to_string(rules_.size());
    for (const int32_t output : outputs) spec.emits.push_back({output});
    spec.keys = keys;
    const rulert_module descriptor = {RULERT_ABI_VERSION, RULERT_MODULE_RULE, 0, 0, reinterpret_cast<void*>(process)};
    auto rule = RuleInstance::Create(spec, outputs_, WrapModule(descriptor, nullptr), {}, &scratch_);
    ASSERT_TRUE(rule.ok()) << rule.error().message();
    (*rule)->BeginStream("numbers", false);
    rules_.Add(std::move(*rule), 0);
  }

  Error Run(uint32_t rows) {
    rulert_batch batch{};
    const rulert_column column{numbers_.data(), nullptr};
    batch.rows = rows;
    batch.columns = &column;
    return rules_.Run(batch, *this);
  }

  Error OnRows(EmitBuffer& buffer) override {
    ++calls_;
    if (fail_) return Error::Data("the disk is full");
    uint32_t row = 0;
    for (const EmitRun& run : buffer.runs()) {
      EXPECT_EQ(run.begin, row);
      for (; row < run.end; ++row) {
        const int64_t number = static_cast<const int64_t*>(run.columns[0].values)[row];
        std::string key;
        if (!run.meta->keys.empty() && run.meta->keys[0].kind == ColumnKind::String) {
          key = View(static_cast<const rulert_string*>(run.columns[1].values)[row]);
        } else if (!run.meta->keys.empty()) {
          key = std::to_string(static_cast<const int64_t*>(run.columns[1].values)[row]);
        }
        found_.push_back({buffer.output(), std::string(View(run.meta->rule)), number, key});
      }
    }
    EXPECT_EQ(row, buffer.rows());
    return {};
  }
  Error OnError(const RuleInstance&, const rulert_error&) override { return {}; }
  bool ReadAtOnce(size_t output) const override { return output == read_at_once_; }

  struct Found {
    size_t output;
    std::string rule;
    int64_t number;
    std::string key;
    bool operator==(const Found&) const = default;
  };

  std::vector<int64_t> numbers_ = std::vector<int64_t>(RULERT_BATCH_ROWS);
  std::vector<OutputSpec> outputs_;
  ExecuteScratch scratch_;
  RuleSet rules_{0};
  std::vector<Found> found_;
  int calls_ = 0;
  bool fail_ = false;
  size_t read_at_once_ = ~size_t{0};
};

const std::vector<ColumnSpec> kTextKey = {{ColumnKind::String, false, {}}};
const std::vector<ColumnSpec> kNumberKey = {{ColumnKind::Long, false, {}}};

TEST_F(WaitingRows, OfManyRulesAreHandedOnTogetherWhateverTheirKeysAre) {
  std::vector<Found> expected;
  for (int i = 0; i < 10; ++i) {
    const bool text = i % 2 == 0;
    Add(text ? EmitWithText : EmitWithNumber, {0}, text ? kTextKey : kNumberKey);
    for (int64_t n = 0; n < 3; ++n) {
      expected.push_back(
          {0, "r" + std::to_string(i), n, text ? "the number " + std::to_string(n) : std::to_string(2 * n)});
    }
  }
  ASSERT_FALSE(Run(3));
  EXPECT_EQ(found_, expected);
  EXPECT_EQ(calls_, 1);
}

TEST_F(WaitingRows, OfFewRulesAreHandedOnRuleByRule) {
  for (int i = 0; i < 3; ++i) Add(EmitWithNumber, {i % 2}, kNumberKey);
  ASSERT_FALSE(Run(5));
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(found_.size(), 15u);
}

TEST_F(WaitingRows, AreHandedOnWhenTheirBufferIsFull) {
  for (int i = 0; i < 10; ++i) Add(EmitWithNumber, {0}, kNumberKey);
  constexpr uint32_t kRows = RULERT_BATCH_ROWS / 3;
  ASSERT_FALSE(Run(kRows));
  EXPECT_EQ(calls_, 4);
  ASSERT_EQ(found_.size(), 10u * kRows);
  for (size_t i = 0; i < found_.size(); ++i) {
    ASSERT_EQ(found_[i].rule, "r" + std::to_string(i / kRows));
    ASSERT_EQ(found_[i].number, static_cast<int64_t>(i % kRows));
  }
}

TEST_F(WaitingRows, OfOneEventFollowEachOtherInAnOutputThatTwoEmitsShare) {
  for (int i = 0; i < 10; ++i) Add(EmitTwice, {0, 0});
  ASSERT_FALSE(Run(4));
  ASSERT_EQ(found_.size(), 60u);
  const std::vector<int64_t> each = {0, 0, 1, 2, -2, 3};
  for (size_t i = 0; i < found_.size(); ++i) ASSERT_EQ(found_[i].number, each[i % each.size()]) << i;
}

TEST_F(WaitingRows, OfAnOutputThatIsReadDoNotWait) {
  read_at_once_ = 1;
  for (int i = 0; i < 10; ++i) Add(EmitTwice, {0, 1});
  ASSERT_FALSE(Run(2));
  EXPECT_EQ(calls_, 20);
}

TEST_F(WaitingRows, ThatNobodyTookAreGone) {
  for (int i = 0; i < 10; ++i) Add(EmitWithText, {0}, kTextKey);
  fail_ = true;
  EXPECT_EQ(Run(1).kind(), ErrorKind::Data);
  fail_ = false;
  ASSERT_FALSE(Run(1));
  EXPECT_EQ(found_.size(), 10u);
}

TEST_F(WaitingRows, DoNotTakeTheMemoryOfTheNextRule) {
  for (int i = 0; i < 5; ++i) Add(EmitWithText, {0}, kTextKey);
  for (int i = 0; i < 5; ++i) Add(TakeMemory, {0}, kNumberKey);
  ASSERT_FALSE(Run(1));
  EXPECT_EQ(found_.size(), 10u);
  EXPECT_EQ(found_[4].key, "the number 0");
}

TEST_F(WaitingRows, OfMoreOutputsThanThereAreBuffersKeepApart) {
  for (int32_t i = 0; i < 200; ++i) {
    outputs_.push_back(outputs_[0]);
    Add(EmitWithNumber, {i}, kNumberKey);
  }
  ASSERT_FALSE(Run(2));
  ASSERT_EQ(found_.size(), 400u);
  for (const Found& found : found_) EXPECT_EQ(found.rule, "r" + std::to_string(found.output));
}

}  // namespace
}  // namespace rulert
