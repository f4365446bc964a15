// Which type of an output's schema takes which values.
#include <algorithm>

#include "compiler/lower/value_writer.h"

namespace rulec::lower {

using avro::Kind;
using avro::Logical;
using rulert::ColumnKind;
using rulert::ColumnSpec;

namespace {

constexpr int kNo = 0;
constexpr int kWider = 1;  // another type that holds all such values
constexpr int kSame = 2;
constexpr int kNamed = 3;  // the type of that name

int If(bool same, int otherwise = kNo) { return same ? kSame : otherwise; }

bool IsTimestamp(Logical logical) {
  return logical >= Logical::TimestampMillis && logical <= Logical::LocalTimestampNanos;
}

int FitOfWhole(const avro::Schema& type, Kind own) {
  if (type.kind == own) return type.logical == Logical::None ? kSame : kWider;
  if (own == Kind::Int && type.kind == Kind::Long) return kWider;
  return type.kind == Kind::Float || type.kind == Kind::Double ? kWider : kNo;
}

int FitOfNamed(const avro::Schema& type, const ColumnSpec& column, Kind kind) {
  if (type.kind != kind) return kNo;
  return type.name == column.type_name ? kNamed : kSame;
}

// All symbols or fields of the value's type by their names: what another one lacks it does not take.
int FitOfEnum(const avro::Schema& type, const ColumnSpec& column) {
  const int fit = FitOfNamed(type, column, Kind::Enum);
  const bool all = std::all_of(column.symbols.begin(), column.symbols.end(), [&](const std::string& symbol) {
    return std::find(type.symbols.begin(), type.symbols.end(), symbol) != type.symbols.end();
  });
  return all ? fit : std::min(fit, kWider);
}

int FitOfRecord(const avro::Schema& type, const ColumnSpec& column) {
  const int fit = FitOfNamed(type, column, Kind::Record);
  const bool all = std::all_of(column.names.begin(), column.names.end(),
                               [&](const std::string& name) { return type.FieldIndex(name) >= 0; });
  return all ? fit : std::min(fit, kWider);
}

}  // namespace

bool IsComposite(ColumnKind kind) {
  return kind == ColumnKind::List || kind == ColumnKind::Map || kind == ColumnKind::Record || kind == ColumnKind::Union;
}

int FitOf(const avro::Schema& type, const ColumnSpec& column) {
  const bool decimal = type.logical == Logical::Decimal;
  switch (column.kind) {
    case ColumnKind::Bool: return If(type.kind == Kind::Bool);
    case ColumnKind::Int: return FitOfWhole(type, Kind::Int);
    case ColumnKind::Long:
    case ColumnKind::Duration: return FitOfWhole(type, Kind::Long);
    case ColumnKind::Float: return If(type.kind == Kind::Float, type.kind == Kind::Double ? kWider : kNo);
    case ColumnKind::Double: return If(type.kind == Kind::Double);
    case ColumnKind::Date: return If(type.logical == Logical::Date, type.kind == Kind::Int ? kWider : kNo);
    case ColumnKind::TimeOfDay:
      return If(type.logical == Logical::TimeMicros || type.logical == Logical::TimeMillis,
                type.kind == Kind::Long ? kWider : kNo);
    case ColumnKind::Timestamp: return If(IsTimestamp(type.logical), type.kind == Kind::Long ? kWider : kNo);
    case ColumnKind::String:
      return If(type.kind == Kind::String && type.logical == Logical::None,
                type.kind == Kind::String || (type.kind == Kind::Bytes && !decimal) ? kWider : kNo);
    case ColumnKind::Bytes:
      if (type.kind == Kind::Fixed) {
        return decimal || type.size != column.fixed_size ? kNo : FitOfNamed(type, column, Kind::Fixed);
      }
      return type.kind == Kind::Bytes && !decimal ? (column.fixed_size == 0 ? kSame : kWider) : kNo;
    case ColumnKind::Decimal: return If(decimal && type.scale == column.scale);
    case ColumnKind::Uuid:
      return If(type.logical == Logical::Uuid,
                type.kind == Kind::String || (type.kind == Kind::Fixed && type.size == 16) ? kWider : kNo);
    case ColumnKind::Enum: return FitOfEnum(type, column);
    case ColumnKind::List: return If(type.kind == Kind::Array);
    case ColumnKind::Map: return If(type.kind == Kind::Map);
    case ColumnKind::Record: return FitOfRecord(type, column);
    case ColumnKind::Union: return kNo;
  }
  return kNo;
}

int BranchFor(const avro::Schema& type, const ColumnSpec& column) {
  int best = -1;
  int best_fit = kNo;
  for (size_t i = 0; i < type.branches.size(); ++i) {
    const int fit = FitOf(*type.branches[i], column);
    if (fit > best_fit) {
      best = static_cast<int>(i);
      best_fit = fit;
    }
  }
  return best;
}

}  // namespace rulec::lower
