// The syntax tree of a rule file: what was written, nothing resolved. Nodes own their children; spans point into the
// SourceSet. Every node that the parser could not make sense of is missing or ErrorExpr, and a diagnostic told so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source.h"

namespace rulec::ast {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// A word of the file, without its backticks.
struct Name {
  std::string text;
  Span span;
};

// ---- Expressions ----

struct ErrorExpr {};
struct NullLiteral {};
struct BoolLiteral {
  bool value = false;
};
struct IntLiteral {
  std::string digits;
};  // without `_`; may be beyond 64 bits
struct FloatLiteral {
  std::string digits;
};  // without `_`
struct PercentLiteral {
  std::string digits;
};  // `5%` is "5"
struct StringLiteral {
  std::string value;
};  // escapes resolved
struct DurationLiteral {
  int64_t microseconds = 0;
};
struct NameExpr {
  Name name;
};  // field, let, const, param, alias, enum symbol
struct MetaExpr {
  Name name;
  std::optional<Name> of;
};  // `@time`; of: the alias in `t@time`
struct MemberExpr {
  ExprPtr object;
  Name member;
  bool null_safe = false;
};  // a.b, a?.b
enum class UnaryOp : uint8_t { Negate, Not };
struct UnaryExpr {
  UnaryOp op;
  ExprPtr operand;
};
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
struct BinaryExpr {
  BinaryOp op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};
struct IsNullExpr {
  ExprPtr operand;
  bool negated = false;
};
// f(a, b): whether there is such a function is for the checker to say.
struct CallExpr {
  Name callee;
  std::vector<ExprPtr> arguments;
};

struct Expr {
  Span span;
  std::variant<ErrorExpr, NullLiteral, BoolLiteral, IntLiteral, FloatLiteral, PercentLiteral, StringLiteral,
               DurationLiteral, NameExpr, MetaExpr, MemberExpr, UnaryExpr, BinaryExpr, IsNullExpr, CallExpr>
      node;
};

// ---- Declarations ----

// `long`, `decimal(10, 2)`, `list<string>`, `T?`
struct TypeRef {
  Name name;
  std::vector<std::string> numbers;  // decimal's
  std::vector<TypeRef> arguments;    // list's and map's
  bool nullable = false;
  Span span;
};

struct Annotation {  // @version(3)
  Name name;
  std::vector<ExprPtr> arguments;
  Span span;
};

struct VersionRange {  // version 2, 2.., 2..7
  std::optional<int64_t> from;
  std::optional<int64_t> to;  // absent with `open`: no upper bound
  bool open = false;
  Span span;
};

struct SchemaDecl {
  Name name;
  std::string full_name;  // "market.Trade"
  Span full_name_span;
  std::optional<VersionRange> versions;
};

struct StreamDecl {
  Name name;
  Name schema;
  std::vector<Name> time_path;  // `executed_at`, `meta.at`; empty if not given
  std::optional<int64_t> watermark_us, idle_us, lateness_us;
};

struct OutputDecl {
  Name name;
  Name schema;
};
struct ConstDecl {
  Name name;
  ExprPtr value;
};
struct ParamDecl {
  Name name;
  TypeRef type;
  ExprPtr value;
};

struct LetBinding {
  Name name;
  ExprPtr value;
};

struct EmitField {
  std::optional<Name> name;  // absent: the last part of the value's path
  ExprPtr value;
};

struct EmitClause {
  Name output;
  std::vector<EmitField> fields;
  ExprPtr where;  // null if none
  Span span;
};

struct KeyExpr {
  std::optional<Name> name;
  ExprPtr value;
};

struct FromClause {
  Name stream;
  std::optional<Name> alias;
  std::vector<KeyExpr> keys;  // partition by
  Span span;
};

struct WhereClause {
  ExprPtr condition;
};
struct LetClause {
  std::vector<LetBinding> bindings;
};

// The stages between `from` and the end, in the order written.
using Stage = std::variant<WhereClause, LetClause, EmitClause>;

struct RuleDecl {
  Name name;
  std::string doc;  // the `///` lines above it, joined by line ends
  std::vector<Annotation> annotations;
  std::optional<FromClause> from;  // absent only after a syntax error
  std::vector<Stage> stages;
  // A part of the rule was not understood or is not supported, and was told. What is here is not the whole rule, so a
  // name that seems undefined or a clause that seems missing is no mistake of its author.
  bool incomplete = false;
};

struct Decl {
  Span span;
  std::variant<SchemaDecl, StreamDecl, OutputDecl, ConstDecl, ParamDecl, RuleDecl> node;
};

struct Import {
  std::string path;
  Span span;
};

struct File {
  FileId id = 0;
  std::vector<Name> package;  // empty if none is declared
  std::vector<Import> imports;
  std::vector<Decl> decls;
};

// The tree as text, one node a line, for `rulec explain --stage ast` and tests.
std::string Print(const File& file);

}  // namespace rulec::ast
