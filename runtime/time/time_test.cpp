#include <gtest/gtest.h>

#include "runtime/time/clock.h"
#include "runtime/time/watermark.h"

namespace rulert {
namespace {

TEST(Watermark, IsGreatestTimeLessBoundLessOne) {
  PartitionWatermark watermark(5'000'000);
  EXPECT_EQ(watermark.value(), PartitionWatermark::kNone);
  const int64_t times[] = {10'000'000, 12'000'000, 11'000'000};
  watermark.Observe(times, 3);
  EXPECT_EQ(watermark.value(), 6'999'999);
  watermark.Observe(times, 1);
  EXPECT_EQ(watermark.value(), 6'999'999);
}

TEST(Watermark, DoesNotOverflowAtTheEndOfTime) {
  PartitionWatermark watermark(5'000'000);
  const int64_t least[] = {std::numeric_limits<int64_t>::min() + 1};
  watermark.Observe(least, 1);
  EXPECT_EQ(watermark.value(), PartitionWatermark::kNone);
}

TEST(VirtualClock, PassesOnlyWhenTold) {
  VirtualClock clock(1'000);
  EXPECT_EQ(clock.NowMicros(), 1'000);
  EXPECT_EQ(clock.SteadyMicros(), 0);
  clock.Advance(5);
  EXPECT_EQ(clock.NowMicros(), 1'005);
  EXPECT_EQ(clock.SteadyMicros(), 5);
}

}  // namespace
}  // namespace rulert
