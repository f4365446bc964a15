// What conditions prove about null.

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

std::vector<std::string> Told(const std::string& body) { return CheckBody(body)->Told(); }
std::string Condition(const std::string& condition) { return CheckExpr(condition); }

TEST(Narrowing, ThroughAnd) {
  EXPECT_EQ(Condition("fee is not null and fee > 1"),
            "and(is_not_null(fee:double?):bool, greater(not_null(fee:double?):double, 1.0:double):bool):bool");
  EXPECT_EQ(Condition("fee > 1 and fee is not null"), "R0303 `fee`");
  EXPECT_EQ(Condition("fee is null and fee > 1"), "R0303 `fee`");
}

TEST(Narrowing, ThroughOr) {
  EXPECT_EQ(Condition("fee is null or fee > 1"),
            "or(is_null(fee:double?):bool, greater(not_null(fee:double?):double, 1.0:double):bool):bool");
  EXPECT_EQ(Condition("fee is not null or fee > 1"), "R0303 `fee`");
  EXPECT_EQ(Condition("(fee is not null or size > 1) and fee > 1"), "R0303 `fee`");
  EXPECT_EQ(Condition("(fee is not null and size > 1 or fee == 2) and fee > 1").substr(0, 4), "and(");
}

TEST(Narrowing, ThroughNot) {
  EXPECT_EQ(Condition("not (fee is null) and fee > 1").substr(0, 4), "and(");
  EXPECT_EQ(Condition("not (fee is null or volume is null) and fee > volume").substr(0, 4), "and(");
  EXPECT_EQ(Condition("not (fee is null and volume is null) and fee > 1"), "R0303 `fee`");
  EXPECT_EQ(Condition("not (fee is not null) or fee > 1").substr(0, 3), "or(");
}

TEST(Narrowing, ByEquality) {
  EXPECT_EQ(Condition("lot == 5 and lot > 1").substr(0, 4), "and(");
  EXPECT_EQ(Condition("lot == trade_id and lot > 1").substr(0, 4), "and(");
  EXPECT_EQ(Condition("lot != 5 or lot > 1").substr(0, 3), "or(");
  EXPECT_EQ(Condition("lot != 5 and lot > 1"), "R0303 `lot`");
  EXPECT_EQ(Condition("lot == volume and lot > 1"), "R0303 `lot`");
  EXPECT_EQ(Condition("lot != null and lot > 1").substr(0, 4), "and(");
}

TEST(Narrowing, OverPathsAndStages) {
  EXPECT_TRUE(Told("where buyer.tier is not null where buyer.tier > 1 emit out { x: buyer.tier + 1 }").empty());
  EXPECT_TRUE(Told("where fee is not null\nlet twice = fee * 2\nwhere twice > 1\nemit out { twice }").empty());
  EXPECT_TRUE(Told("let f = fee\nwhere f is not null and f > 1\nemit out { x: f + 1 }").empty());
  EXPECT_EQ(Told("let twice = fee * 2\nwhere fee is not null\nemit out { twice }"),
            std::vector<std::string>{"R0303 `fee`"});
}

TEST(Narrowing, ByTheWhereOfAnEmitAlone) {
  EXPECT_TRUE(Told("emit out { x: fee * 2 } where fee is not null").empty());
  EXPECT_EQ(Told("emit out { x: 1 } where fee is not null\nemit more { x: fee * 2 }"),
            std::vector<std::string>{"R0303 `fee`"});
}

TEST(Narrowing, OfKeysByLaterWheres) {
  EXPECT_TRUE(Told("partition by venue where venue is not null emit out { size }").empty());
  EXPECT_TRUE(Told("partition by venue where size > 1 and venue is not null emit out { size }").empty());
  EXPECT_TRUE(Told("partition by v = venue ?? \"?\" emit out { v }").empty());
  EXPECT_EQ(Told("partition by venue emit out { size }"), std::vector<std::string>{"R0314 `venue`"});
  EXPECT_EQ(Told("partition by venue where size > 1 or venue is not null emit out { size }"),
            std::vector<std::string>{"R0314 `venue`"});
}

TEST(Narrowing, NeverNullIsAWarning) {
  EXPECT_EQ(Told("where size ?? 0 > 1 emit out { size }"), std::vector<std::string>{"R0306 `size`"});
  EXPECT_EQ(Told("where size is null emit out { size }"), std::vector<std::string>{"R0306 `size`"});
  EXPECT_FALSE(CheckBody("where size is not null emit out { size }")->diagnostics.has_errors());
}

TEST(Narrowing, ConditionsAreBool) {
  EXPECT_EQ(Told("where size emit out { size }"), std::vector<std::string>{"R0305 `size`"});
  EXPECT_EQ(Told("where checked emit out { size }"), std::vector<std::string>{"R0305 `checked`"});
  EXPECT_TRUE(Told("where checked ?? false emit out { size }").empty());
  EXPECT_TRUE(Told("where checked is not null and checked emit out { size }").empty());
}

}  // namespace
}  // namespace rulec::check
