// Compiled rules come and go in a running job: what is there already is neither compiled nor loaded again, rows before
// and after are handled by the rules of their time, and memory stays flat.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "avro/datum.h"
#include "compiler/driver/front_end.h"
#include "compiler/emit/codegen.h"
#include "compiler/emit/plan_to_program.h"
#include "compiler/planner/typed_to_plan.h"
#include "runtime/job/job.h"
#include "runtime/testing/memory_log.h"
#include "runtime/testing/trades.h"

namespace rulec {
namespace {

constexpr char kStreams[] = R"(package live
schema Trade = avro "market.Trade"
stream trades : Trade { time at }
)";

// A rule set that grows, and the job that runs it.
class LiveRules : public testing::Test {
 protected:
  LiveRules() : codegen_(LoadCodegen({}).codegen), log_(rulert::TradeSchemaJson()) {
    std::string make = "mkdir -p '" + directory_.Path("schemas/market.Trade") + "'";
    EXPECT_EQ(std::system(make.c_str()), 0);
    directory_.Write("schemas/market.Trade/1.avsc", rulert::TradeSchemaJson());
  }

  // Adds the rule to the plan that earlier ones are in.
  void Plan(const std::string& rule) {
    FrontEnd program;
    const std::string file = directory_.Write("live.rule", kStreams + rule);
    CompileFiles({file}, directory_.Path("schemas"), LastPhase::Check, &program);
    for (const Diagnostic& diagnostic : program.diagnostics.all()) {
      ADD_FAILURE() << RenderText(program.sources, diagnostic, false);
    }
    ASSERT_TRUE(program.typed.has_value());
    EXPECT_EQ(PlanProgram(program.sources, *program.typed, &plan_), "");
  }

  rulert::ModulePtr Link(const ObjectModule& module) {
    std::shared_ptr<LoadedCode> code = codegen_->Load(module);
    const rulert_module& descriptor = code->descriptor();
    return rulert::WrapModule(descriptor, std::move(code));
  }

  std::unique_ptr<rulert::Job> Start() {
    const EmittedProgram emitted = EmitProgram(plan_, *codegen_, {.scans = false, .encoders = false});
    rulert::ModuleSet modules;
    for (const ObjectModule& module : emitted.modules) modules.Add(module.name, Link(module));
    rulert::JobOptions options;
    options.log = nullptr;
    auto job = rulert::Job::Create(emitted.spec, modules, options);
    EXPECT_TRUE(job.ok());
    EXPECT_TRUE(!(*job)->AddSource("trades", log_.Read(0, 10)));
    return std::move(*job);
  }

  // The newest rule of the plan with the decoder that has its slots: nothing of the others is compiled.
  rulert::Error Load(rulert::Job& job, size_t slots_before, size_t outputs_before) {
    const rulert::ProgramSpec described = DescribeProgram(plan_);
    rulert::RuleUpdate update;
    update.rule = described.rules.back();
    const auto& slots = described.streams[0].slots;
    update.added_slots.assign(slots.begin() + static_cast<std::ptrdiff_t>(slots_before), slots.end());
    update.added_outputs.assign(described.outputs.begin() + static_cast<std::ptrdiff_t>(outputs_before),
                                described.outputs.end());
    rulert::ModuleSet modules;
    const ObjectModule rule = codegen_->CompileRule(plan_, plan_.rules.back());
    update.rule.module = rule.name;
    modules.Add(rule.name, Link(rule));
    if (!update.added_slots.empty()) {
      rulert::DecoderSpec decoder;
      const ObjectModule module = codegen_->CompileDecoder(plan_, 0, plan_.streams[0].schema, &decoder).module;
      modules.Add(module.name, Link(module));
      update.decoders.push_back(std::move(decoder));
    }
    return job.Load(update, modules);
  }

  void Append(const std::vector<rulert::Trade>& trades) {
    for (const rulert::Trade& trade : trades) log_.Append(0, rulert::EncodeTrade(trade));
  }

  void RunUntilWaiting(rulert::Job& job) {
    for (;;) {
      const auto step = job.Step();
      ASSERT_TRUE(step.ok()) << step.error().message();
      if (*step != rulert::Job::Progress::Batch) return;
    }
  }

  rulert::TemporaryDirectory directory_;
  std::unique_ptr<Codegen> codegen_;
  plan::Program plan_;
  rulert::MemoryLog log_;
};

// Takes everything and keeps nothing.
class Void : public rulert::Sink {
 public:
  rulert::Error Write(std::string_view, uint64_t) override { return {}; }
  rulert::Error Prepare(uint64_t) override { return {}; }
  rulert::Error Commit(uint64_t) override { return {}; }
  void Abort(uint64_t) override {}
};

size_t ResidentBytes() {
  size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

TEST_F(LiveRules, ASecondRuleBringsAFieldWithoutTouchingTheFirst) {
  Plan("rule dear { from trades where price > 500.0 emit dear { price, at } }");
  const auto job = Start();
  rulert::MemoryLog dear_log(rulert::TradeSchemaJson());
  ASSERT_TRUE(!job->SetSink("dear", rulert::FileFormat::JsonLines, dear_log.Write(0)));
  const size_t slots_before = plan_.streams[0].registry.slots().size();
  const ObjectModule first_before = codegen_->CompileRule(plan_, plan_.rules[0]);

  const auto trades = rulert::MakeTrades(100, 7);
  Append({trades.begin(), trades.begin() + 50});
  RunUntilWaiting(*job);

  Plan("rule big { from trades where size > 2 and symbol == \"S1\" emit big { symbol, size } }");
  ASSERT_GT(plan_.streams[0].registry.slots().size(), slots_before) << "the second rule must need a new field";
  const rulert::Error refused = Load(*job, slots_before, 1);
  ASSERT_TRUE(!refused) << refused.message();
  EXPECT_EQ(codegen_->CompileRule(plan_, plan_.rules[0]).name, first_before.name);
  EXPECT_EQ(codegen_->CompileRule(plan_, plan_.rules[0]).object, first_before.object);
  rulert::MemoryLog big_log(rulert::TradeSchemaJson());
  ASSERT_TRUE(!job->SetSink("big", rulert::FileFormat::JsonLines, big_log.Write(0)));

  Append({trades.begin() + 50, trades.end()});
  log_.Close();
  EXPECT_EQ(job->Run(), rulert::kExitDone);

  std::string dear, big;
  for (size_t i = 0; i < trades.size(); ++i) {
    const rulert::Trade& trade = trades[i];
    char line[200];
    if (trade.price > 500) {
      std::snprintf(line, sizeof(line), "{\"price\":%.1f,\"at\":%lld}\n", trade.price,
                    static_cast<long long>(trade.at));
      dear += line;
    }
    if (i >= 50 && trade.size > 2 && trade.symbol == "S1") {
      std::snprintf(line, sizeof(line), "{\"symbol\":\"S1\",\"size\":%lld}\n", static_cast<long long>(trade.size));
      big += line;
    }
  }
  EXPECT_EQ(rulert::WithoutMeta(dear_log.Text(0)), dear);
  EXPECT_EQ(rulert::WithoutMeta(big_log.Text(0)), big);
  EXPECT_FALSE(dear.empty());
  EXPECT_FALSE(big.empty());
}

TEST_F(LiveRules, AThousandLoadsAndUnloadsLeaveMemoryFlat) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps freed memory for a while";
#endif
  Plan("rule first { from trades where price > 500.0 emit first { price } }");
  Plan("rule second { from trades where size > 2 emit second { symbol, size } }");
  plan_.rules.pop_back();  // its stream's slots and its output stay
  const auto job = Start();
  for (const char* output : {"first", "second"}) {
    ASSERT_TRUE(!job->SetSink(output, rulert::FileFormat::JsonLines, std::make_shared<Void>()));
  }
  const auto trades = rulert::MakeTrades(10, 3);
  size_t resident_after_warm_up = 0;
  for (int round = 0; round < 1000; ++round) {
    // Twenty shapes, so that most rounds compile nothing new but every round links and unlinks code.
    std::string condition = "size > " + std::to_string(round);
    for (int i = 0; i < round % 20; ++i) condition += " and price > " + std::to_string(i) + ".5";
    Plan("rule second { from trades where " + condition + " emit second { symbol, size } }");
    const rulert::Error refused = Load(*job, plan_.streams[0].registry.slots().size(), plan_.outputs.size());
    ASSERT_TRUE(!refused) << refused.message();
    Append(trades);
    RunUntilWaiting(*job);
    const rulert::Error kept = job->Unload("live.second");
    ASSERT_TRUE(!kept) << kept.message();
    plan_.rules.pop_back();
    if (round == 200) resident_after_warm_up = ResidentBytes();
  }
  const size_t grown = ResidentBytes() - std::min(ResidentBytes(), resident_after_warm_up);
  // The log itself keeps 8,000 trades of some 30 bytes; a leaked module would be 800 times 4 KiB at least.
  EXPECT_LT(grown, 2u << 20) << "from " << resident_after_warm_up << " bytes";
}

}  // namespace
}  // namespace rulec
