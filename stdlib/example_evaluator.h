// For tests: evaluates a call of the library as the rule language writes it, and gives the result as text.
//
//   Evaluate("left(\"Zürich\", 2)")      "Zü" in quotes
//   Evaluate("sqrt(-1.0)")               error: square root of a negative number
//
// Knows calls, literals (numbers, strings, durations, true, false, null), lists, `map("k": v)` and `decimal("…", p,
// s)`. `empty(long)`, `empty(double)`, `empty(string)` are lists without items, which a rule's types tell apart.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/invoke.h"
#include "stdlib/prepare.h"
#include "stdlib/result.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"
#include "stdlib/utf8.h"

namespace rulelib {

// Memory of a batch, up to a limit.
class TestArena {
 public:
  explicit TestArena(uint64_t limit = uint64_t{1} << 30) : left_(limit) {
    host_.abi_version = RULERT_ABI_VERSION;
    host_.size = sizeof host_;
    host_.allocate = [](void* arena, uint64_t bytes) { return static_cast<TestArena*>(arena)->Take(bytes); };
    context_.host = &host_;
    context_.arena = this;
  }
  rulert_context* context() { return &context_; }
  RuleString Text(std::string_view text) { return Borrow(texts_.emplace_back(text)); }

 private:
  void* Take(uint64_t bytes) {
    if (bytes > left_) return nullptr;
    left_ -= bytes;
    return blocks_.emplace_back(std::make_unique<Block[]>(bytes / sizeof(Block) + 1)).get();
  }

  struct alignas(16) Block {
    unsigned char bytes[16];
  };
  uint64_t left_;
  std::vector<std::unique_ptr<Block[]>> blocks_;
  std::deque<std::string> texts_;
  rulert_host host_{};
  rulert_context context_{};
};

struct TestValue {
  Parameter type;
  bool null = false;
  uint32_t form = 0;
  Cell cell;
};

class ExampleEvaluator {
 public:
  ExampleEvaluator(TestArena* arena, std::string_view text) : arena_(arena), rest_(text) {}

  // Throws what is wrong: a rule error, or an expression that this can not read.
  TestValue Evaluate() {
    TestValue value = Expression();
    Space();
    if (!rest_.empty()) Refuse("something behind the expression");
    return value;
  }

  // The call that was made last, the outermost one if all went well; its row is nullptr before there is any.
  struct MadeCall {
    const FunctionRow* row = nullptr;
    std::vector<Cell> cells;
    std::vector<uint8_t> valid;
    std::vector<uint32_t> forms;
  };
  const MadeCall& last_call() const { return last_; }

 private:
  [[noreturn]] void Refuse(const std::string& what) { throw std::runtime_error(what + " at: " + std::string(rest_)); }
  void Space() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }
  bool Take(std::string_view text) {
    Space();
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void Want(std::string_view text) {
    if (!Take(text)) Refuse("no `" + std::string(text) + "`");
  }
  std::string_view TakeWhile(std::string_view characters) {
    size_t size = std::min(rest_.find_first_not_of(characters), rest_.size());
    std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  TestValue Expression() {
    Space();
    if (rest_.starts_with('"')) return {{Kind::String, Kind::Any, false}, false, 0, ToCell(arena_->Text(Text()))};
    if (Take("[")) return List();
    if (rest_.starts_with('-') || (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9')) return Number();
    std::string name(TakeWhile("abcdefghijklmnopqrstuvwxyz0123456789_"));
    if (name == "true" || name == "false")
      return {{Kind::Bool, Kind::Any, false}, false, 0, {name == "true" ? 1u : 0u, 0}};
    if (name == "null") return {{Kind::Any, Kind::Any, true}, true, 0, {}};
    if (name.empty()) Refuse("no expression");
    Want("(");
    if (name == "decimal") return Decimal();
    if (name == "map") return Map();
    if (name == "empty") return Empty();
    std::vector<TestValue> arguments;
    if (!Take(")")) {
      do arguments.push_back(Expression());
      while (Take(","));
      Want(")");
    }
    return Call(name, arguments);
  }

  std::string Text() {
    std::string text;
    Want("\"");
    while (!rest_.starts_with('"')) {
      if (rest_.empty()) Refuse("no end of the string");
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (c != '\\') {
        text += c;
        continue;
      }
      c = rest_[0];
      rest_.remove_prefix(1);
      if (c == 'u') {
        Want("{");
        char bytes[4];
        std::string digits(TakeWhile("0123456789abcdefABCDEF"));
        text.append(bytes, WriteCodePoint(static_cast<uint32_t>(std::stoul(digits, nullptr, 16)), bytes));
        Want("}");
      } else {
        text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == '0' ? '\0' : c;
      }
    }
    rest_.remove_prefix(1);
    return text;
  }

  TestValue Number() {
    std::string text(rest_.starts_with('-') ? "-" : "");
    rest_.remove_prefix(text.size());
    text += TakeWhile("0123456789");
    if (rest_.starts_with('.') || rest_.starts_with('e')) {
      text += TakeWhile(".0123456789");
      if (rest_.starts_with('e')) text += TakeWhile("e"), text += TakeWhile("+-0123456789");
      double value = 0;
      if (!ParseDouble(text, &value)) Refuse("no number");
      return {{Kind::Double, Kind::Any, false}, false, 0, ToCell(value)};
    }
    if (!rest_.empty() && std::string_view("dhmsu").find(rest_[0]) != std::string_view::npos) {
      text += TakeWhile("0123456789dhmsu");
      int64_t micros = 0;
      if (!ParseDuration(text, &micros)) Refuse("no duration");
      return {{Kind::Duration, Kind::Any, false}, false, 0, ToCell(micros)};
    }
    int64_t value = 0;
    if (!ParseLong(text, &value)) Refuse("no whole number");
    return {{Kind::Long, Kind::Any, false}, false, 0, ToCell(value)};
  }

  TestValue Decimal() {
    Space();
    std::string digits = Text();
    Want(",");
    auto precision = FromCell<int64_t>(Expression().cell);
    Want(",");
    auto scale = FromCell<int64_t>(Expression().cell);
    Want(")");
    uint32_t form = MakeForm(static_cast<uint32_t>(precision), static_cast<uint32_t>(scale));
    Int128 unscaled = 0;
    if (ParseDecimal(digits, form, true, &unscaled) != DecimalText::Ok) Refuse("no decimal");
    return {{Kind::Decimal, Kind::Any, false}, false, form, ToCell(ToDecimal(unscaled))};
  }

  static uint64_t Width(Kind kind) { return kind == Kind::String ? 16 : 8; }

  TestValue ListOfValues(const std::vector<TestValue>& values) {
    Kind element = values.empty() ? Kind::Any : values[0].type.kind;
    auto* memory = static_cast<char*>(arena_->context()->host->allocate(arena_, values.size() * Width(element) + 1));
    for (size_t i = 0; i < values.size(); ++i)
      std::memcpy(memory + i * Width(element), &values[i].cell, Width(element));
    return {{Kind::List, element, false}, false, 0, ToCell(ListOfItems(memory, values.size()))};
  }

  TestValue List() {
    std::vector<TestValue> values;
    if (!Take("]")) {
      do values.push_back(Expression());
      while (Take(","));
      Want("]");
    }
    return ListOfValues(values);
  }

  TestValue Empty() {
    Kind element = Take("long") ? Kind::Long : Take("double") ? Kind::Double : Kind::String;
    if (element == Kind::String) Want("string");
    Want(")");
    return {{Kind::List, element, false}, false, 0, {}};
  }

  TestValue Map() {
    std::vector<TestValue> keys, values;
    if (Take(")")) return {{Kind::Map, Kind::Any, false}, false, 0, {}};
    do {
      keys.push_back(Expression());
      Want(":");
      values.push_back(Expression());
    } while (Take(","));
    Want(")");
    // Generated code puts the values behind the keys; the functions of the library read only the keys.
    TestValue map = ListOfValues(keys);
    map.type = {Kind::Map, values[0].type.kind, false};
    return map;
  }

  // 0: the types are equal, more: so many are widened, -1: they do not fit.
  static int Distance(const Parameter& parameter, const TestValue& value) {
    if (value.null) return parameter.nullable || value.type.kind == Kind::Any ? 0 : -1;
    Kind from = value.type.kind, to = parameter.kind;
    if (from == Kind::String && IsPrepared(to)) return 0;
    if (from == Kind::Long && to == Kind::Double) return 2;
    if (from == Kind::Int && (to == Kind::Long || to == Kind::Double)) return to == Kind::Long ? 1 : 2;
    if (from != to) return -1;
    bool whatever = parameter.element == Kind::Any || value.type.element == Kind::Any;
    return whatever || parameter.element == value.type.element ? 0 : -1;
  }

  const FunctionRow& Choose(const std::string& name, const std::vector<TestValue>& arguments) {
    const FunctionRow* best = nullptr;
    int least = 1000;
    for (const FunctionRow* row : FunctionsNamed(name)) {
      if (row->parameters.size() != arguments.size()) continue;
      int sum = 0;
      for (size_t i = 0; i < arguments.size() && sum >= 0; ++i) {
        int distance = Distance(row->parameters[i], arguments[i]);
        sum = distance < 0 ? -1 : sum + distance;
      }
      if (sum >= 0 && sum < least) best = row, least = sum;
    }
    if (best == nullptr) Refuse("no function `" + name + "` for these types");
    return *best;
  }

  Cell Widened(const Parameter& parameter, const TestValue& value) {
    if (value.null) return {};
    if (IsPrepared(parameter.kind)) {
      RuleString text = FromCell<RuleString>(value.cell);
      static constexpr uint32_t kKinds[] = {kRegex, kLike, kZone, kTimeFormat, kStringSet};
      std::string error;
      auto made = Prepare(kKinds[static_cast<int>(parameter.kind) - static_cast<int>(Kind::Regex)], View(text), &error);
      if (made == nullptr) throw std::runtime_error(error);
      prepared_.push_back(made);
      return ToCell(made.get());
    }
    if (value.type.kind == Kind::Int) {
      int64_t wide = FromCell<int32_t>(value.cell);
      return parameter.kind == Kind::Double ? ToCell(static_cast<double>(wide)) : ToCell(wide);
    }
    if (value.type.kind == Kind::Long && parameter.kind == Kind::Double) {
      return ToCell(static_cast<double>(FromCell<int64_t>(value.cell)));
    }
    return value.cell;
  }

  TestValue Call(const std::string& name, const std::vector<TestValue>& arguments) {
    const FunctionRow& row = Choose(name, arguments);
    last_ = {&row, {}, {}, {}};
    auto& [_, cells, valid, forms] = last_;
    uint32_t form = 0;
    for (size_t i = 0; i < arguments.size(); ++i) {
      cells.push_back(Widened(row.parameters[i], arguments[i]));
      valid.push_back(arguments[i].null ? 0 : 1);
      if (row.parameters[i].kind != Kind::Decimal) continue;
      forms.push_back(arguments[i].form);
      if (form == 0) form = arguments[i].form;
    }
    rulert_context* context = arena_->context();
    context->outcome = RULERT_VALUE;
    Cell result = InvokeWithNulls(row, context, cells, valid, forms);
    if (context->outcome == RULERT_ERROR) throw std::runtime_error(rule_cause_text(context->cause));
    bool null = context->outcome == RULERT_NULL;
    // What is not promised must not happen, and what has no value is zero.
    bool any_null = std::any_of(valid.begin(), valid.end(), [](uint8_t v) { return v == 0; });
    if (null && !any_null && (row.effects & MayNull) == 0) throw std::logic_error(name + " gave null");
    if (null && result != Cell{}) throw std::logic_error(name + " gave null and a value");
    return {row.result, null, form, result};
  }

  TestArena* arena_;
  std::string_view rest_;
  MadeCall last_;
  std::vector<std::shared_ptr<const void>> prepared_;
};

inline std::string TextOfItem(Kind kind, const char* item) {
  std::string text;
  if (kind == Kind::String) {
    RuleString value;
    std::memcpy(&value, item, sizeof value);
    return "\"" + std::string(View(value)) + "\"";
  }
  if (kind == Kind::Double) {
    double value;
    std::memcpy(&value, item, sizeof value);
    AppendDouble(value, &text);
  } else {
    int64_t value;
    std::memcpy(&value, item, sizeof value);
    AppendLong(value, &text);
  }
  return text;
}

inline std::string TextOf(const TestValue& value) {
  if (value.null) return "null";
  std::string text;
  switch (value.type.kind) {
    case Kind::Bool: return value.cell.low != 0 ? "true" : "false";
    case Kind::Int: AppendLong(FromCell<int32_t>(value.cell), &text); return text;
    case Kind::Long: AppendLong(FromCell<int64_t>(value.cell), &text); return text;
    case Kind::Float: AppendFloat(FromCell<float>(value.cell), &text); return text;
    case Kind::Double: AppendDouble(FromCell<double>(value.cell), &text); return text;
    case Kind::Decimal:
      AppendDecimal(Unscaled(FromCell<RuleDecimal>(value.cell)), FormScale(value.form), &text);
      return text;
    case Kind::Date: AppendDate(FromCell<int32_t>(value.cell), &text); return text;
    case Kind::TimeOfDay: AppendTimeOfDay(FromCell<int64_t>(value.cell), &text); return text;
    case Kind::Timestamp: AppendTimestamp(FromCell<int64_t>(value.cell), &text); return text;
    case Kind::Duration: AppendDuration(FromCell<int64_t>(value.cell), &text); return text;
    case Kind::Uuid: {
      char out[36];
      rule_uuid_to_text(reinterpret_cast<const uint8_t*>(&value.cell), out);
      return {out, sizeof out};
    }
    case Kind::List: {
      RuleList list = FromCell<RuleList>(value.cell);
      size_t width = value.type.element == Kind::String ? 16 : 8;
      for (uint64_t i = 0; i < list.length; ++i) {
        text +=
            (i > 0 ? ", " : "") + TextOfItem(value.type.element, reinterpret_cast<const char*>(list.items) + i * width);
      }
      return "[" + text + "]";
    }
    default: {
      RuleString shown = FromCell<RuleString>(value.cell);
      return "\"" + std::string(View(shown)) + "\"";
    }
  }
}

// The result as text; `error: …` for a rule error.
inline std::string Evaluate(std::string_view expression, uint64_t memory = uint64_t{1} << 30) {
  TestArena arena(memory);
  try {
    return TextOf(ExampleEvaluator(&arena, expression).Evaluate());
  } catch (const std::runtime_error& error) {
    return "error: " + std::string(error.what());
  }
}

}  // namespace rulelib
