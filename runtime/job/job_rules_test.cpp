// Rules that come and go, see a part of time, or keep state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "runtime/job/job.h"
#include "runtime/testing/memory_log.h"
#include "runtime/testing/trade_code.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

class RunningJob : public testing::Test {
 protected:
  void Start(const TradeProgram& program, size_t partitions = 1) {
    JobOptions options;
    options.log = nullptr;
    auto made = Job::Create(program.spec, program.modules, options);
    ASSERT_TRUE(made.ok()) << made.error().message();
    job_ = std::move(*made);
    for (size_t i = 0; i < partitions; ++i) ASSERT_FALSE(job_->AddSource("trades", in_.Read(i)));
    ASSERT_FALSE(job_->SetSink("alerts", FileFormat::JsonLines, out_.Write(0)));
  }
  void Feed(const std::vector<Trade>& trades, size_t partition = 0) {
    for (const Trade& trade : trades) in_.Append(partition, EncodeTrade(trade));
  }
  void RunUntilIdle() {
    while (true) {
      const auto step = job_->Step();
      ASSERT_TRUE(step.ok()) << step.error().message();
      if (*step != Job::Progress::Batch) return;
    }
  }
  std::string Output() {
    EXPECT_FALSE(job_->Commit());
    return WithoutMeta(out_.Text(0));
  }

  MemoryLog in_{TradeSchemaJson(), 2};
  MemoryLog out_{TradeSchemaJson(), 2};
  std::unique_ptr<Job> job_;
};

TEST_F(RunningJob, WaitsForMoreAndGoesOn) {
  Start(MakeTradeProgram(true));
  Feed({{"A", 995}});
  RunUntilIdle();
  EXPECT_EQ(job_->counters().events, 1u);
  Feed({{"B", 996}, {"C", 1}});
  RunUntilIdle();
  EXPECT_EQ(job_->counters().events, 3u);
  EXPECT_EQ(Output(), "{\"symbol\":\"A\",\"price\":995.0}\n{\"symbol\":\"B\",\"price\":996.0}\n");
}

TEST_F(RunningJob, AStatefulRuleCountsPerKey) {
  TradeProgram program = MakeTradeProgram(false);
  program.spec.outputs.push_back(CountsOutput());
  program.spec.rules.push_back(CountRule());
  Start(program);
  ASSERT_FALSE(job_->SetSink("counts", FileFormat::JsonLines, out_.Write(1)));
  const auto trades = MakeTrades(5000, 1, 700);
  Feed(trades);
  RunUntilIdle();
  ASSERT_FALSE(job_->Commit());
  std::map<std::string, int> counts;
  std::string expected;
  for (const Trade& trade : trades) {
    expected += "{\"symbol\":\"" + trade.symbol + "\",\"n\":" + std::to_string(++counts[trade.symbol]) + "}\n";
  }
  EXPECT_EQ(WithoutMeta(out_.Text(1)), expected);
  EXPECT_EQ(Output(), ExpectedAlerts(trades, 990)) << "the rule beside it is not disturbed";
}

TEST_F(RunningJob, ARuleSeesTheTimeInWhichItIsActive) {
  TradeProgram program = MakeTradeProgram(true);
  program.spec.rules[0] = LargeRule("large", 0);
  program.spec.rules[0].active_from = 2;
  program.spec.rules[0].active_to = 4;
  Start(program);
  Feed({{"a", 1, 1, 1}, {"b", 1, 1, 2}, {"c", 1, 1, 4}, {"d", 1, 1, 3}, {"e", 1, 1, 5}});
  RunUntilIdle();
  EXPECT_EQ(Output(), "{\"symbol\":\"b\",\"price\":1.0}\n{\"symbol\":\"d\",\"price\":1.0}\n");
}

TEST_F(RunningJob, TwoVersionsSplitTheEventsByTheirTime) {
  TradeProgram program = MakeTradeProgram(false);
  program.spec.rules = {LargeRule("old", 500), LargeRule("new", 700)};
  program.spec.rules[0].active_to = 2'500'000'000;
  program.spec.rules[1].active_from = 2'500'000'000;
  Start(program);
  const auto trades = MakeTrades(5000, 2);
  Feed(trades);
  RunUntilIdle();
  const std::vector<Trade> before(trades.begin(), trades.begin() + 2500), after(trades.begin() + 2500, trades.end());
  EXPECT_EQ(Output(), ExpectedAlerts(before, 500) + ExpectedAlerts(after, 700));
}

TEST_F(RunningJob, FullOutputsAreEmptiedAndTheRuleGoesOn) {
  TradeProgram program = MakeTradeProgram(false);
  program.spec.rules[0].emits = {{0}, {0}};
  program.modules.Add("rule", CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(trade::Twice)));
  Start(program);
  const auto trades = MakeTrades(1000, 3);
  Feed(trades);
  RunUntilIdle();
  const std::string output = Output();
  EXPECT_EQ(std::count(output.begin(), output.end(), '\n'), 2000);
  EXPECT_EQ(job_->counters().matches[0], 2000u);
}

// A second rule needs a field that the first does not: the stream gets a slot and another decoder between two batches,
// the first rule's module stays as it is.
TEST_F(RunningJob, ARuleWithANewFieldJoinsWithoutTouchingTheFirst) {
  TradeProgram program = MakeTradeProgram(true);
  Start(program);
  const auto trades = MakeTrades(300, 4);
  Feed({trades.begin(), trades.begin() + 150});
  ASSERT_TRUE(job_->Step().ok());

  RuleUpdate update;
  update.rule = LargeRule("second", 900);
  update.rule.slots.push_back(4);
  update.added_slots = {{"side", {ColumnKind::Enum, false, {"BUY", "SELL"}}}};
  update.decoders = {{0, TradeSchemaJson(), {0, 1, 2, 3, 4}, {}, {"symbol"}, "decoder5"}};
  EXPECT_TRUE(job_->Load(update, program.modules)) << "its decoder is missing";
  ModuleSet modules;
  modules.Add("rule", CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(trade::Large)));
  EXPECT_TRUE(job_->Load(update, modules));
  modules.Add("decoder5", CodeOf(RULERT_MODULE_DECODER, reinterpret_cast<void*>(trade::Decode<5>)));
  RuleUpdate without_decoder = update;
  without_decoder.decoders.clear();
  EXPECT_EQ(job_->stream(0).slots.size(), 4u);
  const Error loaded = job_->Load(update, modules);
  ASSERT_FALSE(loaded) << loaded.message();
  EXPECT_EQ(job_->stream(0).slots.size(), 5u);
  EXPECT_TRUE(job_->Load(update, modules)) << "the name is taken";

  Feed({trades.begin() + 150, trades.end()});
  RunUntilIdle();
  ASSERT_FALSE(job_->Unload("market.second"));
  EXPECT_TRUE(job_->Unload("market.second"));
  Feed({{"last", 995}});
  RunUntilIdle();
  ASSERT_FALSE(job_->Commit());
  std::string second;
  std::string first;
  const std::string all = out_.Text(0);
  for (size_t at = 0; at < all.size();) {
    const std::string line = all.substr(at, all.find('\n', at) + 1 - at);
    at += line.size();
    (line.find("market.second") != std::string::npos ? second : first) += WithoutMeta(line);
  }
  std::vector<Trade> with_last = trades;
  with_last.push_back({"last", 995});
  EXPECT_EQ(first, ExpectedAlerts(with_last, 990));
  // The first block of 100 was read before the rule came.
  EXPECT_EQ(second, ExpectedAlerts({trades.begin() + 100, trades.end()}, 900));
}

TEST_F(RunningJob, AnUpdateThatDoesNotFitChangesNothing) {
  TradeProgram program = MakeTradeProgram(false);
  Start(program);
  RuleUpdate update;
  update.rule = LargeRule("second", 900);
  update.rule.slots = {9};
  EXPECT_THAT(job_->Load(update, program.modules).message(), HasSubstr("a slot is out of range"));
  update.rule = LargeRule("second", 900);
  update.rule.emits = {{1}};
  EXPECT_THAT(job_->Load(update, program.modules).message(), HasSubstr("an output is out of range"));
  update.rule = LargeRule("second", 900);
  update.rule.stream = 1;
  EXPECT_THAT(job_->Load(update, program.modules).message(), HasSubstr("its stream is not part of the job"));
  update.rule = LargeRule("second", 900);
  update.rule.module = "decoder";
  EXPECT_THAT(job_->Load(update, program.modules).message(),
              HasSubstr("module `decoder` holds code of another kind: decoder, expected: rule"));
  Feed({{"A", 995}});
  RunUntilIdle();
  EXPECT_EQ(Output(), "{\"symbol\":\"A\",\"price\":995.0}\n");
}

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t size = 0;
  size_t resident = 0;
  statm >> size >> resident;
  return resident * 4096;
}

TEST_F(RunningJob, AThousandLoadsAndUnloadsLeaveMemoryFlat) {
  const std::string code = ReadFile(RULEC_BINARY_DIR "/bin/large_trades.so");
  ASSERT_FALSE(code.empty());
  TradeProgram program = MakeTradeProgram(false);
  Start(program);
  size_t after_warm_up = 0;
  for (int i = 0; i < 1000; ++i) {
    // Bytes behind the end of the file make each one a different module.
    const std::string distinct = code + std::to_string(i);
    RuleUpdate update;
    update.rule = LargeRule("second", 900);
    update.rule.module = "second";
    ModuleSet modules;
    auto module = LoadSharedObject({reinterpret_cast<const uint8_t*>(distinct.data()), distinct.size()}, "second");
    ASSERT_TRUE(module.ok()) << module.error().message();
    modules.Add("second", *module);
    ASSERT_FALSE(job_->Load(update, modules));
    Feed({{"A", 950}});
    RunUntilIdle();
    ASSERT_FALSE(job_->Unload("market.second"));
    if (i == 100) after_warm_up = ResidentBytes();
  }
  EXPECT_EQ(job_->counters().matches[0], 1000u);
  if (!kSanitized) {
    EXPECT_LT(ResidentBytes(), after_warm_up + (size_t{2} << 20));
  }
  std::ifstream maps("/proc/self/maps");
  std::string text((std::istreambuf_iterator<char>(maps)), {});
  EXPECT_EQ(text.find("memfd:rulec-module"), std::string::npos) << "all code is unloaded";
}

TEST_F(RunningJob, PartitionsTakeTurnsAndHaveTheirOwnWatermarks) {
  Start(MakeTradeProgram(false), 2);
  Feed(std::vector<Trade>(150, Trade{"first", 995, 1, 10'000'000}), 0);
  Feed(std::vector<Trade>(150, Trade{"second", 995, 1, 20'000'000}), 1);
  in_.Close();
  RunUntilIdle();
  EXPECT_EQ(job_->runner(0).watermark(0), 4'999'999);
  EXPECT_EQ(job_->runner(0).watermark(1), 14'999'999);
  const std::string output = Output();
  const std::string first = "{\"symbol\":\"first\",\"price\":995.0}\n",
                    second = "{\"symbol\":\"second\",\"price\":995.0}\n";
  std::string expected;
  const std::pair<const std::string*, int> turns[] = {{&first, 100}, {&second, 100}, {&first, 50}, {&second, 50}};
  for (const auto& [line, count] : turns) {
    for (int i = 0; i < count; ++i) expected += *line;
  }
  EXPECT_EQ(output, expected);
}

TEST_F(RunningJob, APausedSourceWaits) {
  Start(MakeTradeProgram(false));
  Feed({{"A", 995}});
  in_.Close();
  job_->runner(0).source(0).Pause();
  const auto waiting = job_->Step();
  ASSERT_TRUE(waiting.ok());
  EXPECT_EQ(*waiting, Job::Progress::Wait);
  job_->runner(0).source(0).Resume();
  EXPECT_EQ(job_->Run(), 0);
  EXPECT_EQ(WithoutMeta(out_.Text(0)), "{\"symbol\":\"A\",\"price\":995.0}\n");
}

}  // namespace
}  // namespace rulert
