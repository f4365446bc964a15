// The table of library functions: what the checker, the lowering, the manual and the editor know of them. The bodies
// are another target (symbols.h), so that this can be had without them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "stdlib/kinds.h"

namespace rulelib {

struct Parameter {
  Kind kind = Kind::Any;
  Kind element = Kind::Any;  // of List and Map
  bool nullable = false;     // the function itself is told about null (a Valid follows)
  bool operator==(const Parameter&) const = default;
};

// One argument of the C function, in order.
struct Argument {
  Kind kind = Kind::Any;
  bool by_pointer = false;  // a 16-byte cell that the caller holds
  int8_t parameter = -1;    // which of FunctionRow::parameters it is, or tells more about; -1 for Context
};

enum Effect : uint8_t {
  Pure = 0,     // no context, and equal arguments give equal results (so do all others, apart from what they allocate)
  MayFail = 1,  // may be a rule error
  MayNull = 2,  // the result is nullable
  Allocates = 4,  // takes memory of the batch; may be a rule error when there is none
};

enum class Nulls : uint8_t {
  NullIfAnyNull,  // the caller does not call if any argument is null; the result is null then
  TakesNull       // nullable parameters are handed over (Parameter::nullable); others as above
};

enum class Group : uint8_t {
  Math,
  Bits,
  Text,
  Patterns,
  Similarity,
  Time,
  Conversion,
  Hashes,
  Encoding,
  Json,
  Network,
  Web,
  Geography,
  Finance,
  Blockchain,
  Lists,
  Identifiers
};
std::string_view GroupTitle(Group group);  // "Text"

// One overload.
struct FunctionRow {
  std::string_view name;
  std::span<const Parameter> parameters;  // as the language sees them
  Parameter result;                     // nullable with MayNull; a Decimal has the type of the first Decimal parameter
  std::span<const Argument> arguments;  // as C sees them
  Nulls nulls = Nulls::NullIfAnyNull;
  uint8_t effects = Pure;  // of Effect
  const char* symbol = "";
  Group group = Group::Math;
  std::string_view documentation;  // one line
  std::string_view example;        // an expression of the rule language
  std::string_view result_of_example;

  bool takes_context() const { return effects != Pure; }
};

// All rows, in the order of functions.def; overloads of a name need not stand together there.
std::span<const FunctionRow> Functions();
// The overloads of a name, in the order of functions.def; empty if there is none.
std::span<const FunctionRow* const> FunctionsNamed(std::string_view name);
// All names, sorted, each once.
std::span<const std::string_view> FunctionNames();

// "string", "list<long>", "zone": as messages and the manual write it.
std::string_view KindName(Kind kind);

}  // namespace rulelib
