// What a condition proves: paths, lets and params that are not null where it holds, branches of unions, fields that the
// writer's schema has.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "compiler/typed/typed.h"

namespace rulec::check {

using Facts = std::set<std::string>;

// "field price", "let 2": what a fact about `expr` is called. Nothing for what cannot be narrowed. That it is not null
// is the name alone.
std::optional<std::string> FactName(const typed::Expr& expr);
// That the union called `name` is that branch, or null.
inline std::string BranchFact(const std::string& name, uint32_t branch) {
  return "branch " + std::to_string(branch) + " of " + name;
}
// That it is not.
inline std::string OtherBranchFact(const std::string& name, uint32_t branch) {
  return "not branch " + std::to_string(branch) + " of " + name;
}
inline std::string PresentFact(const std::string& path) { return "present " + path; }
// That a test of null, of a type or of presence is wrong, which was told: what it would prove is not known, so nothing
// is told of values that may be null behind it.
inline const std::string kUncertain = "uncertain";

// That `expr` is not null, and so are the records that it lies in.
void AddNotNull(const typed::Expr& expr, Facts* facts);

inline Facts Both(Facts a, const Facts& b) {
  a.insert(b.begin(), b.end());
  return a;
}

inline Facts Common(const Facts& a, const Facts& b) {
  Facts common;
  for (const std::string& fact : a) {
    if (b.contains(fact)) common.insert(fact);
  }
  return common;
}

}  // namespace rulec::check
