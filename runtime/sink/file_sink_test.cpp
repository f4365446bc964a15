#include "runtime/sink/file_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "runtime/sink/container_sink.h"

namespace rulert {
namespace {

class FileSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "rulec-sink-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ + "/out";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Content() const {
    std::ifstream file(path_, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
  }
  long Files() const {
    return std::distance(std::filesystem::directory_iterator(directory_), std::filesystem::directory_iterator());
  }

  std::string directory_;
  std::string path_;
};

TEST_F(FileSinkTest, ALinkStaysALink) {
  const std::string link = directory_ + "/link";
  std::ofstream(path_) << "old";
  std::filesystem::create_symlink("out", link);
  auto sink = FileSink::Create(link);
  ASSERT_TRUE(sink.ok());
  ASSERT_FALSE((*sink)->Write("new", 1));
  ASSERT_FALSE((*sink)->Prepare(1));
  EXPECT_EQ(Content(), "old");
  ASSERT_FALSE((*sink)->Commit(1));
  EXPECT_EQ(Content(), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(Files(), 2);
}

// A pipe that cannot take more at the moment, and does not block.
TEST_F(FileSinkTest, AFullPipeIsWaitedFor) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const std::string large(1'000'000, 'x');
  size_t got = 0;
  std::thread reader([&] {
    char buffer[65536];
    while (true) {
      pollfd ready{ends[0], POLLIN, 0};
      poll(&ready, 1, -1);
      const ssize_t size = read(ends[0], buffer, sizeof buffer);
      if (size <= 0) break;
      got += static_cast<size_t>(size);
    }
  });
  DescriptorWriter writer(ends[1], "pipe");
  const Error error = writer.Write(large);
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(got, large.size());
}

TEST_F(FileSinkTest, AppearsWholeAtCommit) {
  std::ofstream(path_) << "old";
  chmod(path_.c_str(), 0640);
  const std::string large(300'000, 'x');
  {
    auto sink = FileSink::Create(path_);
    ASSERT_TRUE(sink.ok());
    ASSERT_FALSE((*sink)->Write("head ", 1));
    ASSERT_FALSE((*sink)->Write(large, 1));
    ASSERT_FALSE((*sink)->Flush());
    ASSERT_FALSE((*sink)->Prepare(1));
    EXPECT_EQ(Content(), "old");
    ASSERT_FALSE((*sink)->Commit(1));
  }
  EXPECT_EQ(Content(), "head " + large);
  EXPECT_EQ(Files(), 1);
  struct stat info{};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640u);
}

TEST_F(FileSinkTest, LeavesNothingWhenAbortedOrDropped) {
  for (const bool abort : {true, false}) {
    auto sink = FileSink::Create(path_);
    ASSERT_TRUE(sink.ok());
    ASSERT_FALSE((*sink)->Write("text", 1));
    if (abort) (*sink)->Abort(1);
    if (!abort) sink = Error::Environment("dropped");
    EXPECT_EQ(Files(), 0);
  }
}

TEST_F(FileSinkTest, TellsWhyItCannotWrite) {
  EXPECT_NE(FileSink::Create(directory_ + "/no/out").error().message().find("No such file"), std::string::npos);
  EXPECT_NE(FileSink::Create(directory_).error().message().find("it is a directory"), std::string::npos);
  auto full = FileSink::Create("/dev/full");
  ASSERT_TRUE(full.ok());
  ASSERT_FALSE((*full)->Write("x", 1));
  EXPECT_EQ((*full)->Prepare(1).message(), "cannot write `/dev/full`: No space left on device");
}

TEST_F(FileSinkTest, AClosedPipeIsNoFailureOfOurs) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  DescriptorWriter writer(ends[1], "pipe");
  ASSERT_FALSE(writer.Write("x"));
  EXPECT_EQ(writer.Flush().kind(), ErrorKind::Closed);
  close(ends[1]);
  std::signal(SIGPIPE, SIG_DFL);
}

TEST_F(FileSinkTest, EqualContainersAreEqualFiles) {
  const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"x","type":"long"}]})";
  const auto write = [&](const std::string& output) {
    auto file = FileSink::Create(path_);
    EXPECT_TRUE(file.ok());
    ContainerSink sink(std::move(*file), schema, output);
    for (int i = 0; i < 100'000; ++i) EXPECT_FALSE(sink.Write("\x02", 1));
    EXPECT_FALSE(sink.Prepare(1));
    EXPECT_FALSE(sink.Commit(1));
    return Content();
  };
  const std::string first = write("alerts");
  EXPECT_GT(first.size(), 100'000u);
  EXPECT_EQ(write("alerts"), first);
  EXPECT_NE(write("others"), first) << "the sync marker is made from the output's name as well";
}

}  // namespace
}  // namespace rulert
