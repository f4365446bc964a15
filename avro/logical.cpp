#include "avro/logical.h"

#include <cmath>

namespace avro {
namespace {

constexpr uint32_t kUuidSize = 16;
constexpr uint32_t kDurationSize = 12;

Logical LogicalByName(std::string_view name) {
  for (int i = 1; i <= static_cast<int>(Logical::Duration); ++i) {
    if (LogicalName(static_cast<Logical>(i)) == name) return static_cast<Logical>(i);
  }
  return Logical::None;
}

// The most decimal digits that `size` bytes of two's complement always hold.
int64_t MaxPrecision(uint32_t size) {
  if (size == 0) return 0;
  return static_cast<int64_t>(std::floor(std::log10(2.0) * (8.0 * size - 1)));
}

bool ReadDecimal(const JsonValue& json, Schema* schema) {
  const JsonValue* precision = json.Find("precision");
  const JsonValue* scale = json.Find("scale");
  if (precision == nullptr || precision->type != JsonValue::Type::Integer) return false;
  if (scale != nullptr && scale->type != JsonValue::Type::Integer) return false;
  const int64_t digits = precision->integer;
  const int64_t after_point = scale == nullptr ? 0 : scale->integer;
  if (digits < 1 || digits > INT32_MAX || after_point < 0 || after_point > digits) return false;
  if (schema->kind == Kind::Fixed && digits > MaxPrecision(schema->size)) return false;
  if (schema->kind != Kind::Fixed && schema->kind != Kind::Bytes) return false;
  schema->precision = static_cast<int>(digits);
  schema->scale = static_cast<int>(after_point);
  return true;
}

bool Fits(Logical logical, const JsonValue& json, Schema* schema) {
  switch (logical) {
    case Logical::None: return false;
    case Logical::Date:
    case Logical::TimeMillis: return schema->kind == Kind::Int;
    case Logical::Decimal: return ReadDecimal(json, schema);
    case Logical::Uuid:
      return schema->kind == Kind::String || (schema->kind == Kind::Fixed && schema->size == kUuidSize);
    case Logical::Duration: return schema->kind == Kind::Fixed && schema->size == kDurationSize;
    default: return schema->kind == Kind::Long;
  }
}

}  // namespace

void ApplyLogicalType(const JsonValue& json, Schema* schema) {
  const JsonValue* name = json.Find("logicalType");
  if (name == nullptr || !name->is_string()) return;
  const Logical logical = LogicalByName(name->text);
  if (Fits(logical, json, schema)) schema->logical = logical;
}

}  // namespace avro
