#include "runtime/source/window_input.h"

#include <algorithm>

#include "runtime/abi/abi.h"

namespace rulert {

WindowInput::WindowInput(std::string path) : path_(std::move(path)), buffer_(kReadSize + RULERT_SLACK) {}

Result<ByteView> WindowInput::At(uint64_t offset, size_t want) {
  if (offset < begin_) return Error::Environment("cannot go back in `" + path_ + "`");
  while (!Drop(offset) || Available(offset) < want) {
    if (ended_) break;
    MakeRoom();
    const auto got = ReadTo(buffer_.data() + filled_);
    if (!got.ok()) return got.error();
    filled_ += got->bytes;
    ended_ = got->ended;
    if (got->bytes == 0 && !got->ended) break;
  }
  const size_t size = std::min(Available(offset), want);
  return ByteView{buffer_.data() + taken_, size, ended_ && Available(offset) <= want};
}

// Moves the window's start towards `offset`; false if that lies behind what has been read.
bool WindowInput::Drop(uint64_t offset) {
  const auto step = static_cast<size_t>(std::min<uint64_t>(offset - begin_, filled_ - taken_));
  taken_ += step;
  begin_ += step;
  return offset == begin_;
}

void WindowInput::MakeRoom() {
  // What is left moves to the front once as much as it was passed, so that a byte moves once in the mean.
  if (taken_ > 0 && (taken_ == filled_ || taken_ >= std::max(kReadSize, filled_ - taken_))) {
    std::memmove(buffer_.data(), buffer_.data() + taken_, filled_ - taken_);
    filled_ -= taken_;
    taken_ = 0;
  }
  const size_t needed = filled_ + kReadSize + RULERT_SLACK;
  if (buffer_.size() < needed) buffer_.resize(std::max(buffer_.size() * 2, needed));
}

}  // namespace rulert
