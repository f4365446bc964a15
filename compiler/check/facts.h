// What a condition proves: paths, lets and params that are not null where it holds.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "compiler/typed/typed.h"

namespace rulec::check {

using Facts = std::set<std::string>;

// "field price", "let total": what a fact about `expr` is called. Nothing for what cannot be narrowed.
inline std::optional<std::string> FactName(const typed::Expr& expr) {
  if (const auto* unary = std::get_if<typed::Unary>(&expr.node)) {
    // A number that was widened is null where the number is.
    if (unary->op >= typed::UnaryOp::NotNull) return FactName(*unary->operand);
    return std::nullopt;
  }
  if (const auto* field = std::get_if<typed::FieldRef>(&expr.node)) return "field " + field->path;
  if (const auto* let = std::get_if<typed::LetRef>(&expr.node)) return "let " + std::to_string(let->let);
  if (const auto* param = std::get_if<typed::ParamRef>(&expr.node)) return "param " + std::to_string(param->param);
  return std::nullopt;
}

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
