#include <charconv>
#include <cmath>

#include "avro/datum.h"
#include "avro/float_bits.h"

namespace avro {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscaped(unsigned char c, std::string* out) {
  *out += "\\u00";
  *out += kHex[c >> 4];
  *out += kHex[c & 15];
}

// Text stays UTF-8; of bytes each one beyond ASCII becomes \u00XX.
void AppendQuoted(std::string_view text, bool is_text, std::string* out) {
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n' && is_text) {
      *out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_text)) {
      AppendEscaped(byte, out);
    } else {
      *out += c;
    }
  }
  *out += '"';
}

// The shortest digits that read back as the same number.
void AppendNumber(const Schema& schema, double number, std::string* out) {
  if (std::isnan(number)) {
    *out += "\"NaN\"";
  } else if (std::isinf(number)) {
    *out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char digits[40];
    const auto end = schema.kind == Kind::Float ? std::to_chars(digits, digits + sizeof(digits), NarrowDouble(number))
                                                : std::to_chars(digits, digits + sizeof(digits), number);
    out->append(digits, end.ptr);
  }
}

void Append(const Schema& schema, const Datum& datum, std::string* out);

void AppendRecord(const Schema& schema, const Datum& datum, std::string* out) {
  *out += '{';
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    if (i > 0) *out += ',';
    AppendQuoted(schema.fields[i].name, true, out);
    *out += ':';
    Append(*schema.fields[i].type, datum.items[i], out);
  }
  *out += '}';
}

void AppendItems(const Schema& schema, const Datum& datum, std::string* out) {
  const bool map = schema.kind == Kind::Map;
  *out += map ? '{' : '[';
  for (size_t i = 0; i < datum.items.size(); ++i) {
    if (i > 0) *out += ',';
    if (map) {
      AppendQuoted(datum.keys[i], true, out);
      *out += ':';
    }
    Append(*schema.items, datum.items[i], out);
  }
  *out += map ? '}' : ']';
}

void Append(const Schema& schema, const Datum& datum, std::string* out) {
  switch (schema.kind) {
    case Kind::Null: *out += "null"; return;
    case Kind::Bool: *out += datum.boolean ? "true" : "false"; return;
    case Kind::Int:
    case Kind::Long: *out += std::to_string(datum.integer); return;
    case Kind::Float:
    case Kind::Double: AppendNumber(schema, datum.number, out); return;
    case Kind::Bytes:
    case Kind::Fixed: AppendQuoted(datum.text, false, out); return;
    case Kind::String: AppendQuoted(datum.text, true, out); return;
    case Kind::Enum: AppendQuoted(schema.symbols[static_cast<size_t>(datum.integer)], true, out); return;
    case Kind::Record: AppendRecord(schema, datum, out); return;
    case Kind::Array:
    case Kind::Map: AppendItems(schema, datum, out); return;
    case Kind::Union: Append(*schema.branches[static_cast<size_t>(datum.branch)], datum, out); return;
  }
}

}  // namespace

std::string DatumToJson(const Schema& schema, const Datum& datum) {
  std::string out;
  Append(schema, datum, &out);
  return out;
}

}  // namespace avro
