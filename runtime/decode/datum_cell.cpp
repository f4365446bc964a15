#include "runtime/decode/datum_cell.h"

#include <algorithm>

#include "avro/float_bits.h"
#include "stdlib/support.h"

namespace rulert {
namespace {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

class Converter {
 public:
  explicit Converter(const CellMemory& memory) : memory_(memory) {}

  uint32_t Convert(const CellType& type, const avro::Schema& declared, const avro::Datum& datum, void* cell,
                   bool* null) const {
    *null = datum.kind == avro::Kind::Null;
    if (*null) return type.nullable ? RULERT_DECODE_OK : RULERT_DECODE_TYPE;
    const avro::Schema& schema =
        declared.kind == avro::Kind::Union ? *declared.branches[static_cast<size_t>(datum.branch)] : declared;
    if (type.kind != ColumnKind::Union) return NotNullValue(type, schema, datum, cell);
    const auto before = declared.branches.begin() + datum.branch;
    const auto branch = static_cast<uint32_t>(std::count_if(
        declared.branches.begin(), before, [](const avro::Schema* s) { return s->kind != avro::Kind::Null; }));
    Cell value;
    const uint32_t error = NotNullValue(type.children[branch], schema, datum, value.bytes);
    if (error != RULERT_DECODE_OK) return error;
    return MakeUnion(type, branch, value, memory_, cell) ? RULERT_DECODE_OK : RULERT_DECODE_MEMORY;
  }

 private:
  uint32_t NotNullValue(const CellType& type, const avro::Schema& schema, const avro::Datum& datum, void* cell) const {
    const auto ok = [](bool fits, uint32_t error) { return fits ? uint32_t{RULERT_DECODE_OK} : error; };
    switch (type.kind) {
      case ColumnKind::Bool: StoreCell<uint8_t>(datum.boolean, cell); return RULERT_DECODE_OK;
      case ColumnKind::Int:
      case ColumnKind::Date:
      case ColumnKind::Enum: StoreCell(static_cast<int32_t>(datum.integer), cell); return RULERT_DECODE_OK;
      case ColumnKind::Long:
      case ColumnKind::Duration: StoreCell(datum.integer, cell); return RULERT_DECODE_OK;
      case ColumnKind::Timestamp:
      case ColumnKind::TimeOfDay: {
        int64_t micros = 0;
        if (!ToMicros(datum.integer, type.unit, &micros)) return RULERT_DECODE_TIME;
        StoreCell(micros, cell);
        return RULERT_DECODE_OK;
      }
      case ColumnKind::Float: StoreCell(avro::NarrowDouble(datum.number), cell); return RULERT_DECODE_OK;
      case ColumnKind::Double: StoreCell(datum.number, cell); return RULERT_DECODE_OK;
      case ColumnKind::String:
      case ColumnKind::Bytes: return ok(CopyText(datum.text, memory_, cell), RULERT_DECODE_MEMORY);
      case ColumnKind::Decimal: return ok(DecimalFromBytes(datum.text, type.precision, cell), RULERT_DECODE_DECIMAL);
      case ColumnKind::Uuid:
        if (schema.kind != avro::Kind::Fixed) return ok(UuidFromText(datum.text, cell), RULERT_DECODE_UUID);
        std::memcpy(cell, datum.text.data(), sizeof(Cell));
        return RULERT_DECODE_OK;
      case ColumnKind::List:
      case ColumnKind::Map: return Items(type, schema, datum, cell);
      case ColumnKind::Record: return Record(type, schema, datum, cell);
      case ColumnKind::Union: break;  // a branch is no union
    }
    return RULERT_DECODE_TYPE;
  }

  uint32_t Items(const CellType& type, const avro::Schema& schema, const avro::Datum& datum, void* cell) const {
    ItemStack stack;
    const ItemStack::Mark mark = stack.Begin();
    for (size_t i = 0; i < datum.items.size(); ++i) {
      Cell item;
      Cell key;
      bool null = false;
      if (type.kind == ColumnKind::Map) {
        if (!CopyText(datum.keys[i], memory_, key.bytes)) return RULERT_DECODE_MEMORY;
        stack.AddKey(TextOf(key.bytes));
      }
      const uint32_t error = Convert(type.children.front(), *schema.items, datum.items[i], item.bytes, &null);
      if (error != RULERT_DECODE_OK) return error;
      stack.Add(type.children.front(), null ? nullptr : item.bytes);
    }
    return stack.End(type, mark, memory_, cell) ? RULERT_DECODE_OK : RULERT_DECODE_MEMORY;
  }

  uint32_t Record(const CellType& type, const avro::Schema& schema, const avro::Datum& datum, void* cell) const {
    char* record = NewRecord(type, memory_);
    if (record == nullptr) return RULERT_DECODE_MEMORY;
    for (size_t i = 0; i < type.children.size(); ++i) {
      Cell value;
      bool null = false;
      const uint32_t error = Convert(type.children[i], *schema.fields[i].type, datum.items[i], value.bytes, &null);
      if (error != RULERT_DECODE_OK) return error;
      if (!null) std::memcpy(PutField(type, record, i), value.bytes, type.children[i].width);
    }
    StoreCell<const char*>(record, cell);
    return RULERT_DECODE_OK;
  }

  const CellMemory& memory_;
};

}  // namespace

uint32_t DatumToCell(const CellType& type, const avro::Schema& schema, const avro::Datum& datum,
                     const CellMemory& memory, void* cell, bool* null) {
  return Converter(memory).Convert(type, schema, datum, cell, null);
}

bool DecimalFromBytes(std::string_view bytes, uint8_t precision, void* cell) {
  const bool negative = !bytes.empty() && (static_cast<uint8_t>(bytes.front()) & 0x80) != 0;
  const char sign = negative ? '\xFF' : '\0';
  while (bytes.size() > sizeof(Int128)) {
    if (bytes.front() != sign) return false;
    bytes.remove_prefix(1);
    if (bytes.size() == sizeof(Int128) && ((static_cast<uint8_t>(bytes.front()) & 0x80) != 0) != negative) return false;
  }
  UInt128 bits = negative ? ~UInt128{0} : 0;
  for (const char byte : bytes) bits = bits << 8 | static_cast<uint8_t>(byte);
  const rulert_decimal value = {static_cast<uint64_t>(bits), static_cast<int64_t>(bits >> 64)};
  UInt128 limit = 1;
  for (uint8_t i = 0; i < precision; ++i) limit *= 10;
  const UInt128 magnitude = negative ? ~bits + 1 : bits;
  if (magnitude >= limit) return false;
  StoreCell(value, cell);
  return true;
}

bool UuidFromText(std::string_view text, void* cell) {
  unsigned char bytes[16];
  if (text.size() != 36 || !rule_uuid_from_text(text.data(), text.size(), bytes)) return false;
  std::memcpy(cell, bytes, sizeof bytes);
  return true;
}

}  // namespace rulert
