#include "compiler/lower/constant_cells.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <llvm/IR/Constants.h>

#include "runtime/abi/abi.h"

namespace rulec::lower {

using avro::Datum;
using avro::Logical;
using avro::Schema;
using rulert::ColumnKind;
using rulert::ColumnSpec;

namespace {

int64_t FloorThousandth(int64_t value) { return value / 1000 - (value % 1000 < 0 ? 1 : 0); }

class CellMaker {
 public:
  CellMaker(FunctionBuilder& f, DecodeUnit& unit) : f_(f), unit_(unit), context_(f.module().getContext()) {}

  // Of two words: a struct of them, the second a pointer or an i64.
  llvm::Constant* Cell(const Datum& datum, const Schema& type, const ColumnSpec& column) {
    if (datum.kind == avro::Kind::Null) return Zero(column.kind);
    const Schema& chosen = datum.branch >= 0 ? *type.branches[static_cast<size_t>(datum.branch)] : type;
    if (column.kind == ColumnKind::Union) return Union(datum, type, column);
    switch (column.kind) {
      case ColumnKind::Bool: return Number(8, datum.boolean ? 1 : 0);
      case ColumnKind::Int:
      case ColumnKind::Date:
      case ColumnKind::Enum: return Number(32, static_cast<uint64_t>(datum.integer) & 0xffffffff);
      case ColumnKind::Long:
      case ColumnKind::Duration: return Number(64, static_cast<uint64_t>(datum.integer));
      case ColumnKind::TimeOfDay:
      case ColumnKind::Timestamp: return Number(64, static_cast<uint64_t>(Micros(datum.integer, chosen.logical)));
      case ColumnKind::Float:
        return llvm::ConstantFP::get(llvm::Type::getFloatTy(context_), llvm::APFloat(static_cast<float>(datum.number)));
      case ColumnKind::Double: return llvm::ConstantFP::get(f_.f64, llvm::APFloat(datum.number));
      case ColumnKind::Decimal: return Decimal(datum.text, column.precision);
      case ColumnKind::Uuid: return Uuid(datum.text);
      case ColumnKind::String:
      case ColumnKind::Bytes: return Text(datum.text);
      case ColumnKind::List:
      case ColumnKind::Map: return Items(datum, chosen, column);
      case ColumnKind::Record: return Record(datum, chosen, column);
      case ColumnKind::Union: break;
    }
    llvm_unreachable("every kind is handled above");
  }

 private:
  llvm::Constant* Number(unsigned bits, uint64_t value) {
    return llvm::ConstantInt::get(llvm::Type::getIntNTy(context_, bits), value);
  }

  llvm::Constant* Zero(ColumnKind kind) {
    if (IsTwoWords(kind)) return Words(0, Number(64, 0));
    return llvm::Constant::getNullValue(f_.MemoryType(kind));
  }

  llvm::Constant* Words(uint64_t low, llvm::Constant* high) {
    return llvm::ConstantStruct::getAnon({Number(64, low), high}, true);
  }

  llvm::Constant* Memory(llvm::Constant* content) {
    auto* global = new llvm::GlobalVariable(f_.module(), content->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                            content, "default");
    global->setAlignment(llvm::Align(16));
    return global;
  }

  int64_t Micros(int64_t value, Logical logical) {
    switch (logical) {
      case Logical::TimeMillis:
      case Logical::TimestampMillis:
      case Logical::LocalTimestampMillis:
        if (__builtin_mul_overflow(value, int64_t{1000}, &value)) {
          unit_.Refuse("the default " + std::to_string(value) + " of a time does not fit microseconds in 64 bits");
        }
        return value;
      case Logical::TimestampNanos:
      case Logical::LocalTimestampNanos: return FloorThousandth(value);
      default: return value;
    }
  }

  llvm::Constant* Decimal(const std::string& bytes, unsigned precision) {
    llvm::APInt value(128, 0);
    if (!bytes.empty()) {
      // As wide as it is written, then narrowed: what is lost may only repeat the sign.
      const auto bits = static_cast<unsigned>(8 * std::max<size_t>(bytes.size(), 17));
      llvm::APInt wide(bits, 0);
      for (const char byte : bytes) wide = (wide << 8) | llvm::APInt(bits, static_cast<unsigned char>(byte));
      const auto used = static_cast<unsigned>(8 * bytes.size());
      wide = wide.shl(bits - used).ashr(bits - used);
      if (wide.getSignificantBits() > 128) unit_.Refuse("the default of a decimal has more than 128 bits");
      value = wide.trunc(128);
    }
    llvm::APInt bound(128, 1);
    for (unsigned i = 0; i < precision; ++i) bound *= 10;
    if (value.sge(bound) || value.sle(-bound)) {
      unit_.Refuse("the default of a decimal has more than " + std::to_string(precision) + " digits");
    }
    return llvm::ConstantInt::get(context_, value);
  }

  llvm::Constant* Uuid(const std::string& text) {
    unsigned char bytes[16] = {};
    if (text.size() == sizeof(bytes)) {
      std::memcpy(bytes, text.data(), sizeof(bytes));
    } else if (!ParseUuid(text, bytes)) {
      unit_.Refuse("the default `" + text.substr(0, 60) + "` is no uuid");
    }
    uint64_t words[2];
    std::memcpy(words, bytes, sizeof(words));
    return Words(words[0], Number(64, words[1]));
  }

  static bool ParseUuid(const std::string& text, unsigned char* bytes) {
    if (text.size() != 36) return false;
    constexpr std::string_view kDigits = "0123456789abcdef";
    size_t digits = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash != (text[i] == '-')) return false;
      if (dash) continue;
      const size_t value = kDigits.find(static_cast<char>(text[i] | 0x20));
      if (value == std::string_view::npos) return false;
      bytes[digits / 2] = static_cast<unsigned char>(bytes[digits / 2] << 4 | static_cast<unsigned char>(value));
      ++digits;
    }
    return true;
  }

  llvm::Constant* Text(const std::string& text) {
    rulert_string string{};
    string.length = static_cast<uint32_t>(text.size());
    const bool is_short = text.size() <= RULERT_STRING_INLINE;
    std::memcpy(string.u.inlined, text.data(), is_short ? text.size() : sizeof(string.u.outlined.prefix));
    uint64_t words[2];
    std::memcpy(words, &string, sizeof(words));
    if (is_short) return Words(words[0], Number(64, words[1]));
    return Words(words[0], Memory(llvm::ConstantDataArray::getString(context_, text, false)));
  }

  llvm::Constant* Items(const Datum& datum, const Schema& type, const ColumnSpec& column) {
    if (datum.items.empty()) return Zero(column.kind);
    std::vector<llvm::Constant*> parts;
    for (const std::string& key : datum.keys) parts.push_back(Text(key));
    const ColumnSpec& element = column.children[0];
    for (const Datum& item : datum.items) parts.push_back(Cell(item, *type.items, element));
    if (element.nullable) {
      for (const Datum& item : datum.items) parts.push_back(Number(8, item.kind == avro::Kind::Null ? 0 : 1));
    }
    return Words(datum.items.size(), Memory(llvm::ConstantStruct::getAnon(context_, parts, true)));
  }

  llvm::Constant* Record(const Datum& datum, const Schema& type, const ColumnSpec& column) {
    const rulert::RecordLayout layout = rulert::LayOutRecord(column);
    std::vector<llvm::Constant*> parts;
    uint32_t at = 0;
    const auto pad = [&](uint32_t to) {
      for (; at < to; ++at) parts.push_back(Number(8, 0));
    };
    for (size_t i = 0; i < column.children.size(); ++i) {
      pad(layout.offsets[i]);
      parts.push_back(Cell(datum.items[i], *type.fields[i].type, column.children[i]));
      at += rulert::ColumnWidth(column.children[i].kind);
    }
    for (size_t i = 0; i < column.children.size(); ++i) {
      if (!column.children[i].nullable) continue;
      pad(static_cast<uint32_t>(layout.null_bytes[i]));
      parts.push_back(Number(8, datum.items[i].kind == avro::Kind::Null ? 0 : 1));
      ++at;
    }
    pad(std::max(layout.size, 8u));
    return Memory(llvm::ConstantStruct::getAnon(context_, parts, true));
  }

  llvm::Constant* Union(const Datum& datum, const Schema& type, const ColumnSpec& column) {
    auto branch = static_cast<uint32_t>(datum.branch);
    const Schema& chosen = *type.branches[branch];
    for (int i = 0; i < datum.branch; ++i) {
      branch -= type.branches[static_cast<size_t>(i)]->kind == avro::Kind::Null ? 1 : 0;
    }
    const ColumnSpec& part = column.children[branch];
    Datum bare = datum;
    bare.branch = -1;
    llvm::Constant* cell = Cell(bare, chosen, part);
    if (rulert::ColumnWidth(part.kind) == 16) return Words(branch, Memory(cell));
    if (const auto* number = llvm::dyn_cast<llvm::ConstantFP>(cell)) {
      return Words(branch, Number(64, number->getValueAPF().bitcastToAPInt().getZExtValue()));
    }
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(cell))
      return Words(branch, Number(64, number->getZExtValue()));
    return Words(branch, cell);
  }

  FunctionBuilder& f_;
  DecodeUnit& unit_;
  llvm::LLVMContext& context_;
};

}  // namespace

Value ConstantCell(FunctionBuilder& f, DecodeUnit& unit, const Datum& datum, const Schema& schema,
                   const ColumnSpec& column) {
  Value value;
  if (datum.kind == avro::Kind::Null) {
    value = ZeroOf(f, column);
  } else {
    llvm::Constant* cell = CellMaker(f, unit).Cell(datum, schema, column);
    if (IsTwoWords(column.kind)) {
      llvm::Constant* high = cell->getAggregateElement(1u);
      value.value = cell->getAggregateElement(0u);
      value.high = high->getType()->isPointerTy() ? llvm::ConstantExpr::getPtrToInt(high, f.i64) : high;
    } else {
      value.value = column.kind == rulert::ColumnKind::Bool ? f.ir().getInt1(datum.boolean) : cell;
    }
  }
  if (column.nullable) value.valid = f.ir().getInt1(datum.kind != avro::Kind::Null);
  return value;
}

}  // namespace rulec::lower
