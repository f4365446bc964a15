#include "generate/exact_math.h"

#include <gtest/gtest.h>

#include <cmath>

#include "generate/random.h"

namespace rulec::generate {
namespace {

TEST(ExactMath, AgreesWithTheLibrary) {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double x = std::exp((random.Unit() - 0.5) * 1000);
    ASSERT_NEAR(Log(x), std::log(x), 1e-14 * std::fabs(std::log(x)) + 1e-15) << x;
    const double y = (random.Unit() - 0.5) * 1400;
    ASSERT_NEAR(Exp(y) / std::exp(y), 1, 1e-13) << y;
  }
  EXPECT_EQ(Log(1), 0);
  EXPECT_EQ(Exp(0), 1);
  EXPECT_EQ(Exp(-1e6), 0);
  EXPECT_TRUE(std::isinf(Exp(1e6)));
  EXPECT_NEAR(Power(2, 10), 1024, 1e-9);
}

TEST(ExactMath, NormalQuantile) {
  EXPECT_EQ(NormalQuantile(0.5), 0);
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-8);
  EXPECT_NEAR(NormalQuantile(0.001), -3.090232306167813, 1e-8);
  for (const double p : {1e-12, 0.01, 0.02425, 0.3, 0.9, 0.999999}) {
    EXPECT_NEAR(0.5 * std::erfc(-NormalQuantile(p) / std::sqrt(2.0)) / p, 1, 1e-7) << p;
  }
}

TEST(ExactMath, RoundToWhole) {
  EXPECT_EQ(RoundToWhole(2.5), 3);
  EXPECT_EQ(RoundToWhole(-2.5), -3);
  EXPECT_EQ(RoundToWhole(-0.4), 0);
  EXPECT_EQ(RoundToWhole(1e300), INT64_MAX);
  EXPECT_EQ(RoundToWhole(-1e300), INT64_MIN);
  EXPECT_EQ(RoundToWhole(std::nan("")), 0);
}

// First outputs of the reference implementation for a state seeded by SplitMix64 from 0.
TEST(Random, IsXoshiro) {
  uint64_t state = 0;
  EXPECT_EQ(SplitMix(&state), 0xe220a8397b1dcdafU);
  EXPECT_EQ(SplitMix(&state), 0x6e789e6aa1b965f4U);
  Random random(0);
  EXPECT_EQ(random.Next(), 0x99ec5f36cb75f2b4U);
  EXPECT_EQ(random.Next(), 0xbf6e1f784956452aU);
}

TEST(Random, BelowIsEven) {
  Random random(3);
  int counts[7] = {};
  for (int i = 0; i < 70'000; ++i) ++counts[random.Below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
}

}  // namespace
}  // namespace rulec::generate
