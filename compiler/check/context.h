// What all parts of the checker share while they check one program.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/schema_store.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

// A constant is checked when it is first used, so that their order does not matter.
struct ConstEntry {
  enum class State : uint8_t { Waiting, Checking, Done };
  const ast::ConstDecl* decl = nullptr;
  State state = State::Waiting;
  Type type;  // once Done; Error if it is wrong
  typed::Value value;
};

struct Context {
  SourceSet& sources;
  Diagnostics& diagnostics;
  SchemaStore& store;
  typed::Program& program;

  // By name, into the lists of `program`. One name space each: schemas; streams and outputs; consts and params; rules.
  std::map<std::string, uint32_t> schemas;
  std::map<std::string, uint32_t> streams;
  std::map<std::string, uint32_t> outputs;
  std::map<std::string, uint32_t> params;
  std::map<std::string, ConstEntry> consts;
  std::map<std::string, Span> rules;

  std::set<std::string> shadowing_told;  // consts and params whose clash with a field was told

  // Source text for a message: on one line, cut where it is long.
  std::string Quote(Span span) const;
  // NearestName, given up once so many mistakes were told that looking for more would take long.
  std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) const;
};

// Where the field's name stands in the schema's text.
Span FieldSpan(const Context& context, const typed::Schema& schema, const avro::Field& field);

// "`market.Trade`, version 2", "`market.Trade`, versions 2 to 7"
std::string SchemaPhrase(const typed::Schema& schema);

// Does Avro allow it as a name of a field or type?
bool IsAvroName(std::string_view name);

template <typename Map>
std::vector<std::string> KeysOf(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map) keys.push_back(entry.first);
  return keys;
}

}  // namespace rulec::check
