// The names that an expression can use.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/facts.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

struct Scope {
  // What an expression is for; a constant sees neither fields nor params.
  bool constant = false;

  // The rule's stream. `record` is null if the stream or its schema could not be made sense of: then nothing is told of
  // names that are not found.
  const typed::Stream* stream = nullptr;
  const typed::Schema* schema = nullptr;
  const avro::Schema* record = nullptr;
  std::optional<ast::Name> alias;

  std::map<std::string, uint32_t> lets;  // into rule->lets
  typed::Rule* rule = nullptr;
  std::vector<bool> let_used;

  Facts facts;  // what holds where the expression is computed

  std::set<std::string> unknown_told;  // names that were told to be unknown: each once in a rule

  bool HasField(const std::string& name) const { return record && record->FieldIndex(name) >= 0; }
};

}  // namespace rulec::check
