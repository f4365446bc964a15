#include "compiler/check/timestamp_text.h"

#include <gtest/gtest.h>

namespace rulec {
namespace {

TEST(TimestampText, Reads) {
  EXPECT_EQ(ParseTimestamp("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseTimestamp("2024-05-01T13:30:00.25Z"), 1'714'570'200'250'000);
  EXPECT_EQ(ParseTimestamp("2024-05-01T15:30:00.25+02:00"), 1'714'570'200'250'000);
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:59:59.999999999Z"), -1);
  EXPECT_EQ(ParseTimestamp("2024-02-29T00:00:00Z"), 1'709'164'800'000'000);
}

TEST(TimestampText, Refuses) {
  for (const char* text :
       {"", "2024", "2024-05-01", "2024-05-01T13:30:00", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-05-01T24:00:00Z", "2024-05-01T13:60:00Z", "2024-05-01T13:30:00.Z", "0000-01-01T00:00:00Z",
        "2024-05-01T13:30:00Z ", "2024-05-01T13:30:00+2:00", "2024-05-01 13:30:00Z"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

}  // namespace
}  // namespace rulec
