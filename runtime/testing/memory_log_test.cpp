#include "runtime/testing/memory_log.h"

#include <gtest/gtest.h>

#include "runtime/testing/trades.h"

namespace rulert {
namespace {

TEST(MemoryLog, ReadsWaitsSeeksAndEnds) {
  MemoryLog log(TradeSchemaJson());
  auto source = log.Read(0, 2);
  ReadResult read;
  source->Read(&read);
  EXPECT_EQ(read.kind, ReadKind::Wait);
  for (int i = 0; i < 3; ++i) log.Append(0, EncodeTrade({"A", 1.0 * i}));
  source->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Block);
  EXPECT_EQ(read.block.records, 2u);
  EXPECT_EQ(source->position().offset, 2);
  source->Read(&read);
  EXPECT_EQ(read.block.first_offset, 2);
  ASSERT_FALSE(source->Seek({0, 0, 0, 1}));
  source->Read(&read);
  EXPECT_EQ(read.block.first_offset, 1);
  EXPECT_TRUE(source->Seek({0, 0, 0, 4}));
  log.Close();
  source->Read(&read);
  EXPECT_EQ(read.kind, ReadKind::End);
}

TEST(MemoryLog, AnEpochShowsWhenItIsCommitted) {
  MemoryLog log(TradeSchemaJson());
  auto sink = log.Write(0);
  ASSERT_FALSE(sink->Write("a", 1));
  ASSERT_FALSE(sink->Prepare(1));
  ASSERT_FALSE(sink->Write("b", 1));
  EXPECT_EQ(log.Text(0), "");
  ASSERT_FALSE(sink->Commit(1));
  EXPECT_EQ(log.Text(0), "a");
  ASSERT_FALSE(sink->Prepare(2));
  sink->Abort(2);
  ASSERT_FALSE(sink->Commit(2));
  EXPECT_EQ(log.Text(0), "a");
}

}  // namespace
}  // namespace rulert
