#include "runtime/base/text.h"

#include <charconv>
#include <cmath>

namespace rulert {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscape(char c, std::string* out) {
  switch (c) {
    case '"': *out += "\\\""; return;
    case '\\': *out += "\\\\"; return;
    case '\n': *out += "\\n"; return;
    case '\r': *out += "\\r"; return;
    case '\t': *out += "\\t"; return;
    case '\b': *out += "\\b"; return;
    case '\f': *out += "\\f"; return;
    default: break;
  }
  const auto byte = static_cast<uint8_t>(c);
  *out += "\\u00";
  *out += kHex[byte >> 4];
  *out += kHex[byte & 15];
}

}  // namespace

void AppendDouble(double value, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    *out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  char buffer[40];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  out->append(buffer, end);
  // A double stays one for whoever reads it: 3 is written 3.0.
  if (std::string_view(buffer, static_cast<size_t>(end - buffer)).find_first_of(".e") == std::string_view::npos) {
    *out += ".0";
  }
}

void AppendInteger(int64_t value, std::string* out) {
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  out->append(buffer, end);
}

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<uint8_t>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, plain, i - plain);
    AppendEscape(c, out);
    plain = i + 1;
  }
  out->append(text, plain, text.size() - plain);
  *out += '"';
}

void AppendJsonDouble(double value, std::string* out) {
  if (std::isfinite(value)) {
    AppendDouble(value, out);
  } else {
    *out += '"';
    AppendDouble(value, out);
    *out += '"';
  }
}

std::string Grouped(uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string result;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) result += ',';
    result += digits[i];
  }
  return result;
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace rulert
