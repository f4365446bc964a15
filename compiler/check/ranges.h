// Conditions that always hold or never can, by the constants that values are compared with.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/check/facts.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct Context;

// What is known of one value: the bounds that conditions gave it.
struct Range {
  struct Bound {
    Type type;
    typed::Value value;
    bool strict = false;  // it is not the bound itself
    Span span;            // the condition that said so
    bool by_type = false;  // the type alone says so
  };
  std::optional<Bound> low, high;
};
using Ranges = std::map<std::string, Range>;  // by FactName

// Looks at a condition that is about to hold, tells of its parts that always or never hold by what `ranges` knows, and
// adds what it says itself.
void LearnFrom(Context& context, const typed::Expr& condition, Ranges* ranges);

}  // namespace rulec::check
