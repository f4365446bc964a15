#include "stdlib/functions.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace rulelib {
namespace {

template <class Tag>
constexpr int Words() {
  using C = typename Tag::C;
  if (std::is_floating_point_v<C>) return 0;
  return sizeof(C) > 8 ? 2 : 1;
}

// No 16-byte value may begin behind the fifth word (value.h).
template <class... Arguments>
constexpr bool FitsRegisters() {
  int words = 0;
  bool fits = true;
  ((fits = fits && (Words<Arguments>() < 2 || words + 2 <= 6), words += Words<Arguments>()), ...);
  return fits;
}

template <class... Arguments>
constexpr size_t CountParameters() {
  return (size_t{0} + ... + (IsHidden(Arguments::kKind) ? 0u : 1u));
}

template <class Function>
struct Shape;

template <class Result, class... Arguments>
struct Shape<Result(Arguments...)> {
  static_assert(FitsRegisters<Arguments...>(), "use StringPointer");
  static constexpr size_t kParameters = CountParameters<Arguments...>();

  struct Tables {
    std::array<Parameter, kParameters + 1> parameters{};
    std::array<Argument, sizeof...(Arguments) + 1> arguments{};
  };

  static constexpr Tables Make() {
    Tables tables;
    size_t parameter = 0, argument = 0;
    [[maybe_unused]] auto add = [&](Kind kind, Kind element, bool by_pointer) {
      if (kind == Kind::Valid) tables.parameters[parameter - 1].nullable = true;
      if (!IsHidden(kind)) tables.parameters[parameter++] = {kind, element, false};
      auto number = static_cast<int8_t>(parameter);
      tables.arguments[argument++] = {kind, by_pointer, static_cast<int8_t>(kind == Kind::Context ? -1 : number - 1)};
    };
    (add(Arguments::kKind, Arguments::kElement, Arguments::kByPointer), ...);
    return tables;
  }
  static constexpr Tables kTables = Make();

  static constexpr bool kTakesContext = sizeof...(Arguments) > 0 && kTables.arguments[0].kind == Kind::Context;

  static constexpr FunctionRow Row(std::string_view name, Nulls nulls, uint8_t effects, const char* symbol, Group group,
                                   std::string_view documentation, std::string_view example, std::string_view value) {
    return {name,
            std::span(kTables.parameters).first(kParameters),
            {Result::kKind, Result::kElement, (effects & MayNull) != 0},
            std::span(kTables.arguments).first(sizeof...(Arguments)),
            nulls,
            effects,
            symbol,
            group,
            documentation,
            example,
            value};
  }
};

namespace rows {
using namespace tag;
using enum Nulls;

// Rows whose effects and Context disagree do not build.
#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  static_assert(Shape<result parameters>::kTakesContext == ((effects) != Pure), #symbol);
#include "stdlib/functions.def"
#undef RULE_FUNCTION

constexpr FunctionRow kRows[] = {
#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  Shape<result parameters>::Row(#name, nulls, (effects), #symbol, Group::group, documentation, example, value),
#include "stdlib/functions.def"
#undef RULE_FUNCTION
};
}  // namespace rows

struct Index {
  std::vector<const FunctionRow*> rows;  // by name; within a name in the order of functions.def
  std::vector<std::string_view> names;
};

const Index& TheIndex() {
  static const Index index = [] {
    Index made;
    for (const FunctionRow& row : rows::kRows) made.rows.push_back(&row);
    std::sort(made.rows.begin(), made.rows.end(), [](const FunctionRow* a, const FunctionRow* b) {
      return a->name != b->name ? a->name < b->name : a < b;
    });
    for (const FunctionRow* row : made.rows) {
      if (made.names.empty() || made.names.back() != row->name) made.names.push_back(row->name);
    }
    return made;
  }();
  return index;
}

}  // namespace

std::span<const FunctionRow> Functions() { return rows::kRows; }

std::span<const FunctionRow* const> FunctionsNamed(std::string_view name) {
  const auto& all = TheIndex().rows;
  auto begin = std::partition_point(all.begin(), all.end(), [&](const FunctionRow* row) { return row->name < name; });
  auto end = std::partition_point(begin, all.end(), [&](const FunctionRow* row) { return row->name == name; });
  return {begin, end};
}

std::span<const std::string_view> FunctionNames() { return TheIndex().names; }

std::string_view GroupTitle(Group group) {
  static constexpr std::string_view kTitles[] = {
      "Math", "Bits",    "Text", "Patterns",  "Similarity", "Time",       "Conversion", "Hashes",     "Encoding",
      "JSON", "Network", "Web",  "Geography", "Finance",    "Blockchain", "Lists",      "Identifiers"};
  return kTitles[static_cast<size_t>(group)];
}

std::string_view KindName(Kind kind) {
  static constexpr std::string_view kNames[] = {
      "bool",  "int",       "long",      "float",       "double",     "decimal", "string",       "bytes",
      "date",  "timeofday", "timestamp", "duration",    "uuid",       "list",    "map",          "any",
      "regex", "like",      "zone",      "time format", "string set", "context", "decimal form", "valid"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace rulelib
