// What looks at all of an expression and cares for few of its nodes.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "compiler/typed/typed.h"

namespace rulec::typed {

// The expressions directly under `expr`, in the order of evaluation. What is missing is left out.
void ForEachChild(const Expr& expr, const std::function<void(const Expr&)>& visit);

// The expression and all below it.
size_t CountNodes(const Expr& expr);

// Is its value the same whenever it is computed: no field, param, let or variable that is bound outside of it?
bool IsClosed(const Expr& expr);

// The param that it is, whatever is known there of its being null.
std::optional<uint32_t> ParamOf(const Expr& expr);

using VariableMap = std::unordered_map<uint32_t, uint32_t>;
// A copy whose variables are those of `variables`; each that it binds must be there.
ExprPtr Clone(const Expr& expr, const VariableMap& variables);

}  // namespace rulec::typed
