#include "runtime/source/avro_file_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

// A container of five blocks of 20 trades, the second one's sync marker wrong.
class DamagedContainer : public testing::Test {
 protected:
  DamagedContainer() : bytes_(MakeContainer(MakeTrades(100, 3), 20)) {
    const std::string sync = bytes_.substr(bytes_.size() - avro::kSyncSize);
    size_t at = 0;
    for (int i = 0; i < 3; ++i) at = bytes_.find(sync, at) + sync.size();  // behind the second block
    second_ends_ = at;
    bytes_[at - 1] = static_cast<char>(bytes_[at - 1] ^ 1);
    third_ends_ = bytes_.find(sync, at) + sync.size();
  }

  TemporaryDirectory directory_;
  std::string bytes_;
  size_t second_ends_ = 0;
  size_t third_ends_ = 0;
  ReadResult read_;
};

// Whoever reads other inputs as well is not held up.
TEST_F(DamagedContainer, TheNextMarkerOfAPipeIsNotWaitedFor) {
  const std::string fifo = directory_.Path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  auto source = AvroFileSource::Open({fifo});
  ASSERT_TRUE(source.ok());
  (*source)->Read(&read_);
  EXPECT_EQ(read_.kind, ReadKind::Wait);
  const int fd = open(fifo.c_str(), O_WRONLY);
  ASSERT_GE(fd, 0);
  const auto send = [&](size_t from, size_t to) {
    ASSERT_EQ(write(fd, bytes_.data() + from, to - from), static_cast<ssize_t>(to - from));
  };
  send(0, second_ends_ + 10);
  (*source)->Read(&read_);
  ASSERT_EQ(read_.kind, ReadKind::Block);
  const SourcePosition before = (*source)->position();
  for (int i = 0; i < 3; ++i) {
    (*source)->Read(&read_);
    EXPECT_EQ(read_.kind, ReadKind::Wait);
    EXPECT_EQ((*source)->position(), before) << "what is not told yet is not behind us";
  }
  send(second_ends_ + 10, bytes_.size());
  close(fd);
  (*source)->Read(&read_);
  ASSERT_EQ(read_.kind, ReadKind::Problem);
  EXPECT_THAT(read_.problem.message, HasSubstr("the sync marker behind a block is wrong"));
  EXPECT_EQ(read_.problem.offset, 20);
  EXPECT_EQ((*source)->position().byte, third_ends_);
  (*source)->Read(&read_);
  ASSERT_EQ(read_.kind, ReadKind::Block);
  (*source)->Read(&read_);
  ASSERT_EQ(read_.kind, ReadKind::Block);
  (*source)->Read(&read_);
  EXPECT_EQ(read_.kind, ReadKind::End);
}

TEST_F(DamagedContainer, RecordsThatASeekPassedAreNotLost) {
  auto source = AvroFileSource::Open({directory_.Write("trades.avro", bytes_)});
  ASSERT_TRUE(source.ok());
  (*source)->Read(&read_);
  SourcePosition position = (*source)->position();
  position.skip = 15;
  position.offset += 15;
  ASSERT_FALSE((*source)->Seek(position));
  (*source)->Read(&read_);
  ASSERT_EQ(read_.kind, ReadKind::Problem);
  EXPECT_EQ(read_.problem.offset, 35);
  EXPECT_EQ(read_.problem.records, 5u);
  EXPECT_EQ((*source)->position().offset, 40);
}

TEST(AvroFiles, AFileThatIsPackedAsAWholeIsToldOf) {
  const TemporaryDirectory directory;
  auto source = AvroFileSource::Open({directory.Write("trades.avro", "\x1F\x8B\x08 and so on")});
  ASSERT_TRUE(source.ok());
  ReadResult read;
  (*source)->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Failed);
  EXPECT_THAT(read.error.message(), HasSubstr("say `?compression=gzip` behind its name"));
}

}  // namespace
}  // namespace rulert
