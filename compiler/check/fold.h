// Computes what is known when the rules are compiled, as the generated code would: the same functions of the library,
// the same causes of errors.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/typed/typed.h"
#include "stdlib/invoke.h"

namespace rulec::check {

enum class Outcome : uint8_t {
  Value,
  Error,     // `cause` says which
  NotKnown,  // it depends on events or params, or on what only generated code can do
};

// Evaluates expressions whose fields, params and lets are all constants. One use, one thread.
class Evaluator {
 public:
  Evaluator();
  ~Evaluator();
  Outcome Evaluate(const typed::Expr& expr, typed::Value* value);
  // After Outcome::Error: "division by zero".
  const std::string& cause() const { return cause_; }

 private:
  // Each returns false if outcome_ was set to something else than Value.
  bool Eval(const typed::Expr& expr, typed::Value* out);
  bool Eval(const typed::ExprPtr& expr, typed::Value* out) { return Eval(*expr, out); }
  bool Unary(const typed::Expr& expr, const typed::Unary& node, typed::Value* out);
  bool Binary(const typed::Expr& expr, const typed::Binary& node, typed::Value* out);
  bool Logic(const typed::Binary& node, typed::Value* out);
  bool Arithmetic(const typed::Expr& expr, const typed::Binary& node, const typed::Value& left,
                  const typed::Value& right, typed::Value* out);
  bool Whole(typed::BinaryOp op, TypeKind kind, int64_t left, int64_t right, int64_t* out);
  bool Decimals(const typed::Expr& expr, const typed::Binary& node, const typed::Value& left, const typed::Value& right,
                typed::Value* out);
  bool Pattern(const typed::Binary& node, const typed::Value& left, const typed::Value& right, typed::Value* out);
  bool Format(const typed::Format& node, typed::Value* out);
  bool Index(const typed::Index& node, typed::Value* out);
  bool Slice(const typed::Expr& expr, const typed::Slice& node, typed::Value* out);
  bool Call(const typed::Call& node, const Type& type, typed::Value* out);
  bool IntrinsicCall(const typed::Expr& expr, const typed::IntrinsicCall& node, typed::Value* out);
  bool OverItems(const typed::IntrinsicCall& node, const typed::Value& list, typed::Value* out);
  bool Convert(const Type& from, const Type& to, const typed::Value& value, bool attempt, typed::Value* out);
  bool Aggregate(const typed::Expr& expr, const typed::IntrinsicCall& node, const typed::Value& list,
                 typed::Value* out);

  bool Fail(std::string_view cause);
  bool NotKnown();
  // Takes so many steps of those that one evaluation has.
  bool Spend(uint64_t steps);
  // The outcome of a function of the library.
  bool Took(typed::Value* out);
  bool ToCell(const Type& type, const typed::Value& value, rulelib::Cell* cell);
  bool FromCell(const Type& type, const rulelib::Cell& cell, typed::Value* value);
  void* Memory(size_t bytes);

  Outcome outcome_ = Outcome::Value;
  uint64_t steps_left_ = 0;
  std::string cause_;
  std::unordered_map<uint32_t, typed::Value> variables_;
  std::deque<std::unique_ptr<uint64_t[]>> memory_;
  rulert_host host_{};
  rulert_context context_{};
};

// Values of one type; numbers may also be a decimal and a double. `==` of the language: null equals null. With
// `nan_is_itself` a NaN equals a NaN, as among keys and in `distinct`.
bool EqualValues(const Type& left_type, const Type& right_type, const typed::Value& left, const typed::Value& right,
                 bool nan_is_itself = false);
// The order of `sort`: nulls last, before them NaN.
bool StandsBefore(const Type& type, const typed::Value& left, const typed::Value& right);
// The entries of a map that count, in the order of their keys: of equal keys the last one.
std::vector<size_t> EntriesOf(const typed::Value& map);
// Below, equal to or above 0, of two values of one ordered type that are not null. NaN is neither: `*unordered`.
int CompareValues(const Type& left_type, const Type& right_type, const typed::Value& left, const typed::Value& right,
                  bool* unordered);

// A whole number as a double; false if it is beyond 2^53.
bool ExactDouble(int64_t integer, double* out);

// A number as it is written ("1.50", "5e-2") as the narrowest decimal that holds it; false if 38 digits are too few.
bool DecimalOfDigits(std::string_view digits, Type* type, typed::Int128* value);

}  // namespace rulec::check
