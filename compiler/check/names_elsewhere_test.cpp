#include "compiler/check/names_elsewhere.h"

#include <gtest/gtest.h>

#include "compiler/check/library_types.h"

namespace rulec::check {
namespace {

TEST(NamesElsewhere, LeadToFunctions) {
  std::string_view last;
  for (const NameElsewhere& row : NamesElsewhere()) {
    EXPECT_LT(last, row.name) << "in order, each once";
    EXPECT_EQ(PlainName(row.name), row.name);
    EXPECT_FALSE(IsFunctionName(row.name)) << row.name << " is a function here";
    EXPECT_TRUE(row.here.empty() ? !row.help.empty() : row.here == "decimal" || IsFunctionName(row.here)) << row.name;
    last = row.name;
  }
}

TEST(NamesElsewhere, AreFoundHoweverTheyAreWritten) {
  ASSERT_NE(FindElsewhere("CHAR_LENGTH"), nullptr);
  EXPECT_EQ(FindElsewhere("CHAR_LENGTH")->here, "length");
  EXPECT_EQ(FindElsewhere("charLength"), FindElsewhere("char_length"));
  EXPECT_EQ(FindElsewhere("symbol"), nullptr);
  EXPECT_EQ(FindElsewhere(""), nullptr);
  EXPECT_EQ(FindElsewhere("~"), nullptr);
}

}  // namespace
}  // namespace rulec::check
