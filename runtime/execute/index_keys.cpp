#include "runtime/execute/index_keys.h"

#include <xxhash.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr uint64_t kSign = uint64_t{1} << 63;

struct Key {
  uint64_t value;
  bool valid = true;
};

uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const auto product = static_cast<Wide>(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xE7037ED1A0B428DBu);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t Load64(const void* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Positive numbers order as their bits do, negative ones the other way round.
Key OfDouble(double value) {
  const auto bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  return {(bits & kSign) != 0 ? ~bits : bits | kSign, !std::isnan(value)};
}

Key OfInteger(int64_t value) { return {static_cast<uint64_t>(value) ^ kSign}; }

template <typename T>
struct IntegerKey {
  using Cell = T;
  static Key Of(Cell cell) { return OfInteger(cell); }
};
template <typename T>
struct FloatingKey {
  using Cell = T;
  static Key Of(Cell cell) { return OfDouble(cell); }
};
// A short text is its cell, and the cell of a longer one has its length and its first four bytes.
struct TextEqualityKey {
  using Cell = rulert_string;
  static Key Of(const Cell& cell) {
    if (cell.length > RULERT_STRING_INLINE) return {XXH3_64bits(cell.u.outlined.data, cell.length)};
    const auto* bytes = reinterpret_cast<const char*>(&cell);
    return {Mix(Load64(bytes), Load64(bytes + 8))};
  }
};
struct TextOrderKey {
  using Cell = rulert_string;
  static Key Of(const Cell& cell) {
    char start[8] = {};
    const std::string_view text = View(cell);
    std::memcpy(start, text.data(), text.size() < sizeof start ? text.size() : sizeof start);
    return {__builtin_bswap64(Load64(start))};
  }
};
struct DecimalEqualityKey {
  using Cell = rulert_decimal;
  static Key Of(const Cell& cell) { return {Mix(cell.low, static_cast<uint64_t>(cell.high))}; }
};
// Those within 64 bits, which nearly all are, in order; the others at the ends.
struct DecimalOrderKey {
  using Cell = rulert_decimal;
  static Key Of(const Cell& cell) {
    const auto low = static_cast<int64_t>(cell.low);
    if (cell.high == low >> 63) return OfInteger(low);
    return {cell.high < 0 ? 0 : ~uint64_t{0}};
  }
};
struct BytesKey {
  struct Cell {
    unsigned char bytes[16];
  };
  static Key Of(const Cell& cell) { return {Mix(Load64(cell.bytes), Load64(cell.bytes + 8))}; }
};

// Calls `visit` with the key type of a column; false if there is none.
template <typename Visit>
bool WithKey(ColumnKind kind, KeyUse use, Visit visit) {
  const bool order = use == KeyUse::Order;
  switch (kind) {
    case ColumnKind::Bool: visit(IntegerKey<uint8_t>()); return true;
    case ColumnKind::Int:
    case ColumnKind::Date: visit(IntegerKey<int32_t>()); return true;
    case ColumnKind::Enum:
      // The order of symbols is not that of their numbers for every reader.
      if (!order) visit(IntegerKey<int32_t>());
      return !order;
    case ColumnKind::Long:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::TimeOfDay: visit(IntegerKey<int64_t>()); return true;
    case ColumnKind::Float: visit(FloatingKey<float>()); return true;
    case ColumnKind::Double: visit(FloatingKey<double>()); return true;
    case ColumnKind::String:
      if (order) {
        visit(TextOrderKey());
      } else {
        visit(TextEqualityKey());
      }
      return true;
    case ColumnKind::Decimal:
      if (order) {
        visit(DecimalOrderKey());
      } else {
        visit(DecimalEqualityKey());
      }
      return true;
    case ColumnKind::Uuid:
      if (!order) visit(BytesKey());
      return !order;
    default: return false;
  }
}

}  // namespace

bool HasKeys(const ColumnSpec& spec, KeyUse use) {
  return WithKey(spec.kind, use, [](auto) {});
}

bool AreOrderKeysExact(const ColumnSpec& spec) {
  return spec.kind != ColumnKind::String && spec.kind != ColumnKind::Decimal;
}

std::optional<uint64_t> KeyOf(const ColumnSpec& spec, KeyUse use, const void* cell) {
  std::optional<uint64_t> result;
  WithKey(spec.kind, use, [&](auto key) {
    typename decltype(key)::Cell value;
    std::memcpy(&value, cell, sizeof value);
    const Key made = decltype(key)::Of(value);
    if (made.valid) result = made.value;
  });
  return result;
}

uint64_t TextKey(std::string_view text) { return TextEqualityKey::Of(MakeString(text)).value; }

bool KeysOf(const ColumnSpec& spec, KeyUse use, const rulert_column& column, uint32_t rows, uint64_t* out,
            uint64_t* out_valid) {
  const uint32_t words = (rows + 63) / 64;
  uint64_t all = ~uint64_t{0};
  WithKey(spec.kind, use, [&](auto key) {
    const auto* cells = static_cast<const typename decltype(key)::Cell*>(column.values);
    for (uint32_t word = 0; word < words; ++word) {
      const uint32_t begin = word * 64;
      const uint32_t count = rows - begin < 64 ? rows - begin : 64;
      const uint64_t there = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
      uint64_t valid = column.valid == nullptr ? there : column.valid[word] & there;
      if (valid == there) {
        uint64_t bad = 0;
        for (uint32_t i = 0; i < count; ++i) {
          const Key made = decltype(key)::Of(cells[begin + i]);
          out[begin + i] = made.value;
          bad |= uint64_t{!made.valid} << i;
        }
        valid &= ~bad;
      } else {
        // What a null cell points to may not be looked at.
        for (uint64_t left = valid; left != 0; left &= left - 1) {
          const auto i = static_cast<uint32_t>(std::countr_zero(left));
          const Key made = decltype(key)::Of(cells[begin + i]);
          out[begin + i] = made.value;
          if (!made.valid) valid &= ~(uint64_t{1} << i);
        }
      }
      out_valid[word] = valid;
      all &= valid | ~there;
    }
  });
  return all == ~uint64_t{0};
}

}  // namespace rulert
