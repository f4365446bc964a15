// Functions on IP addresses.
#include <initializer_list>

#include "stdlib/ip_address.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

bool ParseOrFail(rulert_context* context, const RuleString& text, IpAddress* out) {
  if (ParseIp(View(text), out)) return true;
  return Fail(context, Cause::NotAnAddress);
}

template <size_t kCount>
bool InAny(const IpAddress& address, const IpRange (&ranges)[kCount]) {
  for (const IpRange& range : ranges) {
    if (Contains(range, address)) return true;
  }
  return false;
}

IpRange Range(std::string_view text) {
  IpRange range;
  ParseCidr(text, &range);
  return range;
}

bool IsPrivate(const IpAddress& address) {
  static const IpRange kRanges[] = {Range("10.0.0.0/8"), Range("172.16.0.0/12"), Range("192.168.0.0/16"),
                                    Range("fc00::/7")};
  return InAny(address, kRanges);
}

bool IsLoopback(const IpAddress& address) {
  static const IpRange kRanges[] = {Range("127.0.0.0/8"), Range("::1/128")};
  return InAny(address, kRanges);
}

// IANA's registries of special-purpose addresses: what is not globally reachable, and what is again inside of that.
bool IsSpecial(const IpAddress& address) {
  static const IpRange kRanges[] = {
      Range("0.0.0.0/8"),      Range("100.64.0.0/10"), Range("169.254.0.0/16"),  Range("192.0.0.0/24"),
      Range("192.0.2.0/24"),   Range("198.18.0.0/15"), Range("198.51.100.0/24"), Range("203.0.113.0/24"),
      Range("240.0.0.0/4"),    Range("::/128"),        Range("64:ff9b:1::/48"),  Range("100::/64"),
      Range("100:0:0:1::/64"), Range("2001::/23"),     Range("2001:db8::/32"),   Range("2002::/16"),
      Range("3fff::/20"),      Range("5f00::/16"),     Range("fe80::/10")};
  static const IpRange kReachable[] = {Range("192.0.0.9/32"),    Range("192.0.0.10/32"), Range("2001:1::1/128"),
                                       Range("2001:1::2/128"),   Range("2001:1::3/128"), Range("2001:3::/32"),
                                       Range("2001:4:112::/48"), Range("2001:20::/28"),  Range("2001:30::/28")};
  return InAny(address, kRanges) && !InAny(address, kReachable);
}

bool IsMulticast(const IpAddress& address) {
  static const IpRange kRanges[] = {Range("224.0.0.0/4"), Range("ff00::/8")};
  return InAny(address, kRanges);
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_ip(RuleString text) {
  IpAddress address;
  return ParseIp(View(text), &address) ? 1 : 0;
}

uint8_t rule_is_ipv4(RuleString text) {
  IpAddress address;
  return ParseIp(View(text), &address) && View(text).find(':') == std::string_view::npos ? 1 : 0;
}

uint8_t rule_is_ipv6(RuleString text) { return IsIpv6Text(View(text)) ? 1 : 0; }

int64_t rule_ip_version(rulert_context* context, RuleString text) {
  IpAddress address;
  if (!ParseOrFail(context, text, &address)) return {};
  return View(text).find(':') == std::string_view::npos ? 4 : 6;
}

uint8_t rule_ip_in_cidr(rulert_context* context, RuleString text, RuleString cidr) {
  IpAddress address;
  IpRange range;
  if (!ParseOrFail(context, text, &address)) return {};
  if (!ParseCidr(View(cidr), &range)) return Fail(context, Cause::NotACidr);
  return Contains(range, address) ? 1 : 0;
}

uint8_t rule_is_private_ip(rulert_context* context, RuleString text) {
  IpAddress address;
  return ParseOrFail(context, text, &address) && IsPrivate(address) ? 1 : 0;
}

uint8_t rule_is_loopback_ip(rulert_context* context, RuleString text) {
  IpAddress address;
  return ParseOrFail(context, text, &address) && IsLoopback(address) ? 1 : 0;
}

uint8_t rule_is_global_ip(rulert_context* context, RuleString text) {
  IpAddress address;
  if (!ParseOrFail(context, text, &address)) return {};
  bool reachable = !IsPrivate(address) && !IsLoopback(address) && !IsSpecial(address) && !IsMulticast(address);
  return reachable ? 1 : 0;
}

RuleString rule_ip_normalize(rulert_context* context, RuleString text) {
  IpAddress address;
  if (!ParseOrFail(context, text, &address)) return {};
  return Copy(context, IpText(address));
}

RuleString rule_ip_network(rulert_context* context, RuleString text, int64_t bits) {
  IpAddress address;
  if (!ParseOrFail(context, text, &address)) return {};
  if (bits < 0 || bits > (address.is_v4 ? 32 : 128)) return Fail(context, Cause::NotACidr);
  ClearHost(&address, static_cast<uint32_t>(bits) + (address.is_v4 ? 96 : 0));
  return Copy(context, IpText(address) + "/" + std::to_string(bits));
}

uint8_t rule_is_cidr(RuleString text) {
  IpRange range;
  return ParseCidr(View(text), &range) ? 1 : 0;
}

int64_t rule_ipv4_to_long(rulert_context* context, RuleString text) {
  IpAddress address;
  if (!ParseOrFail(context, text, &address)) return {};
  if (!address.is_v4) return Fail(context, Cause::NotAnAddress);
  int64_t value = 0;
  for (size_t i = 12; i < 16; ++i) value = value << 8 | address.bytes[i];
  return value;
}

RuleString rule_long_to_ipv4(rulert_context* context, int64_t value) {
  if (value < 0 || value > UINT32_MAX) return Fail(context, Cause::NumberOutOfRange);
  IpAddress address;
  address.is_v4 = true;
  for (size_t i = 0; i < 4; ++i) address.bytes[12 + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
  return Copy(context, IpText(address));
}

}  // extern "C"
