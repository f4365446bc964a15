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

__extension__ using Int128 = __int128;

// A value known when the rules are compiled; its type says which member holds it.
struct Value {
  bool is_null = false;
  bool boolean = false;
  // Int, Long, Timestamp, Duration, TimeOfDay (microseconds), Date (days), Enum (the symbol's index), Union (the
  // branch)
  int64_t integer = 0;
  double number = 0;              // Float, Double
  Int128 decimal = 0;             // unscaled
  std::string text;               // String, Bytes; Uuid as its 16 bytes
  std::vector<Value> items;       // List; Map: the values; Record: the fields; Union: the one value
  std::vector<std::string> keys;  // Map
  bool operator==(const Value&) const = default;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// ---- Leaves ----

// Takes the place of what was wrong; only in programs that do not compile.
struct ErrorExpr {};
struct Constant {
  Value value;
  bool literal = false;  // a number as it was written: it takes the type of the operand beside it
  std::string digits;    // of a literal, as decimals take it: "0.1", "5e-2"
};
// A path of fields from the stream's record: one slot. Null if any record on the way or the value itself is null. Its
// last field may be of any type; what lies in a list, a map, a union or an unnamed record is reached by Member.
struct FieldRef {
  std::string path;  // `price`, `buyer.country`
};
enum class Meta : uint8_t { Time, Partition, Offset, SchemaVersion };
// What the row brings besides its fields: @time is a timestamp, @partition an int, @offset and @schema_version longs.
struct MetaRef {
  Meta meta = Meta::Time;
};
// Does the writer's schema of this row have the field? A bool that is the same for all rows of a batch.
struct Present {
  std::string path;
};
struct LetRef {
  uint32_t let = 0;
};  // into Rule::lets
struct KeyRef {
  uint32_t key = 0;
};  // into Rule::keys: of `@key`
struct ParamRef {
  uint32_t param = 0;
};  // into Program::params
// The item of `expand`, or what a Lambda or Bind binds: into Rule::variables.
struct VariableRef {
  uint32_t variable = 0;
};

// ---- Operators ----

enum class UnaryOp : uint8_t {
  Negate,  // int, long, float, double, decimal, duration
  Not,
  IsNull,
  IsNotNull,
  NotNull,  // a nullable operand that is proven not to be null here
  // Conversions that are not written; null stays null.
  IntToLong,
  IntToDouble,
  LongToDouble,  // also of durations; beyond 2^53 a rule error
  FloatToDouble,
  WholeToDecimal,  // int to decimal(10, 0), long to decimal(19, 0)
  Rescale,         // decimal to the type's scale, which is not less; beyond the precision a rule error
  // As the branch that it is known to be here; and a value of the branch `index` as the union.
  UnionToBranch,
  BranchToUnion
};
struct Unary {
  UnaryOp op;
  ExprPtr operand;
  uint32_t index = 0;  // UnionToBranch, BranchToUnion: into the branches of the union's type
};

// Operands have one type, apart from whether they may be null, except where told.
enum class BinaryOp : uint8_t {
  Multiply,  // also duration * long, duration * double; decimals of any precision and scale
  Divide,    // double, float, decimal; duration / duration is told as doubles, duration / long, duration / double
  Add,       // also timestamp + duration, date + duration (whole days), timeofday + duration; decimals of any scale
  Subtract,  // as Add; timestamp - timestamp, date - date and timeofday - timeofday are durations
  Coalesce,  // left nullable
  Equal,     // any type, operands may be null; decimals of any scale; a decimal and a double, exactly
  NotEqual,
  Less,  // numbers, strings, times, bytes, uuids, dates; not null; mixed as Equal
  LessEqual,
  Greater,
  GreaterEqual,
  And,  // the right operand only where the left one does not decide
  Or,
  In,       // left: a value; right: a list of that type, or a map (left: a key); either may be null: then false
  Like,     // strings, may be null: then false; a Constant pattern is prepared
  Matches,  // as Like, a regular expression
  Concat    // lists of one type, or strings
};
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};

// Is the union the branch `branch` of its type? A null is none.
struct IsBranch {
  ExprPtr operand;
  uint32_t branch = 0;
};

// The value of the first arm whose condition holds, else of `otherwise`: `if` and `case`. All have the expression's
// type, apart from whether they may be null; only what is chosen is computed.
struct Choice {
  struct Arm {
    ExprPtr condition;  // a bool that is not null
    ExprPtr value;
  };
  std::vector<Arm> arms;
  ExprPtr otherwise;  // never missing: a Constant null for a `case` without `else`
};

// `value` is computed once and bound to a variable in `body`: parameters of user functions, operands used twice.
struct Bind {
  uint32_t variable = 0;  // into Rule::variables
  ExprPtr value;
  ExprPtr body;
};

// ---- Strings ----

struct FormatPart {
  std::string text;  // if there is no value
  ExprPtr value;     // a long, double, decimal or string, not null: other types come converted
  std::string spec;  // as rule_format_* of the library take it, and it fits: ",.2f"; empty: as string() has it
};
// f"{symbol} moved {change:.1%}", a string.
struct Format {
  std::vector<FormatPart> parts;
};

// ---- Lists, maps, records ----

struct ListLiteral {
  std::vector<ExprPtr> items;  // of the element's type, null only where that is nullable
};
struct MapLiteral {
  std::vector<ExprPtr> keys;  // strings; of equal ones the last counts
  std::vector<ExprPtr> values;
};
struct RecordLiteral {
  std::vector<ExprPtr> fields;  // one for each field of the type, in its order
};
// A field of a record that is no path of the stream: `lines[0].price`, `line.price`. A nullable object (told by its
// type) gives null.
struct Member {
  ExprPtr object;
  uint32_t field = 0;  // into FieldTypes of the object's type
};
// `xs[0]`: an index out of range is a rule error; `m["k"]`: null if there is no such key.
struct Index {
  ExprPtr object;  // a list or map, not null
  ExprPtr index;   // long or string
};
// `xs[1..3]`, half-open; bounds are cut to the list. Of strings: characters.
struct Slice {
  ExprPtr object;  // a list or string, not null
  ExprPtr from;    // long; null: 0
  ExprPtr to;      // long; null: to the end
};

// ---- Functions ----

// A function of the library: a row of rulelib::Functions(), called as its null rule tells. Arguments have the types of
// its parameters. A parameter of a prepared kind (regex, zone, …) has a Constant or ParamRef string.
struct Call {
  uint32_t function = 0;
  std::vector<ExprPtr> arguments;
};

// Functions whose types the table of the library cannot tell. Where an argument is null so is the result, unless told.
enum class Intrinsic : uint8_t {
  Least,  // two or more of one ordered type
  Greatest,
  // Conversions, written by the user, that the library has no row for: int, long, float, double, decimal or string to
  // the expression's decimal; an enum to a string. Try gives null where Convert gives a rule error.
  Convert,
  TryConvert,
  Contains,  // (list, item): a bool; the item may be null
  IndexOf,   // (list, item): a long, null if there is none
  First,     // of a list; null if it is empty
  Last,
  Any,  // (list, lambda): a bool
  All,
  Map,  // (list, lambda): a list
  Filter,
  Find,      // (list, lambda): the first, or null
  CountIf,   // (list, lambda): a long
  Values,    // of a map: a list, in order
  Get,       // (map, key) or (list, index): null where there is none
  HasKey,    // (map, key)
  Reverse,   // of a list
  Distinct,  // the first of equal ones, of any type
  Sort,      // of an ordered type, rising, stable, nulls last
  Flatten,   // list<list<T>> to list<T>
  // Of lists of numbers, decimals, durations and (Min, Max) any ordered type, where the library has no row. Nulls are
  // left out. The sum of nothing is 0, Min and Max of nothing null. Ints sum to a long, decimals to 38 digits.
  Sum,
  Min,
  Max
};
struct Lambda {
  uint32_t variable = 0;  // into Rule::variables
  ExprPtr body;
};
struct IntrinsicCall {
  Intrinsic intrinsic;
  std::vector<ExprPtr> arguments;
  std::optional<Lambda> lambda;
};

struct Expr {
  Span span;
  Type type;
  std::variant<ErrorExpr, Constant, FieldRef, MetaRef, Present, LetRef, KeyRef, ParamRef, VariableRef, Unary, Binary,
               IsBranch, Choice, Bind, Format, ListLiteral, MapLiteral, RecordLiteral, Member, Index, Slice, Call,
               IntrinsicCall>
      node;
};

std::string_view UnaryOpName(UnaryOp op);             // "is_not_null"
std::string_view BinaryOpName(BinaryOp op);           // "greater_equal"
std::string_view IntrinsicName(Intrinsic intrinsic);  // "index_of"
std::string_view MetaName(Meta meta);                 // "time"

struct SchemaVersion {
  int64_t version = 0;
  avro::SchemaPtr document;
  FileId file = 0;  // its text
};

struct Schema {
  std::string name;  // as rules call it
  std::string full_name;
  int64_t version = 0;  // the greatest accepted one there is: what rules see
  // All versions there are that the rules accept, rising, each with its document; the last is `document`.
  std::vector<SchemaVersion> accepted;
  bool open = false;  // versions that are registered later are accepted too
  avro::SchemaPtr document;
  FileId file = 0;  // the schema's text, for notes that show a line of it
  Span span;        // of the declaration's name
};

// Events from a source; or, with `output`, what rules give to an output or derive: its fields are then the output's
// (Program::outputs), its rows have an event time if `has_time`, and a FieldRef's path begins with a field of it.
struct Stream {
  std::string name;
  std::optional<uint32_t> output;  // into Program::outputs: a derived stream
  uint32_t schema = 0;             // into Program::schemas, of a stream from a source
  std::string time;                // path of the event time, empty without one
  bool has_time = false;           // rows have an event time
  bool time_told = false;          // there is none because of a mistake in the declaration, which has been told
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
  bool internal = false;            // of a `derive`: only read by rules, never written
  std::vector<OutputField> fields;  // without `_meta`
  Span span;                        // where it is declared, else of the first emit's name
};

struct Let {
  std::string name;
  ExprPtr value;
  Span span;
};
// What a VariableRef names; each is bound once, so a number is enough.
struct Variable {
  std::string name;
  Type type;
};
// One row for each element of `list`, in its order; none if it is empty or null.
struct Expand {
  ExprPtr list;
  uint32_t variable = 0;  // into Rule::variables: the element
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
  std::vector<ExprPtr> wheres;  // all must hold, in this order; before `expand` if there is one
  std::optional<Expand> expand;
  std::vector<ExprPtr> item_wheres;  // of the rows of `expand`: all must hold, in this order
  std::vector<Let> lets;             // computed where they are used
  std::vector<Variable> variables;
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
