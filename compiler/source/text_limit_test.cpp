#include "compiler/source/text_limit.h"

#include <gtest/gtest.h>

namespace rulec {
namespace {

TEST(TextLimit, IsASize) {
  EXPECT_EQ(ParseTextLimit("1"), 1u);
  EXPECT_EQ(ParseTextLimit("1000000"), 1'000'000u);
  EXPECT_EQ(ParseTextLimit("512KiB"), 512u << 10);
  EXPECT_EQ(ParseTextLimit("32MiB"), 32u << 20);
  EXPECT_EQ(ParseTextLimit("1GiB"), 1u << 30);
  for (const char* bad : {"", "0", "-1", "x", "1 MiB", "1MB", "2GiB", "1025MiB", "99999999999999999999"}) {
    EXPECT_EQ(ParseTextLimit(bad), std::nullopt) << bad;
  }
}

TEST(TextLimit, IsSixteenMebibytesUnlessSaidOtherwise) { EXPECT_EQ(MaxTextBytes(), kUsualTextBytes); }

}  // namespace
}  // namespace rulec
