#include "runtime/encode/meta.h"

#include <xxhash.h>
#include <array>
#include <cstring>

#include "runtime/base/text.h"
#include "runtime/encode/json_value.h"

namespace rulert {
namespace {

constexpr size_t kIdDigits = 32;
enum MetaColumn : size_t { kId, kRule, kVersion, kSeverity, kKey, kTime };

// The two digits of each byte.
constexpr auto kHexDigits = [] {
  std::array<char, 512> digits{};
  for (size_t byte = 0; byte < 256; ++byte) {
    digits[byte * 2] = "0123456789abcdef"[byte >> 4];
    digits[byte * 2 + 1] = "0123456789abcdef"[byte & 15];
  }
  return digits;
}();

void WriteHex(const XXH128_hash_t& hash, char* out) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  for (const unsigned char byte : canonical.digest) {
    std::memcpy(out, &kHexDigits[byte * 2], 2);
    out += 2;
  }
}

template <typename T>
char* Put(T value, char* out) {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

char* Put(std::string_view text, char* out) {
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

template <typename T>
T* Values(const rulert_column& column) {
  return static_cast<T*>(column.values);
}

}  // namespace

uint64_t LineageOf(uint64_t parent, uint32_t item) {
  if (parent == 0) return item;
  const uint64_t pair[2] = {parent, item};
  return XXH3_64bits(pair, sizeof pair);
}

MetaColumns::MetaColumns() : id_text_(new char[RULERT_BATCH_ROWS * kIdDigits]) {
  const auto& fields = MetaFields();
  for (size_t i = 0; i < fields.size(); ++i) columns_.push_back(pool_.Get(i, fields[i].column.nullable));
}

void AppendKeyText(const CellType& type, const rulert_column& column, uint32_t row, std::string* out) {
  if (!IsValid(column, row)) {
    *out += "null";
  } else {
    AppendPlainText(type, CellOf(column, type.width, row), out);
  }
}

void AppendKeyText(const ColumnSpec& spec, const rulert_column& column, uint32_t row, std::string* out) {
  AppendKeyText(MakeCellType(spec), column, row, out);
}

void MetaColumns::Clear() {
  rows_ = 0;
  key_text_.clear();
  key_texts_.clear();
}

// The next row's key, and its text for the id, valid until the next one is added.
std::string_view MetaColumns::AddKey(const MetaSpec& spec, const rulert_column* keys, uint32_t from) {
  rulert_string* cell = Values<rulert_string>(columns_[kKey]) + rows_;
  const size_t begin = key_text_.size();
  if (spec.keys.empty()) {
    *cell = {};
    return {};
  }
  if (spec.keys.size() == 1) {
    if (spec.keys[0].kind == ColumnKind::String && IsValid(keys[0], from)) {
      *cell = Values<rulert_string>(keys[0])[from];
      return TextOf(cell);
    }
    AppendKeyText(spec.keys[0], keys[0], from, &key_text_);
    return AddMadeKey(begin);
  }
  for (size_t i = 0; i < spec.keys.size(); ++i) {
    key_text_ += i == 0 ? '[' : ',';
    const bool valid = IsValid(keys[i], from);
    AppendJson(spec.keys[i], valid ? CellOf(keys[i], spec.keys[i].width, from) : nullptr, &key_text_);
  }
  key_text_ += ']';
  return AddMadeKey(begin);
}

// Of what stands in key_text_ from `begin` on.
std::string_view MetaColumns::AddMadeKey(size_t begin) {
  const std::string_view text = std::string_view(key_text_).substr(begin);
  if (text.size() <= RULERT_STRING_INLINE) {
    Values<rulert_string>(columns_[kKey])[rows_] = MakeString(text);
  } else {
    key_texts_.push_back({rows_, static_cast<uint32_t>(text.size()), begin});
  }
  return text;
}

// What the id of a row is the hash of. The prefix stands in hashed_ already.
std::string_view MetaColumns::Hashed(const MetaSpec& spec, std::string_view key, uint32_t row, const rulert_rows& rows,
                                     const RowOrigin& origin) {
  constexpr size_t kNumbers = 2 * sizeof(uint32_t) + 2 * sizeof(uint64_t);
  const size_t most = spec.id_prefix.size() + key.size() + origin.derived_from.size() + kNumbers;
  if (hashed_.size() < most) hashed_.resize(2 * most);
  char* out = hashed_.data() + spec.id_prefix.size();
  out = Put(static_cast<uint32_t>(key.size()), out);
  out = Put(key, out);
  out = Put(origin.partition, out);
  const uint32_t source = rows.source_rows[row];
  out = Put(origin.OffsetOf(source), out);
  if (rows.source_items != nullptr || origin.lineages != nullptr) {
    out = Put(LineageOf(origin.lineages != nullptr ? origin.lineages[source] : 0,
                        rows.source_items != nullptr ? rows.source_items[row] : 0),
              out);
  }
  out = Put(origin.derived_from, out);
  return {hashed_.data(), static_cast<size_t>(out - hashed_.data())};
}

void MetaColumns::Add(const MetaSpec& spec, const rulert_rows& rows, uint32_t begin, const rulert_column* keys,
                      const RowOrigin& origin) {
  if (hashed_.size() < spec.id_prefix.size()) hashed_.resize(2 * spec.id_prefix.size());
  Put(std::string_view(spec.id_prefix), hashed_.data());
  for (uint32_t row = begin; row < rows.rows; ++row, ++rows_) {
    const std::string_view hashed = Hashed(spec, AddKey(spec, keys, row), row, rows, origin);
    char* id = id_text_.get() + rows_ * kIdDigits;
    WriteHex(XXH3_128bits(hashed.data(), hashed.size()), id);
    Values<rulert_string>(columns_[kId])[rows_] = MakeString({id, kIdDigits});
    Values<rulert_string>(columns_[kRule])[rows_] = spec.rule;
    Values<int32_t>(columns_[kVersion])[rows_] = spec.version;
    Values<rulert_string>(columns_[kSeverity])[rows_] = spec.severity;
    Values<int64_t>(columns_[kTime])[rows_] = spec.has_time ? rows.times[row] : 0;
    SetValid(columns_[kSeverity], rows_, spec.has_severity);
    SetValid(columns_[kKey], rows_, !spec.keys.empty());
    SetValid(columns_[kTime], rows_, spec.has_time);
  }
}

const std::vector<rulert_column>& MetaColumns::Finish() {
  for (const KeyText& text : key_texts_) {
    Values<rulert_string>(columns_[kKey])[text.row] = MakeString({key_text_.data() + text.begin, text.length});
  }
  return columns_;
}

}  // namespace rulert
