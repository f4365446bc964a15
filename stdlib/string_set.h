// A prepared set of strings.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/value.h"

namespace rulelib {

// Open addressing, at most half full; built once, read by any thread.
class StringSet {
 public:
  explicit StringSet(std::span<const std::string_view> texts);
  StringSet(const StringSet&) = delete;
  StringSet& operator=(const StringSet&) = delete;
  bool Contains(RuleString text) const;

 private:
  size_t Find(RuleString text) const;  // where it stands, or the free place where it would

  std::string bytes_;  // of the long ones
  std::vector<RuleString> places_;
  std::vector<uint8_t> taken_;
  size_t mask_ = 0;
};

}  // namespace rulelib
