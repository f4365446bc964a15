// record(…), map(…), decimal(…) and conversions that the library has no row for.

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/default_value.h"
#include "compiler/check/library_types.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

struct Conversion {
  std::string_view name;
  TypeKind kind;
};
// Conversions to a type that may be what there is already, or a wider one.
constexpr Conversion kConversions[] = {
    {"bool", TypeKind::Bool},           {"int", TypeKind::Int},       {"long", TypeKind::Long},
    {"float", TypeKind::Float},         {"double", TypeKind::Double}, {"string", TypeKind::String},
    {"bytes", TypeKind::Bytes},         {"date", TypeKind::Date},     {"timeofday", TypeKind::TimeOfDay},
    {"timestamp", TypeKind::Timestamp}, {"uuid", TypeKind::Uuid},     {"duration", TypeKind::Duration}};

}  // namespace

// Null if the library converts it.
ExprPtr ExprChecker::CheckConversion(const ast::Expr& expr, std::string_view name, ExprPtr& value) {
  const bool attempt = name.starts_with("try_");
  if (attempt) name.remove_prefix(4);
  if (name == "int") value = AsLong(expr.span, attempt, std::move(value));
  const Type from = value->type;
  for (const Conversion& conversion : kConversions) {
    if (conversion.name != name) continue;
    if (from.kind == conversion.kind) {
      value->span = expr.span;
      if (auto* constant = std::get_if<typed::Constant>(&value->node)) constant->literal = false;
      return std::move(value);
    }
    if (name == "long" && from.kind == TypeKind::Int) return Widen(context_, std::move(value), TypeKind::Long);
    const bool widens = from.kind == TypeKind::Int || from.kind == TypeKind::Float;
    if (name == "double" && widens) return Widen(context_, std::move(value), TypeKind::Double);
    if (name == "string" && from.kind == TypeKind::Enum) {
      std::vector<ExprPtr> arguments;
      arguments.push_back(std::move(value));
      return MakeIntrinsic(expr.span, {TypeKind::String}, typed::Intrinsic::Convert, std::move(arguments));
    }
  }
  return attempt ? AttemptThatSucceeds(expr.span, name, value) : nullptr;
}

// What cannot fail is itself without null: `try_double(m)` of a decimal. Null if the library has a row, or none at all.
ExprPtr ExprChecker::AttemptThatSucceeds(Span span, std::string_view name, ExprPtr& value) {
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(value));
  const auto cost = [&](const rulelib::FunctionRow* row) { return CostOf(*row, arguments); };
  const auto attempts = rulelib::FunctionsNamed("try_" + std::string(name));
  const bool may_fail = std::any_of(attempts.begin(), attempts.end(), [&](const auto* row) { return cost(row) >= 0; });
  const rulelib::FunctionRow* best = nullptr;
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(LibraryName(name, arguments))) {
    if (may_fail || cost(row) < 0 || (row->effects & rulelib::MayFail) != 0) continue;
    if (!best || cost(row) < cost(best)) best = row;
  }
  if (!best) {
    value = std::move(arguments.front());
    return nullptr;
  }
  return CallRow(span, static_cast<size_t>(best - rulelib::Functions().data()), std::move(arguments));
}

bool ExprChecker::IsAttempt(std::string_view name) {
  if (!name.starts_with("try_")) return false;
  name.remove_prefix(4);
  return std::any_of(std::begin(kConversions), std::end(kConversions), [&](const Conversion& conversion) {
    return conversion.name == name && conversion.kind != TypeKind::Duration;
  });
}

// What the library makes a long of is made an int by way of it.
ExprPtr ExprChecker::AsLong(Span span, bool attempt, ExprPtr value) {
  if (value->type.kind == TypeKind::Int || value->type.kind == TypeKind::Long) return value;
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(attempt ? "try_long" : "long")) {
    if (row->parameters.size() != 1 || CostOf(row->parameters.front(), *value) < 0) continue;
    std::vector<ExprPtr> arguments;
    arguments.push_back(std::move(value));
    return CallRow(span, static_cast<size_t>(row - rulelib::Functions().data()), std::move(arguments));
  }
  return value;
}

// ---- record ----

ExprPtr ExprChecker::CheckRecord(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected) {
  const bool wanted = expected && expected->kind == TypeKind::Record;
  std::map<std::string, Span> seen;
  std::vector<std::string> names;
  std::vector<ExprPtr> values;
  bool wrong = node.arguments.empty();
  if (wrong) context_.diagnostics.Build(expr.span, ArgumentForm, {"record", "`name: value` for each field"}).Emit();
  for (const ast::Argument& argument : node.arguments) {
    if (!argument.name || !argument.value) {
      context_.diagnostics
          .Build(argument.value ? argument.value->span : expr.span, ArgumentForm,
                 {"record", "`name: value` for each field"})
          .Emit();
      return MakeError(expr.span);
    }
    const int index = wanted ? FieldIndex(*expected, argument.name->text) : -1;
    const Type field = index >= 0 ? FieldType(*expected, static_cast<size_t>(index)) : Type{};
    ExprPtr value = CheckAny(*argument.value, index >= 0 ? &field : nullptr).expr;
    const auto [first, added] = seen.try_emplace(argument.name->text, argument.name->span);
    if (!added) {
      context_.diagnostics.Build(argument.name->span, DuplicateRecordField, {"field", argument.name->text})
          .Label(first->second, "first given here")
          .Emit();
      wrong = true;
      continue;
    }
    if (!IsAvroName(argument.name->text)) {
      context_.diagnostics.Build(argument.name->span, InvalidAvroName, {"field", argument.name->text}).Emit();
      wrong = true;
    }
    wrong = wrong || IsError(*value);
    names.push_back(argument.name->text);
    values.push_back(std::move(value));
  }
  if (wrong) return MakeError(expr.span);
  if (wanted) {
    if (ExprPtr fitted = FitRecord(expr.span, *expected, names, &values)) return fitted;
  }
  std::vector<Type> types;
  for (const ExprPtr& value : values) {
    if (value->type.kind == TypeKind::Null) {
      context_.diagnostics.Build(value->span, UntypedNull).Emit();
      return MakeError(expr.span);
    }
    types.push_back(value->type);
  }
  return Make(context_, expr.span, RecordOf(std::move(names), std::move(types)),
              typed::RecordLiteral{std::move(values)});
}

// The record that is asked for, if the values give it: fields with defaults may be left out. Else null, and `values`
// are as they were.
ExprPtr ExprChecker::FitRecord(Span span, const Type& type, const std::vector<std::string>& names,
                               std::vector<ExprPtr>* values) {
  std::vector<int> from(FieldCount(type), -1);
  for (size_t i = 0; i < names.size(); ++i) {
    const int index = FieldIndex(type, names[i]);
    if (index < 0) return nullptr;
    const Type field = FieldType(type, static_cast<size_t>(index));
    AdaptLiteral(*(*values)[i], field);
    const Type& found = (*values)[i]->type;
    if (!Converts(*(*values)[i], field) || (found.nullable && !field.nullable)) return nullptr;
    from[static_cast<size_t>(index)] = static_cast<int>(i);
  }
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] < 0 && !(type.schema && DefaultValue(type.schema->fields[i]))) return nullptr;
  }
  typed::RecordLiteral record;
  for (size_t i = 0; i < from.size(); ++i) {
    const Type field = FieldType(type, i);
    if (from[i] >= 0) {
      record.fields.push_back(Convert(context_, std::move((*values)[static_cast<size_t>(from[i])]), field));
      continue;
    }
    std::optional<typed::Value> value = DefaultValue(type.schema->fields[i]);
    const bool is_null = value->is_null;
    record.fields.push_back(MakeConstant(span, is_null ? field : field.NotNull(), std::move(*value)));
  }
  return Make(context_, span, type.NotNull(), std::move(record));
}

// ---- map ----

// A string that is not null; a bare word in front of the colon is a value like any other here.
ExprPtr ExprChecker::CheckMapKey(const ast::Argument& argument, std::map<std::string, Span>* seen) {
  ExprPtr key;
  if (argument.key) {
    key = CheckAny(*argument.key, nullptr).expr;
  } else {
    const ast::Expr named{argument.name->span, ast::NameExpr{*argument.name}};
    key = CheckAny(named, nullptr).expr;
  }
  if (IsError(*key)) return key;
  if (key->type.kind != TypeKind::String || key->type.nullable) {
    context_.diagnostics.Build(key->span, IndexType, {"a map", "a string", TypePhrase(key->type)}).Emit();
    return MakeError(key->span);
  }
  const auto* constant = std::get_if<typed::Constant>(&key->node);
  if (!constant) return key;
  const auto [first, added] = seen->try_emplace(constant->value.text, key->span);
  if (added) return key;
  context_.diagnostics.Build(key->span, DuplicateRecordField, {"key", constant->value.text})
      .Label(first->second, "first given here")
      .Emit();
  return MakeError(key->span);
}

ExprPtr ExprChecker::CheckMap(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected) {
  const bool wanted = expected && expected->kind == TypeKind::Map;
  Type element = wanted ? ElementOf(*expected) : Type{};
  if (node.arguments.empty() && !wanted) {
    context_.diagnostics.Build(expr.span, EmptyListType).Emit();
    return MakeError(expr.span);
  }
  typed::MapLiteral map;
  std::map<std::string, Span> seen;
  std::vector<const ast::Expr*> items;
  for (const ast::Argument& argument : node.arguments) {
    if (!argument.value || (!argument.key && !argument.name)) {
      context_.diagnostics
          .Build(argument.value ? argument.value->span : expr.span, ArgumentForm,
                 {"map", "`key: value` for each entry"})
          .Emit();
      return MakeError(expr.span);
    }
    map.keys.push_back(CheckMapKey(argument, &seen));
    items.push_back(argument.value.get());
  }
  map.values = CheckAlike(items, wanted ? &element : nullptr, nullptr);
  const auto is_wrong = [](const ExprPtr& part) { return IsError(*part); };
  if (std::any_of(map.keys.begin(), map.keys.end(), is_wrong)) return MakeError(expr.span);
  if (std::any_of(map.values.begin(), map.values.end(), is_wrong)) return MakeError(expr.span);
  bool fits = wanted;
  for (const ExprPtr& value : map.values) {
    if (!fits) break;
    AdaptLiteral(*value, element);
    fits = Converts(*value, element) && (!value->type.nullable || element.nullable);
  }
  if (fits) {
    for (ExprPtr& value : map.values) value = Convert(context_, std::move(value), element);
  } else {
    std::vector<ExprPtr*> values;
    for (ExprPtr& value : map.values) values.push_back(&value);
    if (!Unify("map", std::move(values), &element)) return MakeError(expr.span);
    if (element.kind == TypeKind::Null) {
      context_.diagnostics.Build(expr.span, UntypedNull).Emit();
      return MakeError(expr.span);
    }
  }
  return Make(context_, expr.span, MapOf(element), std::move(map));
}

// ---- decimal ----

// decimal(x, p, s); decimal(x) of a whole number.
ExprPtr ExprChecker::CheckDecimal(const ast::Expr& expr, const ast::CallExpr& node, bool attempt) {
  if (node.arguments.size() != 3 && node.arguments.size() != 1) return TellCount(expr, node, "3 arguments");
  ExprPtr value = CheckAny(*node.arguments.front().value, nullptr).expr;
  Type type;
  if (node.arguments.size() == 3) {
    int64_t digits[2] = {0, 0};
    bool known = true;
    for (size_t i = 0; i < 2; ++i) {
      const ExprPtr number = CheckAny(*node.arguments[i + 1].value, nullptr).expr;
      if (IsError(*number)) return MakeError(expr.span);
      const auto* constant = std::get_if<typed::Constant>(&number->node);
      known = known && constant && number->type.kind == TypeKind::Long;
      if (known) digits[i] = constant->value.integer;
    }
    if (!known || digits[0] < 1 || digits[0] > 38 || digits[1] < 0 || digits[1] > digits[0]) {
      context_.diagnostics.Build(expr.span, InvalidDecimal, {context_.Quote(expr.span)})
          .Help("`decimal(x, 18, 2)`: 18 digits, 2 of them behind the point; at most 38")
          .Emit();
      return MakeError(expr.span);
    }
    type = DecimalOf(static_cast<uint8_t>(digits[0]), static_cast<uint8_t>(digits[1]));
  }
  if (IsError(*value)) return MakeError(expr.span);
  const TypeKind kind = value->type.kind;
  if (type.kind == TypeKind::Error) {
    if (kind == TypeKind::Decimal) return value;
    if (kind != TypeKind::Int && kind != TypeKind::Long) return TellCount(expr, node, "3 arguments");
    type = DecimalOf(kind == TypeKind::Int ? 10 : 19, 0);
    auto* constant = std::get_if<typed::Constant>(&value->node);
    if (constant) constant->literal = false;
  }
  // A literal is exact: decimal(0.1, 5, 2) is no double first.
  if (IsConstant(*value)) AdaptLiteral(*value, type);
  const bool takes = IsNumber(kind) || kind == TypeKind::Decimal || kind == TypeKind::String;
  if (!takes) {
    context_.diagnostics
        .Build(value->span, ArgumentType,
               {node.callee.text, "a number, a decimal or a string", "first", TypePhrase(value->type)})
        .Emit();
    return MakeError(expr.span);
  }
  Type result = attempt ? type.OrNull() : type;
  if (SameType(value->type.NotNull(), type)) return value;
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(value));
  return MakeIntrinsic(expr.span, result, attempt ? typed::Intrinsic::TryConvert : typed::Intrinsic::Convert,
                       std::move(arguments));
}

}  // namespace rulec::check
