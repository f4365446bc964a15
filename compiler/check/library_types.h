// The library's table as the checker sees it: which rows take which arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/context.h"
#include "compiler/typed/typed.h"
#include "stdlib/functions.h"

namespace rulec::check {

// Functions that take a lambda: any, all, map, filter, find, count_if.
std::optional<typed::Intrinsic> LambdaFunction(std::string_view name);
// Functions of lists and maps that the table cannot type: contains, first, sum, …
std::optional<typed::Intrinsic> ListFunction(std::string_view name);
// Is there a function of that name at all?
bool IsFunctionName(std::string_view name);
// Those of rules with state: count_distinct, quantile, …
bool IsAggregateName(std::string_view name);
// All that can be called, apart from what users declare.
const std::vector<std::string_view>& FunctionNames();
// The name in the table of what is called `name` with these arguments: over lists, `avg` is `list_avg`.
std::string_view LibraryName(std::string_view name, const std::vector<typed::ExprPtr>& arguments);

Type TypeOfParameter(const rulelib::Parameter& parameter);
// "a string", "a list<long>"
std::string ParameterPhrase(const rulelib::Parameter& parameter);

// How many steps of widening the argument needs, or -1 if the parameter does not take it.
int CostOf(const rulelib::Parameter& parameter, const typed::Expr& argument);
// Of all arguments; -1 if one is not taken.
int CostOf(const rulelib::FunctionRow& row, const std::vector<typed::ExprPtr>& arguments);
typed::ExprPtr ToParameter(Context& context, typed::ExprPtr argument, const rulelib::Parameter& parameter);

}  // namespace rulec::check
