#include "compiler/planner/typed_to_plan.h"

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec {
namespace {

using check::CheckBody;
using check::CheckedText;
using check::CheckText;

std::string PlanOf(const CheckedText& checked) {
  EXPECT_EQ(checked.Rendered(), "");
  plan::Program program;
  EXPECT_EQ(PlanProgram(checked.sources, checked.program, &program), "");
  return plan::Print(program);
}

TEST(Planner, PlansARule) {
  const auto checked = CheckText("package market.watch\n" + std::string(check::kTrades) +
                                 "param jump : double = 5%\n"
                                 "rule large @version(3) @severity(high) {\n"
                                 "  from trades partition by venue where size >= 20_000 and venue is not null\n"
                                 "  let value = price * size\n"
                                 "  where value > jump and symbol != \"X\"\n"
                                 "  emit alerts { trade_id, value, at: @time } where side == SELL\n}\n");
  EXPECT_EQ(PlanOf(*checked),
            "stream trades : market.Trade\n"
            "  slot 0 executed_at : timestamp (event time)\n"
            "  slot 1 size : int\n"
            "  slot 2 venue : string?\n"
            "  slot 3 price : double\n"
            "  slot 4 symbol : string\n"
            "  slot 5 side : enum\n"
            "  slot 6 trade_id : long\n"
            "output alerts { trade_id: long, value: double, at: timestamp } with _meta\n"
            "rule market.watch.large on trades version 3 severity high\n"
            "  %0 = slot size : int\n"
            "  %1 = param #0 : int\n"
            "  %2 = greater_equal %0, %1 : bool\n"
            "  %3 = slot venue : string?\n"
            "  %4 = is_not_null %3 : bool\n"
            "  %5 = slot price : double\n"
            "  %6 = int_to_double %0 : double\n"
            "  %7 = multiply %5, %6 : double\n"
            "  %8 = param jump : double\n"
            "  %9 = greater %7, %8 : bool\n"
            "  %10 = slot symbol : string\n"
            "  %11 = param #2 : string\n"
            "  %12 = not_equal %10, %11 : bool\n"
            "  %13 = not_null %3 : string\n"
            "  %14 = slot side : enum `market.Side`\n"
            "  %15 = param #3 : enum `market.Side`\n"
            "  %16 = equal %14, %15 : bool\n"
            "  %17 = slot trade_id : long\n"
            "  %18 = event_time : timestamp\n"
            "  filter %2, %4, %9, %12\n"
            "  keys %13\n"
            "  emit alerts { %17, %7, %18 } where %16\n"
            "  param #0 at 0 : int = 20000\n"
            "  param jump at 8 : double = 0.05\n"
            "  param #2 at 16 : string = \"X\"\n"
            "  param #3 at 32 : enum = SELL\n"
            "  index size greater_equal #0\n");
}

TEST(Planner, TellsWhereErrorsArise) {
  const auto checked =
      CheckText(std::string(check::kTrades) +
                "rule r {\n  from trades\n  emit out { a: price /\n   trade_id, b: size + 1, c: - (trade_id) }\n}\n");
  const std::string printed = PlanOf(*checked);
  EXPECT_NE(printed.find("  error 0 at 6:4 long beyond 2^53 as double in `trade_id` (long)\n"
                         "  error 1 at 5:17 division by zero in `price / trade_id` (double, double)\n"
                         "  error 2 at 6:17 integer overflow in `size + 1` (int, int)\n"
                         "  error 3 at 6:30 integer overflow in `- (trade_id)` (long)\n"),
            std::string::npos)
      << printed;
  EXPECT_NE(printed.find(" = divide %0, %2 : double or error 1\n"), std::string::npos) << printed;
}

TEST(Planner, EqualLiteralsAreOneParam) {
  const auto checked =
      CheckBody("where size > 5 and size < 5 + 5 and price > 5 and lot != 5 emit out { x: 5, y: true, z: null ?? 1 }");
  // `null ?? 1` is refused; the rest is what is looked at.
  ASSERT_TRUE(checked->diagnostics.has_errors());
  const auto fine = CheckBody("where size > 5 and size != 5 and price > 5 and trade_id > 5 emit out { x: 5, y: true }");
  plan::Program program;
  ASSERT_EQ(PlanProgram(fine->sources, fine->program, &program), "");
  const std::vector<rulert::ParamSpec>& params = program.rules[0].params;
  ASSERT_EQ(params.size(), 3u);  // int, double, long; a bool is none
  EXPECT_EQ(params[0].offset, 0u);
  EXPECT_EQ(params[1].offset, 8u);
  EXPECT_EQ(params[2].offset, 16u);
  EXPECT_EQ(program.rules[0].params_size, 24u);
}

// What an index may look at, a line each.
std::string IndexOf(const std::string& where) {
  const auto checked = CheckBody(where + " emit out { trade_id }");
  const std::string printed = PlanOf(*checked);
  std::string lines;
  for (size_t at = printed.find("  index "); at != std::string::npos; at = printed.find("  index ", at + 1)) {
    lines += printed.substr(at + 8, printed.find('\n', at) - at - 7);
  }
  return lines;
}

TEST(Planner, FindsWhatAnIndexMayLookAt) {
  EXPECT_EQ(IndexOf("where symbol == \"A\" and price < 5"), "symbol equal #0\nprice less #1\n");
  EXPECT_EQ(IndexOf("where 5 > price and 7 <= size"), "price less #0\nsize greater_equal #1\n");
  EXPECT_EQ(IndexOf("where size in [3, 1, 2]"), "size equal #0, #1, #2\n");
  EXPECT_EQ(IndexOf("where symbol in [\"a\", \"b\", \"c\", \"d\", \"e\"]"), "symbol equal #0\n");
  EXPECT_EQ(IndexOf("where venue == \"X\" or venue == \"Y\""), "venue equal #0, #1\n");
  EXPECT_EQ(IndexOf("where fee is not null and fee >= 0.5"), "fee greater_equal #0\n");
  // No bound for all rows that pass.
  EXPECT_EQ(IndexOf("where symbol == \"A\" or size > 5"), "");
  EXPECT_EQ(IndexOf("where symbol != \"A\" and not (size > 5)"), "");
  EXPECT_EQ(IndexOf("where size > lot ?? 5"), "");
  // Behind what can fail: the error is told of rows that a later condition would leave out.
  EXPECT_EQ(IndexOf("where symbol == \"A\" and price / size > 2 and size > 5"), "symbol equal #0\n");
  EXPECT_EQ(IndexOf("where size * 2 > 5 and symbol == \"A\""), "");
}

TEST(Planner, LetsOfLetsAreLookedAtOnce) {
  std::string lets = "let v0 = price + price";
  for (int i = 1; i <= 60; ++i) {
    const std::string before = "v" + std::to_string(i - 1);
    lets += ", v" + std::to_string(i) + " = " + before + " + " + before;
  }
  EXPECT_EQ(IndexOf(lets + "\nwhere v60 > 1 and size > 5"), "size greater #1\n");
}

TEST(Planner, ALetIsOneExpression) {
  const auto checked = CheckBody("let value = price * size\nwhere value > 1 and value < 9 emit out { value }");
  plan::Program program;
  ASSERT_EQ(PlanProgram(checked->sources, checked->program, &program), "");
  int products = 0;
  for (const plan::Expr& expr : program.rules[0].exprs) products += expr.op == plan::Op::Multiply;
  EXPECT_EQ(products, 1);
}

TEST(Planner, OperandsStandBefore) {
  const auto checked = CheckBody(
      "partition by symbol where not (fee is null or fee / 2 > price) let a = size * 2, b = a * a emit out { b, a } "
      "where b > a");
  plan::Program program;
  ASSERT_EQ(PlanProgram(checked->sources, checked->program, &program), "") << checked->Rendered();
  const std::vector<plan::Expr>& exprs = program.rules[0].exprs;
  for (size_t i = 0; i < exprs.size(); ++i) {
    for (const plan::ExprId operand : exprs[i].operands) EXPECT_LT(operand, i);
  }
}

TEST(Planner, ASecondRuleJoinsARunningOne) {
  const auto first = CheckBody("where size > 5 emit out { symbol }");
  const auto second =
      CheckText(std::string(check::kTrades) + "rule s { from trades where price > 5 emit more { size, price } }");
  plan::Program program;
  ASSERT_EQ(PlanProgram(first->sources, first->program, &program), "");
  const std::vector<rulert::SlotSpec> before = program.streams[0].registry.slots();
  ASSERT_EQ(PlanProgram(second->sources, second->program, &program), "");
  const std::vector<rulert::SlotSpec>& after = program.streams[0].registry.slots();
  ASSERT_EQ(program.streams.size(), 1u);
  ASSERT_EQ(program.rules.size(), 2u);
  ASSERT_EQ(program.outputs.size(), 2u);
  EXPECT_EQ(program.rules[1].emits[0].output, 1u);
  ASSERT_EQ(after.size(), before.size() + 1);  // price; size is there already
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
  EXPECT_EQ(after.back().path, "price");
  EXPECT_EQ(program.rules[1].exprs.front().index, 3u);
}

TEST(Planner, RefusesWhatDoesNotFitAndChangesNothing) {
  plan::Program program;
  const auto first = CheckBody("where size > 5 emit out { symbol }");
  ASSERT_EQ(PlanProgram(first->sources, first->program, &program), "");
  const std::string before = plan::Print(program);
  const auto refused = [&](const std::string& text) {
    const auto checked = CheckText(text);
    EXPECT_EQ(checked->Rendered(), "");
    const std::string wrong = PlanProgram(checked->sources, checked->program, &program);
    EXPECT_EQ(plan::Print(program), before);
    return wrong;
  };
  EXPECT_EQ(refused(std::string(check::kTrades) + "rule r { from trades emit fresh { price } }"),
            "there is a rule `r` already, from test.rule");
  EXPECT_EQ(refused(std::string(check::kTrades) + "rule s { from trades emit out { price } }"),
            "output `out` has other fields in rules that are there already");
  EXPECT_EQ(
      refused(
          "schema Trade = avro \"market.Trade\"\nstream trades : Trade\nrule s { from trades emit fresh { price } }"),
      "stream `trades` is declared in another way by rules that are there already");
}

TEST(Planner, DeclaredOutputsKeepTheirSchema) {
  const auto checked = CheckText(std::string(check::kTrades) +
                                 "schema Alert = avro \"market.Alert\"\noutput alerts : Alert\n"
                                 "rule r { from trades emit alerts { symbol, count: @time - executed_at } }");
  EXPECT_EQ(checked->Rendered(), "");
  plan::Program program;
  ASSERT_EQ(PlanProgram(checked->sources, checked->program, &program), "");
  const plan::Output& output = program.outputs.at(0);
  EXPECT_EQ(output.schema_json, check::kAlertSchema);
  EXPECT_FALSE(output.meta);
  ASSERT_EQ(output.fields.size(), 6u);
  EXPECT_EQ(output.fields[3].column.kind, rulert::ColumnKind::Timestamp);
  EXPECT_TRUE(output.fields[3].column.nullable);
}

}  // namespace
}  // namespace rulec
