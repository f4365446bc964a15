#include "compiler/check/default_value.h"

#include <utility>

#include "avro/datum.h"
#include "avro/default_value.h"
#include "compiler/types/avro_type.h"
#include "stdlib/support.h"

namespace rulec::check {
namespace {

using avro::Datum;
using typed::Value;

// Two's complement, the most significant byte first.
bool DecimalOf(const std::string& bytes, typed::Int128* out) {
  if (bytes.empty()) {
    *out = 0;
    return true;
  }
  const bool negative = (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
  typed::Int128 value = negative ? -1 : 0;
  const char filler = negative ? '\xff' : '\0';
  size_t first = 0;
  while (bytes.size() - first > 16 && bytes[first] == filler) ++first;
  if (bytes.size() - first > 16) return false;
  for (; first < bytes.size(); ++first) value = value * 256 + static_cast<unsigned char>(bytes[first]);
  *out = value;
  return true;
}

// A number of its logical type's unit as microseconds; false if it does not fit.
bool Micros(avro::Logical logical, int64_t number, int64_t* out) {
  switch (logical) {
    case avro::Logical::TimeMillis:
    case avro::Logical::TimestampMillis:
    case avro::Logical::LocalTimestampMillis: return !__builtin_mul_overflow(number, int64_t{1000}, out);
    case avro::Logical::TimestampNanos:
    case avro::Logical::LocalTimestampNanos: *out = number / 1000 - (number % 1000 < 0 ? 1 : 0); return true;
    default: *out = number; return true;
  }
}

bool Convert(const avro::Schema& schema, Datum&& datum, Value* out);

bool ConvertUnion(const avro::Schema& schema, Datum&& datum, Value* out) {
  const auto chosen = static_cast<size_t>(datum.branch);
  const avro::Schema& branch = *schema.branches[chosen];
  if (branch.kind == avro::Kind::Null) {
    out->is_null = true;
    return true;
  }
  Value inner;
  if (!Convert(branch, std::move(datum), &inner)) return false;
  if (TypeOf(schema).kind != TypeKind::Union) {
    *out = std::move(inner);
    return true;
  }
  const int null_branch = schema.NullBranch();
  out->integer = static_cast<int64_t>(chosen) - (null_branch >= 0 && null_branch < datum.branch ? 1 : 0);
  out->items.push_back(std::move(inner));
  return true;
}

bool Convert(const avro::Schema& schema, Datum&& datum, Value* out) {
  switch (schema.kind) {
    case avro::Kind::Null: out->is_null = true; return true;
    case avro::Kind::Bool: out->boolean = datum.boolean; return true;
    case avro::Kind::Int:
    case avro::Kind::Long: return Micros(schema.logical, datum.integer, &out->integer);
    case avro::Kind::Enum: out->integer = datum.integer; return true;
    case avro::Kind::Float:
    case avro::Kind::Double: out->number = datum.number; return true;
    case avro::Kind::String:
    case avro::Kind::Bytes:
    case avro::Kind::Fixed:
      if (schema.logical == avro::Logical::Decimal) return DecimalOf(datum.text, &out->decimal);
      out->text = std::move(datum.text);
      if (schema.kind == avro::Kind::String && schema.logical == avro::Logical::Uuid) {
        const std::string text = std::move(out->text);
        out->text.assign(16, '\0');
        return rule_uuid_from_text(text.data(), text.size(), reinterpret_cast<uint8_t*>(out->text.data())) != 0;
      }
      return true;
    case avro::Kind::Array:
    case avro::Kind::Map:
      out->keys = std::move(datum.keys);
      for (Datum& item : datum.items) {
        if (!Convert(*schema.items, std::move(item), &out->items.emplace_back())) return false;
      }
      return true;
    case avro::Kind::Record:
      for (size_t i = 0; i < datum.items.size(); ++i) {
        if (!Convert(*schema.fields[i].type, std::move(datum.items[i]), &out->items.emplace_back())) return false;
      }
      return true;
    case avro::Kind::Union: return ConvertUnion(schema, std::move(datum), out);
  }
  return false;
}

}  // namespace

std::optional<Value> DefaultValue(const avro::Field& field) {
  if (!field.default_json) return std::nullopt;
  Datum datum;
  Value value;
  if (!avro::DefaultBuilder().Build(field, &datum).empty()) return std::nullopt;
  if (!Convert(*field.type, std::move(datum), &value)) return std::nullopt;
  return value;
}

}  // namespace rulec::check
