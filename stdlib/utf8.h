// Walks UTF-8 that is known to be valid: every string of the language is.
#pragma once

#include <cstdint>
#include <string_view>

namespace rulelib {

// Bytes of the code point that begins with this byte.
constexpr uint32_t LengthOfLead(uint8_t lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

constexpr bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// The code point at `*at`, which is moved behind it. `*at` must be below the end.
inline uint32_t NextCodePoint(std::string_view text, size_t* at) {
  auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[*at + i])); };
  uint32_t lead = byte(0);
  uint32_t length = LengthOfLead(static_cast<uint8_t>(lead));
  if (*at + length > text.size()) length = 1;  // not reached with valid text
  uint32_t code = length == 1   ? lead
                  : length == 2 ? (lead & 31) << 6 | (byte(1) & 63)
                  : length == 3 ? (lead & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63)
                                : (lead & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
  *at += length;
  return code;
}

// Writes a code point (no surrogate, at most U+10FFFF); how many bytes, at most 4.
inline uint32_t WriteCodePoint(uint32_t code, char* out) {
  auto put = [&](int i, uint32_t byte) { out[i] = static_cast<char>(byte); };
  if (code < 0x80) return put(0, code), 1;
  if (code < 0x800) return put(0, 0xC0 | code >> 6), put(1, 0x80 | (code & 63)), 2;
  if (code < 0x10000) return put(0, 0xE0 | code >> 12), put(1, 0x80 | (code >> 6 & 63)), put(2, 0x80 | (code & 63)), 3;
  put(0, 0xF0 | code >> 18), put(1, 0x80 | (code >> 12 & 63)), put(2, 0x80 | (code >> 6 & 63));
  return put(3, 0x80 | (code & 63)), 4;
}

bool IsAscii(std::string_view text);
uint64_t CountCodePoints(std::string_view text);
// The byte at which code point `index` begins; text.size() if there are fewer.
size_t ByteOfCodePoint(std::string_view text, uint64_t index);
// White_Space of Unicode.
bool IsSpace(uint32_t code);
// Unicode's categories of punctuation (P*).
bool IsPunctuation(uint32_t code);

}  // namespace rulelib
