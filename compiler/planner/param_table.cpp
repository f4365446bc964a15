#include "compiler/planner/param_table.h"

#include <bit>
#include <cstring>

#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulec {
namespace {

std::string UuidText(const std::string& bytes) {
  uint8_t raw[16] = {};
  std::memcpy(raw, bytes.data(), std::min(bytes.size(), sizeof(raw)));
  char text[36];
  rule_uuid_to_text(raw, text);
  return {text, sizeof(text)};
}

rulert::ParamSpec SpecOf(const Type& type, const typed::Value& value) {
  rulert::ParamSpec spec;
  spec.column = plan::ColumnOf(type);
  spec.is_null = value.is_null;
  if (value.is_null) return spec;
  spec.boolean = value.boolean;
  spec.integer = value.integer;
  spec.number = value.number;
  spec.text = value.text;
  if (type.kind == TypeKind::Uuid) spec.text = UuidText(value.text);
  if (type.kind == TypeKind::Decimal) {
    spec.text.clear();
    rulelib::AppendDecimal(value.decimal, type.scale, &spec.text);
  }
  return spec;
}

// Doubles by their bits: 0 and -0 are two.
std::string IdentityOf(const Type& type, const rulert::ParamSpec& spec) {
  return TypeName(type) + " " + std::to_string(spec.integer) + " " +
         std::to_string(std::bit_cast<uint64_t>(spec.number)) + " " + spec.text;
}

rulert::ParamSpec PreparedSpec(rulert::Prepared prepared, const std::string& text) {
  rulert::ParamSpec spec;
  spec.column.kind = rulert::ColumnKind::String;
  spec.prepared = prepared;
  spec.text = text;
  return spec;
}

}  // namespace

uint32_t ParamTable::Literal(const Type& type, const typed::Value& value) {
  rulert::ParamSpec spec = SpecOf(type, value);
  const auto [at, added] = literals_.try_emplace(IdentityOf(type, spec), 0);
  if (added) at->second = Add(std::move(spec));
  return at->second;
}

uint32_t ParamTable::Named(const typed::Param& param) {
  const auto [at, added] = named_.try_emplace(param.name, 0);
  if (added) {
    rulert::ParamSpec spec = SpecOf(param.type, param.value);
    spec.name = param.name;
    at->second = Add(std::move(spec));
  }
  return at->second;
}

uint32_t ParamTable::PreparedLiteral(rulert::Prepared prepared, const std::string& text) {
  const auto [at, added] = literals_.try_emplace(std::string(rulert::PreparedName(prepared)) + " of " + text, 0);
  if (added) at->second = Add(PreparedSpec(prepared, text));
  return at->second;
}

uint32_t ParamTable::PreparedNamed(rulert::Prepared prepared, const typed::Param& param) {
  const auto [at, added] = named_.try_emplace(param.name + " as " + std::string(rulert::PreparedName(prepared)), 0);
  if (added) {
    rulert::ParamSpec spec = PreparedSpec(prepared, param.value.text);
    spec.name = param.name;
    spec.column.nullable = param.type.nullable;
    spec.is_null = param.value.is_null;
    at->second = Add(std::move(spec));
  }
  return at->second;
}

uint32_t ParamTable::StringSet(std::vector<std::string> texts) {
  rulert::ParamSpec spec = PreparedSpec(rulert::Prepared::StringSet, "");
  spec.texts = std::move(texts);
  return Add(std::move(spec));
}

uint32_t ParamTable::Integers(const Type& type, const std::vector<int64_t>& values) {
  const auto first = static_cast<uint32_t>(rule_->params.size());
  for (const int64_t value : values) Add(SpecOf(type, {.integer = value}));
  return first;
}

uint32_t ParamTable::Add(rulert::ParamSpec spec) {
  const uint32_t width = spec.prepared == rulert::Prepared::None ? rulert::ColumnWidth(spec.column.kind) : 8;
  spec.offset = (rule_->params_size + width - 1) / width * width;
  rule_->params_size = spec.offset + width + (spec.column.nullable ? 1 : 0);
  rule_->params.push_back(std::move(spec));
  return static_cast<uint32_t>(rule_->params.size() - 1);
}

}  // namespace rulec
