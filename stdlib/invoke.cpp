#include "stdlib/invoke.h"

#include <cstdlib>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

using Call = Cell (*)(rulert_context* context, const Cell* arguments);

// Take the cells apart by the function's own type. Context comes first, if at all, and has no cell.
template <class Result, class... Arguments>
Cell Apply(Result (*function)(Arguments...), rulert_context*, [[maybe_unused]] const Cell* cells) {
  return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    return ToCell(function(FromCell<Arguments>(cells[kIndex])...));
  }(std::index_sequence_for<Arguments...>());
}
template <class Result, class... Arguments>
Cell Apply(Result (*function)(rulert_context*, Arguments...), rulert_context* context, const Cell* cells) {
  return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    return ToCell(function(context, FromCell<Arguments>(cells[kIndex])...));
  }(std::index_sequence_for<Arguments...>());
}

template <auto kFunction>
Cell CallIt(rulert_context* context, const Cell* cells) {
  return Apply(kFunction, context, cells);
}

const std::unordered_map<std::string_view, Call>& Calls() {
  static const std::unordered_map<std::string_view, Call> calls = {
#define RULE_FUNCTION(name, parameters, result, nulls, effects, symbol, group, documentation, example, value) \
  {#symbol, &CallIt<&symbol>},
#include "stdlib/functions.def"
#undef RULE_FUNCTION
  };
  return calls;
}

}  // namespace

Cell Invoke(const FunctionRow& row, rulert_context* context, std::span<const Cell> arguments) {
  size_t wanted = row.arguments.size() - (row.takes_context() ? 1 : 0);
  if (arguments.size() != wanted) std::abort();  // a mistake of the caller
  return Calls().at(row.symbol)(context, arguments.data());
}

Cell InvokeWithNulls(const FunctionRow& row, rulert_context* context, std::span<const Cell> values,
                     std::span<const uint8_t> valid, std::span<const uint32_t> forms) {
  std::vector<Cell> arguments;
  size_t next_form = 0;
  for (const Argument& argument : row.arguments) {
    if (argument.kind == Kind::Context) continue;
    auto parameter = static_cast<size_t>(argument.parameter);
    if (argument.kind == Kind::DecimalForm) {
      arguments.push_back(ToCell(forms[next_form++]));
      continue;
    }
    if (argument.kind == Kind::Valid) {
      arguments.push_back(ToCell(valid[parameter]));
      continue;
    }
    if (valid[parameter] == 0 && !row.parameters[parameter].nullable) {
      context->outcome = RULERT_NULL;
      return {};
    }
    const Cell& value = values[parameter];
    arguments.push_back(argument.by_pointer ? ToCell(&value) : value);
  }
  return Invoke(row, context, arguments);
}

}  // namespace rulelib
