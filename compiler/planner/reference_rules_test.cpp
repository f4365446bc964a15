// The stateless rules on real trades, from their own files to plans.

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/load_program.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/planner/typed_to_plan.h"

namespace rulec {
namespace {

std::string SharedFolder() {
  const char* given = std::getenv("RULEC_SHARED");
  return given ? given : std::string(RULEC_SOURCE_DIR) + "/../shared";
}

// The plan of one rule file of a data set, or what was told.
std::string PlanOfFile(const std::string& set, const std::string& name) {
  SourceSet sources;
  Diagnostics diagnostics;
  const std::string folder = SharedFolder() + "/data/" + set;
  const LoadedProgram loaded = LoadProgram({folder + "/rules/" + name}, ParseText, sources, diagnostics);
  SchemaStore store({folder + "/schemas"});
  const typed::Program program = Check(sources, loaded.files, store, diagnostics);
  std::string told;
  for (const Diagnostic& diagnostic : diagnostics.all()) told += RenderText(sources, diagnostic, false);
  if (!told.empty()) return told;
  plan::Program planned;
  told = PlanProgram(sources, program, &planned);
  return told.empty() ? plan::Print(planned) : told;
}

class ReferenceRules : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(SharedFolder() + "/data/ticks/rules")) {
      GTEST_SKIP() << "the shared data are not at " << SharedFolder() << " (set RULEC_SHARED)";
    }
  }
};

TEST_F(ReferenceRules, BlockTrades) {
  EXPECT_EQ(PlanOfFile("ticks", "block_trades.rule"),
            "stream trades : market.Trade watermark 5000000us\n"
            "  slot 0 executed_at : timestamp (event time)\n"
            "  slot 1 size : long\n"
            "  slot 2 exchange : enum\n"
            "  slot 3 suspicious : bool\n"
            "  slot 4 trade_id : long\n"
            "  slot 5 symbol : string\n"
            "  slot 6 price : double\n"
            "output out { trade_id: long, symbol: string, price: double, size: long, at: timestamp } with _meta\n"
            "rule reference.ticks.block_trades on trades version 1\n"
            "  %0 = slot size : long\n"
            "  %1 = param #0 : long\n"
            "  %2 = greater_equal %0, %1 : bool\n"
            "  %3 = slot exchange : enum `market.Exchange`\n"
            "  %4 = param #1 : enum `market.Exchange`\n"
            "  %5 = not_equal %3, %4 : bool\n"
            "  %6 = slot suspicious : bool\n"
            "  %7 = not %6 : bool\n"
            "  %8 = slot trade_id : long\n"
            "  %9 = slot symbol : string\n"
            "  %10 = slot price : double\n"
            "  %11 = slot executed_at : timestamp\n"
            "  filter %2, %5, %7\n"
            "  emit out { %8, %9, %10, %0, %11 }\n"
            "  param #0 at 0 : long = 20000\n"
            "  param #1 at 8 : enum = D\n"
            "  index size greater_equal #0\n");
}

TEST_F(ReferenceRules, AfternoonBlocks) {
  const std::string plan = PlanOfFile("ticks", "afternoon_blocks.rule");
  EXPECT_NE(plan.find("output out { trade_id: long, cond: string, part: enum } with _meta\n"), std::string::npos)
      << plan;
  EXPECT_NE(plan.find("  filter %2, %5\n"), std::string::npos) << plan;
}

TEST_F(ReferenceRules, Logins) {
  const std::string nameless = PlanOfFile("auth", "nameless.rule");
  EXPECT_NE(nameless.find("output out { line: long, part: int, outcome: enum, who: string, port: long? } with _meta\n"),
            std::string::npos)
      << nameless;
  const std::string root = PlanOfFile("auth", "root_failures.rule");
  EXPECT_NE(root.find("output out { line: long, part: int, ip: string?, at: timestamp } with _meta\n"),
            std::string::npos)
      << root;
}

}  // namespace
}  // namespace rulec
