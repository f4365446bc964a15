// Writing Avro's zigzag varints.
#pragma once

#include <cstddef>
#include <cstdint>

namespace avro {

// Writes 1 to 10 bytes at `at` and returns the end.
inline uint8_t* PutVarint(int64_t value, uint8_t* at) {
  uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  while (bits >= 0x80) {
    *at++ = static_cast<uint8_t>(bits | 0x80);
    bits >>= 7;
  }
  *at++ = static_cast<uint8_t>(bits);
  return at;
}

template <typename Bytes>
void AppendVarint(int64_t value, Bytes* out) {
  uint8_t bytes[10];
  const uint8_t* const end = PutVarint(value, bytes);
  for (const uint8_t* at = bytes; at != end; ++at) out->push_back(static_cast<typename Bytes::value_type>(*at));
}

}  // namespace avro
