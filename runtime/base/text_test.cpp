#include "runtime/base/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace rulert {
namespace {

TEST(Text, StringsOfTheAbiKeepTheirText) {
  for (const std::string text : {"", "a", "twelve bytes", "thirteen byte", "a text that is a good deal longer"}) {
    const rulert_string string = MakeString(text);
    EXPECT_EQ(View(string), text);
  }
  EXPECT_EQ(sizeof(rulert_string), 16u);
}

TEST(Text, DoublesReadBackExactly) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    std::string text;
    AppendDouble(value, &text);
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    EXPECT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

TEST(Text, JsonEscapesAndSpecialNumbers) {
  std::string out;
  AppendJsonString(std::string_view("a\"b\\c\n\r\t\b\f\x01\x00z\xE2\x82\xAC", 16), &out);
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\\u0000z\xE2\x82\xAC\"");
  out.clear();
  AppendJsonDouble(3, &out);
  out += ' ';
  AppendJsonDouble(-std::numeric_limits<double>::infinity(), &out);
  out += ' ';
  AppendJsonDouble(std::nan(""), &out);
  EXPECT_EQ(out, "3.0 \"-Infinity\" \"NaN\"");
}

TEST(Text, NumbersParseWhollyOrNotAtAll) {
  EXPECT_EQ(ParseInteger("-12"), -12);
  EXPECT_EQ(ParseInteger("9223372036854775807"), std::numeric_limits<int64_t>::max());
  for (const char* bad : {"", "1x", "9223372036854775808", " 1", "1.0"}) EXPECT_FALSE(ParseInteger(bad)) << bad;
  EXPECT_EQ(ParseDouble("2.5e3"), 2500);
  EXPECT_FALSE(ParseDouble("2.5%"));
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace rulert
