// The room that blocks are unpacked into. Internal to avro/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace avro {

class UnpackBuffer {
 public:
  // What `out` holds already is used, up to the limit.
  UnpackBuffer(std::vector<uint8_t>* out, size_t slack, size_t most) : out_(out), slack_(slack), most_(most) {
    capacity_ = out->size() > slack ? std::min(out->size() - slack, most) : 0;
  }

  size_t most() const { return most_; }
  uint8_t* data() const { return out_->data(); }
  size_t capacity() const { return capacity_; }
  size_t size() const { return size_; }
  void set_size(size_t size) { size_ = size; }

  // Makes room for `capacity` bytes, or as many as may be; what is filled stays.
  void Reserve(size_t capacity) {
    capacity_ = std::max(capacity_, std::min(capacity, most_));
    if (out_->size() < capacity_ + slack_) out_->resize(capacity_ + slack_);
  }
  // False at the limit.
  bool Grow() {
    if (capacity_ == most_) return false;
    Reserve(capacity_ * 2);
    return true;
  }
  void ZeroSlack() const { std::memset(out_->data() + size_, 0, slack_); }

 private:
  std::vector<uint8_t>* out_;
  size_t slack_;
  size_t most_;
  size_t capacity_ = 0;
  size_t size_ = 0;
};

}  // namespace avro
