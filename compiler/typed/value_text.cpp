#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "compiler/typed/typed.h"
#include "compiler/types/avro_type.h"

namespace rulec::typed {
namespace {

__extension__ using UInt128 = unsigned __int128;

template <typename Float>
std::string Number(Float value) {
  std::array<char, 32> buffer;
  const Float size = std::fabs(value);
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

std::string DecimalText(Int128 value, uint8_t scale) {
  const bool negative = value < 0;
  // The least value has no positive counterpart.
  UInt128 rest = negative ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  std::string digits;
  for (; rest != 0 || digits.size() <= scale; rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + rest % 10));
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  return (negative ? "-" : "") + digits;
}

std::string Hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string UuidText(const std::string& bytes) {
  std::string text = Hex(bytes);
  for (const size_t at : {20u, 16u, 12u, 8u}) {
    if (text.size() > at) text.insert(at, "-");
  }
  return text;
}

std::string DateText(int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  std::array<char, 48> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return buffer.data();
}

std::string TimeOfDayText(int64_t microseconds) {
  const int64_t seconds = microseconds / 1'000'000;
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%02d:%02d:%02d.%06d", static_cast<int>(seconds / 3600 % 100),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                static_cast<int>(microseconds % 1'000'000));
  return buffer.data();
}

std::string ListText(const Type& type, const Value& value) {
  std::string text;
  for (const Value& item : value.items) text += (text.empty() ? "" : ", ") + PrintValue(ElementOf(type), item);
  return "[" + text + "]";
}

std::string MapText(const Type& type, const Value& value) {
  std::string text;
  for (size_t i = 0; i < value.items.size(); ++i) {
    text += (i == 0 ? "" : ", ") + Quoted(value.keys[i]) + ": " + PrintValue(ElementOf(type), value.items[i]);
  }
  return "map(" + text + ")";
}

std::string RecordText(const Type& type, const Value& value) {
  std::string text;
  for (size_t i = 0; i < value.items.size(); ++i) {
    text += (i == 0 ? "" : ", ") + FieldName(type, i) + ": " + PrintValue(FieldType(type, i), value.items[i]);
  }
  return "record(" + text + ")";
}

}  // namespace

std::string PrintValue(const Type& type, const Value& value) {
  if (value.is_null) return "null";
  switch (type.kind) {
    case TypeKind::Bool: return value.boolean ? "true" : "false";
    case TypeKind::Float: return Number(static_cast<float>(value.number));
    case TypeKind::Double: return Number(value.number);
    case TypeKind::Decimal: return DecimalText(value.decimal, type.scale);
    case TypeKind::String: return Quoted(value.text);
    case TypeKind::Bytes: return "x\"" + Hex(value.text) + "\"";
    case TypeKind::Uuid: return UuidText(value.text);
    case TypeKind::Enum: return type.schema->symbols[static_cast<size_t>(value.integer)];
    case TypeKind::Duration: return DurationText(value.integer);
    case TypeKind::Timestamp: return std::to_string(value.integer) + "us";
    case TypeKind::Date: return DateText(value.integer);
    case TypeKind::TimeOfDay: return TimeOfDayText(value.integer);
    case TypeKind::List: return ListText(type, value);
    case TypeKind::Map: return MapText(type, value);
    case TypeKind::Record: return RecordText(type, value);
    case TypeKind::Union: return PrintValue(type.of->types[static_cast<size_t>(value.integer)], value.items.front());
    default: return std::to_string(value.integer);
  }
}

}  // namespace rulec::typed
