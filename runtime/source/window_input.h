// The window over bytes that come one behind the other and cannot be had again.
#pragma once

#include <cstring>
#include <vector>

#include "runtime/source/byte_input.h"

namespace rulert {

// Holds at most what one call asked for and one read more.
class WindowInput : public ByteInput {
 public:
  explicit WindowInput(std::string path);
  Result<ByteView> At(uint64_t offset, size_t want) final;
  bool can_go_back() const final { return false; }

 protected:
  static constexpr size_t kReadSize = size_t{256} << 10;

  struct Got {
    size_t bytes = 0;  // 0 and not ended: nothing is there at the moment
    bool ended = false;
  };
  // Puts up to kReadSize bytes at `to`.
  virtual Result<Got> ReadTo(uint8_t* to) = 0;
  const std::string& path() const { return path_; }

 private:
  size_t Available(uint64_t offset) const { return offset > begin_ ? 0 : filled_ - taken_; }
  bool Drop(uint64_t offset);
  void MakeRoom();

  // Constant after construction.
  std::string path_;
  // Changed by At.
  std::vector<uint8_t> buffer_;
  size_t taken_ = 0;    // bytes of the buffer that lie before the window
  size_t filled_ = 0;   // bytes of the buffer that were read
  uint64_t begin_ = 0;  // offset of the window's first byte
  bool ended_ = false;
};

}  // namespace rulert
