#include "runtime/source/byte_input.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/abi/abi.h"

namespace rulert {
namespace {

// Byte `i` of every input here.
uint8_t ByteAt(uint64_t i) { return static_cast<uint8_t>(i * 31 + (i >> 8) * 7); }

std::string Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(ByteAt(i));
  return bytes;
}

void ExpectBytes(const ByteView& view, uint64_t offset) {
  for (size_t i = 0; i < view.size; ++i) ASSERT_EQ(view.bytes[i], ByteAt(offset + i)) << "at " << offset + i;
  // The slack is readable, whatever it holds.
  volatile uint8_t sum = 0;
  for (size_t i = 0; i < RULERT_SLACK; ++i) sum = static_cast<uint8_t>(sum + view.bytes[view.size + i]);
}

class ByteInputTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "rulec-input-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ + "/in";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
  std::string path_;
};

TEST_F(ByteInputTest, AFileReadsTheSameAcrossItsWindows) {
  constexpr size_t kSize = (size_t{33} << 20) + 5;
  std::ofstream(path_, std::ios::binary) << Bytes(kSize);
  for (const bool piped : {false, true}) {
    auto input = piped ? OpenPipedInput(path_) : OpenByteInput(path_);
    ASSERT_TRUE(input.ok());
    // Odd steps, one of them wider than a window.
    for (uint64_t at = 0; at <= kSize;) {
      const size_t want = at > (5u << 20) && at < (7u << 20) ? size_t{20} << 20 : 1'234'567;
      const auto view = (*input)->At(at, want);
      ASSERT_TRUE(view.ok());
      ASSERT_EQ(view->size, std::min<uint64_t>(want, kSize - at));
      EXPECT_EQ(view->ended, at + want >= kSize);
      ExpectBytes(*view, at);
      at += want;
    }
    const auto behind = (*input)->At(kSize + (64u << 20), 10);
    ASSERT_TRUE(behind.ok());
    EXPECT_EQ(behind->size, 0u);
    EXPECT_TRUE(behind->ended);
    EXPECT_EQ((*input)->At(3, 10).ok(), !piped);
  }
}

class PipeTest : public ByteInputTest {
 protected:
  void SetUp() override {
    ByteInputTest::SetUp();
    ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
    std::thread opens([this] { writer_ = fopen(path_.c_str(), "wb"); });
    auto input = OpenByteInput(path_);
    opens.join();
    ASSERT_TRUE(input.ok());
    ASSERT_NE(writer_, nullptr);
    input_ = std::move(*input);
  }
  void Send(const std::string& bytes) {
    ASSERT_EQ(fwrite(bytes.data(), 1, bytes.size(), writer_), bytes.size());
    ASSERT_EQ(fflush(writer_), 0);
  }
  void CloseWriter() { fclose(std::exchange(writer_, nullptr)); }
  void TearDown() override {
    if (writer_ != nullptr) CloseWriter();
    ByteInputTest::TearDown();
  }

  FILE* writer_ = nullptr;
  std::unique_ptr<ByteInput> input_;
};

TEST_F(PipeTest, WhatLiesAheadIsWaitedForAndNotLost) {
  const std::string all = Bytes(1000);
  Send(all.substr(0, 100));
  // Behind what has come: nothing yet, and not the end.
  auto view = input_->At(500, 20);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->size, 0u);
  EXPECT_FALSE(view->ended);
  Send(all.substr(100));
  CloseWriter();
  view = input_->At(500, 20);
  ASSERT_TRUE(view.ok());
  ASSERT_EQ(view->size, 20u);
  EXPECT_FALSE(view->ended);
  ExpectBytes(*view, 500);
  view = input_->At(990, 20);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->size, 10u);
  EXPECT_TRUE(view->ended);
}

void Ignore(int) {}

// A signal that comes while nothing does must not begin a read that waits without end.
TEST_F(PipeTest, ASignalEndsTheWait) {
  struct sigaction action{};
  action.sa_handler = Ignore;
  struct sigaction before{};
  ASSERT_EQ(sigaction(SIGALRM, &action, &before), 0);
  // Sooner than the wait would end by itself; a read that hangs would be interrupted again, but not return to us before
  // the second of the two.
  const itimerval soon{{1, 0}, {0, 20'000}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &soon, nullptr), 0);
  timespec start{};
  clock_gettime(CLOCK_MONOTONIC, &start);
  const auto view = input_->At(0, 20);
  timespec end{};
  clock_gettime(CLOCK_MONOTONIC, &end);
  const itimerval none{};
  setitimer(ITIMER_REAL, &none, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->size, 0u);
  EXPECT_FALSE(view->ended);
  const int64_t millis = (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1'000'000;
  EXPECT_LT(millis, 900);
}

}  // namespace
}  // namespace rulert
