#include "runtime/decode/plain_text.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "avro/utf8.h"
#include "runtime/decode/datum_cell.h"
#include "runtime/decode/number_scan.h"
#include "runtime/decode/record_decoder.h"
#include "stdlib/text_of_values.h"

namespace rulert {
namespace {

constexpr size_t kShown = 40;
constexpr size_t kSymbolsShown = 12;

uint32_t Fits(bool fits, uint32_t error = RULERT_DECODE_TYPE) { return fits ? uint32_t{RULERT_DECODE_OK} : error; }

template <typename T, typename Parse>
uint32_t Parsed(std::string_view text, Parse parse, void* cell) {
  T value{};
  if (!parse(text, &value)) return RULERT_DECODE_TYPE;
  StoreCell(value, cell);
  return RULERT_DECODE_OK;
}

// A number of the type's unit, or as `parse` reads it.
template <typename T, typename Parse>
uint32_t NumberOr(const CellType& type, std::string_view text, Parse parse, void* cell) {
  int64_t count = 0;
  if (ReadInteger(text, &count)) return StoreInteger(type, count, cell);
  return Parsed<T>(text, parse, cell);
}

uint32_t ReadBool(std::string_view text, void* cell) {
  if (text != "true" && text != "false") return RULERT_DECODE_TYPE;
  StoreCell<uint8_t>(text == "true", cell);
  return RULERT_DECODE_OK;
}

// Code points 0 to 255, one for each byte.
uint32_t ReadBytes(const CellType& type, std::string_view text, const CellMemory& memory, void* cell) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  if (!ascii) {
    auto* bytes = static_cast<char*>(memory.Allocate(text.size()));
    if (bytes == nullptr) return RULERT_DECODE_MEMORY;
    size_t size = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<uint8_t>(text[i]);
      if (byte >= 0xC4) return RULERT_DECODE_TYPE;
      bytes[size++] =
          byte < 0x80 ? text[i] : static_cast<char>(((byte & 3) << 6) | (static_cast<uint8_t>(text[++i]) & 0x3F));
    }
    text = {bytes, size};
  }
  if (type.fixed_size != 0 && text.size() != type.fixed_size) return RULERT_DECODE_TYPE;
  StoreCell(MakeString(text), cell);
  return RULERT_DECODE_OK;
}

// Short and simple numbers, as most are; others go the long way.
template <typename T>
uint32_t ReadFloating(std::string_view text, bool (*parse)(std::string_view, T*), void* cell) {
  constexpr size_t kShort = 32;
  char padded[kShort + 8];
  T value = 0;
  if (text.size() < kShort) {
    std::memset(padded, ' ', sizeof padded);
    std::memcpy(padded, text.data(), text.size());
    const auto* begin = reinterpret_cast<const uint8_t*>(padded);
    const NumberText number = ScanNumber(begin);
    if (number.alone() && number.end == begin + text.size() && EasyNumber(number, &value)) {
      StoreCell(value, cell);
      return RULERT_DECODE_OK;
    }
  }
  return Parsed<T>(text, parse, cell);
}

uint32_t ReadDecimal(const CellType& type, std::string_view text, void* cell) {
  rulelib::Int128 unscaled = 0;
  switch (rulelib::ParseDecimal(text, rulelib::MakeForm(type.precision, type.scale), false, &unscaled)) {
    case rulelib::DecimalText::Ok: break;
    case rulelib::DecimalText::NotANumber: return RULERT_DECODE_TYPE;
    case rulelib::DecimalText::TooGreat:
    case rulelib::DecimalText::TooFine: return RULERT_DECODE_DECIMAL;
  }
  StoreCell(rulelib::ToAbi(rulelib::ToDecimal(unscaled)), cell);
  return RULERT_DECODE_OK;
}

}  // namespace

bool ReadInteger(std::string_view text, int64_t* value) {
  const bool negative = !text.empty() && text.front() == '-';
  const size_t first = negative ? 1 : 0;
  constexpr size_t kSafeDigits = 18;
  if (text.size() - first > kSafeDigits || text.size() == first) return rulelib::ParseLong(text, value);
  int64_t number = 0;
  for (size_t i = first; i < text.size(); ++i) {
    const auto digit = static_cast<uint8_t>(text[i] - '0');
    if (digit > 9) return rulelib::ParseLong(text, value);
    number = number * 10 + digit;
  }
  *value = negative ? -number : number;
  return true;
}

uint32_t StoreInteger(const CellType& type, int64_t value, void* cell) {
  switch (type.kind) {
    case ColumnKind::Int:
    case ColumnKind::Date:
      if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max()) {
        return RULERT_DECODE_TYPE;
      }
      StoreCell(static_cast<int32_t>(value), cell);
      return RULERT_DECODE_OK;
    case ColumnKind::Timestamp:
    case ColumnKind::TimeOfDay: {
      int64_t micros = 0;
      if (!ToMicros(value, type.unit, &micros)) return RULERT_DECODE_TIME;
      StoreCell(micros, cell);
      return RULERT_DECODE_OK;
    }
    default: StoreCell(value, cell); return RULERT_DECODE_OK;
  }
}

int32_t SymbolNumber(const CellType& type, std::string_view symbol) {
  for (size_t i = 0; i < type.symbols.size(); ++i) {
    if (type.symbols[i] == symbol) return static_cast<int32_t>(i);
  }
  return type.default_symbol;
}

uint32_t ReadPlainText(const CellType& type, std::string_view text, const CellMemory& memory, void* cell) {
  switch (type.kind) {
    case ColumnKind::Bool: return ReadBool(text, cell);
    case ColumnKind::Int:
    case ColumnKind::Long: {
      int64_t value = 0;
      return ReadInteger(text, &value) ? StoreInteger(type, value, cell) : uint32_t{RULERT_DECODE_TYPE};
    }
    case ColumnKind::Float: return ReadFloating<float>(text, rulelib::ParseFloat, cell);
    case ColumnKind::Double: return ReadFloating<double>(text, rulelib::ParseDouble, cell);
    case ColumnKind::String: StoreCell(MakeString(text), cell); return RULERT_DECODE_OK;
    case ColumnKind::Bytes: return ReadBytes(type, text, memory, cell);
    case ColumnKind::Enum: {
      const int32_t number = SymbolNumber(type, text);
      StoreCell(number, cell);
      return Fits(number != kNone, RULERT_DECODE_SYMBOL);
    }
    case ColumnKind::Date: return NumberOr<int32_t>(type, text, rulelib::ParseDate, cell);
    case ColumnKind::TimeOfDay: return NumberOr<int64_t>(type, text, rulelib::ParseTimeOfDay, cell);
    case ColumnKind::Timestamp: {
      const auto parse = [&](std::string_view t, int64_t* out) { return rulelib::ParseTimestamp(t, out, !type.local); };
      return NumberOr<int64_t>(type, text, parse, cell);
    }
    case ColumnKind::Duration: return NumberOr<int64_t>(type, text, rulelib::ParseDuration, cell);
    case ColumnKind::Decimal: return ReadDecimal(type, text, cell);
    case ColumnKind::Uuid: return Fits(UuidFromText(text, cell), RULERT_DECODE_UUID);
    case ColumnKind::List:
    case ColumnKind::Map:
    case ColumnKind::Record:
    case ColumnKind::Union: break;
  }
  return RULERT_DECODE_TYPE;
}

std::string Quoted(std::string_view text) {
  if (text.size() <= kShown) return "`" + std::string(text) + "`";
  return "`" + std::string(text.substr(0, avro::ValidUtf8Prefix(text.substr(0, kShown)))) + "...`";
}

std::string Wanted(const CellType& type) {
  switch (type.kind) {
    case ColumnKind::Bool: return "true or false";
    case ColumnKind::Int: return "an int (a whole number of 32 bits)";
    case ColumnKind::Long: return "a long (a whole number of 64 bits)";
    case ColumnKind::Float: return "a float";
    case ColumnKind::Double: return "a double";
    case ColumnKind::String: return "a string";
    case ColumnKind::Bytes:
      return (type.fixed_size != 0 ? std::to_string(type.fixed_size) + " bytes" : std::string("bytes")) +
             " (a text of code points up to U+00FF)";
    case ColumnKind::Enum: {
      std::string text = "one of ";
      for (size_t i = 0; i < type.symbols.size() && i < kSymbolsShown; ++i)
        text += (i != 0 ? ", " : "") + type.symbols[i];
      return text + (type.symbols.size() > kSymbolsShown ? ", ..." : "");
    }
    case ColumnKind::Date: return "a date (as `2024-05-01`, or days since 1970)";
    case ColumnKind::TimeOfDay: return "a time of day (as `12:30:00`, or a number of the schema's unit)";
    case ColumnKind::Timestamp: return "a timestamp (as `2024-05-01T12:30:00Z`, or a number of the schema's unit)";
    case ColumnKind::Duration: return "a duration (as `1h30m`, or microseconds)";
    case ColumnKind::Decimal:
      return "a decimal of at most " + std::to_string(type.precision) + " digits, " + std::to_string(type.scale) +
             " of them behind the point";
    case ColumnKind::Uuid: return "a uuid";
    case ColumnKind::List: return "a list";
    case ColumnKind::Map: return "a map";
    case ColumnKind::Record: return "a record";
    case ColumnKind::Union: return "a value of a union";
  }
  return "";
}

std::string PlainTextProblem(const CellType& type, std::string_view text, uint32_t error) {
  if (error == RULERT_DECODE_MEMORY) return std::string(DecodeErrorText(error));
  return Quoted(text) + " is not " + Wanted(type);
}

}  // namespace rulert
