// Reads Avro's primitive encodings from bytes that nobody vouches for. Internal to avro/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace avro {

inline constexpr size_t kMaxVarintBytes = 10;

enum class VarintResult : uint8_t { Ok, Cut, TooLong };
// Reads a zigzag varint at `*at`, which moves behind it. Padded forms (80 00 for 0) are read as all readers do.
VarintResult ReadVarint(const uint8_t** at, const uint8_t* end, int64_t* value);

// Each Read* moves forward and returns true, or leaves a message, tells where it arose and returns false.
class Cursor {
 public:
  explicit Cursor(std::span<const uint8_t> bytes)
      : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  size_t offset() const { return static_cast<size_t>(at_ - begin_); }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  const std::string& message() const { return message_; }
  size_t message_offset() const { return message_offset_; }

  bool ReadLong(int64_t* value);
  bool ReadInt(int64_t* value);
  bool ReadBool(bool* value);
  // `what` ("string") is for messages.
  bool ReadText(const char* what, std::string_view* text);
  bool ReadRaw(size_t size, const char* what, std::string_view* text);
  bool Fail(std::string message) { return FailAt(offset(), std::move(message)); }
  bool FailAt(size_t offset, std::string message);

 private:
  const uint8_t* begin_;
  const uint8_t* at_;
  const uint8_t* end_;
  std::string message_;
  size_t message_offset_ = 0;
};

}  // namespace avro
