#include "runtime/encode/meta.h"

#include <xxhash.h>
#include <cstring>

#include "runtime/base/text.h"
#include "runtime/encode/json_value.h"

namespace rulert {
namespace {

constexpr size_t kIdDigits = 32;
enum MetaColumn : size_t { kId, kRule, kVersion, kSeverity, kKey, kTime };

template <typename T>
void AppendBytes(T value, std::string* out) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

void AppendCounted(std::string_view text, std::string* out) {
  AppendBytes(static_cast<uint32_t>(text.size()), out);
  *out += text;
}

std::string QualifiedName(const RuleSpec& rule) {
  return rule.package.empty() ? rule.name : rule.package + "." + rule.name;
}

std::vector<CellType> KeyTypes(const RuleSpec& rule) {
  std::vector<CellType> types;
  for (const ColumnSpec& key : rule.keys) types.push_back(MakeCellType(key));
  return types;
}

std::string IdPrefix(const RuleSpec& rule, const std::string& stream, uint32_t emit) {
  std::string prefix;
  AppendCounted(QualifiedName(rule), &prefix);
  AppendCounted(stream, &prefix);
  AppendBytes(emit, &prefix);
  return prefix;
}

void WriteHex(const XXH128_hash_t& hash, char* out) {
  constexpr char digits[] = "0123456789abcdef";
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  for (const unsigned char byte : canonical.digest) {
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
}

template <typename T>
T* Values(const rulert_column& column) {
  return static_cast<T*>(column.values);
}

}  // namespace

MetaSpec::MetaSpec(const RuleSpec& spec, const std::string& stream, bool time, uint32_t emit)
    : rule(QualifiedName(spec)),
      version(spec.version),
      severity(spec.severity),
      keys(KeyTypes(spec)),
      has_time(time),
      id_prefix(IdPrefix(spec, stream, emit)) {}

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

void MetaColumns::AppendKey(const MetaSpec& spec, const rulert_column* keys, uint32_t row) {
  if (spec.keys.size() == 1) {
    AppendKeyText(spec.keys[0], keys[0], row, &key_text_);
  } else if (spec.keys.size() > 1) {
    for (size_t i = 0; i < spec.keys.size(); ++i) {
      key_text_ += i == 0 ? '[' : ',';
      const bool valid = IsValid(keys[i], row);
      AppendJson(spec.keys[i], valid ? CellOf(keys[i], spec.keys[i].width, row) : nullptr, &key_text_);
    }
    key_text_ += ']';
  }
}

void MetaColumns::ComputeIds(const MetaSpec& spec, const rulert_rows& rows, const rulert_column* keys,
                             const RowOrigin& origin) {
  key_text_.clear();
  key_ends_.clear();
  hashed_ = spec.id_prefix;
  auto* ids = Values<rulert_string>(columns_[kId]);
  for (uint32_t row = 0; row < rows.rows; ++row) {
    const size_t key_begin = key_text_.size();
    AppendKey(spec, keys, row);
    key_ends_.push_back(static_cast<uint32_t>(key_text_.size()));
    hashed_.resize(spec.id_prefix.size());
    AppendCounted(std::string_view(key_text_).substr(key_begin), &hashed_);
    AppendBytes(origin.partition, &hashed_);
    AppendBytes(origin.OffsetOf(rows.source_rows[row]), &hashed_);
    if (rows.source_items != nullptr || origin.lineages != nullptr) {
      AppendBytes(LineageOf(origin.lineages != nullptr ? origin.lineages[rows.source_rows[row]] : 0,
                            rows.source_items != nullptr ? rows.source_items[row] : 0),
                  &hashed_);
    }
    hashed_ += origin.derived_from;
    char* text = id_text_.get() + row * kIdDigits;
    WriteHex(XXH3_128bits(hashed_.data(), hashed_.size()), text);
    ids[row] = MakeString({text, kIdDigits});
  }
}

const std::vector<rulert_column>& MetaColumns::Compute(const MetaSpec& spec, const rulert_rows& rows,
                                                       const rulert_column* keys, const RowOrigin& origin) {
  ComputeIds(spec, rows, keys, origin);
  const rulert_string rule = MakeString(spec.rule);
  const rulert_string severity = MakeString(spec.severity ? std::string_view(*spec.severity) : std::string_view());
  uint32_t key_begin = 0;
  for (uint32_t row = 0; row < rows.rows; ++row) {
    Values<rulert_string>(columns_[kRule])[row] = rule;
    Values<int32_t>(columns_[kVersion])[row] = spec.version;
    Values<rulert_string>(columns_[kSeverity])[row] = severity;
    const uint32_t key_end = key_ends_[row];
    Values<rulert_string>(columns_[kKey])[row] = MakeString({key_text_.data() + key_begin, key_end - key_begin});
    key_begin = key_end;
    Values<int64_t>(columns_[kTime])[row] = spec.has_time ? rows.times[row] : 0;
  }
  constexpr size_t kValidBytes = RULERT_BATCH_ROWS / 8;
  std::memset(columns_[kSeverity].valid, spec.severity ? 0xFF : 0, kValidBytes);
  std::memset(columns_[kKey].valid, spec.keys.empty() ? 0 : 0xFF, kValidBytes);
  std::memset(columns_[kTime].valid, spec.has_time ? 0xFF : 0, kValidBytes);
  return columns_;
}

}  // namespace rulert
