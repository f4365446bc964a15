// The names that an expression can use.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/facts.h"
#include "compiler/check/ranges.h"
#include "compiler/typed/typed.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {

// A parameter of a function or lambda, or the alias of `expand`.
struct Local {
  ast::Name name;
  uint32_t variable = 0;
  bool used = false;
};

struct Scope {
  // A constant sees constants alone, a function its parameters besides; a rule all.
  enum class Kind : uint8_t { Constant, Function, Rule };
  Kind kind = Kind::Constant;
  std::string package;

  // The rule's stream. `row` is a Record, or an Error if the stream or its schema could not be made sense of: then
  // nothing is told of names that are not found.
  const typed::Stream* stream = nullptr;
  const typed::Schema* schema = nullptr;  // null of a derived stream
  Type row;
  std::optional<ast::Name> alias;

  std::unordered_map<std::string, uint32_t> lets;  // into rule->lets
  typed::Rule* rule = nullptr;
  std::vector<bool> let_used;

  std::set<std::string> misnamed;  // lets and aliases whose names mean something else, which was told

  std::vector<Local> locals;  // the innermost last
  uint32_t call_depth = 0;    // of a function: the calls within calls that it makes

  Facts facts;    // what holds where the expression is computed
  Ranges ranges;  // and what is known of values there

  // What `@key` is: names and types as far as they are known before the rule's conditions; null where there is none.
  struct KeyType {
    std::string name;
    Type type;
    Span span;
  };
  const std::vector<KeyType>* keys = nullptr;
  bool key_used = false;

  std::set<std::string> unknown_told;  // what cannot be used, and was told: each once in a rule
  std::set<std::string> gaps_told;     // paths that an accepted version lacks

  // Is it to be told now? `what` says it in a way that nothing else does.
  bool FirstTold(const std::string& what) { return unknown_told.insert(what).second; }

  bool HasRow() const { return row.kind == TypeKind::Record; }
  bool HasField(const std::string& name) const { return HasRow() && FieldIndex(row, name) >= 0; }
  Local* FindLocal(const std::string& name) {
    for (size_t i = locals.size(); i-- > 0;) {
      if (locals[i].name.text == name) return &locals[i];
    }
    return nullptr;
  }
};

}  // namespace rulec::check
