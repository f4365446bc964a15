#include "stdlib/utf8.h"

#include <bit>
#include <cstring>

#include "stdlib/support.h"

namespace rulelib {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080;

uint64_t Load8(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

bool InRange(char byte, uint8_t low, uint8_t high) {
  auto value = static_cast<uint8_t>(byte);
  return value >= low && value <= high;
}

// Bytes of the well-formed sequence at `text` (Unicode 15, table 3-7), which is not ASCII; 0 if it is none.
uint32_t SequenceLength(const char* text, uint64_t left) {
  auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  uint32_t length = LengthOfLead(lead);
  if (length > left) return 0;
  uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!InRange(text[1], low, high)) return 0;
  for (uint32_t i = 2; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return length;
}

}  // namespace

bool IsAscii(std::string_view text) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    if ((Load8(text.data() + at) & kHighBits) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    if (static_cast<uint8_t>(text[at]) >= 0x80) return false;
  }
  return true;
}

uint64_t CountCodePoints(std::string_view text) {
  uint64_t continuations = 0;
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word = Load8(text.data() + at);
    continuations += static_cast<uint64_t>(std::popcount(word & ~(word << 1) & kHighBits));
  }
  for (; at < text.size(); ++at) continuations += IsContinuation(text[at]) ? 1 : 0;
  return text.size() - continuations;
}

size_t ByteOfCodePoint(std::string_view text, uint64_t index) {
  size_t at = 0;
  while (index >= 8 && at + 8 <= text.size() && (Load8(text.data() + at) & kHighBits) == 0) at += 8, index -= 8;
  for (; index > 0 && at < text.size(); --index) at += LengthOfLead(static_cast<uint8_t>(text[at]));
  return at < text.size() ? at : text.size();
}

bool IsSpace(uint32_t code) {
  if (code < 0x80) return code == ' ' || (code >= 9 && code <= 13);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

}  // namespace rulelib

uint8_t rule_utf8_valid(const char* text, uint64_t size) {
  uint64_t at = 0;
  while (at < size) {
    while (at + 8 <= size && (rulelib::Load8(text + at) & rulelib::kHighBits) == 0) at += 8;
    // Up to eight bytes at a time between two looks for a run of ASCII.
    for (uint64_t stop = at + 8; at < size && at < stop;) {
      if (static_cast<uint8_t>(text[at]) < 0x80) {
        ++at;
        continue;
      }
      uint32_t length = rulelib::SequenceLength(text + at, size - at);
      if (length == 0) return 0;
      at += length;
    }
  }
  return 1;
}
