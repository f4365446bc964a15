#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "compiler/typed/typed.h"

namespace rulec::typed {
namespace {

std::string Number(double value) {
  std::array<char, 32> buffer;
  const double size = std::fabs(value);
  // Plain digits where people would write them.
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e15);
  const auto form = plain ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form);
  std::string text(buffer.data(), end);
  // A double never reads as a whole number.
  if (text.find_first_of(".ein") == std::string::npos) text += ".0";
  return text;
}

std::string DurationText(int64_t microseconds) {
  struct Unit {
    std::string_view name;
    uint64_t length;
  };
  static constexpr std::array<Unit, 6> kUnits{
      {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
  if (microseconds == 0) return "0s";
  std::string text = microseconds < 0 ? "-" : "";
  uint64_t rest = microseconds < 0 ? 0 - static_cast<uint64_t>(microseconds) : static_cast<uint64_t>(microseconds);
  for (const Unit& unit : kUnits) {
    if (rest / unit.length == 0) continue;
    text += std::to_string(rest / unit.length);
    text += unit.name;
    rest %= unit.length;
  }
  return text;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace

std::string PrintValue(const Type& type, const Value& value) {
  if (value.is_null) return "null";
  switch (type.kind) {
    case TypeKind::Bool: return value.boolean ? "true" : "false";
    case TypeKind::Double: return Number(value.number);
    case TypeKind::String: return Quoted(value.text);
    case TypeKind::Enum: return type.schema->symbols[static_cast<size_t>(value.integer)];
    case TypeKind::Duration: return DurationText(value.integer);
    case TypeKind::Timestamp: return std::to_string(value.integer) + "us";
    default: return std::to_string(value.integer);
  }
}

}  // namespace rulec::typed
