#include "generate/encode_value.h"

#include <algorithm>

#include "avro/spelling.h"
#include "generate/leaf_sources.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Logical;
using avro::Schema;

std::string Misfit(const Schema& schema, const ShapeValue& value) {
  return std::string(ShapeTypeName(value.type)) + " is no value of " + Describe(schema);
}

std::string EncodeSymbol(const Schema& schema, const ShapeValue& value, EventBuffer* out) {
  if (value.type != ShapeValue::Type::Text) return Misfit(schema, value);
  const auto found = std::find(schema.symbols.begin(), schema.symbols.end(), value.text);
  if (found != schema.symbols.end()) {
    out->PutVarint(found - schema.symbols.begin());
    return "";
  }
  const std::string nearest = avro::NearestWord(value.text, schema.symbols);
  return "`" + value.text + "` is no symbol of " + Describe(schema) +
         (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?");
}

std::string EncodeWhole(const Schema& schema, const ShapeValue& value, EventBuffer* out) {
  const int64_t unit = NanosAUnit(schema.logical);
  if (value.type == ShapeValue::Type::Time && unit > 0) {
    PutWhole(schema, value.whole / unit - (value.whole % unit < 0 ? 1 : 0), *out);
    return "";
  }
  if (value.type != ShapeValue::Type::Whole) return Misfit(schema, value);
  if (schema.kind == Kind::Int && (value.whole < INT32_MIN || value.whole > INT32_MAX)) {
    return "the number is beyond an int";
  }
  out->PutVarint(value.whole);
  return "";
}

std::string EncodeText(const Schema& schema, const ShapeValue& value, EventBuffer* out) {
  if (schema.logical == Logical::Decimal && value.is_number()) {
    PutReal(schema, value.real, *out);
    return "";
  }
  if (value.type != ShapeValue::Type::Text) return Misfit(schema, value);
  if (schema.kind != Kind::Fixed) {
    out->PutText(value.text);
    return "";
  }
  if (value.text.size() != schema.size) {
    return "the string has " + std::to_string(value.text.size()) + " bytes, but " + Describe(schema) + " has " +
           std::to_string(schema.size);
  }
  out->PutRaw(value.text.data(), value.text.size());
  return "";
}

}  // namespace

int64_t NanosAUnit(Logical logical) {
  switch (logical) {
    case Logical::Date: return int64_t{86'400} * 1'000'000'000;
    case Logical::TimeMillis:
    case Logical::TimestampMillis:
    case Logical::LocalTimestampMillis: return 1'000'000;
    case Logical::TimeMicros:
    case Logical::TimestampMicros:
    case Logical::LocalTimestampMicros: return 1'000;
    case Logical::TimestampNanos:
    case Logical::LocalTimestampNanos: return 1;
    default: return 0;
  }
}

std::string EncodeShapeValue(const Schema& schema, const ShapeValue& value, EventBuffer* out) {
  switch (schema.kind) {
    case Kind::Bool:
      if (value.type != ShapeValue::Type::Bool) return Misfit(schema, value);
      out->PutByte(value.boolean ? 1 : 0);
      return "";
    case Kind::Int:
    case Kind::Long: return EncodeWhole(schema, value, out);
    case Kind::Float:
    case Kind::Double:
      if (!value.is_number()) return Misfit(schema, value);
      PutReal(schema, value.real, *out);
      return "";
    case Kind::Enum: return EncodeSymbol(schema, value, out);
    case Kind::String:
    case Kind::Bytes:
    case Kind::Fixed: return EncodeText(schema, value, out);
    default: return Describe(schema) + " has no values that could be listed";
  }
}

}  // namespace rulec::generate
