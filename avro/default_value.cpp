#include "avro/default_value.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "avro/float_bits.h"
#include "avro/limits.h"
#include "avro/number_text.h"

namespace avro {
namespace {

constexpr size_t kBytesPerStep = 64;

}  // namespace

std::string DefaultBuilder::Build(const Field& field, Datum* out) {
  limit_ = false;
  if (FieldDefault(field, 0, out)) return "";
  if (!limit_) return "the default of `" + field.name + "` does not fit its type";
  return "the default of `" + field.name + "` is too large: more than " + WithCommas(uint64_t{kMaxSteps}) +
         " values or " + std::to_string(CurrentLimits().datum_depth) + " levels";
}

bool DefaultBuilder::FieldDefault(const Field& field, int depth, Datum* out) {
  JsonValue json;
  // Text costs time however few values stand in it, and may be read many times over.
  steps_ += field.default_json ? field.default_json->size() / kBytesPerStep : 0;
  limit_ = limit_ || steps_ > kMaxSteps;
  if (limit_ || !field.default_json || !ParseJsonTree(*field.default_json, &json).message.empty()) return false;
  return Value(*field.type, json, depth, out);
}

bool DefaultBuilder::Value(const Schema& schema, const JsonValue& json, int depth, Datum* out) {
  limit_ = limit_ || ++steps_ > kMaxSteps || depth > CurrentLimits().datum_depth;
  if (limit_) return false;
  out->kind = schema.kind;
  switch (schema.kind) {
    case Kind::Null: return json.type == JsonValue::Type::Null;
    case Kind::Bool: out->boolean = json.boolean; return json.type == JsonValue::Type::Bool;
    case Kind::Int:
    case Kind::Long:
    case Kind::Float:
    case Kind::Double: return Number(schema, json, out);
    case Kind::String: out->text = json.text; return json.is_string();
    case Kind::Bytes:
    case Kind::Fixed: return Bytes(schema, json, out);
    case Kind::Enum: return Symbol(schema, json, out);
    case Kind::Array:
    case Kind::Map: return Items(schema, json, depth, out);
    case Kind::Union: return Branch(schema, json, depth, out);
    case Kind::Record: return Record(schema, json, depth, out);
  }
  return false;
}

// Avro 1.12 lets the default be of any branch; the first that it fits is meant.
bool DefaultBuilder::Branch(const Schema& schema, const JsonValue& json, int depth, Datum* out) {
  for (size_t i = 0; i < schema.branches.size(); ++i) {
    *out = {};
    if (Value(*schema.branches[i], json, depth, out)) {
      out->branch = static_cast<int32_t>(i);
      return true;
    }
  }
  return false;
}

bool DefaultBuilder::Number(const Schema& schema, const JsonValue& json, Datum* out) {
  const bool whole = json.type == JsonValue::Type::Integer;
  if (schema.kind == Kind::Float || schema.kind == Kind::Double) {
    out->number = schema.kind == Kind::Double ? json.number : WidenFloat(NarrowDouble(json.number));
    return whole || json.type == JsonValue::Type::Huge || json.type == JsonValue::Type::Double;
  }
  out->integer = json.integer;
  return whole && (schema.kind == Kind::Long || (json.integer >= std::numeric_limits<int32_t>::min() &&
                                                 json.integer <= std::numeric_limits<int32_t>::max()));
}

// Bytes in JSON are text of code points 0 to 255, one for each byte.
bool DefaultBuilder::Bytes(const Schema& schema, const JsonValue& json, Datum* out) {
  if (!json.is_string()) return false;
  for (size_t i = 0; i < json.text.size(); ++i) {
    auto byte = static_cast<unsigned char>(json.text[i]);
    if (byte >= 0x80) {
      if ((byte != 0xC2 && byte != 0xC3) || ++i == json.text.size()) return false;
      byte = static_cast<unsigned char>(((byte & 3) << 6) | (static_cast<unsigned char>(json.text[i]) & 0x3F));
    }
    out->text += static_cast<char>(byte);
  }
  return schema.kind == Kind::Bytes || out->text.size() == schema.size;
}

bool DefaultBuilder::Symbol(const Schema& schema, const JsonValue& json, Datum* out) {
  const auto symbol = std::find(schema.symbols.begin(), schema.symbols.end(), json.text);
  if (!json.is_string() || symbol == schema.symbols.end()) return false;
  out->integer = symbol - schema.symbols.begin();
  return true;
}

bool DefaultBuilder::Items(const Schema& schema, const JsonValue& json, int depth, Datum* out) {
  if (schema.kind == Kind::Array ? !json.is_array() : !json.is_object()) return false;
  for (const JsonValue& item : json.items) {
    if (!Value(*schema.items, item, depth + 1, &out->items.emplace_back())) return false;
  }
  for (const JsonKey& key : json.keys) out->keys.push_back(key.name);
  return true;
}

bool DefaultBuilder::Record(const Schema& schema, const JsonValue& json, int depth, Datum* out) {
  if (!json.is_object()) return false;
  std::unordered_map<std::string_view, const JsonValue*> members;
  for (size_t i = 0; i < json.keys.size(); ++i) members.emplace(json.keys[i].name, &json.items[i]);
  for (const Field& field : schema.fields) {
    Datum* value = &out->items.emplace_back();
    const auto member = members.find(field.name);
    const bool given = member != members.end();
    if (!(given ? Value(*field.type, *member->second, depth + 1, value) : FieldDefault(field, depth + 1, value))) {
      return false;
    }
  }
  return true;
}

}  // namespace avro
