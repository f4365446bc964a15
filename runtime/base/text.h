// Texts as the runtime writes and reads them: strings of the ABI, numbers that read back exactly, JSON.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/abi/abi.h"

namespace rulert {

// The text of a string of the ABI; valid as long as `text` itself and what it points to.
inline std::string_view View(const rulert_string& text) {
  return {text.length <= RULERT_STRING_INLINE ? text.u.inlined : text.u.outlined.data, text.length};
}

// A string of the ABI over `text`, which must outlive it if it is longer than 12 bytes.
inline rulert_string MakeString(std::string_view text) {
  rulert_string result{};
  result.length = static_cast<uint32_t>(text.size());
  if (text.size() <= RULERT_STRING_INLINE) {
    if (!text.empty()) std::memcpy(result.u.inlined, text.data(), text.size());
  } else {
    std::memcpy(result.u.outlined.prefix, text.data(), sizeof(result.u.outlined.prefix));
    result.u.outlined.data = text.data();
  }
  return result;
}

// Shortest decimal form that reads back to the same double; `NaN`, `Infinity`, `-Infinity` bare.
void AppendDouble(double value, std::string* out);
void AppendInteger(int64_t value, std::string* out);

// JSON: a quoted string; a number (NaN and infinities as strings, since JSON has none).
void AppendJsonString(std::string_view text, std::string* out);
void AppendJsonDouble(double value, std::string* out);

// 12345678 -> "12,345,678".
std::string Grouped(uint64_t value);

// The whole of `text` as a number, or nothing.
std::optional<int64_t> ParseInteger(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);

}  // namespace rulert
