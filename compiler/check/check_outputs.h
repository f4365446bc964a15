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
  bool guessed = false;  // its value is wrong, and so may be the name taken from it
};

class OutputTable {
 public:
  explicit OutputTable(Context& context) : context_(context) {}

  void Declare(const ast::OutputDecl& decl, const std::string& package);
  // The stream that a derive makes.
  void DeclareDerive(const ast::Name& name, const std::string& package);
  // A rule that reads an output or derive finds it as a stream. False if there is none of that name.
  bool MakeStream(const ast::Name& name);

  // Index into Program::outputs of what an emit names; a new output if it is the first. Nothing if no rule may emit to
  // it (told).
  std::optional<uint32_t> Find(const ast::Name& name, const std::string& package);
  // The output of a derive; nothing if its name was taken (told).
  std::optional<uint32_t> OfDerive(const ast::Name& name) const;
  // The type that a field has, as far as that is known yet.
  std::optional<Type> Expected(uint32_t output, const std::string& field) const;
  // Puts fields into the output's order and tells what does not fit. Not `whole`: the name of a field is wrong, which
  // was told; nothing is told then of fields that seem to be missing or too many.
  void Place(std::vector<EmittedField> fields, bool whole, typed::Emit* emit);
  // The last rule that was placed is this one of the program's.
  void Register(uint32_t rule);
  // Every rule that emits to it has been checked: brings all to the types that they agree on.
  void Settle(uint32_t output);
  void Finish();
  // Its rows as rules read them; an Error if they cannot be made sense of. It must be settled.
  Type RowOf(uint32_t output) const;
  void WarnOfUnused();

 private:
  struct State {
    bool declared = false;
    bool broken = false;   // its schema cannot be written: nothing is told of its fields
    bool damaged = false;  // an emit to it is not whole: rules that read it may name any field
    bool known = false;    // fields are known: declared, or emitted once
    bool settled = false;
    bool disagreement_told = false;  // which emit is the wrong one of several, the first one told decides
    bool read = false;               // by a rule
    Span first_emit;
    struct Use {
      uint32_t rule;  // into Program::rules
      uint32_t emit;  // into Rule::emits
    };
    std::vector<Use> uses;
  };

  void ReadSchema(typed::Output& output, State& state, const typed::Schema& schema);
  static std::string WhyUnfit(const avro::Field& field);
  void WarnOfSimilar(const ast::Name& name);
  void PlaceDeclared(std::vector<EmittedField> fields, bool whole, typed::Emit* emit);
  void PlaceUndeclared(std::vector<EmittedField> fields, typed::Emit* emit);
  void PlaceFirst(std::vector<EmittedField> fields, typed::Emit* emit);
  typed::ExprPtr Missing(const typed::Output& output, const typed::OutputField& field, Span span);
  typed::ExprPtr Fit(const typed::Output& output, const typed::OutputField& field, typed::ExprPtr value);
  bool TellDisagreement(State& state, const typed::Output& output, Span at, const std::string& what);

  Context& context_;
  std::vector<State> states_;               // by output
  std::set<std::string> hidden_by_stream_;  // declared with the name of a stream, which has been told
};

}  // namespace rulec::check
