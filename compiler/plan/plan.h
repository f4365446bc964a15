// The plan of a program: what the generated code does, names resolved, fields turned into slots, literals into params.
//
// Expressions of a rule are one array; an expression's operands stand before it, so a walk by rising id meets them
// first. A `let` is an expression that several others use: lowering evaluates each id at most once a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "avro/schema.h"
#include "compiler/types/type.h"
#include "runtime/abi/program.h"

namespace rulec::plan {

using ExprId = uint32_t;
using SlotId = uint32_t;
using SiteId = uint32_t;
inline constexpr uint32_t kNoSite = ~0u;

// What an expression does to its operands. Operand types are exactly as told: the planner puts in the conversions.
enum class Op : uint8_t {
  // ---- Leaves ----
  Slot,           // index: slot                                         -> the slot's type
  Param,          // index: into params                                  -> the param's type
  Null,           //                                                     -> `type`, nullable
  Bool,           // index: 0 or 1
  EventTime,      // the row's event time                                -> timestamp
  Partition,      //                                                     -> int
  Offset,         //                                                     -> long
  SchemaVersion,  // of the writer's schema                              -> long
  Present,        // index: slot; does the writer's schema have it?      -> bool
  Variable,       // index: of the loop or the expansion around it       -> the item's type

  // ---- Numbers: not null, except where told ----
  IntToLong,       // int -> long                 (null stays null in all five)
  IntToDouble,     // int -> double
  LongToDouble,    // long or duration -> double, an error at the site beyond 2^53
  FloatToDouble,   // float -> double
  WholeToDecimal,  // int, long -> decimal of scale 0
  Rescale,  // decimal -> decimal of a scale that is not less, an error at the site beyond its precision; null stays
  Negate,
  Absolute,  // int, long, duration, decimal (overflow at the site), float, double
  Add,
  Subtract,   // int, long, timestamp/duration (overflow at the site), float, double; decimals of any scale
  Multiply,   // int, long (overflow at the site), float, double; duration * long or double; decimals
  Divide,     // float, double; duration / double: an error at the site if the right one is zero
  Quotient,   // int, long: truncated; an error at the site if the right one is zero or it overflows
  Remainder,  // int, long, duration: the sign of the left one; an error at the site if the right one is zero

  // ---- Comparisons ----
  Equal,
  NotEqual,  // any one type, nullable or not: null equals null only; decimals of any scale; a decimal and a double
  Less,
  LessEqual,
  Greater,
  GreaterEqual,  // what has an order, not nullable; decimals of any scale; a decimal and a double
  InParams,      // x is one of `count` params from `index` on: integers of x's storage, rising, one behind the other

  // ---- Logic and choice ----
  And,
  Or,
  Not,  // bool, not nullable; the right operand is evaluated only if the left one does not decide
  IsNull,
  IsNotNull,
  Coalesce,  // a ?? b: b is evaluated only if a is null
  NotNull,   // nullable -> the same, not nullable; the checker proved that it is not null here
  Choose,    // if a then b else c: only one of b and c is evaluated
  Bind,      // a is evaluated, then b, which may name a

  // ---- Lists, maps, records, unions: operands not null, except where told ----
  MakeList,    // of items, each perhaps null if the element may be; memory: an error at the site
  MakeMap,     // first all keys, then all values
  MakeRecord,  // of fields, in order
  MakeUnion,   // index: branch; null stays null
  Concat,      // strings -> one string
  Member,      // index: field; null of a record that is null
  UnionIs,     // index: branch; false of null
  UnionAs,     // index: branch, which the checker proved it to be
  Length,      // of a list -> long
  ListItem,    // list, long: an error at the site if out of range
  ListGet,     // list, long: null if out of range
  MapFind,     // map, string -> long: the place of the last entry of this key, or -1
  MapItem,     // map, long -> the value at that place; null if it is negative
  // Loops over a list; the second operand is evaluated for each item, which is the variable `index`.
  Any,
  All,         // -> bool
  MapItems,    // -> list
  Filter,      // -> list
  Find,        // -> the first item for which it holds, or null
  CountIf,     // -> long
  IndexWhere,  // -> long: of the first item for which it holds, or -1
  Fold,        // list, first value, next value: the item is the variable `index`, the value so far the variable `count`

  // ---- All the rest ----
  Call  // index: into callees
};
inline constexpr size_t kOps = static_cast<size_t>(Op::Call) + 1;

// How an argument of a function of the library is made (stdlib/value.h tells the calling convention).
enum class Pass : uint8_t {
  Value,     // of an operand
  Pointer,   // to an operand's cell
  Valid,     // uint8_t: is the operand not null?
  Number,    // a uint32_t
  CellType,  // pointer to the description of a type's cells (stdlib/cells.h)
  Names,     // pointer to a list of strings: an enum's symbols
};
struct Argument {
  Pass pass = Pass::Value;
  uint32_t operand = 0;
  uint32_t number = 0;
  Type type;  // CellType, Names
  bool operator==(const Argument&) const = default;
};

// A function of the library, called with operands: `rule_upper(context, %3)`.
struct Callee {
  std::string symbol;
  bool context = false;     // the first argument: it can fail (if the expression has a site), give null or allocate
  bool gives_null = false;  // its outcome may be RULERT_NULL
  std::vector<Argument> arguments;
  // Operands that may be null and of which the function is not told so: it is not called if one is, and gives null.
  bool TellsNullOf(uint32_t operand) const;
  bool operator==(const Callee&) const = default;
};

struct Expr {
  Op op;
  Type type;
  std::vector<ExprId> operands;
  uint32_t index = 0;
  uint32_t count = 0;
  SiteId site = kNoSite;  // error site, of what can fail
};

// The fields in use of one stream: append-only, so that code compiled earlier stays valid.
class SlotRegistry {
 public:
  // The slot of `path`, added at the end if it is new.
  SlotId Find(std::string_view path, const rulert::ColumnSpec& column);
  const std::vector<rulert::SlotSpec>& slots() const { return slots_; }

 private:
  std::vector<rulert::SlotSpec> slots_;
};

// One accepted version of a stream's schema.
struct SchemaVersion {
  int64_t version = 0;
  avro::SchemaPtr document;
};

struct Stream {
  std::string name;
  std::string schema_name;
  avro::SchemaPtr schema;      // the reader's
  std::optional<SlotId> time;  // its event time; always slot 0 if there is one
  int64_t watermark_us = 0;
  SlotRegistry registry;
  std::vector<SchemaVersion> versions;  // that the rules accept, rising; none: the reader's schema alone
  bool versions_open = false;           // later versions are accepted too
  // A derived stream: its rows are those of this output of the program, slot i is field i of it. It is never decoded.
  std::optional<uint32_t> output;
};

struct Output {
  std::string name;
  std::string schema_json;
  bool meta = true;
  std::vector<rulert::OutputField> fields;
  bool internal = false;  // of a `derive`: read by rules, never written
};

// Keeps the rows that meet every condition, in the order given (the first false one decides).
//   filter %3, %7
struct Filter {
  std::vector<ExprId> conditions;
};

// Gives one row to an output.
//   emit alerts { %3, %4 } [where %9]
struct Emit {
  uint32_t output;             // index into Program::outputs
  std::vector<ExprId> fields;  // in the output's order
  std::optional<ExprId> where;
};

// One row for each item of a list.
//   expand %3 as $0 where %5
struct Expand {
  ExprId list;                     // nullable or not; null has no items
  uint32_t variable = 0;           // the item
  std::vector<ExprId> conditions;  // of the item's row
};

struct Rule {
  std::string package;
  std::string name;
  int32_t version = 1;
  std::optional<std::string> severity;
  std::string file;
  uint32_t stream = 0;  // index into Program::streams
  std::vector<Expr> exprs;
  std::vector<Callee> callees;
  Filter filter;
  std::optional<Expand> expand;
  std::vector<ExprId> keys;  // partition by; never null
  std::vector<Emit> emits;
  std::vector<rulert::ParamSpec> params;  // literals first met first; equal ones once
  uint32_t params_size = 0;
  std::vector<rulert::ErrorSite> sites;
  std::vector<rulert::IndexCondition> index;
};

// Can D and R be one loop? Not if rows give several results, or ask for what a batch alone knows.
bool CanScan(const Rule& rule);

struct Program {
  std::vector<Stream> streams;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  std::vector<avro::SchemaPtr> schemas;  // keeps what types point to
};

std::string Print(const Program& program);

// The storage of a type; it must not be Error or Null, nor contain itself.
rulert::ColumnSpec ColumnOf(const Type& type);
// Without names, symbols and children.
rulert::ColumnKind KindOf(TypeKind kind);

}  // namespace rulec::plan
