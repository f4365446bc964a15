#include "stdlib/cells.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "runtime/abi/abi.h"
#include "runtime/abi/program.h"
#include "stdlib/library.h"
#include "stdlib/support.h"

namespace rulelib {
namespace {

using rulert::ColumnKind;

ColumnKind KindOf(const RuleCellType* type) { return static_cast<ColumnKind>(type->kind); }

uint32_t WidthOf(const RuleCellType* type) {
  switch (KindOf(type)) {
    case ColumnKind::Bool: return 1;
    case ColumnKind::Int:
    case ColumnKind::Enum:
    case ColumnKind::Date:
    case ColumnKind::Float: return 4;
    case ColumnKind::Long:
    case ColumnKind::Double:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration:
    case ColumnKind::Record: return 8;
    default: return 16;
  }
}

template <class T>
T Read(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof(T));
  return value;
}

template <class T>
int Order(T a, T b) {
  return a < b ? -1 : b < a;
}

template <class T>
int OrderNumbers(T a, T b, bool* nan) {
  if (std::isnan(a) || std::isnan(b)) {
    *nan = *nan || (std::isnan(a) && std::isnan(b));
    return Order<int>(std::isnan(a), std::isnan(b));
  }
  return Order(a, b);
}

// What a list or the values of a map are made of.
struct Items {
  const RuleCellType* type;
  const uint8_t* cells;
  uint32_t count;

  static Items OfList(const RuleCellType* element, const rulert_list& list) {
    return {element, static_cast<const uint8_t*>(list.items), list.length};
  }
  static Items OfMap(const RuleCellType* element, const rulert_list& map) {
    const auto* keys = static_cast<const uint8_t*>(map.items);
    return {element, map.length == 0 ? nullptr : keys + uint64_t{map.length} * sizeof(rulert_string), map.length};
  }
  const uint8_t* Cell(uint32_t index) const { return cells + uint64_t{index} * WidthOf(type); }
  bool IsNull(uint32_t index) const { return type->nullable && cells[uint64_t{count} * WidthOf(type) + index] == 0; }
};

int CompareItems(const Items& a, uint32_t i, const Items& b, uint32_t j, bool* nan) {
  const bool a_null = a.IsNull(i), b_null = b.IsNull(j);
  if (a_null || b_null) return Order<int>(a_null, b_null);
  return CompareCells(a.type, a.Cell(i), b.Cell(j), nan);
}

int CompareLists(const Items& a, const Items& b, bool* nan) {
  for (uint32_t i = 0; i < std::min(a.count, b.count); ++i) {
    if (const int order = CompareItems(a, i, b, i, nan); order != 0) return order;
  }
  return Order(a.count, b.count);
}

int CompareStrings(const rulert_string& a, const rulert_string& b) {
  const RuleString x = FromAbi(a), y = FromAbi(b);
  return View(x).compare(View(y));
}

// The entries of a map that count, in the order of their keys: of equal keys the last one.
std::vector<uint32_t> EntriesOf(const rulert_list& map) {
  const auto* keys = static_cast<const rulert_string*>(map.items);
  std::vector<uint32_t> order(map.length);
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const int by_key = CompareStrings(keys[a], keys[b]);
    return by_key != 0 ? by_key < 0 : a > b;
  });
  const auto same_key = [&](uint32_t a, uint32_t b) { return CompareStrings(keys[a], keys[b]) == 0; };
  order.erase(std::unique(order.begin(), order.end(), same_key), order.end());
  return order;
}

int CompareMaps(const RuleCellType* element, const rulert_list& a, const rulert_list& b, bool* nan) {
  const std::vector<uint32_t> in_a = EntriesOf(a), in_b = EntriesOf(b);
  const Items values_a = Items::OfMap(element, a), values_b = Items::OfMap(element, b);
  for (size_t i = 0; i < std::min(in_a.size(), in_b.size()); ++i) {
    const auto* keys_a = static_cast<const rulert_string*>(a.items);
    const auto* keys_b = static_cast<const rulert_string*>(b.items);
    if (const int order = CompareStrings(keys_a[in_a[i]], keys_b[in_b[i]]); order != 0) return order;
    if (const int order = CompareItems(values_a, in_a[i], values_b, in_b[i], nan); order != 0) return order;
  }
  return Order(in_a.size(), in_b.size());
}

// As rulert::LayOutRecord.
int CompareRecords(const RuleCellType* record, const uint8_t* a, const uint8_t* b, bool* nan) {
  if (record->children == 0) return 0;
  uint32_t nulls_at = 0;
  const RuleCellType* field = record + 1;
  const auto place = [](uint32_t at, const RuleCellType* type) {
    const uint32_t alignment = std::min<uint32_t>(WidthOf(type), 8);
    return (at + alignment - 1) / alignment * alignment;
  };
  for (uint32_t i = 0; i < record->children; ++i, field += field->nodes) {
    nulls_at = place(nulls_at, field) + WidthOf(field);
  }
  uint32_t at = 0;
  field = record + 1;
  for (uint32_t i = 0; i < record->children; ++i, field += field->nodes) {
    at = place(at, field);
    const bool a_null = field->nullable && a[nulls_at] == 0, b_null = field->nullable && b[nulls_at] == 0;
    nulls_at += field->nullable;
    if (a_null != b_null) return a_null ? 1 : -1;
    const int order = a_null ? 0 : CompareCells(field, a + at, b + at, nan);
    if (order != 0) return order;
    at += WidthOf(field);
  }
  return 0;
}

int CompareUnions(const RuleCellType* type, const rulert_union& a, const rulert_union& b, bool* nan) {
  if (a.branch != b.branch) return Order(a.branch, b.branch);
  const RuleCellType* branch = type + 1;
  for (uint32_t i = 0; i < a.branch; ++i) branch += branch->nodes;
  const bool in_place = WidthOf(branch) <= 8;
  return CompareCells(branch, in_place ? static_cast<const void*>(a.u.inlined) : a.u.cell,
                      in_place ? static_cast<const void*>(b.u.inlined) : b.u.cell, nan);
}

// Makes a list of `count` items in the batch's memory; the caller fills it.
class ListMaker {
 public:
  ListMaker(rulert_context* context, const RuleCellType* element, uint64_t count) : type_(element), count_(count) {
    if (count == 0) return;
    const uint64_t bytes = count * WidthOf(element) + (element->nullable ? count : 0);
    if (count <= UINT32_MAX) cells_ = static_cast<uint8_t*>(context->host->allocate(context->arena, bytes));
    if (cells_ == nullptr) {
      context->outcome = RULERT_ERROR;
      context->cause = static_cast<uint32_t>(Cause::Memory);
    }
  }
  bool ok() const { return cells_ != nullptr; }
  void Add(const Items& from, uint32_t index) { AddRange(from, index, 1); }
  void AddRange(const Items& from, uint32_t first, uint32_t count) {
    if (count == 0) return;
    const uint64_t width = WidthOf(type_);
    std::memcpy(cells_ + at_ * width, from.Cell(first), count * width);
    if (type_->nullable) {
      std::memcpy(cells_ + count_ * width + at_, from.cells + uint64_t{from.count} * width + first, count);
    }
    at_ += count;
  }
  RuleList list() const { return cells_ ? RuleList{count_, reinterpret_cast<uint64_t>(cells_)} : RuleList{0, 0}; }

 private:
  const RuleCellType* type_;
  uint64_t count_;
  uint64_t at_ = 0;
  uint8_t* cells_ = nullptr;
};

const RuleCellType* TypeAt(const void* type) { return static_cast<const RuleCellType*>(type); }
Items ItemsOf(const RuleCellType* element, RuleList list) { return Items::OfList(element, ToAbi(list)); }

RuleList Chosen(rulert_context* context, const Items& from, const std::vector<uint32_t>& indices) {
  ListMaker made(context, from.type, indices.size());
  if (made.ok()) {
    for (const uint32_t index : indices) made.Add(from, index);
  }
  return made.list();
}

// The items' numbers, rising; of equal ones the first comes first.
std::vector<uint32_t> Sorted(const Items& items) {
  std::vector<uint32_t> order(items.count);
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    bool nan = false;
    const int by_value = CompareItems(items, a, items, b, &nan);
    return by_value != 0 ? by_value < 0 : a < b;
  });
  return order;
}

}  // namespace

int CompareCells(const RuleCellType* type, const void* a, const void* b, bool* nan) {
  switch (KindOf(type)) {
    case ColumnKind::Bool: return Order(Read<uint8_t>(a), Read<uint8_t>(b));
    case ColumnKind::Int:
    case ColumnKind::Enum:
    case ColumnKind::Date: return Order(Read<int32_t>(a), Read<int32_t>(b));
    case ColumnKind::Long:
    case ColumnKind::TimeOfDay:
    case ColumnKind::Timestamp:
    case ColumnKind::Duration: return Order(Read<int64_t>(a), Read<int64_t>(b));
    case ColumnKind::Float: return OrderNumbers(Read<float>(a), Read<float>(b), nan);
    case ColumnKind::Double: return OrderNumbers(Read<double>(a), Read<double>(b), nan);
    case ColumnKind::Decimal: return Order(Read<Int128>(a), Read<Int128>(b));
    case ColumnKind::String:
    case ColumnKind::Bytes: return CompareStrings(Read<rulert_string>(a), Read<rulert_string>(b));
    case ColumnKind::Uuid: return std::memcmp(a, b, 16);
    case ColumnKind::List:
      return CompareLists(Items::OfList(type + 1, Read<rulert_list>(a)), Items::OfList(type + 1, Read<rulert_list>(b)),
                          nan);
    case ColumnKind::Map: return CompareMaps(type + 1, Read<rulert_list>(a), Read<rulert_list>(b), nan);
    case ColumnKind::Record: return CompareRecords(type, Read<const uint8_t*>(a), Read<const uint8_t*>(b), nan);
    case ColumnKind::Union: return CompareUnions(type, Read<rulert_union>(a), Read<rulert_union>(b), nan);
  }
  return 0;
}

}  // namespace rulelib

using namespace rulelib;

uint8_t rule_cells_equal(const void* type, const void* a, const void* b) {
  bool nan = false;
  return CompareCells(TypeAt(type), a, b, &nan) == 0 && !nan;
}

RuleList rule_cells_concat(rulert_context* context, RuleList a, RuleList b, const void* element) {
  const Items first = ItemsOf(TypeAt(element), a), second = ItemsOf(TypeAt(element), b);
  ListMaker made(context, first.type, uint64_t{first.count} + second.count);
  if (made.ok()) {
    made.AddRange(first, 0, first.count);
    made.AddRange(second, 0, second.count);
  }
  return made.list();
}

RuleList rule_cells_slice(rulert_context* context, RuleList list, int64_t from, int64_t to, const void* element) {
  const Items items = ItemsOf(TypeAt(element), list);
  const int64_t begin = std::clamp<int64_t>(from, 0, items.count);
  const int64_t end = std::clamp<int64_t>(to, begin, items.count);
  ListMaker made(context, items.type, static_cast<uint64_t>(end - begin));
  if (made.ok()) made.AddRange(items, static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin));
  return made.list();
}

RuleList rule_cells_reverse(rulert_context* context, RuleList list, const void* element) {
  const Items items = ItemsOf(TypeAt(element), list);
  ListMaker made(context, items.type, items.count);
  if (made.ok()) {
    for (uint32_t i = items.count; i > 0; --i) made.Add(items, i - 1);
  }
  return made.list();
}

RuleList rule_cells_distinct(rulert_context* context, RuleList list, const void* element) {
  const Items items = ItemsOf(TypeAt(element), list);
  std::vector<uint32_t> order = Sorted(items);
  const auto same = [&](uint32_t a, uint32_t b) {
    bool nan = false;
    return CompareItems(items, a, items, b, &nan) == 0;
  };
  order.erase(std::unique(order.begin(), order.end(), same), order.end());
  std::sort(order.begin(), order.end());
  return Chosen(context, items, order);
}

RuleList rule_cells_sort(rulert_context* context, RuleList list, const void* element) {
  const Items items = ItemsOf(TypeAt(element), list);
  return Chosen(context, items, Sorted(items));
}

RuleList rule_cells_flatten(rulert_context* context, RuleList lists, const void* list) {
  const RuleCellType* inner = TypeAt(list);
  const Items outer = ItemsOf(inner, lists);
  uint64_t count = 0;
  for (uint32_t i = 0; i < outer.count; ++i) {
    if (!outer.IsNull(i)) count += Read<rulert_list>(outer.Cell(i)).length;
  }
  ListMaker made(context, inner + 1, count);
  for (uint32_t i = 0; i < outer.count && made.ok(); ++i) {
    if (outer.IsNull(i)) continue;
    const Items items = Items::OfList(inner + 1, Read<rulert_list>(outer.Cell(i)));
    made.AddRange(items, 0, items.count);
  }
  return made.list();
}

RuleList rule_cells_values(rulert_context* context, RuleList map, const void* element) {
  const rulert_list cells = ToAbi(map);
  return Chosen(context, Items::OfMap(TypeAt(element), cells), EntriesOf(cells));
}

RuleList rule_cells_map(rulert_context* context, RuleList map, const void* element) {
  const rulert_list cells = ToAbi(map);
  std::vector<uint32_t> entries = EntriesOf(cells);
  if (entries.size() == cells.length) return map;
  std::sort(entries.begin(), entries.end());
  const Items values = Items::OfMap(TypeAt(element), cells);
  const uint64_t count = entries.size(), width = WidthOf(values.type);
  const uint64_t bytes = count * (sizeof(rulert_string) + width + (values.type->nullable ? 1 : 0));
  auto* to = static_cast<uint8_t*>(context->host->allocate(context->arena, bytes));
  if (to == nullptr) {
    context->outcome = RULERT_ERROR;
    context->cause = static_cast<uint32_t>(Cause::Memory);
    return {};
  }
  uint8_t* value = to + count * sizeof(rulert_string);
  for (uint64_t i = 0; i < count; ++i) {
    const uint32_t from = entries[i];
    std::memcpy(to + i * sizeof(rulert_string), static_cast<const rulert_string*>(cells.items) + from,
                sizeof(rulert_string));
    std::memcpy(value + i * width, values.Cell(from), width);
    if (values.type->nullable) value[count * width + i] = values.IsNull(from) ? 0 : 1;
  }
  return {count, reinterpret_cast<uint64_t>(to)};
}

RuleString rule_symbol_name(uint32_t symbol, const rulert_string* names) { return FromAbi(names[symbol]); }

RuleString rule_text_slice(RuleString text, int64_t from, int64_t to) {
  const int64_t begin = std::max<int64_t>(from, 0);
  return tag::rule_substring_length(text, begin, std::max(to, begin) - begin);
}
