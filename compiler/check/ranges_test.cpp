// Comparisons that no value meets, and conditions that always hold: what is told, and what is not.

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

std::string Told(const std::string& condition) {
  const auto checked = CheckBody("where " + condition + " emit out { symbol }");
  std::string all;
  for (const std::string& told : checked->Told()) all += (all.empty() ? "" : "; ") + told;
  return all;
}

struct Case {
  const char* condition;
  const char* told;
};

void ExpectAll(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(Told(c.condition), c.told) << c.condition;
}

TEST(Ranges, ByWhatWasSaidBefore) {
  ExpectAll({
      {"size > 5 and size < 3", "R0321 `size < 3`"},
      {"size > 5 and size > 3", "R0320 `size > 3`"},
      {"size > 5 and size < 6", "R0321 `size < 6`"},
      {"price > 5 and price < 6", ""},
      {"size > 5 or size <= 5", "R0320 `size <= 5`"},
      {"price > 5 or price <= 5", ""},  // NaN is neither
      {"size > 5 and size < 3 and size == 1", "R0321 `size < 3`"},
      {"size between 5 and 3", "R0321 `size between 5 and 3`"},
      {"size != 5 and size == 5", "R0321 `size == 5`"},
      {"size in [1, 2] and size == 3", "R0321 `size == 3`"},
      {"size in [1, 2] and size > 2", "R0321 `size > 2`"},
      {"not (size in [1, 2]) and size == 2", "R0321 `size == 2`"},
      {"symbol == \"A\" and symbol == \"B\"", "R0321 `symbol == \"B\"`"},
      {"(size > 5 or size < 1) and size == 3", ""},
      {"length(symbol) > 5 and length(symbol) < 3", "R0321 `length(symbol) < 3`"},
      {"size > 5 and trade_id > 5", ""},
      {"(if size > 5 then size < 3 else true)", ""},
      {"lot == 5 and lot == 6", "R0321 `lot == 6`"},
      {"lot != 5 or lot == 5", "R0320 `lot == 5`"},
      {"venue is null and venue == \"X\"", "R0321 `venue == \"X\"`"},
      {"venue is null and venue is not null", "R0321 `venue is not null`"},
  });
}

TEST(Ranges, ByTheType) {
  ExpectAll({
      {"size > 3000000000", "R0321 `size > 3000000000`"},
      {"size != 3000000000", "R0320 `size != 3000000000`"},
      {"trade_id > 9223372036854775807", "R0321 `trade_id > 9223372036854775807`"},
      {"size == 1.5", "R0321 `size == 1.5`"},
      {"price == 1.5", ""},
      {"side == BUY and side == SELL", "R0321 `side == SELL`"},
      {"side == BUY or side == SELL", "R0320 `side == SELL`"},
      {"side != BUY and side != SELL", "R0321 `side != SELL`"},
      {"side in [BUY, SELL]", "R0320 `side in [BUY, SELL]`"},
      {"kind == LIT or kind == DARK", ""},  // or null
      {"kind in [LIT, DARK]", ""},
      {"kind != LIT and kind != DARK", ""},
      {"suspicious and not suspicious", "R0321 `not suspicious`"},
      {"suspicious or not suspicious", "R0320 `not suspicious`"},
      {"symbol in []", "R0321 `symbol in []`"},
      {"@offset < 0", "R0321 `@offset < 0`"},
  });
}

TEST(Ranges, ByTheFunction) {
  ExpectAll({
      {"length(symbol) < 0", "R0321 `length(symbol) < 0`"},
      {"length(symbol) >= 0", "R0320 `length(symbol) >= 0`"},
      {"length(symbol) > 0", ""},
      {"length(symbol) between -5 and -1", "R0321 `length(symbol) between -5 and -1`"},
      {"hour(@time) > 24", "R0321 `hour(@time) > 24`"},
      {"abs(price) < 0", "R0321 `abs(price) < 0`"},
      {"jaro_winkler(symbol, \"A\") > 92", "R0321 `jaro_winkler(symbol, \"A\") > 92`"},
      {"jaro_winkler(symbol, \"A\") > 92%", ""},
      {"lower(symbol) == \"ABC\"", "R0321 `lower(symbol) == \"ABC\"`"},
      {"lower(symbol) == \"abc\"", ""},
      {"upper(symbol) in [\"abc\"]", "R0321 `upper(symbol) in [\"abc\"]`"},
  });
}

TEST(Ranges, InBranchesAndValues) {
  const auto told = [](const std::string& body) { return CheckBody(body)->Told(); };
  using List = std::vector<std::string>;
  EXPECT_EQ(told("emit out { x: case when size > 5 then 1 when size > 10 then 2 else 3 end }"),
            List{"R0321 `size > 10`"});
  EXPECT_EQ(told("emit out { x: if size > 5 then (if size > 3 then 1 else 2) else 3 }"), List{"R0320 `size > 3`"});
  EXPECT_EQ(told("emit out { x: size > 5 and size < 3 }"), List{"R0321 `size < 3`"});
  EXPECT_EQ(told("where size > 5 emit out { symbol } where size < 3"), List{"R0321 `size < 3`"});
  EXPECT_EQ(told("where size > 5 emit a { symbol } where size < 10 emit b { symbol } where size > 20"), List{});
}

// What is copied into a rule is told where it is written, not by what calls it.
TEST(Ranges, FunctionsAreJudgedAsTheyAreDeclared) {
  const auto checked = CheckText(std::string(kTrades) +
                                 "fn big(x: long) = x > 5 and x < 100\n"
                                 "rule r { from trades where trade_id > 10 and big(trade_id) emit out { symbol } }");
  EXPECT_EQ(checked->Rendered(), "");
}

}  // namespace
}  // namespace rulec::check
