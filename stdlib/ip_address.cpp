#include "stdlib/ip_address.h"

#include <algorithm>

#include "stdlib/hex.h"

namespace rulelib {
namespace {

constexpr uint32_t kMappedBits = 96;

bool TakeNumber(std::string_view* text, uint32_t limit, uint32_t* out) {
  size_t digits = 0;
  *out = 0;
  for (; digits < text->size() && (*text)[digits] >= '0' && (*text)[digits] <= '9'; ++digits) {
    if (digits == 3) return false;
    *out = *out * 10 + static_cast<uint32_t>((*text)[digits] - '0');
  }
  if (digits == 0 || (digits > 1 && (*text)[0] == '0')) return false;
  text->remove_prefix(digits);
  return *out <= limit;
}

bool ParseV4(std::string_view text, uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    uint32_t number = 0;
    if (i > 0) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
    if (!TakeNumber(&text, 255, &number)) return false;
    out[i] = static_cast<uint8_t>(number);
  }
  return text.empty();
}

// Groups of four hexadecimal digits, one `::` for any number of zeros, an IPv4 address as the last two groups.
bool ParseV6(std::string_view text, std::array<uint8_t, 16>* out) {
  std::array<uint8_t, 16> bytes{};
  size_t size = 0, gap = bytes.size() + 1;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  } else if (text.starts_with(':')) {
    return false;
  }
  while (!text.empty()) {
    std::string_view group = text.substr(0, std::min(text.find(':'), text.size()));
    if (group.find('.') != std::string_view::npos) {
      if (size + 4 > bytes.size() || group.size() != text.size() || !ParseV4(group, &bytes[size])) return false;
      size += 4;
      break;
    }
    if (group.empty() || group.size() > 4 || size + 2 > bytes.size()) return false;
    uint32_t value = 0;
    for (char c : group) {
      int digit = HexDigit(c);
      if (digit < 0) return false;
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    bytes[size++] = static_cast<uint8_t>(value >> 8);
    bytes[size++] = static_cast<uint8_t>(value);
    text.remove_prefix(group.size());
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.starts_with(':')) {
      if (gap <= bytes.size()) return false;
      gap = size;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return false;
    }
  }
  if (gap <= bytes.size()) {
    if (size > bytes.size() - 2) return false;  // `::` stands for at least one group
    *out = {};
    for (size_t i = 0; i < size; ++i) (*out)[i < gap ? i : bytes.size() - size + i] = bytes[i];
    return true;
  }
  *out = bytes;
  return size == bytes.size();
}

bool IsMapped(const std::array<uint8_t, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](uint8_t byte) { return byte == 0; }) && bytes[10] == 255 &&
         bytes[11] == 255;
}

}  // namespace

bool ParseIp(std::string_view text, IpAddress* out) {
  IpAddress address;
  if (text.size() > 45) return false;
  if (text.find(':') == std::string_view::npos) {
    address.bytes[10] = address.bytes[11] = 255;
    if (!ParseV4(text, &address.bytes[12])) return false;
  } else if (!ParseV6(text, &address.bytes)) {
    return false;
  }
  address.is_v4 = IsMapped(address.bytes);
  *out = address;
  return true;
}

bool IsIpv6Text(std::string_view text) {
  std::array<uint8_t, 16> bytes;
  return text.size() <= 45 && text.find(':') != std::string_view::npos && ParseV6(text, &bytes);
}

std::string IpText(const IpAddress& address) {
  const auto& bytes = address.bytes;
  std::string text;
  if (address.is_v4) {
    for (size_t i = 12; i < 16; ++i) text += (i > 12 ? "." : "") + std::to_string(bytes[i]);
    return text;
  }
  auto group = [&](size_t i) { return static_cast<uint32_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]); };
  // The first longest run of at least two zeros is left out.
  size_t gap = 8, gap_size = 1;
  for (size_t i = 0; i < 8; ++i) {
    size_t end = i;
    while (end < 8 && group(end) == 0) ++end;
    if (end - i > gap_size) gap = i, gap_size = end - i;
  }
  for (size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    char digits[4];
    char* end = digits;
    for (int shift = 12; shift >= 0; shift -= 4) {
      uint32_t digit = group(i) >> shift & 15;
      if (digit != 0 || end != digits || shift == 0) *end++ = "0123456789abcdef"[digit];
    }
    text.append(digits, end);
  }
  return text;
}

bool ParseCidr(std::string_view text, IpRange* out) {
  size_t slash = text.find('/');
  IpRange range;
  if (slash == std::string_view::npos || !ParseIp(text.substr(0, slash), &range.network)) return false;
  std::string_view bits = text.substr(slash + 1);
  bool written_as_v6 = text.find(':') != std::string_view::npos;
  if (!TakeNumber(&bits, written_as_v6 ? 128 : 32, &range.bits) || !bits.empty()) return false;
  if (!written_as_v6) range.bits += kMappedBits;
  range.network.is_v4 = range.network.is_v4 && range.bits >= kMappedBits;
  ClearHost(&range.network, range.bits);
  *out = range;
  return true;
}

void ClearHost(IpAddress* address, uint32_t bits) {
  for (uint32_t i = 0; i < 16; ++i) {
    uint32_t kept = bits <= 8 * i ? 0 : std::min<uint32_t>(bits - 8 * i, 8);
    address->bytes[i] = static_cast<uint8_t>(address->bytes[i] & 0xFF00 >> kept);
  }
}

bool Contains(const IpRange& range, const IpAddress& address) {
  if (range.network.is_v4 != address.is_v4) return false;
  IpAddress masked = address;
  ClearHost(&masked, range.bits);
  return masked.bytes == range.network.bytes;
}

}  // namespace rulelib
