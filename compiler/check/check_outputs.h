// Outputs: the fields that they have, and how what rules emit fits them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/context.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct EmittedField {
  std::string name;
  Span span;  // of the name, or of the value that it is taken from
  typed::ExprPtr value;
};

class OutputTable {
 public:
  explicit OutputTable(Context& context) : context_(context) {}

  void Declare(const ast::OutputDecl& decl, const std::string& package);

  // Index into Program::outputs of what an emit names; a new output if it is the first. Nothing if no rule may emit to
  // it (told).
  std::optional<uint32_t> Find(const ast::Name& name, const std::string& package);
  // The type that a field has, as far as that is known yet; or null.
  const Type* Expected(uint32_t output, const std::string& field) const;
  // Puts fields into the output's order and tells what does not fit.
  void Place(std::vector<EmittedField> fields, typed::Emit* emit);
  // Brings the emits to undeclared outputs to the types that all of them agree on.
  void Finish();

 private:
  struct State {
    bool declared = false;
    bool broken = false;  // its schema cannot be written: nothing is told of its fields
    bool known = false;   // fields are known: declared, or emitted once
    Span first_emit;
  };

  void ReadSchema(typed::Output& output, State& state, const typed::Schema& schema);
  std::string WhyUnfit(const avro::Field& field) const;
  void PlaceDeclared(std::vector<EmittedField> fields, typed::Emit* emit);
  void PlaceUndeclared(std::vector<EmittedField> fields, typed::Emit* emit);
  void PlaceFirst(std::vector<EmittedField> fields, typed::Emit* emit);
  typed::ExprPtr Missing(const typed::Output& output, const typed::OutputField& field, Span span);
  typed::ExprPtr Fit(const typed::Output& output, const typed::OutputField& field, typed::ExprPtr value);
  bool TellDisagreement(const State& state, const typed::Output& output, Span at, const std::string& what);

  Context& context_;
  std::vector<State> states_;               // by output
  std::set<std::string> hidden_by_stream_;  // declared with the name of a stream, which has been told
};

}  // namespace rulec::check
