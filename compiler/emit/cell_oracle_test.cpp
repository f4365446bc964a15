#include "compiler/emit/cell_oracle.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <set>

#include "avro/utf8.h"
#include "compiler/emit/codegen_fixture.h"
#include "runtime/abi/abi.h"

namespace rulec {

using avro::Datum;
using avro::Kind;
using avro::Logical;
using avro::Schema;
using rulert::ColumnKind;
using rulert::ColumnSpec;

namespace {

constexpr size_t kMostNodes = 400;

std::optional<ColumnKind> ScalarKind(const Schema& type) {
  switch (type.kind) {
    case Kind::Bool: return ColumnKind::Bool;
    case Kind::Int:
      if (type.logical == Logical::Date) return ColumnKind::Date;
      return type.logical == Logical::TimeMillis ? ColumnKind::TimeOfDay : ColumnKind::Int;
    case Kind::Long:
      if (type.logical == Logical::None) return ColumnKind::Long;
      return type.logical == Logical::TimeMicros ? ColumnKind::TimeOfDay : ColumnKind::Timestamp;
    case Kind::Float: return ColumnKind::Float;
    case Kind::Double: return ColumnKind::Double;
    case Kind::String: return type.logical == Logical::Uuid ? ColumnKind::Uuid : ColumnKind::String;
    case Kind::Bytes:
    case Kind::Fixed:
      if (type.logical == Logical::Decimal && type.precision <= 38) return ColumnKind::Decimal;
      return type.logical == Logical::Uuid ? ColumnKind::Uuid : ColumnKind::Bytes;
    case Kind::Enum: return ColumnKind::Enum;
    default: return std::nullopt;
  }
}

class ColumnFinder {
 public:
  std::optional<ColumnSpec> Find(const Schema& type) {
    ColumnSpec column;
    if (++nodes_ > kMostNodes || !open_.insert(&type).second) return std::nullopt;
    const bool found = Fill(type, &column);
    open_.erase(&type);
    return found ? std::optional(column) : std::nullopt;
  }

 private:
  bool Fill(const Schema& type, ColumnSpec* column) {
    if (type.kind == Kind::Union) return FillUnion(type, column);
    if (type.kind == Kind::Array || type.kind == Kind::Map) {
      column->kind = type.kind == Kind::Array ? ColumnKind::List : ColumnKind::Map;
      return Add(*type.items, column);
    }
    if (type.kind == Kind::Record) {
      column->kind = ColumnKind::Record;
      column->type_name = type.name;
      for (const avro::Field& field : type.fields) {
        column->names.push_back(field.name);
        if (!Add(*field.type, column)) return false;
      }
      return true;
    }
    const auto kind = ScalarKind(type);
    if (!kind) return false;
    column->kind = *kind;
    column->type_name = type.name;
    column->symbols = type.symbols;
    if (*kind == ColumnKind::Decimal) {
      column->precision = static_cast<uint8_t>(type.precision);
      column->scale = static_cast<uint8_t>(type.scale);
    }
    if (*kind == ColumnKind::Bytes && type.kind == Kind::Fixed) column->fixed_size = type.size;
    return true;
  }

  bool FillUnion(const Schema& type, ColumnSpec* column) {
    const bool nullable = type.NullBranch() >= 0;
    if (type.branches.size() - (nullable ? 1 : 0) == 1) {
      const auto inner = Find(*type.branches[type.NullBranch() == 0 ? 1 : 0]);
      if (!inner) return false;
      *column = *inner;
    } else {
      column->kind = ColumnKind::Union;
      for (const Schema* branch : type.branches) {
        if (branch->kind == Kind::Null) continue;
        column->names.push_back(branch->name.empty() ? std::string(avro::KindName(branch->kind)) : branch->name);
        if (!Add(*branch, column)) return false;
      }
      if (column->children.empty()) return false;
    }
    column->nullable = nullable;
    return true;
  }

  bool Add(const Schema& type, ColumnSpec* column) {
    auto child = Find(type);
    if (!child) return false;
    column->children.push_back(std::move(*child));
    return true;
  }

  std::set<const Schema*> open_;
  size_t nodes_ = 0;
};

__extension__ typedef __int128 Decimal;
__extension__ typedef unsigned __int128 UnsignedDecimal;

Decimal PowerOfTen(int exponent) {
  Decimal power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool DecimalOf(const std::string& bytes, int precision, Decimal* value) {
  if (bytes.empty()) return false;
  const bool negative = static_cast<signed char>(bytes[0]) < 0;
  Decimal sum = negative ? -1 : 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes.size() - i > 16) {
      if (static_cast<unsigned char>(bytes[i]) != (negative ? 0xff : 0)) return false;
      continue;
    }
    if (bytes.size() - i == 16 && (static_cast<signed char>(bytes[i]) < 0) != negative) return false;
    sum = static_cast<Decimal>(static_cast<UnsignedDecimal>(sum) << 8 | static_cast<unsigned char>(bytes[i]));
  }
  *value = sum;
  return sum < PowerOfTen(precision) && sum > -PowerOfTen(precision);
}

bool UuidOf(const std::string& text, unsigned char* bytes) {
  if (text.size() != 36) return false;
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return false;
    } else if (!std::isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    } else {
      digits += text[i];
    }
  }
  for (size_t i = 0; i < 16; ++i) {
    bytes[i] = static_cast<unsigned char>(std::stoi(digits.substr(2 * i, 2), nullptr, 16));
  }
  return true;
}

bool Micros(const Schema& type, int64_t value, int64_t* micros) {
  *micros = value;
  switch (type.logical) {
    case Logical::TimeMillis:
    case Logical::TimestampMillis:
    case Logical::LocalTimestampMillis: return !__builtin_mul_overflow(value, int64_t{1000}, micros);
    case Logical::TimestampNanos:
    case Logical::LocalTimestampNanos: *micros = value / 1000 - (value % 1000 < 0 ? 1 : 0); return true;
    default: return true;
  }
}

const Schema& Chosen(const Schema& type, const Datum& datum) {
  return datum.branch >= 0 && type.kind == Kind::Union ? *type.branches[static_cast<size_t>(datum.branch)] : type;
}

// The number of the branch among those that are not null.
uint32_t BranchOf(const Schema& type, const Datum& datum) {
  auto branch = static_cast<uint32_t>(datum.branch);
  const int null_branch = type.NullBranch();
  return null_branch >= 0 && null_branch < datum.branch ? branch - 1 : branch;
}

const ColumnSpec& ColumnOfBranch(const ColumnSpec& column, const Schema& type, const Datum& datum) {
  return column.kind == ColumnKind::Union ? column.children[BranchOf(type, datum)] : column;
}

template <typename T>
T At(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof(value));
  return value;
}

std::string Text(const void* cell) {
  const auto string = At<rulert_string>(cell);
  if (string.length <= RULERT_STRING_INLINE) {
    for (uint32_t i = string.length; i < RULERT_STRING_INLINE; ++i) {
      if (string.u.inlined[i] != 0) return "<not zero behind the text>";
    }
    return std::string(string.u.inlined, string.length);
  }
  if (std::memcmp(string.u.outlined.prefix, string.u.outlined.data, 4) != 0) return "<wrong prefix>";
  return std::string(string.u.outlined.data, string.length);
}

std::string Differ(const std::string& expected, const std::string& got) {
  return expected == got ? "" : "expected " + expected + ", got " + got;
}
std::string Differ(int64_t expected, int64_t got) { return Differ(std::to_string(expected), std::to_string(got)); }

std::string CompareItems(const ColumnSpec& column, const Schema& type, const Datum& datum, const void* cell) {
  const auto list = At<rulert_list>(cell);
  if (list.length != datum.items.size()) return Differ(static_cast<int64_t>(datum.items.size()), list.length);
  if (list.length == 0) return list.items == nullptr ? "" : "an empty list with items";
  if (reinterpret_cast<uintptr_t>(list.items) % 16 != 0) return "items that are not aligned";
  const ColumnSpec& element = column.children[0];
  const uint32_t width = rulert::ColumnWidth(element.kind);
  const char* cells = static_cast<const char*>(list.items);
  if (column.kind == ColumnKind::Map) {
    for (uint32_t i = 0; i < list.length; ++i, cells += 16) {
      if (const std::string wrong = Differ(datum.keys[i], Text(cells)); !wrong.empty()) return "key: " + wrong;
    }
  }
  for (uint32_t i = 0; i < list.length; ++i) {
    const bool valid = !element.nullable || cells[size_t{list.length} * width + i] == 1;
    const std::string wrong = CompareCell(element, *type.items, datum.items[i], cells + size_t{i} * width, valid);
    if (!wrong.empty()) return "[" + std::to_string(i) + "] " + wrong;
  }
  return "";
}

std::string CompareRecord(const ColumnSpec& column, const Schema& type, const Datum& datum, const void* cell) {
  const auto* fields = At<const char*>(cell);
  if (fields == nullptr) return "a record without fields' memory";
  const rulert::RecordLayout layout = rulert::LayOutRecord(column);
  for (size_t i = 0; i < column.children.size(); ++i) {
    const bool valid = !column.children[i].nullable || fields[layout.null_bytes[i]] == 1;
    const std::string wrong =
        CompareCell(column.children[i], *type.fields[i].type, datum.items[i], fields + layout.offsets[i], valid);
    if (!wrong.empty()) return "." + column.names[i] + " " + wrong;
  }
  return "";
}

std::string CompareUnion(const ColumnSpec& column, const Schema& type, const Datum& datum, const void* cell) {
  const auto value = At<rulert_union>(cell);
  const uint32_t branch = BranchOf(type, datum);
  if (value.branch != branch || value.reserved != 0) return "branch " + Differ(branch, value.branch);
  const ColumnSpec& part = column.children[branch];
  Datum bare = datum;
  bare.branch = -1;
  const uint32_t width = rulert::ColumnWidth(part.kind);
  for (uint32_t i = width; i < 8; ++i) {
    if (value.u.inlined[i] != 0) return "a union's cell is not filled with zeros";
  }
  return CompareCell(part, Chosen(type, datum), bare, width == 16 ? value.u.cell : value.u.inlined, true);
}

std::string CompareNumber(double expected, double got) {
  if (std::isnan(expected) && std::isnan(got)) return "";
  return expected == got && std::signbit(expected) == std::signbit(got)
             ? ""
             : "expected " + std::to_string(expected) + ", got " + std::to_string(got);
}

}  // namespace

std::optional<ColumnSpec> ColumnFor(const Schema& type) { return ColumnFinder().Find(type); }

bool HasCell(const ColumnSpec& column, const Schema& type, const Datum& datum) {
  if (datum.kind == Kind::Null) return true;
  const Schema& chosen = Chosen(type, datum);
  const ColumnSpec& part = ColumnOfBranch(column, type, datum);
  int64_t micros = 0;
  Decimal decimal = 0;
  unsigned char bytes[16];
  switch (part.kind) {
    case ColumnKind::Timestamp: return Micros(chosen, datum.integer, &micros);
    case ColumnKind::Decimal: return DecimalOf(datum.text, part.precision, &decimal);
    case ColumnKind::Uuid: return chosen.kind == Kind::Fixed || UuidOf(datum.text, bytes);
    case ColumnKind::List:
    case ColumnKind::Map:
      for (const Datum& item : datum.items) {
        if (!HasCell(part.children[0], *chosen.items, item)) return false;
      }
      return true;
    case ColumnKind::Record:
      for (size_t i = 0; i < part.children.size(); ++i) {
        if (!HasCell(part.children[i], *chosen.fields[i].type, datum.items[i])) return false;
      }
      return true;
    default: return true;
  }
}

void MakeRepresentable(const Schema& type, Datum* datum, std::mt19937_64& random) {
  const Schema& chosen = Chosen(type, *datum);
  for (size_t i = 0; i < datum->items.size(); ++i) {
    MakeRepresentable(chosen.kind == Kind::Record ? *chosen.fields[i].type : *chosen.items, &datum->items[i], random);
  }
  if (random() % 64 == 0) return;
  switch (chosen.logical) {
    case Logical::Uuid: {
      if (chosen.kind != Kind::String) return;
      static constexpr char kDigits[] = "0123456789abcdefABCDEF";
      datum->text = "00000000-0000-0000-0000-000000000000";
      for (char& c : datum->text) {
        if (c == '0') c = kDigits[random() % 22];
      }
      return;
    }
    case Logical::Decimal: {
      Decimal value = static_cast<Decimal>(random()) * static_cast<Decimal>(random() >> (random() % 64)) + 7;
      value %= PowerOfTen(std::min(chosen.precision, 38));
      if (random() % 2 == 0) value = -value;
      size_t size = chosen.size;
      if (chosen.kind == Kind::Bytes) {
        for (size = 1; size < 16 && value >> (8 * size - 1) != 0 && value >> (8 * size - 1) != -1; ++size) {
        }
        if (random() % 8 == 0) size += random() % 12;  // longer than need be
      }
      datum->text.assign(size, value < 0 ? '\xff' : '\0');
      for (size_t i = 0; i < size && i < 16; ++i) datum->text[size - 1 - i] = static_cast<char>(value >> (8 * i));
      return;
    }
    case Logical::TimestampMillis:
    case Logical::LocalTimestampMillis: datum->integer /= 1000; return;
    default: return;
  }
}

std::string CompareCell(const ColumnSpec& column, const Schema& type, const Datum& datum, const void* cell,
                        bool valid) {
  if (datum.kind == Kind::Null) {
    for (uint32_t i = 0; i < rulert::ColumnWidth(column.kind); ++i) {
      if (static_cast<const char*>(cell)[i] != 0) return "the cell of what is null is not zero";
    }
    return !valid || !column.nullable ? "" : "expected null, got a value";
  }
  if (!valid) return "expected a value, got null";
  const Schema& chosen = Chosen(type, datum);
  switch (column.kind) {
    case ColumnKind::Bool: return Differ(datum.boolean ? 1 : 0, At<uint8_t>(cell));
    case ColumnKind::Int:
    case ColumnKind::Date:
    case ColumnKind::Enum: return Differ(datum.integer, At<int32_t>(cell));
    case ColumnKind::Long:
    case ColumnKind::Duration: return Differ(datum.integer, At<int64_t>(cell));
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp: {
      int64_t micros = 0;
      if (!Micros(chosen, datum.integer, &micros)) return "a time beyond microseconds";
      return Differ(micros, At<int64_t>(cell));
    }
    case ColumnKind::Float: return CompareNumber(datum.number, static_cast<double>(At<float>(cell)));
    case ColumnKind::Double: return CompareNumber(datum.number, At<double>(cell));
    case ColumnKind::Decimal: {
      Decimal expected = 0;
      if (!DecimalOf(datum.text, column.precision, &expected)) return "a decimal beyond its precision";
      return At<Decimal>(cell) == expected ? "" : "another decimal";
    }
    case ColumnKind::Uuid: {
      unsigned char bytes[16];
      if (chosen.kind == Kind::Fixed) {
        std::memcpy(bytes, datum.text.data(), 16);
      } else if (!UuidOf(datum.text, bytes)) {
        return "no uuid";
      }
      return std::memcmp(bytes, cell, 16) == 0 ? "" : "another uuid";
    }
    case ColumnKind::String:
    case ColumnKind::Bytes: return Differ(datum.text, Text(cell));
    case ColumnKind::List:
    case ColumnKind::Map: return CompareItems(column, chosen, datum, cell);
    case ColumnKind::Record: return CompareRecord(column, chosen, datum, cell);
    case ColumnKind::Union: return CompareUnion(column, type, datum, cell);
  }
  return "unknown kind";
}

}  // namespace rulec
