#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <unordered_map>

#include "runtime/base/text.h"
#include "runtime/record/column_buffer.h"
#include "runtime/state/key_directory.h"
#include "runtime/state/state_array.h"

namespace rulert {
namespace {

TEST(KeyDirectory, GrowsAndKeepsEveryEntry) {
  KeyDirectory directory(42);
  std::unordered_map<std::string, uint32_t> expected;
  std::mt19937_64 random(1);
  for (int i = 0; i < 300'000; ++i) {
    const std::string key = "key" + std::to_string(random() % 200'000);
    const uint32_t entry = directory.FindOrAdd(key, directory.Hash(key));
    const auto [known, added] = expected.emplace(key, entry);
    ASSERT_EQ(known->second, entry);
    if (added) {
      ASSERT_EQ(entry, expected.size() - 1) << "ids are dense";
    }
  }
  EXPECT_EQ(directory.size(), expected.size());
  for (const auto& [key, entry] : expected) {
    ASSERT_EQ(directory.Find(key), entry);
    ASSERT_EQ(directory.KeyOf(entry), key);
  }
  EXPECT_EQ(directory.Find("not there"), kNoEntry);
}

TEST(KeyDirectory, EqualHashesAndLargeKeysAreKeptApart) {
  KeyDirectory directory(1);
  for (uint32_t i = 0; i < 3000; ++i) EXPECT_EQ(directory.FindOrAdd("k" + std::to_string(i), 7u << 3), i);
  for (uint32_t i = 0; i < 3000; ++i) EXPECT_EQ(directory.FindOrAdd("k" + std::to_string(i), 7u << 3), i);
  // More keys with one hash than a segment holds: refused, not endless.
  uint32_t last = 0;
  for (uint32_t i = 3000; i < 5000; ++i) last = directory.FindOrAdd("k" + std::to_string(i), 7u << 3);
  EXPECT_EQ(last, kNoEntry);
  const std::string large(1 << 20, 'x');
  const uint32_t entry = directory.FindOrAdd(large, directory.Hash(large));
  EXPECT_EQ(directory.Find(large), entry);
}

class LocatorTest : public testing::Test {
 protected:
  // Columns by slot: 0 int, 1 long, 2 double, 3 string, 4 enum, 5 nullable long.
  LocatorTest() {
    for (size_t slot = 0; slot < 6; ++slot) columns_.push_back(pool_.Get(slot, slot == 5));
  }
  template <typename T>
  T* Values(size_t slot) {
    return static_cast<T*>(columns_[slot].values);
  }
  ColumnPool pool_;
  std::vector<rulert_column> columns_;
};

TEST_F(LocatorTest, IntAndLongAreOneKeyTypeAndNullIsNone) {
  Locator ints({{ColumnKind::Int, false, {}}}, {0}, 9), longs({{ColumnKind::Long, true, {}}}, {5}, 9);
  for (int row = 0; row < 4; ++row) {
    Values<int32_t>(0)[row] = row % 2 - 1;
    Values<int64_t>(5)[row] = row % 2 - 1;
    SetValid(columns_[5], static_cast<uint32_t>(row), row != 2);
  }
  const uint32_t* entries = ints.Locate(columns_.data(), 4);
  EXPECT_EQ(std::vector<uint32_t>(entries, entries + 4), (std::vector<uint32_t>{0, 1, 0, 1}));
  entries = longs.Locate(columns_.data(), 4);
  EXPECT_EQ(std::vector<uint32_t>(entries, entries + 4), (std::vector<uint32_t>{0, 1, kNoEntry, 1}));
  EXPECT_EQ(ints.directory().KeyOf(0), longs.directory().KeyOf(0));
}

TEST_F(LocatorTest, OneZeroAndOneNan) {
  Locator locator({{ColumnKind::Double, false, {}}}, {2}, 9);
  const double values[] = {0.0, -0.0, std::nan("1"), -std::nan("2"), 1.0};
  std::memcpy(columns_[2].values, values, sizeof values);
  const uint32_t* entries = locator.Locate(columns_.data(), 5);
  EXPECT_EQ(std::vector<uint32_t>(entries, entries + 5), (std::vector<uint32_t>{0, 0, 1, 1, 2}));
}

TEST_F(LocatorTest, EnumsAreTheirSymbolsAndPartsAreKeptApart) {
  Locator ab({{ColumnKind::Enum, false, {"A", "B"}}}, {4}, 9), ba({{ColumnKind::Enum, false, {"B", "A"}}}, {4}, 9);
  Values<int32_t>(4)[0] = 0;
  ab.Locate(columns_.data(), 1);
  Values<int32_t>(4)[0] = 1;
  ba.Locate(columns_.data(), 1);
  EXPECT_EQ(ab.directory().KeyOf(0), ba.directory().KeyOf(0));
  ColumnPool second;
  columns_.push_back(second.Get(0, false));
  Locator pair({{ColumnKind::String, false, {}}, {ColumnKind::String, false, {}}}, {3, 6}, 9);
  Values<rulert_string>(3)[0] = MakeString("ab");
  Values<rulert_string>(6)[0] = MakeString("c");
  Values<rulert_string>(3)[1] = MakeString("a");
  Values<rulert_string>(6)[1] = MakeString("bc");
  const uint32_t* entries = pair.Locate(columns_.data(), 2);
  EXPECT_NE(entries[0], entries[1]);
}

TEST(StateArray, GrowsAndKeepsWhatWasWritten) {
  StateArray state(24);
  ASSERT_TRUE(state.Reserve(1));
  static_cast<int64_t*>(state.data())[0] = 5;
  ASSERT_TRUE(state.Reserve(2'000'000));
  const auto* values = static_cast<const int64_t*>(state.data());
  EXPECT_EQ(values[0], 5);
  EXPECT_EQ(values[2'000'000 * 3 - 1], 0) << "new records are zero";
}

}  // namespace
}  // namespace rulert
