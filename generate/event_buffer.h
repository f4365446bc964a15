// Bytes of events being written: a vector that does not check its capacity for every byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "avro/varint.h"

namespace rulec::generate {

class EventBuffer {
 public:
  size_t size() const { return size_; }
  void Clear() { size_ = 0; }
  std::span<const uint8_t> bytes() const { return {bytes_.data(), size_}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }

  // Room for `count` bytes; what was written there counts after Commit with the end of it.
  uint8_t* Reserve(size_t count) {
    if (bytes_.size() - size_ < count) bytes_.resize((size_ + count) * 2);
    return bytes_.data() + size_;
  }
  void Commit(const uint8_t* end) { size_ = static_cast<size_t>(end - bytes_.data()); }

  void PutByte(uint8_t byte) {
    uint8_t* at = Reserve(1);
    *at = byte;
    Commit(at + 1);
  }
  void PutVarint(int64_t value) { Commit(avro::PutVarint(value, Reserve(kMaxVarint))); }
  void PutRaw(const void* from, size_t count) {
    uint8_t* at = Reserve(count + 1);
    std::memcpy(at, from, count);
    Commit(at + count);
  }
  void PutText(std::string_view text) {
    PutVarint(static_cast<int64_t>(text.size()));
    if (!text.empty()) PutRaw(text.data(), text.size());
  }

 private:
  static constexpr size_t kMaxVarint = 10;
  std::vector<uint8_t> bytes_;
  size_t size_ = 0;
};

}  // namespace rulec::generate
