#include <cstring>

#include "stdlib/hex.h"
#include "stdlib/library.h"
#include "stdlib/result.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

constexpr uint64_t kTextLength = 36;

bool IsHyphenAt(uint64_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

bool Parse(std::string_view text, RuleUuid* out) {
  return rule_uuid_from_text(text.data(), text.size(), reinterpret_cast<uint8_t*>(out)) != 0;
}

uint8_t Byte(const RuleUuid& uuid, int i) { return reinterpret_cast<const uint8_t*>(&uuid)[i]; }

}  // namespace
}  // namespace rulelib

using rulelib::Cause;

extern "C" {

uint8_t rule_uuid_from_text(const char* text, uint64_t size, uint8_t* out) {
  if (size != rulelib::kTextLength) return 0;
  uint8_t bytes[16];
  uint32_t count = 0;
  for (uint64_t i = 0; i < size; ++i) {
    if (rulelib::IsHyphenAt(i)) {
      if (text[i] != '-') return 0;
      continue;
    }
    int high = rulelib::HexDigit(text[i]), low = rulelib::HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return 0;
    bytes[count++] = static_cast<uint8_t>(high << 4 | low);
    ++i;
  }
  std::memcpy(out, bytes, sizeof bytes);
  return 1;
}

void rule_uuid_to_text(const uint8_t* bytes, char* out) {
  static const char kHex[] = "0123456789abcdef";
  for (uint64_t i = 0; i < rulelib::kTextLength; ++i) {
    if (rulelib::IsHyphenAt(i)) {
      out[i] = '-';
      continue;
    }
    out[i] = kHex[*bytes >> 4];
    out[++i] = kHex[*bytes & 15];
    ++bytes;
  }
}

RuleUuid rule_uuid_of_string(rulert_context* context, RuleString text) {
  RuleUuid uuid{};
  if (!rulelib::Parse(rulelib::View(text), &uuid)) return rulelib::Fail(context, Cause::NotAUuid);
  return uuid;
}

RuleUuid rule_try_uuid_of_string(rulert_context* context, RuleString text) {
  RuleUuid uuid{};
  if (!rulelib::Parse(rulelib::View(text), &uuid)) return rulelib::Null(context);
  return uuid;
}

uint8_t rule_is_uuid(RuleString text) {
  RuleUuid uuid{};
  return rulelib::Parse(rulelib::View(text), &uuid) ? 1 : 0;
}

RuleString rule_string_of_uuid(rulert_context* context, RuleUuid uuid) {
  char text[rulelib::kTextLength];
  rule_uuid_to_text(reinterpret_cast<const uint8_t*>(&uuid), text);
  return rulelib::Copy(context, {text, sizeof text});
}

int64_t rule_uuid_version(RuleUuid uuid) { return rulelib::Byte(uuid, 6) >> 4; }

// RFC 9562, 5.7: the first 48 bits are milliseconds since 1970.
int64_t rule_uuid_time(rulert_context* context, RuleUuid uuid) {
  if (rule_uuid_version(uuid) != 7) return rulelib::Null(context);
  int64_t millis = 0;
  for (int i = 0; i < 6; ++i) millis = millis << 8 | rulelib::Byte(uuid, i);
  return millis * 1000;
}

}  // extern "C"
