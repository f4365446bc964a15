// Values of expressions that stand outside of rules and constants: the cells of tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/schema_store.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec {

class ConstantExprs {
 public:
  // `files` are a program that compiles. All are to outlive this.
  ConstantExprs(SourceSet& sources, const std::vector<ast::File>& files, SchemaStore& store);
  ~ConstantExprs();

  struct Computed {
    ast::ExprPtr literal;  // made of literals, symbols of enums, lists, `map(…)`, `record(…)` and `date("…")`; or
    std::string error;     // why there is none: "`x` is not defined"
  };
  // The value that the expression has in a file of `package`.
  Computed Compute(const ast::Expr& expr, const std::string& package);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A value as ConstantExprs::Computed has it. Durations, timestamps and times of day are durations there.
ast::ExprPtr LiteralOf(const Type& type, const typed::Value& value, Span span);

}  // namespace rulec
