// Addresses of Ethereum and Bitcoin.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "stdlib/digests.h"
#include "stdlib/hex.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

constexpr size_t kEthLength = 42;

bool HasEthForm(std::string_view text) {
  if (text.size() != kEthLength || !text.starts_with("0x")) return false;
  return std::all_of(text.begin() + 2, text.end(), [](char c) { return HexDigit(c) >= 0; });
}

char Upper(char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; }

// EIP-55: a letter is in upper case if the hash of the lower-case digits has 8 or more in its place.
std::string WithChecksum(std::string_view address) {
  std::string lower(address.substr(2));
  for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c | 32) : c;
  Sha256Digest hash = Keccak256(lower);
  std::string text = "0x";
  for (size_t i = 0; i < lower.size(); ++i) {
    int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
    text += nibble >= 8 ? Upper(lower[i]) : lower[i];
  }
  return text;
}

bool IsOneCase(std::string_view digits) {
  bool lower = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a'; });
  bool upper = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  return !(lower && upper);
}

// 25 bytes in base 58: a version, 20 of a hash, 4 of the hash's checksum.
bool IsBase58Address(std::string_view text) {
  constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::array<uint8_t, 25> bytes{};
  if (text.size() < 26 || text.size() > 35) return false;
  for (char c : text) {
    size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return false;
    auto carry = static_cast<uint32_t>(digit);
    for (size_t i = bytes.size(); i-- > 0;) {
      carry += bytes[i] * 58u;
      bytes[i] = static_cast<uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  // Each leading zero byte is written as a digit 1.
  auto zeros =
      static_cast<size_t>(std::find_if(bytes.begin(), bytes.end(), [](uint8_t b) { return b != 0; }) - bytes.begin());
  if (std::min(text.find_first_not_of('1'), text.size()) != zeros) return false;
  if (bytes[0] != 0x00 && bytes[0] != 0x05) return false;
  Sha256Digest once = Sha256({reinterpret_cast<const char*>(bytes.data()), 21});
  Sha256Digest twice = Sha256({reinterpret_cast<const char*>(once.data()), once.size()});
  return std::equal(twice.begin(), twice.begin() + 4, bytes.begin() + 21);
}

// The checksum of BIP-173: 1 for bech32, 0x2bc830a3 for bech32m (BIP-350).
uint32_t Bech32Checksum(const std::vector<uint8_t>& values) {
  static constexpr uint32_t kGenerators[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  uint32_t checksum = 1;
  for (uint8_t value : values) {
    uint32_t top = checksum >> 25;
    checksum = (checksum & 0x1ffffff) << 5 ^ value;
    for (size_t i = 0; i < 5; ++i) checksum ^= (top >> i & 1) != 0 ? kGenerators[i] : 0;
  }
  return checksum;
}

bool IsSegwitAddress(std::string_view text) {
  constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  std::string lower;
  bool any_lower = false, any_upper = false;
  for (char c : text) {
    any_lower = any_lower || (c >= 'a' && c <= 'z');
    any_upper = any_upper || (c >= 'A' && c <= 'Z');
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  }
  if (text.size() > 90 || (any_lower && any_upper) || !lower.starts_with("bc1")) return false;
  std::vector<uint8_t> values = {3, 3, 0, 2, 3};  // "bc": upper bits, 0, lower bits
  for (char c : std::string_view(lower).substr(3)) {
    size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return false;
    values.push_back(static_cast<uint8_t>(digit));
  }
  if (values.size() < 5 + 1 + 6) return false;
  size_t version = values[5];
  size_t digits = values.size() - 5 - 1 - 6;  // of the witness program, 5 bits each
  size_t bytes = digits * 5 / 8, rest = digits * 5 % 8;
  bool program = bytes >= 2 && bytes <= 40 && rest < 5 && (version != 0 || bytes == 20 || bytes == 32);
  uint32_t padding = values[5 + digits] & ((1u << rest) - 1);
  uint32_t wanted = version == 0 ? 1 : 0x2bc830a3;
  return version <= 16 && program && padding == 0 && Bech32Checksum(values) == wanted;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_eth_address(RuleString text) {
  std::string_view address = View(text);
  if (!HasEthForm(address)) return 0;
  return IsOneCase(address.substr(2)) || WithChecksum(address) == address ? 1 : 0;
}

RuleString rule_eth_checksum_address(rulert_context* context, RuleString text) {
  if (!HasEthForm(View(text))) return Fail(context, Cause::NotAnEthAddress);
  return Copy(context, WithChecksum(View(text)));
}

uint8_t rule_is_btc_address(RuleString text) {
  return IsBase58Address(View(text)) || IsSegwitAddress(View(text)) ? 1 : 0;
}

}  // extern "C"
