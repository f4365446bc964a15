// What a job runs, as data: streams, outputs, rules and the modules that hold their code. The compiler fills it, the
// runtime reads it, a job binary carries it as JSON (docs/formats/job_image.md). Plain values, no behaviour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rulert {

// The type of a column: how its values are stored is told in abi.h, rulert_column.
enum class ColumnKind : uint8_t {
  Bool,
  Int,
  Long,
  Double,
  String,
  Enum,
  Timestamp,
  Duration,
  Float,
  Decimal,
  Bytes,
  Date,
  TimeOfDay,
  Uuid,
  List,
  Map,
  Record,
  Union
};
std::string_view ColumnKindName(ColumnKind kind);  // "timestamp"
std::optional<ColumnKind> ColumnKindNamed(std::string_view name);
// Bytes of one cell: 1, 4, 8 or 16.
uint32_t ColumnWidth(ColumnKind kind);

struct ColumnSpec {
  ColumnKind kind = ColumnKind::Long;
  bool nullable = false;
  std::vector<std::string> symbols;  // Enum: the reader's, in order
  uint8_t precision = 0;             // Decimal
  uint8_t scale = 0;                 // Decimal
  uint32_t fixed_size = 0;           // Bytes: of a fixed, else 0
  // List, Map: the element's; Record: the fields'; Union: the branches' (none nullable: null is `nullable` above).
  std::vector<ColumnSpec> children;
  std::vector<std::string> names;  // Record: of the fields; Union: of the branches, as Avro's JSON encoding has them
  std::string type_name;           // Enum, Record, fixed: full name in the reader's schema; empty if it has none
  bool operator==(const ColumnSpec&) const;
};

// Where the fields of a record stand (abi.h, rulert_column). The same for all who read or write one.
struct RecordLayout {
  std::vector<uint32_t> offsets;    // of each field's cell
  std::vector<int32_t> null_bytes;  // of each field's byte, or kNone if it is not nullable
  uint32_t size = 0;                // a multiple of 8
};
RecordLayout LayOutRecord(const ColumnSpec& record);

inline constexpr int32_t kNone = -1;

// A field of a stream that some rule reads. A stream's slots are an append-only list; slot numbers never change.
struct SlotSpec {
  std::string path;  // `price`, `buyer.country`
  ColumnSpec column;
  bool operator==(const SlotSpec&) const = default;
};

// One accepted version of a stream's schema, known when the program was compiled.
struct VersionSpec {
  int64_t version = 0;
  std::string schema_json;
};

struct StreamSpec {
  std::string name;
  std::string schema_name;  // "market.Trade"
  std::string schema_json;  // the reader's schema, as text
  std::vector<SlotSpec> slots;
  int32_t time_slot = kNone;  // slot of the event time, or kNone
  int64_t watermark_us = 0;
  // The versions that the rules accept: at least the reader's own. `open` means that later ones are accepted too.
  std::vector<VersionSpec> versions;
  bool versions_open = false;
  // Versions that there were as well: their data are refused. Data of a schema that is neither here nor among the
  // accepted ones are read if later versions are accepted and they resolve.
  std::vector<VersionSpec> not_accepted;
  // A derived stream: its rows are those that rules give to this output, its slots that output's fields (schema_json is
  // that output's). kNone: it is read from a source.
  int32_t output = kNone;
};

struct OutputField {
  std::string name;
  ColumnSpec column;
  bool operator==(const OutputField&) const = default;
};

// What an output writes. With `meta`, `_meta` comes first, a record of id, rule, version, severity, key, time.
struct OutputSpec {
  std::string name;
  std::string schema_json;  // Avro schema of the records written
  bool meta = true;
  std::vector<OutputField> fields;  // without _meta; in the order of the schema
  bool internal = false;            // of a `derive`: it is read by rules and never written
};

// The columns of `_meta`, in order; an encoder of an output with `meta` reads these first, then the fields.
const std::vector<OutputField>& MetaFields();
// The Avro schema of an output that no `output` declares: `_meta` and the fields.
std::string OutputSchemaJson(std::string_view package, std::string_view output, const std::vector<OutputField>& fields,
                             bool meta);

// Where in a rule's text an error can arise, and what its operands mean.
struct ErrorSite {
  std::string cause;                 // "integer overflow", "division by zero", "long beyond 2^53 as double"
  uint32_t line = 0;                 // 1-based
  uint32_t column = 0;               // 1-based, in bytes
  std::string expression;            // as written: `price * size`
  std::vector<ColumnSpec> operands;  // of rulert_error::operands, at most two
};

// What the runtime makes of a literal text when it loads a rule, so that no event pays for it: the param's cell is then
// a pointer to it (8 bytes).
enum class Prepared : uint8_t { None, Regex, Like, Zone, TimeFormat, StringSet };
std::string_view PreparedName(Prepared prepared);  // "regex"
std::optional<Prepared> PreparedNamed(std::string_view name);

// A literal or param in the block of bytes that a rule reads through rulert_rule_call::params.
struct ParamSpec {
  std::string name;  // empty for a literal
  ColumnSpec column;
  uint32_t offset = 0;  // bytes from the start of the block; aligned to the value's width. Behind a nullable
                        // value stands one byte more: 1 if there is a value
  // The value (by kind one of them); a nullable param that is null has none.
  bool boolean = false;
  int64_t integer = 0;  // Int, Long, Enum (symbol), Timestamp, Duration
  double number = 0;
  std::string text;  // String, Bytes, Uuid (as text), Decimal (digits: "-12.50"), and what Prepared is made from
  bool is_null = false;
  Prepared prepared = Prepared::None;
  std::vector<std::string> texts;  // StringSet
};

struct EmitSpec {
  int32_t output = 0;  // index into ProgramSpec::outputs
};

// A condition that every row which the rule lets through meets, and that cannot fail: an index over many rules may
// leave out the others without asking R. A row whose slot is null does not meet it.
enum class IndexOp : uint8_t { Equal, Less, LessEqual, Greater, GreaterEqual };
std::string_view IndexOpName(IndexOp op);  // "less_equal"
std::optional<IndexOp> IndexOpNamed(std::string_view name);
struct IndexCondition {
  int32_t slot = 0;
  IndexOp op = IndexOp::Equal;  // slot op param
  // Of RuleSpec::params: one; with Equal perhaps more (one of them must be equal), or one that is a StringSet.
  std::vector<int32_t> params;
  bool operator==(const IndexCondition&) const = default;
};

struct RuleSpec {
  std::string package;
  std::string name;
  int32_t version = 1;
  std::optional<std::string> severity;
  std::string file;              // as it was named to the compiler
  int32_t stream = 0;            // index into ProgramSpec::streams
  std::vector<int32_t> slots;    // slots that the code reads
  std::vector<ColumnSpec> keys;  // key columns, behind the fields of each emit; empty without `partition by`
  std::vector<EmitSpec> emits;
  std::vector<ParamSpec> params;
  uint32_t params_size = 0;
  std::vector<ErrorSite> sites;
  std::string module;                 // name of its R
  bool expands = false;               // its results come from items of rows: it fills rulert_rows::source_items
  std::vector<IndexCondition> index;  // all of them hold for every row that passes
  // The span of event time in which the rule is active, [from, to); absent: without bound.
  std::optional<int64_t> active_from;
  std::optional<int64_t> active_to;
  // For a module with RULERT_RULE_NEEDS_ENTRIES: the slot that holds each key column, and the bytes of state that one
  // key has. Stateless rules leave both empty.
  std::vector<int32_t> key_slots;
  uint32_t state_size = 0;
};

// A D: which stream and writer's schema (an accepted version), and what its error_field numbers mean. Slots whose field
// the writer's schema lacks are filled with the reader's default, or null.
struct DecoderSpec {
  int32_t stream = 0;
  std::string writer_schema_json;
  std::vector<int32_t> slots;            // that it fills
  std::vector<int32_t> absent;           // slots whose field the writer's schema lacks, rising
  std::vector<std::string> field_paths;  // by rulert_decode::error_field
  std::string module;
};

// A fused D and R, usable while `rule` is the only one of its stream and active without bound.
struct ScanSpec {
  int32_t stream = 0;
  int32_t rule = 0;
  std::string writer_schema_json;
  std::vector<int32_t> absent;
  std::vector<std::string> field_paths;
  std::string module;
};

// An E for Avro binary.
struct EncoderSpec {
  int32_t output = 0;
  std::string module;
};

struct ProgramSpec {
  std::string compiler;  // version of rulec
  std::string target_cpu;
  std::vector<StreamSpec> streams;
  std::vector<OutputSpec> outputs;
  std::vector<RuleSpec> rules;
  std::vector<DecoderSpec> decoders;
  std::vector<ScanSpec> scans;
  std::vector<EncoderSpec> encoders;
};

// JSON, as docs/formats/job_image.md tells. ParseProgram returns what is wrong, or "".
std::string ProgramToJson(const ProgramSpec& program);
std::string ParseProgram(std::string_view json, ProgramSpec* program);

}  // namespace rulert
