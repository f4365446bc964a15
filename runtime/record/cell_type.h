// A ColumnSpec made ready for those who read or write cells by interpreting it: widths, layouts, units of time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/abi/program.h"
#include "runtime/base/error.h"

namespace rulert {

// How times are counted where they stand as numbers, outside of cells: in Avro, JSON and CSV.
enum class TimeUnit : uint8_t { Micros, Millis, Nanos };

struct CellType {
  ColumnKind kind = ColumnKind::Long;
  bool nullable = false;
  uint32_t width = 8;
  TimeUnit unit = TimeUnit::Micros;  // Timestamp, TimeOfDay
  bool local = false;                // Timestamp: without a zone
  uint8_t precision = 0;             // Decimal
  uint8_t scale = 0;
  uint32_t fixed_size = 0;               // Bytes
  std::vector<std::string> symbols;      // Enum
  int32_t default_symbol = kNone;        // Enum: for symbols that the schema lacks
  std::vector<CellType> children;        // as ColumnSpec
  std::vector<std::string> names;        // as ColumnSpec
  RecordLayout layout;                   // Record
  std::string tag;                       // what Avro's JSON encoding calls a branch of this type
  bool tagged_objects = false;           // Union: objects in JSON have to name their branch (json_shape.h)
  const avro::Schema* schema = nullptr;  // of the value that is not null; null if it was made without one

  // Before the schema that it was made with goes.
  void ForgetSchema() {
    schema = nullptr;
    for (CellType& child : children) child.ForgetSchema();
  }
  bool is_composite() const { return kind >= ColumnKind::List; }
};

// Times are counted in microseconds.
CellType MakeCellType(const ColumnSpec& spec);

// The same with what only `schema` tells. An error of kind Environment if the two do not fit each other. The schema
// must outlive the result.
Result<CellType> MakeCellType(const ColumnSpec& spec, const avro::Schema& schema);

// The only branch of `schema` that is not null, or `schema` itself: what a value that is not null is of. Of a union of
// several it is the union.
const avro::Schema& NotNull(const avro::Schema& schema);
// The branches of a union that are not null, in order.
std::vector<const avro::Schema*> NotNullBranches(const avro::Schema& schema);

// A count of `unit`s as microseconds (nanoseconds are floored), or false if it does not fit.
bool ToMicros(int64_t count, TimeUnit unit, int64_t* micros);
// And back, floored where the unit is coarser; false if it does not fit.
bool FromMicros(int64_t micros, TimeUnit unit, int64_t* count);

}  // namespace rulert
