// Functions of lists and maps of any element, with and without a lambda; least and greatest.

#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/library_types.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;
using typed::Intrinsic;

constexpr Type kBool{TypeKind::Bool};
constexpr Type kLong{TypeKind::Long};
constexpr Type kString{TypeKind::String};

// What a function of a list or map gives; an Error if it does not take `type`, nothing if the table may have a row.
Type ResultOf(Intrinsic intrinsic, const Type& type) {
  const bool list = type.kind == TypeKind::List;
  const bool map = type.kind == TypeKind::Map;
  const Type element = list || map ? ElementOf(type) : Type{};
  const auto if_list = [&](Type result) { return list ? result : Type{}; };
  switch (intrinsic) {
    case Intrinsic::Contains: return if_list(kBool);
    case Intrinsic::IndexOf: return if_list(kLong.OrNull());
    case Intrinsic::First:
    case Intrinsic::Last: return if_list(element.OrNull());
    case Intrinsic::Values: return map ? ListOf(element) : Type{};
    case Intrinsic::Get: return list || map ? element.OrNull() : Type{};
    case Intrinsic::HasKey: return map ? kBool : Type{};
    case Intrinsic::Reverse:
    case Intrinsic::Distinct: return if_list(type.NotNull());
    case Intrinsic::Sort: return list && IsOrdered(element.kind) ? type.NotNull() : Type{};
    case Intrinsic::Flatten: return list && element.kind == TypeKind::List ? ListOf(ElementOf(element)) : Type{};
    case Intrinsic::Min:
    case Intrinsic::Max: return list && IsOrdered(element.kind) ? element.OrNull() : Type{};
    case Intrinsic::Sum:
      if (!list) return {};
      if (element.kind == TypeKind::Int || element.kind == TypeKind::Long) return kLong;
      if (element.kind == TypeKind::Float || element.kind == TypeKind::Double) return {TypeKind::Double};
      if (element.kind == TypeKind::Decimal) return DecimalOf(38, element.scale);
      return element.kind == TypeKind::Duration ? element.NotNull() : Type{};
    default: return {};
  }
}

// The type of the second argument, or an Error if there is none.
Type SecondOf(Intrinsic intrinsic, const Type& type) {
  if (intrinsic == Intrinsic::HasKey) return kString;
  if (intrinsic == Intrinsic::Get) return type.kind == TypeKind::Map ? kString : kLong;
  if (intrinsic == Intrinsic::Contains || intrinsic == Intrinsic::IndexOf) return ElementOf(type);
  return {};
}

}  // namespace

ExprPtr ExprChecker::MakeIntrinsic(Span span, const Type& type, Intrinsic intrinsic, std::vector<ExprPtr> arguments) {
  Type result = type;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool item = i == 1 && (intrinsic == Intrinsic::Contains || intrinsic == Intrinsic::IndexOf);
    result.nullable = result.nullable || (arguments[i]->type.nullable && !item);
  }
  return Make(context_, span, result, typed::IntrinsicCall{intrinsic, std::move(arguments), std::nullopt});
}

ExprPtr ExprChecker::CheckListCall(const ast::Expr& expr, const ast::CallExpr& node, std::vector<ExprPtr>* arguments) {
  const std::string& name = node.callee.text;
  const std::optional<Intrinsic> intrinsic = ListFunction(name);
  if (!intrinsic || arguments->empty()) return nullptr;
  // What the library has is its own.
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(LibraryName(name, *arguments))) {
    if (CostOf(*row, *arguments) >= 0) return nullptr;
  }
  const Type type = arguments->front()->type;
  const bool table = !rulelib::FunctionsNamed(LibraryName(name, *arguments)).empty();
  const Type result = ResultOf(*intrinsic, type.NotNull());
  if (result.kind == TypeKind::Error) {
    if (table) return nullptr;
    const bool of_map = *intrinsic == Intrinsic::Values || *intrinsic == Intrinsic::HasKey;
    context_.diagnostics
        .Build(arguments->front()->span, ArgumentType, {name, of_map ? "a map" : "a list", "first", TypePhrase(type)})
        .Emit();
    return MakeError(expr.span);
  }
  const Type second = SecondOf(*intrinsic, type);
  const size_t wanted = second.kind == TypeKind::Error ? 1 : 2;
  if (arguments->size() != wanted) {
    return TellCount(expr, node, wanted == 1 ? "1 argument" : "2 arguments");
  }
  if (wanted == 2) {
    ExprPtr& argument = (*arguments)[1];
    // A symbol or a list whose type the first argument tells.
    const Type found = argument->type;
    const Span span = argument->span;
    ExprPtr converted =
        found.kind == TypeKind::Null && !second.nullable ? nullptr : Convert(context_, std::move(argument), second);
    if (!converted) {
      context_.diagnostics.Build(span, ArgumentType, {name, TypePhrase(second), "second", TypePhrase(found)}).Emit();
      return MakeError(expr.span);
    }
    argument = std::move(converted);
  }
  return MakeIntrinsic(expr.span, result, *intrinsic, std::move(*arguments));
}

ExprPtr ExprChecker::CheckLambdaCall(const ast::Expr& expr, const ast::CallExpr& node, Intrinsic intrinsic) {
  const std::string& name = node.callee.text;
  const bool alone = node.arguments.size() == 1;
  // `any(flags)`: of a list of bools.
  if (node.arguments.size() != 2 && !(alone && (intrinsic == Intrinsic::Any || intrinsic == Intrinsic::All))) {
    return TellCount(expr, node, "2 arguments");
  }
  ExprPtr list = CheckAny(*node.arguments.front().value, nullptr).expr;
  const Type type = list->type;
  if (type.kind != TypeKind::List && type.kind != TypeKind::Error) {
    auto builder = context_.diagnostics.Build(list->span, ArgumentType, {name, "a list", "first", TypePhrase(type)});
    if (type.kind == TypeKind::Map) std::move(builder).Help("`keys(m)` and `values(m)` are lists");
    if (intrinsic == Intrinsic::Map && type.kind == TypeKind::String) {
      std::move(builder).Help("`map(\"key\": value)` is a map");
    }
    std::move(builder).Emit();
    if (!alone && !std::holds_alternative<ast::LambdaExpr>(node.arguments[1].value->node)) return MakeError(expr.span);
    list = MakeError(list->span);
  }
  const ast::Expr* second = alone ? nullptr : node.arguments[1].value.get();
  const auto* lambda = second ? std::get_if<ast::LambdaExpr>(&second->node) : nullptr;
  if (second && !lambda) {
    context_.diagnostics.Build(second->span, LambdaMissing, {name})
        .Help("`" + name + "(" + context_.Quote(node.arguments.front().value->span) + ", x => …)`")
        .Emit();
    return MakeError(expr.span);
  }
  if (lambda && lambda->parameters.size() != 1) {
    context_.diagnostics.Build(second->span, LambdaParameters, {name}).Emit();
    return MakeError(expr.span);
  }
  const Type element = IsError(*list) ? Type{} : ElementOf(type);
  const std::string item = lambda ? lambda->parameters.front().text : "item";
  context_.variables->push_back({item, element});
  typed::IntrinsicCall call{
      intrinsic, {}, typed::Lambda{static_cast<uint32_t>(context_.variables->size() - 1), nullptr}};
  const ast::Name parameter = lambda ? lambda->parameters.front() : node.callee;
  if (lambda && !IsFreeLocal(parameter)) return MakeError(expr.span);
  scope_.locals.push_back({parameter, call.lambda->variable, !lambda});
  const bool test = intrinsic != Intrinsic::Map;
  ExprPtr body;
  if (!lambda) {
    body = std::make_unique<typed::Expr>(typed::Expr{list->span, element, typed::VariableRef{call.lambda->variable}});
    if (element.kind == TypeKind::Error) body = MakeError(list->span);
    body = AsCondition(*node.arguments.front().value, std::move(body));
  } else if (test) {
    const Ranges ranges = scope_.ranges;
    Facts proven;
    body = Condition(*lambda->body, &proven);
    scope_.ranges = ranges;
    // What a filter lets through is narrowed as its condition says.
    if (intrinsic == Intrinsic::Filter && element.nullable &&
        proven.contains("variable " + std::to_string(call.lambda->variable))) {
      filters_null_ = true;
    }
  } else {
    body = CheckAny(*lambda->body, nullptr).expr;
  }
  const bool whole = !IsError(*body) && body->type.kind != TypeKind::Null;
  if (lambda && !scope_.locals.back().used && !parameter.text.starts_with('_') && whole) {
    context_.diagnostics.Build(parameter.span, UnusedParameter, {parameter.text}).Emit();
  }
  scope_.locals.pop_back();
  const bool without_null = std::exchange(filters_null_, false);
  if (IsError(*list) || IsError(*body)) return MakeError(expr.span);
  if (body->type.kind == TypeKind::Null) {
    context_.diagnostics.Build(body->span, UntypedNull).Emit();
    return MakeError(expr.span);
  }
  Type result = kBool;
  if (intrinsic == Intrinsic::Map) result = ListOf(body->type);
  if (intrinsic == Intrinsic::Filter) result = type.NotNull();
  if (intrinsic == Intrinsic::Find) result = element.OrNull();
  if (intrinsic == Intrinsic::CountIf) result = kLong;
  result.nullable = result.nullable || type.nullable;
  call.lambda->body = std::move(body);
  call.arguments.push_back(std::move(list));
  ExprPtr made = Make(context_, expr.span, result, std::move(call));
  if (!without_null) return made;
  return WithoutNulls(std::move(made));
}

// A list whose items are proven not to be null, as a list of what is not null.
ExprPtr ExprChecker::WithoutNulls(ExprPtr list) {
  const Span span = list->span;
  const Type element = ElementOf(list->type);
  context_.variables->push_back({"item", element});
  const auto variable = static_cast<uint32_t>(context_.variables->size() - 1);
  ExprPtr item = std::make_unique<typed::Expr>(typed::Expr{span, element, typed::VariableRef{variable}});
  typed::IntrinsicCall map{Intrinsic::Map, {}, typed::Lambda{variable, nullptr}};
  map.lambda->body = MakeUnary(context_, span, element.NotNull(), typed::UnaryOp::NotNull, std::move(item));
  Type type = ListOf(element.NotNull());
  type.nullable = list->type.nullable;
  map.arguments.push_back(std::move(list));
  return Make(context_, span, type, std::move(map));
}

bool ExprChecker::IsFreeLocal(const ast::Name& name) {
  const auto taken = [&](std::string_view what, Span span) {
    context_.diagnostics.Build(name.span, NameTaken, {"parameter", name.text, what})
        .Label(span, "declared here")
        .Emit();
    return false;
  };
  if (const Local* local = scope_.FindLocal(name.text)) return taken("another parameter", local->name.span);
  if (scope_.HasField(name.text)) {
    auto builder = context_.diagnostics.Build(name.span, ShadowsField, {"parameter", name.text, scope_.stream->name});
    const int index = FieldIndex(scope_.row, name.text);
    if (scope_.row.schema && scope_.schema) {
      std::move(builder).Label(
          FieldSpan(context_, *scope_.schema, scope_.row.schema->fields[static_cast<size_t>(index)]), "the field");
    }
    std::move(builder).Emit();
    return false;
  }
  if (scope_.alias && scope_.alias->text == name.text) return taken("the alias", scope_.alias->span);
  if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) {
    return taken("a `let`", scope_.rule->lets[let->second].span);
  }
  const auto found = context_.values.Find(name.text, scope_.package);
  if (found.value && found.value->kind != ValueName::Kind::Function) {
    return taken(found.value->kind == ValueName::Kind::Const ? "a constant" : "a param", found.value->span);
  }
  return true;
}

ExprPtr ExprChecker::CheckLeast(const ast::Expr& expr, const ast::CallExpr& node, Intrinsic intrinsic) {
  if (node.arguments.size() < 2) return TellCount(expr, node, "2 arguments or more");
  std::vector<ExprPtr> arguments = Arguments(node);
  std::vector<ExprPtr*> values;
  for (ExprPtr& argument : arguments) values.push_back(&argument);
  Type type;
  if (!Unify(node.callee.text, std::move(values), &type)) return MakeError(expr.span);
  if (!IsOrdered(type.kind)) {
    context_.diagnostics
        .Build(arguments.front()->span, ArgumentType,
               {node.callee.text, "values that have an order", "first", TypePhrase(arguments.front()->type)})
        .Emit();
    return MakeError(expr.span);
  }
  return MakeIntrinsic(expr.span, type, intrinsic, std::move(arguments));
}

}  // namespace rulec::check
