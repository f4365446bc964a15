#include <gtest/gtest.h>

#include <cstring>

#include "runtime/record/batch_arena.h"
#include "runtime/record/column_buffer.h"

namespace rulert {
namespace {

TEST(ColumnPool, ColumnsAreAlignedAndStay) {
  ColumnPool pool;
  const rulert_column first = pool.Get(0, false);
  const rulert_column later = pool.Get(40, true);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first.values) % 64, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(later.valid) % 64, 0u);
  EXPECT_EQ(first.valid, nullptr);
  EXPECT_EQ(pool.Get(0, true).values, first.values);
  std::memset(later.values, 1, RULERT_BATCH_ROWS * sizeof(rulert_string));
  std::memset(later.valid, 0, RULERT_BATCH_ROWS / 8);
  EXPECT_FALSE(IsValid(later, 1023));
  SetValid(later, 1023, true);
  EXPECT_TRUE(IsValid(later, 1023));
  EXPECT_FALSE(IsValid(later, 1022));
  EXPECT_TRUE(IsValid(first, 5));
}

TEST(BatchArena, GivesAlignedMemoryUpToItsLimit) {
  BatchArena arena;
  auto* a = static_cast<char*>(arena.Allocate(3));
  auto* b = static_cast<char*>(arena.Allocate(100'000));
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(b) % 16, 0u);
  std::memset(b, 1, 100'000);
  EXPECT_EQ(arena.Allocate(BatchArena::kLimit), nullptr);
  arena.Reset();
  EXPECT_NE(arena.Allocate(BatchArena::kLimit / 2), nullptr);
  EXPECT_EQ(arena.Allocate(BatchArena::kLimit / 2 + 1), nullptr);
}

}  // namespace
}  // namespace rulert
