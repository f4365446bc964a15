#include <bit>
#include <cmath>
#include <cstring>

#include "runtime/base/text.h"
#include "runtime/record/column_buffer.h"
#include "runtime/state/key_directory.h"

namespace rulert {
namespace {

template <typename T>
const T& Value(const rulert_column& column, uint32_t row) {
  return static_cast<const T*>(column.values)[row];
}

void AppendWord(char tag, uint64_t word, std::string* out) {
  char bytes[9];
  bytes[0] = tag;
  std::memcpy(bytes + 1, &word, sizeof word);
  out->append(bytes, sizeof bytes);
}

void AppendText(std::string_view text, std::string* out) {
  AppendWord('s', text.size(), out);
  *out += text;
}

uint64_t CanonicalBits(double value) {
  if (std::isnan(value)) return 0x7FF8000000000000u;
  return std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
}

// Equal values, and they alone, give equal bytes. Times keep a tag of their own: they never equal a number.
void AppendValue(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out) {
  switch (spec.kind) {
    case ColumnKind::Bool: return AppendWord('b', Value<uint8_t>(column, row), out);
    case ColumnKind::Int: return AppendWord('i', static_cast<uint64_t>(int64_t{Value<int32_t>(column, row)}), out);
    case ColumnKind::Long: return AppendWord('i', static_cast<uint64_t>(Value<int64_t>(column, row)), out);
    case ColumnKind::Double: return AppendWord('d', CanonicalBits(Value<double>(column, row)), out);
    case ColumnKind::Timestamp: return AppendWord('t', static_cast<uint64_t>(Value<int64_t>(column, row)), out);
    case ColumnKind::Duration: return AppendWord('u', static_cast<uint64_t>(Value<int64_t>(column, row)), out);
    case ColumnKind::String: return AppendText(View(Value<rulert_string>(column, row)), out);
    case ColumnKind::Enum: {
      const auto symbol = static_cast<size_t>(Value<int32_t>(column, row));
      return AppendText(symbol < spec.symbols.size() ? std::string_view(spec.symbols[symbol]) : "?", out);
    }
    default: std::abort();  // no other type is a key
  }
}

}  // namespace

Locator::Locator(std::vector<ColumnSpec> columns, std::vector<int32_t> slots, uint64_t seed)
    : columns_(std::move(columns)), slots_(std::move(slots)), directory_(seed), entries_(RULERT_BATCH_ROWS) {}

bool Locator::AppendKey(const rulert_column* batch_columns, uint32_t row) {
  for (const int32_t slot : slots_) {
    if (!IsValid(batch_columns[slot], row)) return false;
  }
  for (size_t i = 0; i < slots_.size(); ++i) AppendValue(columns_[i], batch_columns[slots_[i]], row, &key_bytes_);
  return true;
}

const uint32_t* Locator::Locate(const rulert_column* batch_columns, uint32_t rows) {
  key_bytes_.clear();
  key_ends_.clear();
  hashes_.clear();
  // A null key ends where it begins, which no other key does.
  for (uint32_t row = 0; row < rows; ++row) {
    AppendKey(batch_columns, row);
    key_ends_.push_back(static_cast<uint32_t>(key_bytes_.size()));
  }
  const auto key_of = [&](uint32_t row) {
    const uint32_t begin = row == 0 ? 0 : key_ends_[row - 1];
    return std::string_view(key_bytes_).substr(begin, key_ends_[row] - begin);
  };
  for (uint32_t row = 0; row < rows; ++row) {
    hashes_.push_back(directory_.Hash(key_of(row)));
    directory_.Prefetch(hashes_.back());
  }
  for (uint32_t row = 0; row < rows; ++row) {
    const std::string_view key = key_of(row);
    entries_[row] = key.empty() && !slots_.empty() ? kNoEntry : directory_.FindOrAdd(key, hashes_[row]);
  }
  return entries_.data();
}

}  // namespace rulert
