// The literals and params of one rule, and where each stands in the block that the generated code reads.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "compiler/plan/plan.h"
#include "compiler/typed/typed.h"

namespace rulec {

class ParamTable {
 public:
  explicit ParamTable(plan::Rule* rule) : rule_(rule) {}

  // Index into Rule::params; equal literals have one.
  uint32_t Literal(const Type& type, const typed::Value& value);
  uint32_t Named(const typed::Param& param);

 private:
  uint32_t Add(rulert::ParamSpec spec);

  plan::Rule* rule_;
  std::map<std::string, uint32_t> literals_;  // by type and value
  std::map<std::string, uint32_t> named_;
};

}  // namespace rulec
