// Hexadecimal digits.
#pragma once

#include <string_view>

namespace rulelib {

// 0 to 15; -1 if it is no digit.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Two digits in lower case for each byte.
inline void WriteHex(std::string_view bytes, char* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
}

}  // namespace rulelib
