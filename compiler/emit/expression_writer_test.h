// For tests: random expressions of the rule language over gen.Event (random_events_test.h), as text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/emit/random_events_test.h"
#include "stdlib/functions.h"

namespace rulec {

// What stands before rules whose expressions it writes: the stream `events`, params and functions.
extern const char* const kExpressionHead;

class ExpressionWriter {
 public:
  // `fields` and `random` must outlive it.
  ExpressionWriter(const std::vector<EventField>& fields, Random& random) : fields_(fields), random_(random) {}

  // An expression of `type`, which is never null if the type is not nullable. Most depend on the event.
  std::string Write(const Type& type, int depth);
  // Of any type.
  std::string WriteAny(int depth);
  // A call of this row of the library with arguments of its types.
  std::string WriteCall(const rulelib::FunctionRow& row, int depth);
  std::string WriteCondition(int depth) { return Write({TypeKind::Bool}, depth); }

 private:
  using Options = std::vector<std::string (ExpressionWriter::*)(const Type&, int)>;
  size_t Below(size_t n) { return random_() % n; }
  bool Chance(int percent) { return random_() % 100 < static_cast<uint64_t>(percent); }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }
  Type AnyType();
  Type AnyList();
  Type AnyMap();
  Type AnyOrdered();
  Type AnyOf(bool (*fits)(const Type&));

  std::string Leaf(const Type& type);
  std::string Literal(const Type& type);
  std::string Text(const std::string& text) const;
  std::string Whole();
  std::string Common(const Type& type, int depth);
  std::string Typed(const Type& type, int depth);

  std::string WriteBool(int depth);
  std::string WriteComparison(int depth);
  std::string WriteIn(int depth);
  std::string WriteNumber(const Type& type, int depth);
  std::string WriteDecimal(int depth);  // of any decimal type
  std::string WriteString(int depth);
  std::string WriteFormat(int depth);
  std::string WriteTime(const Type& type, int depth);
  std::string WriteList(const Type& type, int depth);
  std::string WriteLambda(const char* function, const Type& list, int depth, const Type& body);
  std::string Library(rulelib::Kind result, int depth);
  std::string Argument(const rulelib::Parameter& parameter, int depth);
  Type TypeOfKind(rulelib::Kind kind);

  const std::vector<EventField>& fields_;
  Random& random_;
  std::vector<EventField> variables_;  // parameters of lambdas around
  int next_variable_ = 0;
};

}  // namespace rulec
