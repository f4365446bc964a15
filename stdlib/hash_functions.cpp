// Hashes of texts and bytes.
#include <array>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "stdlib/digests.h"
#include "stdlib/hex.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

// Four tables, so that four bytes are taken at a time ("slicing").
constexpr auto kCrcTables = [] {
  std::array<std::array<uint32_t, 256>, 4> tables{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    tables[0][i] = crc;
  }
  for (size_t t = 1; t < 4; ++t) {
    for (size_t i = 0; i < 256; ++i) tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 255];
  }
  return tables;
}();

uint32_t Crc32(std::string_view text) {
  uint32_t crc = ~uint32_t{0};
  size_t at = 0;
  auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[at + i])); };
  for (; at + 4 <= text.size(); at += 4) {
    crc ^= byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
    crc = kCrcTables[3][crc & 255] ^ kCrcTables[2][crc >> 8 & 255] ^ kCrcTables[1][crc >> 16 & 255] ^
          kCrcTables[0][crc >> 24];
  }
  for (; at < text.size(); ++at) crc = crc >> 8 ^ kCrcTables[0][(crc ^ byte(0)) & 255];
  return ~crc;
}

template <class Digest>
RuleString InHex(rulert_context* context, const Digest& digest) {
  char text[2 * sizeof(Digest)];
  WriteHex({reinterpret_cast<const char*>(digest.data()), digest.size()}, text);
  return Copy(context, {text, sizeof text});
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

int64_t rule_xxh3(RuleString text) {
  std::string_view bytes = View(text);
  return static_cast<int64_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

int64_t rule_fnv1a(RuleString text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (char c : View(text)) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3;
  return static_cast<int64_t>(hash);
}

int64_t rule_crc32(RuleString text) { return Crc32(View(text)); }

// Lemire's multiplication: the upper half of hash * count.
int64_t rule_bucket(rulert_context* context, RuleString text, int64_t count) {
  if (count < 1) return Fail(context, Cause::CountNotPositive);
  auto hash = static_cast<uint64_t>(rule_xxh3(text));
  return static_cast<int64_t>(static_cast<uint64_t>(static_cast<UInt128>(hash) * static_cast<uint64_t>(count) >> 64));
}

RuleString rule_md5(rulert_context* context, RuleString text) { return InHex(context, Md5(View(text))); }
RuleString rule_sha1(rulert_context* context, RuleString text) { return InHex(context, Sha1(View(text))); }
RuleString rule_sha256(rulert_context* context, RuleString text) { return InHex(context, Sha256(View(text))); }
RuleString rule_hmac_sha256(rulert_context* context, RuleString key, RuleString text) {
  return InHex(context, HmacSha256(View(key), View(text)));
}
RuleString rule_keccak256(rulert_context* context, RuleString text) { return InHex(context, Keccak256(View(text))); }

}  // extern "C"
