#include "stdlib/bitcode.h"

#include <gtest/gtest.h>

#include "stdlib/bitcode_table.h"
#include "stdlib/symbols.h"

namespace rulelib {
namespace {

TEST(Bitcode, SmallFunctionsHaveIt) {
  for (const char* symbol :
       {"rule_abs_long", "rule_abs_double", "rule_floor_double", "rule_div_long", "rule_bit_and", "rule_string_equal",
        "rule_starts_with", "rule_list_length", "rule_year", "rule_hour", "rule_day_of_week", "rule_to_date",
        "rule_double_of_long", "rule_clamp_double", "rule_is_business_day", "rule_from_epoch_millis",
        "rule_truncate_duration", "rule_abs_decimal"}) {
    EXPECT_TRUE(BitcodeFor(symbol).starts_with("BC\xC0\xDE")) << symbol;
  }
}

TEST(Bitcode, OthersAreCalled) {
  EXPECT_TRUE(BitcodeFor("rule_sha256").empty());
  EXPECT_TRUE(BitcodeFor("rule_nothing").empty());
  EXPECT_TRUE(BitcodeFor("").empty());
}

// So that a module without the inlined body can call it.
TEST(Bitcode, WhatIsInlinedIsInTheLibraryToo) {
  EXPECT_GE(kInlinedFunctionCount, 60u);
  for (size_t i = 0; i < kInlinedFunctionCount; ++i) {
    EXPECT_NE(FindLibrarySymbol(kInlinedFunctions[i].symbol), nullptr) << kInlinedFunctions[i].symbol;
  }
}

}  // namespace
}  // namespace rulelib
