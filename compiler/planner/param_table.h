// The literals and params of one rule, and where each stands in the block that the generated code reads.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/typed/typed.h"

namespace rulec {

class ParamTable {
 public:
  explicit ParamTable(plan::Rule* rule) : rule_(rule) {}

  // Index into Rule::params; equal literals have one. Not of lists, maps, records and unions, which are made of others.
  uint32_t Literal(const Type& type, const typed::Value& value);
  uint32_t Named(const typed::Param& param);
  // What is made ready of a literal, or of a param's text.
  uint32_t PreparedLiteral(rulert::Prepared prepared, const std::string& text);
  uint32_t PreparedNamed(rulert::Prepared prepared, const typed::Param& param);
  uint32_t StringSet(std::vector<std::string> texts);
  // Rising integers behind each other: the index of the first one.
  uint32_t Integers(const Type& type, const std::vector<int64_t>& values);

 private:
  uint32_t Add(rulert::ParamSpec spec);

  plan::Rule* rule_;
  std::map<std::string, uint32_t> literals_;  // by type and value
  std::map<std::string, uint32_t> named_;
};

}  // namespace rulec
