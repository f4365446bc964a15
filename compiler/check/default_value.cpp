#include "compiler/check/default_value.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

namespace rulec::check {
namespace {

using typed::Value;

std::optional<Value> WholeNumber(const nlohmann::json& json, TypeKind kind) {
  if (!json.is_number_integer()) return std::nullopt;
  if (json.is_number_unsigned() && json.get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()}) {
    return std::nullopt;
  }
  const auto value = json.get<int64_t>();
  const bool fits = value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
  if (kind == TypeKind::Int && !fits) return std::nullopt;
  return Value{.integer = value};
}

std::optional<Value> Symbol(const nlohmann::json& json, const avro::Schema& schema) {
  if (!json.is_string()) return std::nullopt;
  const auto found = std::find(schema.symbols.begin(), schema.symbols.end(), json.get<std::string>());
  if (found == schema.symbols.end()) return std::nullopt;
  return Value{.integer = found - schema.symbols.begin()};
}

}  // namespace

std::optional<Value> DefaultValue(const std::string& text, const Type& type) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  if (json.is_null()) return type.nullable ? std::optional(Value{.is_null = true}) : std::nullopt;
  switch (type.kind) {
    case TypeKind::Bool: return json.is_boolean() ? std::optional(Value{.boolean = json.get<bool>()}) : std::nullopt;
    case TypeKind::Int:
    case TypeKind::Long:
    case TypeKind::Timestamp: return WholeNumber(json, type.kind);
    case TypeKind::Double: return json.is_number() ? std::optional(Value{.number = json.get<double>()}) : std::nullopt;
    case TypeKind::String:
      return json.is_string() ? std::optional(Value{.text = json.get<std::string>()}) : std::nullopt;
    case TypeKind::Enum: return Symbol(json, *type.schema);
    default: return std::nullopt;
  }
}

}  // namespace rulec::check
