// Conditions that always hold or never can, by the constants that values are compared with.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct Context;

// What is known of one value where some conditions hold.
struct Range {
  struct Bound {
    Type type;
    typed::Value value;
    bool strict = false;  // it is not the bound itself
    Span span;            // the condition that said so
    std::string nature;   // where no condition did: "an int goes from …"
  };
  Type type;  // of the value before what widens it; Error: of nothing
  bool may_be_null = false;
  bool may_be_value = true;  // else it is null
  bool may_be_nan = false;
  // Of what is neither null nor NaN.
  std::optional<Bound> low, high;
  std::optional<std::set<int64_t>> left;  // the symbols, of an enum; of a bool 0 and 1
  std::vector<Bound> excluded;            // values of another ordered type that it is not
};

// By TermName. What is known of a value is shared between the places that know it, and never changed.
struct Ranges {
  std::map<std::string, std::shared_ptr<const Range>> of;
  bool impossible = false;  // no event comes here: nothing more is told
};

// A value that has the same worth wherever it stands in a rule: "field price", "length(field symbol)". Nothing for what
// is too long, or holds a lambda.
std::optional<std::string> TermName(const typed::Expr& expr);

// What its type and the function that gives it say of a value.
Range RangeByNature(const typed::Expr& expr);

// Why no value of `expr` equals the constant: "`lower(…)` of it is `abc`"; "" if one may.
std::string WhyNeverEqual(const typed::Expr& expr, const Type& type, const typed::Value& constant);

struct Learned {
  Ranges when_true, when_false;
};
// Tells of the parts of a condition that always or never hold by what is known before it, and adds what it says itself.
Learned LearnFrom(Context& context, const typed::Expr& condition, const Ranges& known);

}  // namespace rulec::check
