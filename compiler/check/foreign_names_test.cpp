#include "compiler/check/foreign_names.h"

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

using List = std::vector<std::string>;

// "code: replacement" or "code: help" of the one message of a rule over `trades`.
std::string Advice(const std::string& body) {
  const auto checked = CheckBody(body);
  if (checked->Told().size() != 1) return checked->Rendered();
  const Diagnostic& told = checked->diagnostics.all().front();
  const std::string code(told.kind->code);
  if (told.edits.size() == 1) return code + ": " + told.edits.front().replacement;
  return code + ": " + (told.helps.empty() ? "" : told.helps.front());
}

TEST(ForeignNames, OfValues) {
  EXPECT_EQ(Advice("where venue == NULL emit out { size }"), "R0201: null");
  EXPECT_EQ(Advice("where venue != None emit out { size }"), "R0201: null");
  EXPECT_EQ(Advice("where venue is NULL emit out { size }"), "R0322: null");
  EXPECT_EQ(Advice("where suspicious == True emit out { size }"), "R0201: true");
  EXPECT_EQ(Advice("where kind == NULL emit out { size }"), "R0213: null");
  EXPECT_EQ(Advice("where executed_at > now() emit out { size }"),
            "R0227: rules know no clock, so that a replay gives the same: `@time` is the time of the event");
  EXPECT_EQ(Advice("where trade.price > 5.0 emit out { size }"), "R0201: price");
}

TEST(ForeignNames, OfFunctionsAndTypes) {
  EXPECT_EQ(Advice("where symbol.length > 3 emit out { size }"), "R0316: `length(symbol)`");
  EXPECT_EQ(Advice("where side in [\"BUY\"] emit out { size }"), "R0301: symbols stand without quotes: `x in [A, B]`");
  EXPECT_EQ(CheckText("fn f(x: int64) = x\n")->Told().front(), "R0223 `int64`");
}

TEST(ForeignNames, LeadToNamesThatThereAre) {
  for (const std::string_view name : RightTypes()) {
    const std::string text = "fn _f(_x: " + std::string(name) + ") = 1\n";
    EXPECT_EQ(CheckText(text)->Told(), List{}) << text;
  }
  EXPECT_FALSE(ForeignType("worth"));
}

}  // namespace
}  // namespace rulec::check
