// What all parts of the checker share while they check one program.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/packaged_names.h"
#include "compiler/check/schema_store.h"
#include "compiler/check/version_proof.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

enum class Progress : uint8_t { Waiting, Checking, Done };

// A constant is checked when it is first used, so that their order does not matter.
struct ConstEntry {
  const ast::ConstDecl* decl = nullptr;
  std::string package;
  Progress state = Progress::Waiting;
  Type type;  // once Done; Error if it is wrong
  typed::Constant value;
  bool used = false;
};

// A user function: checked once as it is declared, copied to where it is called.
struct FunctionEntry {
  const ast::FnDecl* decl = nullptr;
  std::string package;
  Progress state = Progress::Waiting;
  std::vector<Type> parameters;            // once Checking
  typed::ExprPtr body;                     // once Done; null if it is wrong, which was told
  std::vector<typed::Variable> variables;  // of the body: the parameters first
  size_t nodes = 0;
  uint32_t depth = 0;  // calls within calls
  bool used = false;
};

// What a name means that is a value or a function.
struct ValueName {
  enum class Kind : uint8_t { Const, Param, Function } kind = Kind::Const;
  uint32_t index = 0;
  Span span;
};

struct Context {
  SourceSet& sources;
  Diagnostics& diagnostics;
  SchemaStore& store;
  typed::Program& program;

  // Schemas, constants, params, functions and rules belong to their package; streams and outputs are known to the job
  // by name, so there is one of each in a program.
  PackagedNames<uint32_t> schemas;
  PackagedNames<ValueName> values;
  PackagedNames<Span> rules;
  std::unordered_map<std::string, uint32_t> streams;
  std::unordered_map<std::string, uint32_t> outputs;
  std::deque<ConstEntry> consts;
  std::deque<FunctionEntry> functions;
  std::vector<FunctionEntry*> open_functions;  // that are being checked, each called by the one before
  bool depth_of_functions_told = false;

  std::vector<bool> params_used;
  std::vector<bool> schemas_used;
  std::vector<bool> streams_used;

  std::unordered_set<std::string> shadowing_looked_for;  // "package/stream" whose fields were held against all names
  bool rules_missing = false;  // some could not be parsed, which was told: they may make any stream
  std::unordered_set<std::string> unreadable_streams;     // made from themselves, which was told
  std::set<std::pair<FileId, std::string>> unknown_told;  // streams and schemas: once in a file
  std::set<std::string> shadowing_told;                   // consts and params whose clash with a field was told
  // An `is` or a type that names an enum or record: by its simple and its full name, made when it is first asked for.
  struct NamedType {
    const avro::Schema* type = nullptr;
    uint32_t schema = 0;  // into Program::schemas: the document that declares it
  };
  std::optional<std::unordered_map<std::string, NamedType>> named_types;
  size_t named_types_of = 0;  // schemas that were there then

  VersionProofs proofs;

  // What the lists, maps, records and long texts take that are known when the rules are compiled, each copy counted.
  uint64_t constant_bytes = 0;

  // Of the rule that is being checked, if it reads a stream from a source.
  const typed::Schema* row_schema = nullptr;

  // Where the rule, function or constant that is being checked keeps what it binds; never null meanwhile.
  std::vector<typed::Variable>* variables = nullptr;

  std::unordered_set<FileId> files_with_rules;  // others are libraries: what they declare need not be used

  // Which file uses what another one declares: `from << 32 | to`.
  std::unordered_set<uint64_t> file_uses;
  void Use(Span use, Span declaration) { file_uses.insert(uint64_t{use.file} << 32 | declaration.file); }

  // Source text for a message: on one line, cut where it is long.
  std::string Quote(Span span) const;
  // NearestName, given up once so many mistakes were told that looking for more would take long.
  std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) const;
};

// Several packages declare the name, and this one does not; `one` is where one of them does.
void TellAmbiguous(Context& context, const ast::Name& name, Span one);

// Where the field's name stands in the schema's text.
Span FieldSpan(const Context& context, FileId file, const avro::Field& field);
inline Span FieldSpan(const Context& context, const typed::Schema& schema, const avro::Field& field) {
  return FieldSpan(context, schema.file, field);
}

// Where the schema of the rule at hand declares the field that the expression is; nothing if it is something else.
std::optional<Span> DeclarationOf(const Context& context, const typed::Expr& expr);

// "`market.Trade`, version 2", "`market.Trade`, versions 2 to 7"
std::string SchemaPhrase(const typed::Schema& schema);

// Does Avro allow it as a name of a field or type?
bool IsAvroName(std::string_view name);

// "a", "a and b", "a, b and c"
std::string Enumerate(const std::vector<std::string>& words, std::string_view last = "and");

template <typename Map>
std::vector<std::string> KeysOf(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map) keys.push_back(entry.first);
  return keys;
}

}  // namespace rulec::check
