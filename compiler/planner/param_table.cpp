#include "compiler/planner/param_table.h"

#include <bit>

namespace rulec {
namespace {

rulert::ParamSpec SpecOf(const Type& type, const typed::Value& value) {
  rulert::ParamSpec spec;
  spec.column = plan::ColumnOf(type);
  spec.is_null = value.is_null;
  if (value.is_null) return spec;
  spec.boolean = value.boolean;
  spec.integer = value.integer;
  spec.number = value.number;
  spec.text = value.text;
  return spec;
}

// Doubles by their bits: 0 and -0 are two.
std::string IdentityOf(const Type& type, const typed::Value& value) {
  return TypeName(type) + " " + std::to_string(value.integer) + " " +
         std::to_string(std::bit_cast<uint64_t>(value.number)) + " " + value.text;
}

}  // namespace

uint32_t ParamTable::Literal(const Type& type, const typed::Value& value) {
  const auto [at, added] = literals_.try_emplace(IdentityOf(type, value), 0);
  if (added) at->second = Add(SpecOf(type, value));
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

uint32_t ParamTable::Add(rulert::ParamSpec spec) {
  const uint32_t width = rulert::ColumnWidth(spec.column.kind);
  spec.offset = (rule_->params_size + width - 1) / width * width;
  rule_->params_size = spec.offset + width + (spec.column.nullable ? 1 : 0);
  rule_->params.push_back(std::move(spec));
  return static_cast<uint32_t>(rule_->params.size() - 1);
}

}  // namespace rulec
