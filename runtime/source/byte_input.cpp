#include "runtime/source/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/base/fault_guard.h"
#include "runtime/base/stop_signal.h"

namespace rulert {
namespace {

constexpr size_t kWindow = size_t{16} << 20;
constexpr size_t kReadSize = size_t{256} << 10;
constexpr int kPollMillis = 100;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// A range of addresses that windows of the file are mapped into, one after the other. One page more than a window is
// reserved and stays zero, so that a decoder may read RULERT_SLACK bytes behind the end of the file.
class MappedInput final : public ByteInput {
 public:
  MappedInput(FileDescriptor fd, uint64_t size, std::string path)
      : fd_(std::move(fd)), size_(size), path_(std::move(path)), page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {}
  ~MappedInput() override { Release(); }

  Result<ByteView> At(uint64_t offset, size_t want) override {
    if (offset >= size_) return ByteView{zeros_, 0, true};
    const uint64_t end = want < size_ - offset ? offset + want : size_;
    if (offset < begin_ || end > end_) {
      if (Error error = Map(offset, static_cast<size_t>(end - offset))) return error;
    }
    return ByteView{region_ + (offset - begin_), static_cast<size_t>(end - offset), end == size_};
  }
  bool truncated() const override { return faulted_before_ || (guard_ && guard_->faulted()); }
  bool can_go_back() const override { return true; }

 private:
  Error Map(uint64_t offset, size_t want) {
    const uint64_t begin = offset / page_ * page_;
    const size_t needed = static_cast<size_t>(offset - begin) + want;
    const auto length = static_cast<size_t>(std::min<uint64_t>(std::max(needed, kWindow), size_ - begin));
    const size_t rounded = (length + page_ - 1) / page_ * page_;
    if (rounded + page_ > region_size_) {
      if (Error error =
              Reserve(std::max(rounded, std::min<size_t>(kWindow, (size_ + page_ - 1) / page_ * page_)) + page_)) {
        return error;
      }
    }
    end_ = 0;
    void* mapped = mmap(region_, length, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd_.get(), static_cast<off_t>(begin));
    if (mapped == MAP_FAILED) return Error::Environment("cannot map `" + path_ + "`: " + std::strerror(errno));
    begin_ = begin;
    end_ = begin + length;
    return {};
  }

  Error Reserve(size_t size) {
    Release();
    void* region = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) return Error::Environment("cannot map `" + path_ + "`: " + std::strerror(errno));
    region_ = static_cast<uint8_t*>(region);
    region_size_ = size;
    guard_ = std::make_unique<FaultGuard>(region, size);
    return {};
  }

  void Release() {
    faulted_before_ = truncated();
    guard_.reset();
    if (region_ != nullptr) munmap(region_, region_size_);
    region_ = nullptr;
    region_size_ = 0;
    end_ = begin_ = 0;
  }

  // Constant after construction.
  FileDescriptor fd_;
  uint64_t size_;
  std::string path_;
  size_t page_;
  static inline const uint8_t zeros_[RULERT_SLACK] = {};
  // Changed by At.
  uint8_t* region_ = nullptr;
  size_t region_size_ = 0;
  uint64_t begin_ = 0;  // of the window, in the file
  uint64_t end_ = 0;
  std::unique_ptr<FaultGuard> guard_;
  bool faulted_before_ = false;
};

// What has been read and not been passed yet. Holds at most what one call asked for and one read more.
class PipedInput final : public ByteInput {
 public:
  PipedInput(FileDescriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<ByteView> At(uint64_t offset, size_t want) override {
    if (offset < begin_) return Error::Environment("cannot go back in `" + path_ + "`");
    while (!Drop(offset) || Available(offset) < want) {
      if (ended_) break;
      const auto more = ReadMore();
      if (!more.ok()) return more.error();
      if (!*more) break;
    }
    const size_t size = std::min(Available(offset), want);
    return ByteView{buffer_.data() + taken_, size, ended_ && Available(offset) <= want};
  }
  bool can_go_back() const override { return false; }

 private:
  size_t Available(uint64_t offset) const { return offset > begin_ ? 0 : filled_ - taken_; }

  // Moves the window's start towards `offset`; false if that lies behind what has been read.
  bool Drop(uint64_t offset) {
    const auto step = static_cast<size_t>(std::min<uint64_t>(offset - begin_, filled_ - taken_));
    taken_ += step;
    begin_ += step;
    return offset == begin_;
  }

  // False: nothing came within a tenth of a second, or a stop was requested.
  Result<bool> ReadMore() {
    if (taken_ > 0 && (taken_ == filled_ || taken_ >= kReadSize)) {
      std::memmove(buffer_.data(), buffer_.data() + taken_, filled_ - taken_);
      filled_ -= taken_;
      taken_ = 0;
    }
    if (buffer_.size() < filled_ + kReadSize + RULERT_SLACK) {
      buffer_.resize(std::max(buffer_.size() * 2, filled_ + kReadSize + RULERT_SLACK));
    }
    pollfd ready{fd_.get(), POLLIN, 0};
    if (StopSignal() != 0) return false;
    // A signal ends the wait: read() would begin another one, without end.
    const int polled = poll(&ready, 1, kPollMillis);
    if (polled == 0 || (polled < 0 && errno == EINTR)) return false;
    const ssize_t got = read(fd_.get(), buffer_.data() + filled_, kReadSize);
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) return false;
      return Error::Environment("cannot read `" + path_ + "`: " + std::strerror(errno));
    }
    if (got == 0) ended_ = true;
    filled_ += static_cast<size_t>(got);
    return true;
  }

  // Constant after construction.
  FileDescriptor fd_;
  std::string path_;
  // Changed by At.
  std::vector<uint8_t> buffer_ = std::vector<uint8_t>(kReadSize + RULERT_SLACK);
  size_t taken_ = 0;    // bytes of the buffer that lie before the window
  size_t filled_ = 0;   // bytes of the buffer that were read
  uint64_t begin_ = 0;  // offset of the window's first byte
  bool ended_ = false;
};

Result<FileDescriptor> OpenDescriptor(const std::string& path) {
  const int fd = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
  return FileDescriptor(fd);
}

}  // namespace

Result<std::unique_ptr<ByteInput>> OpenByteInput(const std::string& path) {
  auto fd = OpenDescriptor(path);
  if (!fd.ok()) return fd.error();
  struct stat info{};
  if (fstat(fd->get(), &info) != 0) return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
  if (S_ISDIR(info.st_mode)) return Error::Environment("`" + path + "` is a directory");
  // Files of /proc say that they are empty, and standard input may have been read in part.
  const bool from_start = path != "-" || lseek(fd->get(), 0, SEEK_CUR) == 0;
  if (S_ISREG(info.st_mode) && info.st_size > 0 && from_start) {
    return std::unique_ptr<ByteInput>(
        std::make_unique<MappedInput>(std::move(*fd), static_cast<uint64_t>(info.st_size), path));
  }
  return std::unique_ptr<ByteInput>(std::make_unique<PipedInput>(std::move(*fd), path));
}

Result<std::unique_ptr<ByteInput>> OpenPipedInput(const std::string& path) {
  auto fd = OpenDescriptor(path);
  if (!fd.ok()) return fd.error();
  return std::unique_ptr<ByteInput>(std::make_unique<PipedInput>(std::move(*fd), path));
}

}  // namespace rulert
