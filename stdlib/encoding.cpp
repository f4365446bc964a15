// Bytes and numbers as text and back: hexadecimal, base64 (RFC 4648), other bases.
#include <algorithm>
#include <charconv>

#include "stdlib/hex.h"
#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

RuleString Encode(rulert_context* context, std::string_view bytes, std::string_view digits, bool padded) {
  TextBuilder out(context);
  char* room = out.Reserve((bytes.size() + 2) / 3 * 4);
  if (room == nullptr) return {};
  char* end = room;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) group = group << 8 | (i < count ? static_cast<uint8_t>(bytes[at + i]) : 0u);
    for (size_t i = 0; i < 4; ++i) {
      if (i <= count) {
        *end++ = digits[group >> (18 - 6 * i) & 63];
      } else if (padded) {
        *end++ = '=';
      }
    }
  }
  out.Advance(static_cast<uint64_t>(end - room));
  return out.Finish();
}

RuleString Decode(rulert_context* context, std::string_view text, std::string_view digits) {
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) text.remove_suffix(1), ++padding;
  // Padding fills a group of four or is left out; one digit alone tells no byte.
  if (text.size() % 4 == 1 || (padding > 0 && (text.size() + padding) % 4 != 0)) return Fail(context, Cause::NotBase64);
  TextBuilder out(context);
  char* room = out.Reserve(text.size() / 4 * 3 + 3);
  if (room == nullptr) return {};
  char* end = room;
  uint32_t bits = 0, count = 0;
  for (char c : text) {
    size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return Fail(context, Cause::NotBase64);
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    *end++ = static_cast<char>(bits >> count & 255);
  }
  // What the last digit tells beyond the last byte must be 0: each text has one form.
  if ((bits & ((1u << count) - 1)) != 0) return Fail(context, Cause::NotBase64);
  out.Advance(static_cast<uint64_t>(end - room));
  return out.Finish();
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleString rule_hex_encode(rulert_context* context, RuleString bytes) {
  TextBuilder out(context);
  char* room = out.Reserve(uint64_t{2} * ByteLength(bytes));
  if (room == nullptr) return {};
  WriteHex(View(bytes), room);
  out.Advance(uint64_t{2} * ByteLength(bytes));
  return out.Finish();
}

RuleString rule_hex_decode(rulert_context* context, RuleString text) {
  std::string_view digits = View(text);
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  if (digits.size() % 2 != 0) return Fail(context, Cause::NotHex);
  TextBuilder out(context);
  for (size_t at = 0; at < digits.size(); at += 2) {
    int high = HexDigit(digits[at]), low = HexDigit(digits[at + 1]);
    if (high < 0 || low < 0) return Fail(context, Cause::NotHex);
    out.Append(static_cast<char>(high << 4 | low));
  }
  return out.Finish();
}

RuleString rule_base64_encode(rulert_context* context, RuleString bytes) {
  return Encode(context, View(bytes), kBase64, true);
}
RuleString rule_base64_decode(rulert_context* context, RuleString text) { return Decode(context, View(text), kBase64); }
RuleString rule_base64url_encode(rulert_context* context, RuleString bytes) {
  return Encode(context, View(bytes), kBase64Url, false);
}
RuleString rule_base64url_decode(rulert_context* context, RuleString text) {
  return Decode(context, View(text), kBase64Url);
}

RuleString rule_to_base(rulert_context* context, int64_t value, int64_t base) {
  if (base < 2 || base > 36) return Fail(context, Cause::BaseOutOfRange);
  char text[72];
  char* end = std::to_chars(text, text + sizeof text, value, static_cast<int>(base)).ptr;
  return Copy(context, {text, end});
}

int64_t rule_from_base(rulert_context* context, RuleString text, int64_t base) {
  if (base < 2 || base > 36) return Fail(context, Cause::BaseOutOfRange);
  std::string_view digits = View(text);
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, static_cast<int>(base));
  if (error == std::errc::result_out_of_range) return Fail(context, Cause::Overflow);
  if (error != std::errc{} || end != digits.data() + digits.size()) return Fail(context, Cause::NotANumber);
  return value;
}

}  // extern "C"
