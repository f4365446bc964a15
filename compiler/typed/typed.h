// A checked program: every name resolved, every expression typed, every conversion written down.
//
// Expressions are trees that own their children; types point into the schema documents that the program keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "avro/schema.h"
#include "compiler/source/source.h"
#include "compiler/types/type.h"

namespace rulec::typed {

// A value known when the rules are compiled; its type says which member holds it.
struct Value {
  bool is_null = false;
  bool boolean = false;
  int64_t integer = 0;  // Int, Long, Timestamp and Duration (microseconds), Enum (the symbol's index)
  double number = 0;
  std::string text;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// Takes the place of what was wrong; only in programs that do not compile.
struct ErrorExpr {};
struct Constant {
  Value value;
  bool literal = false;  // a whole number as it was written: it takes the type of the operand beside it
};
struct FieldRef {
  std::string path;
};  // `price`, `buyer.country`
struct TimeRef {};  // `@time`
struct LetRef {
  uint32_t let = 0;
};  // into Rule::lets
struct ParamRef {
  uint32_t param = 0;
};  // into Program::params

enum class UnaryOp : uint8_t {
  Negate,
  Not,
  IsNull,
  IsNotNull,
  NotNull,  // a nullable operand that is proven not to be null here
  IntToLong,
  IntToDouble,
  LongToDouble  // null stays null; LongToDouble also of durations; beyond 2^53 a rule error
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

// Operands have one type, apart from null and: timestamp +- duration, duration * long, Coalesce (left nullable).
enum class BinaryOp : uint8_t {
  Multiply,
  Divide,
  Add,
  Subtract,
  Coalesce,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  And,
  Or
};
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};

struct Expr {
  Span span;
  Type type;
  std::variant<ErrorExpr, Constant, FieldRef, TimeRef, LetRef, ParamRef, Unary, Binary> node;
};

std::string_view UnaryOpName(UnaryOp op);    // "is_not_null"
std::string_view BinaryOpName(BinaryOp op);  // "greater_equal"

struct Schema {
  std::string name;  // as rules call it
  std::string full_name;
  int64_t version = 0;            // the greatest accepted one there is: what rules see
  std::vector<int64_t> accepted;  // all versions there are that the rules accept, rising
  avro::SchemaPtr document;
  FileId file = 0;  // the schema's text, for notes that show a line of it
  Span span;        // of the declaration's name
};

struct Stream {
  std::string name;
  uint32_t schema = 0;     // into Program::schemas
  std::string time;        // path of the event time, empty without one
  bool time_told = false;  // there is none because of a mistake in the declaration, which has been told
  int64_t watermark_us = 0;
  std::optional<int64_t> idle_us, lateness_us;
  Span span;
  Span schema_span;  // of the schema's name in the declaration
};

struct Const {
  std::string name;
  Type type;
  Value value;
  Span span;
};
struct Param {
  std::string name;
  Type type;
  Value value;
  Span span;
};

struct OutputField {
  std::string name;
  Type type;
};
struct Output {
  std::string name;
  std::string package;             // of the first file that names it
  std::optional<uint32_t> schema;  // into Program::schemas, of a declared output
  bool meta = true;
  std::vector<OutputField> fields;  // without `_meta`
  Span span;                        // where it is declared, else of the first emit's name
};

struct Let {
  std::string name;
  ExprPtr value;
  Span span;
};
struct Key {
  std::string name;
  ExprPtr value;
};  // the name is empty where none was given and none follows
struct Emit {
  uint32_t output = 0;          // into Program::outputs
  std::vector<ExprPtr> fields;  // in the output's order
  ExprPtr where;                // null if none
  Span span;
};

struct Rule {
  std::string package;
  std::string name;
  std::string doc;
  int32_t version = 1;
  std::optional<std::string> severity;
  std::optional<std::string> owner;
  uint32_t stream = 0;
  std::vector<Key> keys;        // never null once the wheres hold
  std::vector<ExprPtr> wheres;  // all must hold, in this order
  std::vector<Let> lets;        // computed where they are used
  std::vector<Emit> emits;
  Span span;  // of the name
};

struct Program {
  std::vector<Schema> schemas;
  std::vector<Stream> streams;
  std::vector<Const> consts;
  std::vector<Param> params;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

// The program as text, for `rulec explain --stage typed` and tests.
std::string Print(const Program& program);
std::string PrintExpr(const Program& program, const Rule* rule, const Expr& expr);
// "5", "\"a\"", "AFTERNOON", "1m30s", "null"
std::string PrintValue(const Type& type, const Value& value);

}  // namespace rulec::typed
