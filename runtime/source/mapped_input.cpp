#include "runtime/source/mapped_input.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/abi/abi.h"
#include "runtime/base/fault_guard.h"

namespace rulert {
namespace {

constexpr size_t kWindow = size_t{16} << 20;

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
    saw_last_page_ |= end > (size_ - 1) / page_ * page_;
    return ByteView{region_ + (offset - begin_), static_cast<size_t>(end - offset), end == size_};
  }
  bool truncated() const override {
    return faulted_before_ || (guard_ && guard_->faulted()) || (saw_last_page_ && IsShorter());
  }
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

  // Where the file ends inside its last page as before, no access faults: what is gone reads as zeros.
  bool IsShorter() const {
    struct stat info{};
    return fstat(fd_.get(), &info) == 0 && static_cast<uint64_t>(info.st_size) < size_;
  }

  void Release() {
    faulted_before_ = faulted_before_ || (guard_ && guard_->faulted());
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
  bool saw_last_page_ = false;
};

}  // namespace

std::unique_ptr<ByteInput> MakeMappedInput(FileDescriptor fd, uint64_t size, std::string path) {
  return std::make_unique<MappedInput>(std::move(fd), size, std::move(path));
}

}  // namespace rulert
