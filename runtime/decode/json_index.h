// Where the tokens of JSON text begin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rulert {

// simdjson's first stage (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019) over a text: it finds
// strings, checks that they are closed and hold no control characters, and that all is UTF-8. Keeps its memory.
class JsonIndex {
 public:
  enum class Outcome : uint8_t {
    Ok,    // also of a text without any token
    Text,  // a string is not closed, or has a control character in it
    Utf8,
    Memory
  };

  JsonIndex();
  ~JsonIndex();
  JsonIndex(JsonIndex&&) noexcept;
  JsonIndex& operator=(JsonIndex&&) noexcept;

  // At most 4 GiB - 1.
  Outcome Build(const uint8_t* text, size_t size);

  // Offsets in rising order: of each of `{ } [ ] : ,` outside of strings, of the quote that opens a string, of the
  // first byte of what else is no white space. Valid until the next Build.
  const uint32_t* begin() const { return begin_; }
  const uint32_t* end() const { return end_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  const uint32_t* begin_ = nullptr;
  const uint32_t* end_ = nullptr;
};

// Is it UTF-8, as avro::IsUtf8 has it? Faster for long texts.
bool IsUtf8(const uint8_t* text, size_t size);

}  // namespace rulert
