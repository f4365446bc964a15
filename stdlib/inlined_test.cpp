// What inlined/ computes by words and reciprocals, against the plain way.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "stdlib/calendar.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

TEST(InlinedTest, StartsAndEndsOfTexts) {
  std::mt19937_64 random(1);
  int yes = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text(random() % 30, 'a');
    for (char& c : text) c = random() % 2 ? 'a' : 'b';
    std::string part = text.substr(random() % (text.size() + 1));
    if (random() % 2) part = text.substr(0, random() % (text.size() + 1));
    if (!part.empty() && random() % 3 == 0) part[random() % part.size()] ^= 3;
    // In memory of their own, so that reading beyond their ends is seen.
    const std::string text_copy(text), part_copy(part);
    const RuleString a = Borrow(text_copy), b = Borrow(part_copy);
    ASSERT_EQ(tag::rule_starts_with(a, b) != 0, text.starts_with(part)) << text << " " << part;
    ASSERT_EQ(tag::rule_ends_with(a, b) != 0, text.ends_with(part)) << text << " " << part;
    yes += text.starts_with(part);
  }
  EXPECT_GT(yes, 50'000);
}

int64_t PlainModulo(int64_t value, int64_t divisor) {
  const Int128 rest = static_cast<Int128>(value) % divisor;
  return static_cast<int64_t>(rest < 0 ? rest + divisor : rest);
}

TEST(InlinedTest, ClocksAtAllTimes) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 300'000; ++i) {
    int64_t micros = static_cast<int64_t>(random()) >> random() % 64;
    if (i < 2000) micros = INT64_MIN + i * 997;
    if (i >= 2000 && i < 4000) micros = INT64_MAX - i * 991;
    if (i >= 4000 && i < 9000) micros = (micros % 100'000) * kMicrosPerMinute - i % 2;
    ASSERT_EQ(tag::rule_hour(micros), PlainModulo(micros, kMicrosPerDay) / kMicrosPerHour) << micros;
    ASSERT_EQ(tag::rule_minute(micros), PlainModulo(micros, kMicrosPerHour) / kMicrosPerMinute) << micros;
    ASSERT_EQ(tag::rule_second(micros), PlainModulo(micros, kMicrosPerMinute) / kMicrosPerSecond) << micros;
    ASSERT_EQ(FloorModulo(micros, kMicrosPerDay), PlainModulo(micros, kMicrosPerDay)) << micros;
    const Int128 floor = (static_cast<Int128>(micros) - PlainModulo(micros, 1000)) / 1000;
    ASSERT_EQ(FloorDivide(micros, 1000), static_cast<int64_t>(floor)) << micros;
  }
}

}  // namespace
}  // namespace rulelib
