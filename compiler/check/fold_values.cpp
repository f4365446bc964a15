// Values side by side.

#include <algorithm>
#include <map>

#include "compiler/check/fold.h"
#include "compiler/types/avro_type.h"
#include "stdlib/support.h"

namespace rulec::check {
namespace {

using typed::Value;

uint32_t FormOf(const Type& type) { return rulelib::MakeForm(type.precision, type.scale); }

template <typename T>
int Order(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

const Value* Find(const Value& map, const std::string& key) {
  for (size_t i = map.keys.size(); i-- > 0;) {
    if (map.keys[i] == key) return &map.items[i];
  }
  return nullptr;
}

bool EqualMaps(const Type& left_type, const Type& right_type, const Value& left, const Value& right, bool nan) {
  const auto holds = [nan](const Type& a_type, const Type& b_type, const Value& a, const Value& b) {
    return std::all_of(a.keys.begin(), a.keys.end(), [&](const std::string& key) {
      const Value* other = Find(b, key);
      return other && EqualValues(ElementOf(a_type), ElementOf(b_type), *Find(a, key), *other, nan);
    });
  };
  return holds(left_type, right_type, left, right) && holds(right_type, left_type, right, left);
}

bool EqualLists(const Type& left_type, const Type& right_type, const Value& left, const Value& right, bool nan) {
  if (left.items.size() != right.items.size()) return false;
  for (size_t i = 0; i < left.items.size(); ++i) {
    if (!EqualValues(ElementOf(left_type), ElementOf(right_type), left.items[i], right.items[i], nan)) return false;
  }
  return true;
}

bool EqualRecords(const Type& left_type, const Type& right_type, const Value& left, const Value& right, bool nan) {
  for (size_t i = 0; i < left.items.size(); ++i) {
    if (!EqualValues(FieldType(left_type, i), FieldType(right_type, i), left.items[i], right.items[i], nan)) {
      return false;
    }
  }
  return true;
}

}  // namespace

int CompareValues(const Type& left_type, const Type& right_type, const Value& left, const Value& right,
                  bool* unordered) {
  *unordered = false;
  const bool left_decimal = left_type.kind == TypeKind::Decimal;
  const bool right_decimal = right_type.kind == TypeKind::Decimal;
  if (left_decimal && right_decimal) {
    return rule_decimal_compare(rulelib::ToDecimal(left.decimal), FormOf(left_type), rulelib::ToDecimal(right.decimal),
                                FormOf(right_type));
  }
  if (left_decimal || right_decimal) {
    const double number = left_decimal ? right.number : left.number;
    *unordered = number != number;
    const int order = left_decimal
                          ? rule_decimal_compare_double(rulelib::ToDecimal(left.decimal), FormOf(left_type), number)
                          : -rule_decimal_compare_double(rulelib::ToDecimal(right.decimal), FormOf(right_type), number);
    return order;
  }
  if (IsFloating(left_type.kind)) {
    *unordered = left.number != left.number || right.number != right.number;
    return Order(left.number, right.number);
  }
  switch (left_type.kind) {
    case TypeKind::Bool: return Order(left.boolean, right.boolean);
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Uuid: return left.text.compare(right.text);
    default: return Order(left.integer, right.integer);
  }
}

bool EqualValues(const Type& left_type, const Type& right_type, const Value& left, const Value& right,
                 bool nan_is_itself) {
  if (left.is_null || right.is_null) return left.is_null && right.is_null;
  switch (left_type.kind) {
    case TypeKind::List: return EqualLists(left_type, right_type, left, right, nan_is_itself);
    case TypeKind::Map: return EqualMaps(left_type, right_type, left, right, nan_is_itself);
    case TypeKind::Record: return EqualRecords(left_type, right_type, left, right, nan_is_itself);
    case TypeKind::Union: {
      if (left.integer != right.integer) return false;
      const Type& branch = left_type.of->types[static_cast<size_t>(left.integer)];
      return EqualValues(branch, branch, left.items.front(), right.items.front(), nan_is_itself);
    }
    default: {
      bool unordered = false;
      const int order = CompareValues(left_type, right_type, left, right, &unordered);
      if (unordered) return nan_is_itself && left.number != left.number && right.number != right.number;
      return order == 0;
    }
  }
}

bool StandsBefore(const Type& type, const Value& left, const Value& right) {
  if (left.is_null || right.is_null) return !left.is_null && right.is_null;
  bool unordered = false;
  const int order = CompareValues(type, type, left, right, &unordered);
  return unordered ? left.number == left.number : order < 0;
}

std::vector<size_t> EntriesOf(const Value& map) {
  std::map<std::string, size_t> last;
  for (size_t i = 0; i < map.keys.size(); ++i) last[map.keys[i]] = i;
  std::vector<size_t> entries;
  for (const auto& [key, entry] : last) entries.push_back(entry);
  return entries;
}

bool ExactDouble(int64_t integer, double* out) {
  constexpr int64_t kLimit = int64_t{1} << 53;
  *out = static_cast<double>(integer);
  return integer >= -kLimit && integer <= kLimit;
}

bool DecimalOfDigits(std::string_view digits, Type* type, typed::Int128* value) {
  constexpr int kMost = 38;
  const size_t exponent_at = digits.find_first_of("eE");
  const std::string_view mantissa = digits.substr(0, exponent_at);
  int exponent = 0;
  if (exponent_at != std::string_view::npos) {
    std::string_view text = digits.substr(exponent_at + 1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    for (const char c : text) {
      exponent = exponent * 10 + (c - '0');
      if (exponent > 1000) return false;
    }
    if (negative) exponent = -exponent;
  }
  std::string all;
  int scale = 0;
  bool negative = false, behind = false;
  for (const char c : mantissa) {
    if (c == '-') negative = true;
    if (c == '.') behind = true;
    if (c < '0' || c > '9') continue;
    all += c;
    scale += behind ? 1 : 0;
  }
  scale -= exponent;
  for (; scale < 0 && all.size() <= kMost; ++scale) all += '0';
  const size_t first = all.find_first_not_of('0');
  all = first == std::string::npos ? "" : all.substr(first);
  if (all.size() > kMost || scale > kMost || scale < 0) return false;
  *value = 0;
  for (const char c : all) *value = *value * 10 + (c - '0');
  if (negative) *value = -*value;
  const int precision = std::max({static_cast<int>(all.size()), scale, 1});
  *type = DecimalOf(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
  return true;
}

}  // namespace rulec::check
