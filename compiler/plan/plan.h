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
  Slot,          // index: slot                                          -> the slot's type
  Param,         // index: into params                                   -> the param's type
  Null,          //                                                      -> `type`, nullable
  Bool,          // index: 0 or 1
  EventTime,     // the row's event time                                 -> timestamp
  IntToLong,     // int -> long                 (also inside enums: none)
  IntToDouble,   // int -> double
  LongToDouble,  // long -> double, an error at the site beyond 2^53
  Negate,        // int, long, duration (overflow at the site), double
  Add,
  Subtract,  // int, long, timestamp/duration (overflow at the site), double; operands of one storage type
  Multiply,  // int, long (overflow at the site), double; duration * long
  Divide,    // double / double: an error at the site if the right one is zero
  Equal,
  NotEqual,  // any one type, nullable or not: null equals null only
  Less,
  LessEqual,
  Greater,
  GreaterEqual,  // numbers, strings (by bytes), timestamps, durations; not nullable
  And,
  Or,
  Not,  // bool, not nullable; the right operand is evaluated only if the left one does not decide
  IsNull,
  IsNotNull,
  Coalesce,  // a ?? b: b is evaluated only if a is null
  NotNull    // nullable -> the same, not nullable; the checker proved that it is not null here
};

struct Expr {
  Op op;
  Type type;
  std::vector<ExprId> operands;
  uint32_t index = 0;
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

struct Rule {
  std::string package;
  std::string name;
  int32_t version = 1;
  std::optional<std::string> severity;
  std::string file;
  uint32_t stream = 0;  // index into Program::streams
  std::vector<Expr> exprs;
  Filter filter;
  std::vector<ExprId> keys;  // partition by; never null
  std::vector<Emit> emits;
  std::vector<rulert::ParamSpec> params;  // literals first met first; equal ones once
  uint32_t params_size = 0;
  std::vector<rulert::ErrorSite> sites;
};

struct Program {
  std::vector<Stream> streams;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  std::vector<avro::SchemaPtr> schemas;  // keeps what types point to
};

std::string Print(const Program& program);

// The storage of a type; it must not be Error, Null or Record.
rulert::ColumnSpec ColumnOf(const Type& type);

}  // namespace rulec::plan
