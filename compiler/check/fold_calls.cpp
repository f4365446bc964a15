// Calls of the library's functions: values into cells and back.

#include <cstring>
#include <utility>

#include "compiler/check/fold.h"
#include "stdlib/causes.h"
#include "stdlib/support.h"

namespace rulec::check {
namespace {

using rulelib::Cell;
using typed::Value;

// No constant may take more; a rule would fail at run time as well.
constexpr size_t kMaxMemory = size_t{64} << 20;

uint32_t WidthOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::Bool: return 1;
    case TypeKind::Int:
    case TypeKind::Float:
    case TypeKind::Enum:
    case TypeKind::Date: return 4;
    case TypeKind::Long:
    case TypeKind::Double:
    case TypeKind::TimeOfDay:
    case TypeKind::Timestamp:
    case TypeKind::Duration: return 8;
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Decimal:
    case TypeKind::Uuid:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Union: return 16;
    case TypeKind::Record: return 8;
    default: return 0;
  }
}

uint32_t PreparedKind(rulelib::Kind kind) {
  switch (kind) {
    case rulelib::Kind::Regex: return rulelib::kRegex;
    case rulelib::Kind::Like: return rulelib::kLike;
    case rulelib::Kind::Zone: return rulelib::kZone;
    case rulelib::Kind::TimeFormat: return rulelib::kTimeFormat;
    default: return rulelib::kStringSet;
  }
}

}  // namespace

Evaluator::Evaluator() {
  host_.abi_version = RULERT_ABI_VERSION;
  host_.size = sizeof(host_);
  host_.allocate = [](void* arena, uint64_t bytes) { return static_cast<Evaluator*>(arena)->Memory(bytes); };
  context_.host = &host_;
  context_.arena = this;
}

Evaluator::~Evaluator() = default;

void* Evaluator::Memory(size_t bytes) {
  if (bytes > kMaxMemory) return nullptr;
  // 16-byte aligned, as the ABI promises.
  const size_t words = bytes / sizeof(uint64_t) + 3;
  memory_.push_back(std::make_unique<uint64_t[]>(words));
  void* at = memory_.back().get();
  size_t space = words * sizeof(uint64_t);
  return std::align(16, bytes, at, space);
}

bool Evaluator::Took(Value* out) {
  const uint32_t outcome = std::exchange(context_.outcome, RULERT_VALUE);
  if (outcome == RULERT_ERROR) return Fail(rule_cause_text(context_.cause));
  if (outcome == RULERT_NULL) *out = {.is_null = true};
  return true;
}

bool Evaluator::ToCell(const Type& type, const Value& value, Cell* cell) {
  *cell = {};
  if (value.is_null) return true;
  switch (type.kind) {
    case TypeKind::Bool: *cell = rulelib::ToCell<uint8_t>(value.boolean ? 1 : 0); return true;
    case TypeKind::Int:
    case TypeKind::Enum:
    case TypeKind::Date: *cell = rulelib::ToCell(static_cast<int32_t>(value.integer)); return true;
    case TypeKind::Float: *cell = rulelib::ToCell(static_cast<float>(value.number)); return true;
    case TypeKind::Double: *cell = rulelib::ToCell(value.number); return true;
    case TypeKind::Decimal: *cell = rulelib::ToCell(rulelib::ToDecimal(value.decimal)); return true;
    case TypeKind::Uuid:
      if (value.text.size() != 16) return NotKnown();
      std::memcpy(cell, value.text.data(), 16);
      return true;
    case TypeKind::String:
    case TypeKind::Bytes: {
      rulert_string text{};
      text.length = static_cast<uint32_t>(value.text.size());
      if (value.text.size() <= RULERT_STRING_INLINE) {
        std::memcpy(text.u.inlined, value.text.data(), value.text.size());
      } else {
        auto* copy = static_cast<char*>(Memory(value.text.size()));
        if (!copy) return NotKnown();
        std::memcpy(copy, value.text.data(), value.text.size());
        std::memcpy(text.u.outlined.prefix, copy, sizeof(text.u.outlined.prefix));
        text.u.outlined.data = copy;
      }
      *cell = rulelib::ToCell(text);
      return true;
    }
    case TypeKind::List:
    case TypeKind::Map: {
      const Type& element = ElementOf(type);
      const size_t width = WidthOf(element.kind);
      const size_t size = value.items.size();
      const bool map = type.kind == TypeKind::Map;
      auto* items = static_cast<uint8_t*>(Memory((map ? size * 16 : 0) + size * (width + 1) + 1));
      if (!items) return NotKnown();
      rulert_list list{};
      list.length = static_cast<uint32_t>(size);
      list.items = size == 0 ? nullptr : items;
      for (size_t i = 0; map && i < size; ++i, items += 16) {
        Cell key;
        if (!ToCell({TypeKind::String}, {.text = value.keys[i]}, &key)) return false;
        std::memcpy(items, &key, 16);
      }
      for (size_t i = 0; i < size; ++i) {
        Cell item;
        if (!ToCell(element, value.items[i], &item)) return false;
        std::memcpy(items + i * width, &item, width);
        if (element.nullable) items[size * width + i] = value.items[i].is_null ? 0 : 1;
      }
      *cell = rulelib::ToCell(list);
      return true;
    }
    case TypeKind::Record:
    case TypeKind::Union: return true;  // only in lists and maps of any element, into whose items no function looks
    default: *cell = rulelib::ToCell(value.integer); return true;
  }
}

bool Evaluator::FromCell(const Type& type, const Cell& cell, Value* value) {
  switch (type.kind) {
    case TypeKind::Bool: value->boolean = rulelib::FromCell<uint8_t>(cell) != 0; return true;
    case TypeKind::Int:
    case TypeKind::Enum:
    case TypeKind::Date: value->integer = rulelib::FromCell<int32_t>(cell); return true;
    case TypeKind::Float: value->number = static_cast<double>(rulelib::FromCell<float>(cell)); return true;
    case TypeKind::Double: value->number = rulelib::FromCell<double>(cell); return true;
    case TypeKind::Decimal: value->decimal = rulelib::Unscaled(rulelib::FromCell<RuleDecimal>(cell)); return true;
    case TypeKind::Uuid: value->text.assign(reinterpret_cast<const char*>(&cell), 16); return true;
    case TypeKind::String:
    case TypeKind::Bytes: {
      const auto text = rulelib::FromCell<RuleString>(cell);
      value->text = rulelib::View(text);
      return true;
    }
    case TypeKind::List: {
      const Type& element = ElementOf(type);
      const size_t width = WidthOf(element.kind);
      const auto list = rulelib::FromCell<rulert_list>(cell);
      const auto* items = static_cast<const uint8_t*>(list.items);
      for (size_t i = 0; i < list.length; ++i) {
        Cell item;
        std::memcpy(&item, items + i * width, width);
        Value& read = value->items.emplace_back();
        if (element.nullable && items[list.length * width + i] == 0) {
          read.is_null = true;
        } else if (!FromCell(element, item, &read)) {
          return false;
        }
      }
      return true;
    }
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Union: return NotKnown();
    default: value->integer = rulelib::FromCell<int64_t>(cell); return true;
  }
}

bool Evaluator::Call(const typed::Call& node, const Type& type, Value* out) {
  const rulelib::FunctionRow& row = rulelib::Functions()[node.function];
  std::vector<Cell> cells(node.arguments.size());
  std::vector<uint8_t> valid(node.arguments.size());
  std::vector<uint32_t> forms;
  std::vector<std::shared_ptr<const void>> prepared;
  for (size_t i = 0; i < cells.size(); ++i) {
    Value value;
    const Type& argument = node.arguments[i]->type;
    if (!Eval(node.arguments[i], &value)) return false;
    valid[i] = value.is_null ? 0 : 1;
    if (argument.kind == TypeKind::Decimal) forms.push_back(rulelib::MakeForm(argument.precision, argument.scale));
    if (!rulelib::IsPrepared(row.parameters[i].kind)) {
      if (!ToCell(argument, value, &cells[i])) return false;
      continue;
    }
    std::string error;
    prepared.push_back(rulelib::Prepare(PreparedKind(row.parameters[i].kind), value.text, &error));
    if (!prepared.back()) return NotKnown();
    cells[i] = rulelib::ToCell(prepared.back().get());
  }
  const Cell result = rulelib::InvokeWithNulls(row, &context_, cells, valid, forms);
  const bool is_value = context_.outcome == RULERT_VALUE;
  if (!Took(out)) return false;
  return !is_value || FromCell(type.NotNull(), result, out);
}

}  // namespace rulec::check
