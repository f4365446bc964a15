#include "compiler/check/library_types.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using rulelib::Kind;
using typed::Intrinsic;

struct NamedIntrinsic {
  std::string_view name;
  Intrinsic intrinsic;
};

constexpr NamedIntrinsic kLambda[] = {{"any", Intrinsic::Any},   {"all", Intrinsic::All},
                                      {"map", Intrinsic::Map},   {"filter", Intrinsic::Filter},
                                      {"find", Intrinsic::Find}, {"count_if", Intrinsic::CountIf}};
constexpr NamedIntrinsic kLists[] = {
    {"contains", Intrinsic::Contains}, {"index_of", Intrinsic::IndexOf}, {"first", Intrinsic::First},
    {"last", Intrinsic::Last},         {"values", Intrinsic::Values},    {"get", Intrinsic::Get},
    {"has_key", Intrinsic::HasKey},    {"reverse", Intrinsic::Reverse},  {"distinct", Intrinsic::Distinct},
    {"sort", Intrinsic::Sort},         {"flatten", Intrinsic::Flatten},  {"list_sum", Intrinsic::Sum},
    {"list_min", Intrinsic::Min},      {"list_max", Intrinsic::Max},     {"sum", Intrinsic::Sum},
    {"min", Intrinsic::Min},           {"max", Intrinsic::Max}};

// Names that mean something else over lists. In rules with aggregates they mean rows.
struct Alias {
  std::string_view name;
  std::string_view of_lists;
};
constexpr Alias kAliases[] = {{"size", "length"},        {"count", "length"},           {"sum", "list_sum"},
                              {"avg", "list_avg"},       {"min", "list_min"},           {"max", "list_max"},
                              {"median", "list_median"}, {"quantile", "list_quantile"}, {"variance", "list_variance"},
                              {"stddev", "list_stddev"}};
constexpr std::string_view kAggregates[] = {"count",    "sum",      "avg",        "min",
                                            "max",      "first",    "last",       "arg_min",
                                            "arg_max",  "variance", "stddev",     "count_distinct",
                                            "quantile", "median",   "top_k",      "collect",
                                            "any",      "all",      "string_agg", "approx_count_distinct"};
constexpr std::string_view kForms[] = {"record", "map", "present", "decimal", "try_decimal", "least", "greatest"};

template <size_t N>
std::optional<Intrinsic> Find(const NamedIntrinsic (&table)[N], std::string_view name) {
  for (const NamedIntrinsic& known : table) {
    if (known.name == name) return known.intrinsic;
  }
  return std::nullopt;
}

TypeKind KindOf(Kind kind) {
  switch (kind) {
    case Kind::Bool: return TypeKind::Bool;
    case Kind::Int: return TypeKind::Int;
    case Kind::Long: return TypeKind::Long;
    case Kind::Float: return TypeKind::Float;
    case Kind::Double: return TypeKind::Double;
    case Kind::Decimal: return TypeKind::Decimal;
    case Kind::Bytes: return TypeKind::Bytes;
    case Kind::Date: return TypeKind::Date;
    case Kind::TimeOfDay: return TypeKind::TimeOfDay;
    case Kind::Timestamp: return TypeKind::Timestamp;
    case Kind::Duration: return TypeKind::Duration;
    case Kind::Uuid: return TypeKind::Uuid;
    default: return TypeKind::String;
  }
}

// Of one kind to another; -1: not without being told.
int Steps(TypeKind from, TypeKind to) {
  if (from == to) return 0;
  if (from == TypeKind::Int && to == TypeKind::Long) return 1;
  if (from == TypeKind::Float && to == TypeKind::Double) return 1;
  if (from == TypeKind::Int && to == TypeKind::Double) return 2;
  if (from == TypeKind::Long && to == TypeKind::Double) return 2;
  return -1;
}

int CostOfItems(const rulelib::Parameter& parameter, const typed::Expr& argument) {
  const TypeKind kind = parameter.kind == Kind::List ? TypeKind::List : TypeKind::Map;
  if (argument.type.kind != kind) return -1;
  if (parameter.element == Kind::Any) return 0;
  const Type& element = ElementOf(argument.type);
  if (element.nullable) return -1;
  const int steps = Steps(element.kind, KindOf(parameter.element));
  return steps > 0 && kind == TypeKind::Map ? -1 : steps;
}

}  // namespace

std::optional<Intrinsic> LambdaFunction(std::string_view name) { return Find(kLambda, name); }
std::optional<Intrinsic> ListFunction(std::string_view name) { return Find(kLists, name); }

const std::vector<std::string_view>& FunctionNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all(rulelib::FunctionNames().begin(), rulelib::FunctionNames().end());
    for (const NamedIntrinsic& known : kLambda) all.push_back(known.name);
    for (const NamedIntrinsic& known : kLists) all.push_back(known.name);
    for (const Alias& alias : kAliases) all.push_back(alias.name);
    all.insert(all.end(), std::begin(kForms), std::end(kForms));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }();
  return names;
}

bool IsFunctionName(std::string_view name) {
  return std::binary_search(FunctionNames().begin(), FunctionNames().end(), name);
}

bool IsAggregateName(std::string_view name) {
  return std::find(std::begin(kAggregates), std::end(kAggregates), name) != std::end(kAggregates);
}

std::string_view LibraryName(std::string_view name, const std::vector<typed::ExprPtr>& arguments) {
  const bool items = !arguments.empty() &&
                     (arguments.front()->type.kind == TypeKind::List || arguments.front()->type.kind == TypeKind::Map);
  const bool time = !arguments.empty() && arguments.front()->type.kind == TypeKind::Timestamp;
  if (time && name == "date") return "to_date";
  if (time && name == "timeofday") return "to_timeofday";
  for (const Alias& alias : kAliases) {
    if (alias.name == name && (items || rulelib::FunctionsNamed(name).empty())) return alias.of_lists;
  }
  return name;
}

Type TypeOfParameter(const rulelib::Parameter& parameter) {
  if (parameter.kind == Kind::List) return ListOf({KindOf(parameter.element)});
  if (parameter.kind == Kind::Map) return MapOf({KindOf(parameter.element)});
  return {KindOf(parameter.kind)};
}

std::string ParameterPhrase(const rulelib::Parameter& parameter) {
  if (parameter.kind == Kind::Decimal) return "a decimal";
  if (parameter.kind == Kind::List && parameter.element == Kind::Any) return "a list";
  if (parameter.kind == Kind::Map && parameter.element == Kind::Any) return "a map";
  if (parameter.element == Kind::Decimal) return "a list of decimals";
  return TypePhrase(TypeOfParameter(parameter));
}

int CostOf(const rulelib::Parameter& parameter, const typed::Expr& argument) {
  if (argument.type.kind == TypeKind::Null) return -1;
  if (parameter.kind == Kind::List || parameter.kind == Kind::Map) return CostOfItems(parameter, argument);
  return Steps(argument.type.kind, KindOf(parameter.kind));
}

int CostOf(const rulelib::FunctionRow& row, const std::vector<typed::ExprPtr>& arguments) {
  if (row.parameters.size() != arguments.size()) return -1;
  int all = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const int cost = CostOf(row.parameters[i], *arguments[i]);
    if (cost < 0) return -1;
    all += cost;
  }
  return all;
}

typed::ExprPtr ToParameter(Context& context, typed::ExprPtr argument, const rulelib::Parameter& parameter) {
  if (parameter.kind == Kind::Decimal || parameter.element == Kind::Decimal) return argument;
  const bool items = parameter.kind == Kind::List || parameter.kind == Kind::Map;
  if (items && parameter.element == Kind::Any) return argument;
  return Convert(context, std::move(argument), TypeOfParameter(parameter));
}

}  // namespace rulec::check
