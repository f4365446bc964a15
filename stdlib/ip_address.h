// Addresses of the internet protocol, and ranges of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rulelib {

// The bytes of an IPv6 address; an IPv4 address is mapped into them (::ffff:a.b.c.d).
struct IpAddress {
  std::array<uint8_t, 16> bytes{};
  bool is_v4 = false;
};

// Four decimal numbers without leading zeros, or RFC 4291 without a zone. IPv4 mapped into IPv6 counts as IPv4.
bool ParseIp(std::string_view text, IpAddress* out);
// The text was written as IPv6.
bool IsIpv6Text(std::string_view text);
std::string IpText(const IpAddress& address);  // RFC 5952

struct IpRange {
  IpAddress network;
  uint32_t bits = 0;  // of the 128 that must be equal: those of an IPv4 range are 96 more
};
// `address/bits`. Bits of the address beyond those count as 0.
bool ParseCidr(std::string_view text, IpRange* out);
bool Contains(const IpRange& range, const IpAddress& address);
void ClearHost(IpAddress* address, uint32_t bits);

}  // namespace rulelib
