// The kinds of parameters that rows of functions.def name, and how each is passed in C.
#pragma once

#include <cstdint>

#include "stdlib/value.h"

namespace rulelib {

enum class Kind : uint8_t {
  // Types of the language.
  Bool,
  Int,
  Long,
  Float,
  Double,
  Decimal,
  String,
  Bytes,
  Date,
  TimeOfDay,
  Timestamp,
  Duration,
  Uuid,
  List,  // of Parameter::element; its items are not nullable
  Map,
  Any,  // as an element alone: whatever the list or map holds, nullable or not
  // Strings that must be constant (a literal or a param), prepared when a rule is loaded (rulert::Prepared).
  Regex,
  Like,
  Zone,
  TimeFormat,
  StringSet,
  // Arguments in C that the language does not show (value.h).
  Context,
  DecimalForm,
  Valid
};

constexpr bool IsPrepared(Kind kind) { return kind >= Kind::Regex && kind <= Kind::StringSet; }
constexpr bool IsHidden(Kind kind) { return kind >= Kind::Context; }

// The names that functions.def uses for types. A tag is never made; Passed<Tag>::C is what stands in the C signature.
namespace tag {

#define RULELIB_TAG(name, c_type)               \
  struct name {                                 \
    static constexpr Kind kKind = Kind::name;   \
    static constexpr Kind kElement = Kind::Any; \
    static constexpr bool kByPointer = false;   \
    using C = c_type;                           \
  };
RULELIB_TAG(Bool, uint8_t)
RULELIB_TAG(Int, int32_t)
RULELIB_TAG(Long, int64_t)
RULELIB_TAG(Float, float)
RULELIB_TAG(Double, double)
RULELIB_TAG(Decimal, RuleDecimal)
RULELIB_TAG(String, RuleString)
RULELIB_TAG(Bytes, RuleString)
RULELIB_TAG(Date, int32_t)
RULELIB_TAG(TimeOfDay, int64_t)
RULELIB_TAG(Timestamp, int64_t)
RULELIB_TAG(Duration, int64_t)
RULELIB_TAG(Uuid, RuleUuid)
RULELIB_TAG(Any, void)
RULELIB_TAG(Regex, const void*)
RULELIB_TAG(Like, const void*)
RULELIB_TAG(Zone, const void*)
RULELIB_TAG(TimeFormat, const void*)
RULELIB_TAG(StringSet, const void*)
RULELIB_TAG(Context, rulert_context*)
RULELIB_TAG(DecimalForm, uint32_t)
RULELIB_TAG(Valid, uint8_t)
#undef RULELIB_TAG

struct StringPointer {
  static constexpr Kind kKind = Kind::String;
  static constexpr Kind kElement = Kind::Any;
  static constexpr bool kByPointer = true;
  using C = const rulert_string*;
};

template <class Element>
struct ListOf {
  static constexpr Kind kKind = Kind::List;
  static constexpr Kind kElement = Element::kKind;
  static constexpr bool kByPointer = false;
  using C = RuleList;
};

template <class Element>
struct MapOf {
  static constexpr Kind kKind = Kind::Map;
  static constexpr Kind kElement = Element::kKind;
  static constexpr bool kByPointer = false;
  using C = RuleList;
};

}  // namespace tag

// Long(Context, String) -> int64_t(rulert_context*, RuleString)
template <class Function>
struct InC;
template <class Result, class... Arguments>
struct InC<Result(Arguments...)> {
  using Signature = typename Result::C(typename Arguments::C...);
};

}  // namespace rulelib
