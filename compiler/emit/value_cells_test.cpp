#include "compiler/emit/value_cells_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "compiler/plan/plan.h"
#include "compiler/types/avro_type.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"

namespace rulec {

using typed::Value;

namespace {

uint32_t WidthOf(const Type& type) { return rulert::ColumnWidth(plan::KindOf(type.kind)); }

template <class T>
T Get(const void* cell) {
  T value;
  std::memcpy(&value, cell, sizeof(T));
  return value;
}

template <class T>
void Put(void* cell, const T& value) {
  std::memcpy(cell, &value, sizeof(T));
}

Value Null() { return {.is_null = true}; }

std::vector<Value> ReadItems(const Type& element, const uint8_t* cells, uint32_t count) {
  std::vector<Value> items;
  const uint32_t width = WidthOf(element);
  for (uint32_t i = 0; i < count; ++i) {
    const bool valid = !element.nullable || cells[uint64_t{count} * width + i] != 0;
    items.push_back(ValueCells::Read(element, cells + uint64_t{i} * width, valid));
  }
  return items;
}

rulert::RecordLayout LayoutOf(const Type& record) { return rulert::LayOutRecord(plan::ColumnOf(record)); }

}  // namespace

ValueCells::ValueCells() {
  host_.abi_version = RULERT_ABI_VERSION;
  host_.size = sizeof(host_);
  host_.allocate = [](void* arena, uint64_t bytes) -> void* {
    auto* cells = static_cast<ValueCells*>(arena);
    if (bytes > cells->left_) return nullptr;
    cells->left_ -= bytes;
    return cells->Allocate(bytes);
  };
}

void* ValueCells::Allocate(uint64_t bytes) {
  // Garbage, so that what is not written is seen.
  memory_.push_back(std::make_unique<uint64_t[]>(bytes / 8 + 4));
  std::memset(memory_.back().get(), 0xcd, (bytes / 8 + 4) * 8);
  auto address = reinterpret_cast<uintptr_t>(memory_.back().get());
  return reinterpret_cast<void*>((address + 15) / 16 * 16);
}

void ValueCells::WriteItems(const Type& element, const std::vector<Value>& items, uint8_t* to) {
  const uint32_t width = WidthOf(element);
  for (size_t i = 0; i < items.size(); ++i) {
    Write(element, items[i], to + i * width);
    if (element.nullable) to[items.size() * width + i] = !items[i].is_null;
  }
}

void ValueCells::Write(const Type& type, const Value& value, void* cell) {
  std::memset(cell, 0, WidthOf(type));
  if (value.is_null) return;
  switch (type.kind) {
    case TypeKind::Bool: return Put<uint8_t>(cell, value.boolean);
    case TypeKind::Int:
    case TypeKind::Enum:
    case TypeKind::Date: return Put(cell, static_cast<int32_t>(value.integer));
    case TypeKind::Float: return Put(cell, static_cast<float>(value.number));
    case TypeKind::Double: return Put(cell, value.number);
    case TypeKind::Decimal: return Put(cell, value.decimal);
    case TypeKind::Uuid: std::memcpy(cell, value.text.data(), 16); return;
    case TypeKind::String:
    case TypeKind::Bytes: {
      rulert_string text{};
      text.length = static_cast<uint32_t>(value.text.size());
      if (text.length <= RULERT_STRING_INLINE) {
        std::memcpy(text.u.inlined, value.text.data(), text.length);
      } else {
        void* copy = Allocate(text.length);
        std::memcpy(copy, value.text.data(), text.length);
        std::memcpy(text.u.outlined.prefix, copy, 4);
        text.u.outlined.data = static_cast<const char*>(copy);
      }
      return Put(cell, text);
    }
    case TypeKind::List:
    case TypeKind::Map: {
      rulert_list list{};
      const Type& element = ElementOf(type);
      const size_t keys = value.keys.size() * sizeof(rulert_string);
      list.length = static_cast<uint32_t>(value.items.size());
      if (list.length > 0) {
        auto* items = static_cast<uint8_t*>(Allocate(keys + value.items.size() * (WidthOf(element) + 1)));
        list.items = items;
        for (size_t i = 0; i < value.keys.size(); ++i) {
          Write({TypeKind::String}, {.text = value.keys[i]}, items + i * sizeof(rulert_string));
        }
        WriteItems(element, value.items, items + keys);
      }
      return Put(cell, list);
    }
    case TypeKind::Record: {
      const rulert::RecordLayout layout = LayoutOf(type);
      auto* record = static_cast<uint8_t*>(Allocate(layout.size));
      for (size_t i = 0; i < value.items.size(); ++i) {
        Write(FieldType(type, i), value.items[i], record + layout.offsets[i]);
        if (layout.null_bytes[i] != rulert::kNone) record[layout.null_bytes[i]] = !value.items[i].is_null;
      }
      return Put(cell, record);
    }
    case TypeKind::Union: {
      rulert_union made{};
      made.branch = static_cast<uint32_t>(value.integer);
      const Type& branch = type.of->types[made.branch];
      if (WidthOf(branch) == 16) {
        void* content = Allocate(16);
        Write(branch, value.items.front(), content);
        made.u.cell = content;
      } else {
        Write(branch, value.items.front(), made.u.inlined);
      }
      return Put(cell, made);
    }
    default: return Put(cell, value.integer);
  }
}

Value ValueCells::Read(const Type& type, const void* cell, bool valid) {
  if (!valid) return Null();
  Value value;
  switch (type.kind) {
    case TypeKind::Bool: value.boolean = Get<uint8_t>(cell) != 0; break;
    case TypeKind::Int:
    case TypeKind::Enum:
    case TypeKind::Date: value.integer = Get<int32_t>(cell); break;
    case TypeKind::Float: value.number = static_cast<double>(Get<float>(cell)); break;
    case TypeKind::Double: value.number = Get<double>(cell); break;
    case TypeKind::Decimal: value.decimal = Get<typed::Int128>(cell); break;
    case TypeKind::Uuid: value.text.assign(static_cast<const char*>(cell), 16); break;
    case TypeKind::String:
    case TypeKind::Bytes: {
      const auto text = Get<RuleString>(cell);
      value.text = rulelib::View(text);
      break;
    }
    case TypeKind::List: {
      const auto list = Get<rulert_list>(cell);
      EXPECT_EQ(list.length == 0, list.items == nullptr);
      value.items = ReadItems(ElementOf(type), static_cast<const uint8_t*>(list.items), list.length);
      break;
    }
    case TypeKind::Map: {
      const auto map = Get<rulert_list>(cell);
      const auto* keys = static_cast<const rulert_string*>(map.items);
      for (uint32_t i = 0; i < map.length; ++i) value.keys.push_back(Read({TypeKind::String}, keys + i, true).text);
      value.items = ReadItems(ElementOf(type), reinterpret_cast<const uint8_t*>(keys + map.length), map.length);
      break;
    }
    case TypeKind::Record: {
      const rulert::RecordLayout layout = LayoutOf(type);
      const auto* record = Get<const uint8_t*>(cell);
      for (size_t i = 0; i < FieldCount(type); ++i) {
        const bool there = layout.null_bytes[i] == rulert::kNone || record[layout.null_bytes[i]] != 0;
        value.items.push_back(Read(FieldType(type, i), record + layout.offsets[i], there));
      }
      break;
    }
    case TypeKind::Union: {
      const auto read = Get<rulert_union>(cell);
      const Type& branch = type.of->types[read.branch];
      value.integer = read.branch;
      value.items.push_back(Read(branch, WidthOf(branch) == 16 ? read.u.cell : read.u.inlined, true));
      break;
    }
    default: value.integer = Get<int64_t>(cell);
  }
  return value;
}

Value ValueOfParam(const Type& type, const rulert::ParamSpec& param) {
  if (param.is_null) return Null();
  Value value{.boolean = param.boolean, .integer = param.integer, .number = param.number, .text = param.text};
  if (type.kind == TypeKind::Decimal) {
    rulelib::Int128 unscaled = 0;
    EXPECT_EQ(rulelib::ParseDecimal(param.text, rulelib::MakeForm(38, type.scale), false, &unscaled),
              rulelib::DecimalText::Ok)
        << param.text;
    value.decimal = unscaled;
    value.text.clear();
  }
  if (type.kind == TypeKind::Uuid) {
    uint8_t bytes[16];
    EXPECT_TRUE(rule_uuid_from_text(param.text.data(), param.text.size(), bytes)) << param.text;
    value.text.assign(reinterpret_cast<const char*>(bytes), sizeof(bytes));
  }
  return value;
}

std::shared_ptr<const void> PrepareParam(const rulert::ParamSpec& param) {
  std::vector<std::string_view> texts(param.texts.begin(), param.texts.end());
  if (param.prepared != rulert::Prepared::StringSet) texts = {param.text};
  std::string error;
  auto prepared = rulelib::Prepare(static_cast<uint32_t>(param.prepared), texts, &error);
  EXPECT_EQ(error, "");
  return prepared;
}

std::vector<RuleCellType> DescribeCells(const rulert::ColumnSpec& column) {
  std::vector<RuleCellType> all = {{static_cast<uint8_t>(column.kind), column.nullable, column.precision, column.scale,
                                    static_cast<uint32_t>(column.children.size()), 0}};
  for (const rulert::ColumnSpec& child : column.children) {
    const std::vector<RuleCellType> below = DescribeCells(child);
    all.insert(all.end(), below.begin(), below.end());
  }
  all[0].nodes = static_cast<uint32_t>(all.size());
  return all;
}

std::string ShowValue(const Type& type, const Value& value) {
  if (value.is_null) return "null";
  std::string text;
  const auto item = [&](const Type& of, size_t i) { text += (i == 0 ? "" : ", ") + ShowValue(of, value.items[i]); };
  switch (type.kind) {
    case TypeKind::Bool: return value.boolean ? "true" : "false";
    case TypeKind::Float:
    case TypeKind::Double: {
      if (std::isnan(value.number)) return "nan";
      char number[64];
      std::snprintf(number, sizeof(number), "%a", value.number);
      return number;
    }
    case TypeKind::Decimal: rulelib::AppendDecimal(value.decimal, type.scale, &text); return text;
    case TypeKind::String:
    case TypeKind::Bytes: return "'" + value.text + "'";
    case TypeKind::Uuid:
      for (const unsigned char byte : value.text) text += std::to_string(byte) + ".";
      return text;
    case TypeKind::List:
      for (size_t i = 0; i < value.items.size(); ++i) item(ElementOf(type), i);
      return "[" + text + "]";
    case TypeKind::Map:
      for (size_t i = 0; i < value.items.size(); ++i) {
        text += (i == 0 ? "" : ", ") + value.keys[i] + ": " + ShowValue(ElementOf(type), value.items[i]);
      }
      return "map(" + text + ")";
    case TypeKind::Record:
      for (size_t i = 0; i < value.items.size(); ++i) item(FieldType(type, i), i);
      return "record(" + text + ")";
    case TypeKind::Union: {
      const Type& branch = type.of->types[static_cast<size_t>(value.integer)];
      return "branch " + std::to_string(value.integer) + " " + ShowValue(branch, value.items.front());
    }
    default: return std::to_string(value.integer);
  }
}

}  // namespace rulec
