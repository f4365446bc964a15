// What the envelope of emitted records, `_meta`, says of their rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "runtime/record/cell_type.h"

namespace rulert {

// What is constant for one emit of one rule.
struct MetaSpec {
  // `name` is the rule's with its package; it and `rule` outlive what is made of them.
  MetaSpec(const RuleSpec& rule, std::string_view name, const std::string& stream, bool has_time, uint32_t emit);

  rulert_string rule;
  rulert_string severity{};
  int32_t version;
  bool has_severity;
  bool has_time;
  bool expands;           // do rows have the numbers of the items that they came from?
  std::string id_prefix;  // the constant part of what the id is a hash of
  std::vector<CellType> keys;
};

}  // namespace rulert
