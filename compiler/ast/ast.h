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

// ---- Types ----

// `long`, `decimal(10, 2)`, `list<string>`, `T?`
struct TypeRef {
  Name name;                         // may have points: `market.Side`
  std::vector<std::string> numbers;  // decimal's
  std::vector<TypeRef> arguments;    // list's and map's
  bool nullable = false;
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
};  // a is null, a is not null
struct IsTypeExpr {
  ExprPtr operand;
  TypeRef type;
  bool negated = false;
};  // a is Trade, a is not long
enum class RelationOp : uint8_t { In, Like, Matches };
struct RelationExpr {
  RelationOp op;
  bool negated = false;
  Span op_span;  // `not` and the word
  ExprPtr left;
  ExprPtr right;
};  // a in b, a not like b
struct BetweenExpr {
  Span op_span;
  bool negated = false;
  ExprPtr operand;
  ExprPtr low;
  ExprPtr high;
};  // a between low and high

// `name: value` in a call, `key: value` in `map("k": v)`. One word before the colon is a name.
struct Argument {
  std::optional<Name> name;
  ExprPtr key;  // null if there is none
  ExprPtr value;
};
// f(a, b): whether there is such a function is for the checker to say. Also `record(…)`, `map(…)` and conversions.
struct CallExpr {
  Name callee;
  std::vector<Argument> arguments;
};
struct ListExpr {
  std::vector<ExprPtr> items;
};  // [a, b]
struct IndexExpr {
  ExprPtr object;
  ExprPtr index;
};  // a[i], @headers["x"]
struct SliceExpr {
  ExprPtr object;
  ExprPtr from;  // null: from the begin
  ExprPtr to;    // null: to the end
};  // a[1..3], half-open
struct LambdaExpr {
  std::vector<Name> parameters;  // one or more
  ExprPtr body;
};  // t => e, (a, b) => e
struct IfExpr {
  ExprPtr condition;
  ExprPtr then;
  ExprPtr otherwise;
};  // if a then b else c
struct CaseBranch {
  ExprPtr condition;
  ExprPtr value;
};
struct CaseExpr {
  std::vector<CaseBranch> branches;  // one or more
  ExprPtr otherwise;                 // null: no `else`
};  // case when a then b else c end

// A part of f"…": text, or a value with the format that stands behind its colon.
struct FormatPart {
  std::string text;                 // escapes resolved; of a part without a value
  ExprPtr value;                    // null: text
  std::optional<std::string> spec;  // `.1%` of `{x:.1%}`, as written
  Span spec_span;                   // without the colon
};
struct FormatExpr {
  std::vector<FormatPart> parts;
};

struct Expr {
  Span span;  // with the brackets around it
  std::variant<ErrorExpr, NullLiteral, BoolLiteral, IntLiteral, FloatLiteral, PercentLiteral, StringLiteral,
               DurationLiteral, NameExpr, MetaExpr, MemberExpr, UnaryExpr, BinaryExpr, IsNullExpr, IsTypeExpr,
               RelationExpr, BetweenExpr, CallExpr, ListExpr, IndexExpr, SliceExpr, LambdaExpr, IfExpr, CaseExpr,
               FormatExpr>
      node;
};

// ---- Declarations ----

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

// A duration, or the constant that holds one.
struct StreamDuration {
  int64_t microseconds = 0;
  std::optional<Name> constant;
  Span span;
};

struct StreamDecl {
  Name name;
  Name schema;
  std::vector<Name> time_path;  // `executed_at`, `meta.at`; empty if not given
  std::optional<StreamDuration> watermark, idle, lateness;
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
  Name output;  // without text: the result of a `derive`
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

// expand t.lines as l: one row for each element.
struct ExpandClause {
  ExprPtr list;
  Name alias;
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
using Stage = std::variant<ExpandClause, WhereClause, LetClause, EmitClause>;

// Also `derive`, whose result is a stream: its `emit` has no output.
struct RuleDecl {
  bool derived = false;
  Name name;
  std::string doc;  // the `///` lines above it, joined by line ends
  std::vector<Annotation> annotations;
  std::optional<FromClause> from;  // absent only after a syntax error
  std::vector<Stage> stages;
  // A part of the rule was not understood or is not supported, and was told. What is here is not the whole rule, so a
  // name that seems undefined or a clause that seems missing is no mistake of its author.
  bool incomplete = false;
};

struct FnParameter {
  Name name;
  TypeRef type;
};

struct FnDecl {
  Name name;
  std::vector<FnParameter> parameters;
  ExprPtr body;
};

// ---- Tests ----

// `@time`, `symbol`, `buyer.country`
struct TableColumn {
  bool meta = false;       // `@time`
  std::vector<Name> path;  // of a meta: its name without `@`
  Span span;
};

struct TableCell {
  bool after_row_above = false;  // `+100ms`
  ExprPtr value;
  ExprPtr tolerance;  // of `100.0 ~ 0.001`; null if none
  Span span;
};

struct TableRow {
  std::vector<TableCell> cells;  // as many as there are columns
  int64_t times = 1;             // `x5`
  Span span;
};

struct Table {
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
};

struct GivenStep {
  Name stream;
  Table table;
  std::optional<std::string> file;  // `given trades = "trades.csv"`, instead of the table
  Span file_span;
  Span span;
};

// Time passes to here.
struct WatermarkStep {
  ExprPtr time;
  Span span;
};

// Exactly: these records and no others, of one output. Some: these among others, or any at all without a table, of one
// output or of any. None: no record, of one output or of any.
enum class ExpectKind : uint8_t { Exactly, Some, None };
struct ExpectStep {
  ExpectKind kind = ExpectKind::Exactly;
  std::optional<Name> output;  // also `errors`
  std::optional<Table> table;
  Span span;
};

using TestStep = std::variant<GivenStep, WatermarkStep, ExpectStep>;

struct TestDecl {
  std::string title;
  Span title_span;
  Name rule;
  std::vector<TestStep> steps;
  bool incomplete = false;  // as of a rule
};

struct Decl {
  Span span;
  std::variant<SchemaDecl, StreamDecl, OutputDecl, ConstDecl, ParamDecl, FnDecl, RuleDecl, TestDecl> node;
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
  // How many of the file's errors spoil a rule or a test and nothing around it: what else the file declares is whole.
  size_t errors_in_rules = 0;
};

// The tree as text, one node a line, for `rulec explain --stage ast` and tests.
std::string Print(const File& file);

}  // namespace rulec::ast
