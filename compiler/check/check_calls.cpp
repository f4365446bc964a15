// Calls: special forms, functions of lists, user functions, the library.

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/check/argument_help.h"
#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/check_functions.h"
#include "compiler/check/library_types.h"
#include "compiler/check/names_elsewhere.h"
#include "compiler/check/operators.h"
#include "compiler/typed/walk.h"
#include "compiler/types/avro_type.h"
#include "stdlib/functions.h"
#include "stdlib/prepare.h"
#include "stdlib/time_format.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

Checked Plain(ExprPtr expr) { return {std::move(expr), {}, {}}; }

std::string Ordinal(size_t index) {
  static constexpr std::array<std::string_view, 6> kWords{"first", "second", "third", "fourth", "fifth", "sixth"};
  return index < kWords.size() ? std::string(kWords[index]) : std::to_string(index + 1) + "th";
}

std::string Counted(size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " arguments"); }

uint32_t PreparedKind(rulelib::Kind kind) {
  switch (kind) {
    case rulelib::Kind::Regex: return rulelib::kRegex;
    case rulelib::Kind::Like: return rulelib::kLike;
    case rulelib::Kind::Zone: return rulelib::kZone;
    case rulelib::Kind::TimeFormat: return rulelib::kTimeFormat;
    default: return rulelib::kStringSet;
  }
}

// `sum(amount)`: of the rows of a window, not of the items of a list.
bool IsAggregateOfRows(std::string_view name, const std::vector<ExprPtr>& arguments) {
  if (!IsAggregateName(name)) return false;
  const TypeKind kind = arguments.empty() ? TypeKind::Null : arguments.front()->type.kind;
  if (kind == TypeKind::List || kind == TypeKind::Map) return false;
  const auto rows = rulelib::FunctionsNamed(LibraryName(name, arguments));
  return std::none_of(rows.begin(), rows.end(), [&](const auto* row) { return CostOf(*row, arguments) >= 0; });
}

size_t IndexOf(const rulelib::FunctionRow& row) { return static_cast<size_t>(&row - rulelib::Functions().data()); }

}  // namespace

std::vector<ExprPtr> ExprChecker::Arguments(const ast::CallExpr& node) {
  std::vector<ExprPtr> arguments;
  for (const ast::Argument& argument : node.arguments) {
    arguments.push_back(argument.value ? CheckAny(*argument.value, nullptr).expr : MakeError(node.callee.span));
  }
  return arguments;
}

Checked ExprChecker::CheckCall(const ast::Expr& expr, const ast::CallExpr& node, const Type* expected) {
  const std::string& name = node.callee.text;
  if (const auto found = context_.values.Find(name, scope_.package);
      found.value && found.value->kind == ValueName::Kind::Function) {
    if (found.ambiguous) {
      TellAmbiguous(context_, node.callee, found.value->span);
      return Plain(MakeError(expr.span));
    }
    if (RefuseNames(node)) return Plain(MakeError(expr.span));
    return Plain(CallUser(expr, node, context_.functions[found.value->index]));
  }
  const bool keyed = std::any_of(node.arguments.begin(), node.arguments.end(),
                                 [](const ast::Argument& argument) { return argument.key || argument.name; });
  if (name == "record") return Plain(CheckRecord(expr, node, expected));
  if (name == "map" && (keyed || node.arguments.empty())) return Plain(CheckMap(expr, node, expected));
  if (name == "present") return CheckPresent(expr, node);
  if (RefuseNames(node)) return Plain(MakeError(expr.span));
  if (name == "decimal") return Plain(CheckDecimal(expr, node, false));
  if (name == "try_decimal") return Plain(CheckDecimal(expr, node, true));
  if (const std::optional<typed::Intrinsic> lambda = LambdaFunction(name)) {
    return Plain(CheckLambdaCall(expr, node, *lambda));
  }
  if (name == "least") return Plain(CheckLeast(expr, node, typed::Intrinsic::Least));
  if (name == "greatest") return Plain(CheckLeast(expr, node, typed::Intrinsic::Greatest));
  if (!IsFunctionName(name) && !IsAttempt(name)) return Plain(TellUnknownFunction(expr, node));
  std::vector<ExprPtr> arguments = Arguments(node);
  for (const ExprPtr& argument : arguments) {
    if (IsError(*argument)) return Plain(MakeError(expr.span));
  }
  if (arguments.size() == 1) {
    if (ExprPtr converted = CheckConversion(expr, name, arguments.front())) return Plain(std::move(converted));
  }
  if (IsAggregateOfRows(name, arguments)) return Plain(TellAggregate(expr, node));
  if (ExprPtr call = CheckListCall(expr, node, &arguments)) return Plain(std::move(call));
  return Plain(CallLibrary(expr, node, std::move(arguments)));
}

bool ExprChecker::RefuseNames(const ast::CallExpr& node) {
  for (const ast::Argument& argument : node.arguments) {
    if (!argument.key && !argument.name) continue;
    const Span span = argument.name ? argument.name->span : argument.key->span;
    context_.diagnostics.Build(span, NamedArgument, {node.callee.text})
        .Help("`record(name: value)` and `map(\"key\": value)` have names and keys; arguments go by their place")
        .Emit();
    return true;
  }
  return false;
}

// One that differs by `_` and upper case alone, else the one that is spelled most alike.
std::string ExprChecker::NearFunction(const std::string& name) const {
  if (const size_t dot = name.rfind('.'); dot != std::string::npos) {
    const std::string near = context_.Nearest(name.substr(dot + 1), context_.values.NamesOf(name.substr(0, dot)));
    return near.empty() ? "" : name.substr(0, dot + 1) + near;
  }
  std::vector<std::string> names = context_.values.Names();
  for (const std::string_view known : FunctionNames()) names.emplace_back(known);
  const std::string plain = PlainName(name);
  const auto same =
      std::find_if(names.begin(), names.end(), [&](const std::string& known) { return PlainName(known) == plain; });
  return same != names.end() ? *same : context_.Nearest(name, names);
}

ExprPtr ExprChecker::TellUnknownFunction(const ast::Expr& expr, const ast::CallExpr& node) {
  const std::string& name = node.callee.text;
  if (IsAggregateName(name)) return TellAggregate(expr, node);
  const NameElsewhere* elsewhere = FindElsewhere(name);
  if (scope_.FirstTold(name + "()")) {
    auto builder = context_.diagnostics.Build(node.callee.span, UnknownFunction, {name});
    const size_t dot = name.rfind('.');
    const std::string_view meant = dot == std::string::npos ? std::string_view{} : FunctionMeant(name.substr(dot + 1));
    if (!meant.empty()) {
      std::move(builder).Help("functions stand before their arguments: `" + std::string(meant) + "(" +
                              name.substr(0, dot) + (node.arguments.empty() ? ")`" : ", …)`"));
    }
    if (elsewhere) {
      if (!elsewhere->help.empty()) std::move(builder).Help(std::string(elsewhere->help));
      std::move(builder).Suggest("it is called so here", node.callee.span, std::string(elsewhere->here));
    } else {
      std::move(builder).Suggest("a function with a similar name exists", node.callee.span, NearFunction(name));
    }
    std::move(builder).Emit();
  }
  // What is wrong in its arguments is told as well, unless they are written for what is no function here.
  if (elsewhere && elsewhere->here.empty()) return MakeError(expr.span);
  const bool known = !scope_.facts.insert(kUncertain).second;
  for (const ast::Argument& argument : node.arguments) {
    if (argument.value && !std::holds_alternative<ast::LambdaExpr>(argument.value->node)) {
      CheckAny(*argument.value, nullptr);
    }
  }
  if (!known) scope_.facts.erase(kUncertain);
  return MakeError(expr.span);
}

ExprPtr ExprChecker::TellAggregate(const ast::Expr& expr, const ast::CallExpr& node) {
  const std::string& name = node.callee.text;
  auto builder = context_.diagnostics.Build(node.callee.span, NotSupportedYet, {"the aggregate `" + name + "`"});
  const bool extreme = name == "min" || name == "max";
  if (extreme) {
    std::move(builder).Help("`least(a, b)` and `greatest(a, b)` are of several values, `" + name + "(xs)` of a list");
  } else if (IsFunctionName(name)) {
    std::move(builder).Help("`" + name + "(xs)` is of the items of a list");
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

ExprPtr ExprChecker::TellCount(const ast::Expr& expr, const ast::CallExpr& node, const std::string& takes) {
  auto builder = context_.diagnostics.Build(expr.span, ArgumentCount,
                                            {node.callee.text, takes, std::to_string(node.arguments.size())});
  if (node.callee.text == "concat") {
    std::move(builder).Help("several texts are put together by f\"{a}{b}{c}\" or `join([a, b, c], \"\")`");
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

// ---- User functions ----

ExprPtr ExprChecker::CallUser(const ast::Expr& expr, const ast::CallExpr& node, FunctionEntry& function) {
  function.used = true;
  context_.Use(node.callee.span, function.decl->name.span);
  // Arguments first: what is wrong in them is told whatever the function is.
  CheckFunction(context_, function, node.callee.span);
  std::vector<ExprPtr> arguments;
  bool wrong = false;
  for (size_t i = 0; i < node.arguments.size(); ++i) {
    const Type* type = i < function.parameters.size() ? &function.parameters[i] : nullptr;
    arguments.push_back(node.arguments[i].value ? CheckAny(*node.arguments[i].value, type).expr : MakeError(expr.span));
    wrong = wrong || IsError(*arguments.back());
  }
  scope_.call_depth = std::max(scope_.call_depth, function.depth + 1);
  // A function that was given up has no parameters.
  if (wrong || !function.decl || function.parameters.size() != function.decl->parameters.size()) {
    return MakeError(expr.span);
  }
  if (arguments.size() != function.decl->parameters.size()) {
    context_.diagnostics
        .Build(expr.span, ArgumentCount,
               {node.callee.text, Counted(function.decl->parameters.size()), std::to_string(arguments.size())})
        .Label(function.decl->name.span, "declared here")
        .Emit();
    return MakeError(expr.span);
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& type = function.parameters[i];
    if (type.kind == TypeKind::Error) return MakeError(expr.span);
    const Span span = arguments[i]->span;
    const Type found = arguments[i]->type;
    arguments[i] = Convert(context_, std::move(arguments[i]), type);
    if (!arguments[i]) {
      context_.diagnostics
          .Build(span, ArgumentType, {node.callee.text, TypePhrase(type), Ordinal(i), TypePhrase(found)})
          .Label(function.decl->parameters[i].type.span, "declared here")
          .Emit();
      return MakeError(expr.span);
    }
    if (IsError(*arguments[i])) return MakeError(expr.span);
    if (arguments[i]->type.nullable && !type.nullable) {
      return TellNullable(context_, expr.span, *arguments[i], node.callee.text);
    }
    // As wide as it is declared.
    arguments[i]->type.nullable = type.nullable;
  }
  if (!function.body) return MakeError(expr.span);
  typed::VariableMap variables;
  for (uint32_t i = 0; i < function.variables.size(); ++i) {
    context_.variables->push_back(function.variables[i]);
    variables[i] = static_cast<uint32_t>(context_.variables->size() - 1);
  }
  ExprPtr result = typed::Clone(*function.body, variables);
  const Type type = result->type;
  for (size_t i = arguments.size(); i-- > 0;) {
    const uint32_t variable = variables.at(static_cast<uint32_t>(i));
    result = Make(context_, expr.span, type, typed::Bind{variable, std::move(arguments[i]), std::move(result)});
  }
  return result;
}

// ---- The library ----

ExprPtr ExprChecker::CallLibrary(const ast::Expr& expr, const ast::CallExpr& node, std::vector<ExprPtr> arguments) {
  const rulelib::FunctionRow* best = nullptr;
  int least = 0;
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(LibraryName(node.callee.text, arguments))) {
    const int cost = CostOf(*row, arguments);
    if (cost < 0 || (best && cost >= least)) continue;
    best = row;
    least = cost;
  }
  if (!best) return TellArguments(expr, node, arguments);
  if (!CheckPrepared(node, IndexOf(*best), arguments)) return MakeError(expr.span);
  return CallRow(expr.span, IndexOf(*best), std::move(arguments));
}

ExprPtr ExprChecker::CallRow(Span span, size_t index, std::vector<ExprPtr> arguments) {
  const rulelib::FunctionRow& row = rulelib::Functions()[index];
  bool nullable = (row.effects & rulelib::MayNull) != 0;
  Type decimal;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const rulelib::Parameter& parameter = row.parameters[i];
    arguments[i] = ToParameter(context_, std::move(arguments[i]), parameter);
    if (IsError(*arguments[i])) return MakeError(span);
    nullable = nullable || (arguments[i]->type.nullable && !parameter.nullable);
    if (decimal.kind == TypeKind::Error && parameter.kind == rulelib::Kind::Decimal) decimal = arguments[i]->type;
  }
  Type type = TypeOfParameter(row.result);
  if (row.result.kind == rulelib::Kind::Decimal) type = decimal;
  type.nullable = nullable;
  return Make(context_, span, type, typed::Call{static_cast<uint32_t>(index), std::move(arguments)});
}

// Of several overloads the message names what the call looks most like.
ExprPtr ExprChecker::TellArguments(const ast::Expr& expr, const ast::CallExpr& node,
                                   const std::vector<ExprPtr>& arguments) {
  const std::string_view name = LibraryName(node.callee.text, arguments);
  std::vector<size_t> counts;
  std::vector<const rulelib::FunctionRow*> of_count;
  for (const rulelib::FunctionRow* row : rulelib::FunctionsNamed(name)) {
    counts.push_back(row->parameters.size());
    if (row->parameters.size() == arguments.size()) of_count.push_back(row);
  }
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  if (of_count.empty() && !counts.empty()) {
    std::string takes;
    for (size_t i = 0; i < counts.size(); ++i) {
      takes += (i == 0 ? "" : i + 1 == counts.size() ? " or " : ", ") + std::to_string(counts[i]);
    }
    return TellCount(expr, node, takes + (takes == "1" ? " argument" : " arguments"));
  }
  // The first argument that no overload takes; else one that this combination does not.
  size_t wrong = 0;
  for (; wrong + 1 < arguments.size(); ++wrong) {
    const bool taken = std::any_of(of_count.begin(), of_count.end(), [&](const rulelib::FunctionRow* row) {
      return CostOf(row->parameters[wrong], *arguments[wrong]) >= 0;
    });
    if (!taken) break;
  }
  std::vector<std::string> kinds;
  std::string_view help;
  for (const rulelib::FunctionRow* row : of_count) {
    bool fits_before = true;
    for (size_t i = 0; i < wrong; ++i) fits_before = fits_before && CostOf(row->parameters[i], *arguments[i]) >= 0;
    const std::string kind = ParameterPhrase(row->parameters[wrong]);
    if (!fits_before) continue;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    if (help.empty()) help = HelpForArgument(name, row->parameters[wrong], arguments[wrong]->type);
  }
  if (arguments.empty() || kinds.empty()) return TellUnknownFunction(expr, node);
  const typed::Expr& argument = *arguments[wrong];
  auto builder =
      context_.diagnostics.Build(argument.span, ArgumentType,
                                 {node.callee.text, Enumerate(kinds, "or"), Ordinal(wrong), TypePhrase(argument.type)});
  if (argument.type.kind == TypeKind::List && ElementOf(argument.type).nullable) {
    std::move(builder).Help("`filter(xs, x => x is not null)` leaves the nulls out");
  } else if (!help.empty()) {
    std::move(builder).Help(std::string(help));
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

// What is made ready once must be known then, and right.
bool ExprChecker::CheckPrepared(const ast::CallExpr& node, size_t index, const std::vector<ExprPtr>& arguments) {
  const rulelib::FunctionRow& row = rulelib::Functions()[index];
  for (size_t i = 0; i < arguments.size(); ++i) {
    const rulelib::Kind kind = row.parameters[i].kind;
    if (!rulelib::IsPrepared(kind)) continue;
    const typed::Expr& argument = *arguments[i];
    const auto* param = std::get_if<typed::ParamRef>(&argument.node);
    const bool reads = kind == rulelib::Kind::TimeFormat && row.parameters.front().kind == rulelib::Kind::String;
    if (param && !argument.type.nullable) {
      const typed::Value& value = context_.program.params[param->param].value;
      if (!IsPattern(PreparedKind(kind), argument, value, node.callee.text, reads)) return false;
      continue;
    }
    const auto* constant = std::get_if<typed::Constant>(&argument.node);
    if (!constant || constant->value.is_null) {
      context_.diagnostics
          .Build(argument.span, ArgumentNotConstant, {"the " + std::string(rulelib::KindName(kind)), node.callee.text})
          .Help("it is made ready once, when the rule is loaded: a text in quotes, a constant or a param")
          .Emit();
      return false;
    }
    if (!IsPattern(PreparedKind(kind), argument, constant->value, node.callee.text, reads)) return false;
  }
  return true;
}

// Can `value`, that of `pattern`, be made ready, and times be read by it (`reads`)? Else it is told.
bool ExprChecker::IsPattern(uint32_t kind, const typed::Expr& pattern, const typed::Value& value,
                            std::string_view taker, bool reads) {
  std::string why;
  const std::shared_ptr<const void> made = rulelib::Prepare(kind, value.text, &why);
  if (made && (!reads || static_cast<const rulelib::TimeFormat*>(made.get())->CanBeRead(&why))) return true;
  auto builder =
      context_.diagnostics.Build(pattern.span, InvalidPattern, {context_.Quote(pattern.span), std::string(taker), why});
  if (const std::optional<uint32_t> param = typed::ParamOf(pattern)) {
    std::move(builder).Label(context_.program.params[*param].span, "its value is declared here");
  }
  std::move(builder).Emit();
  return false;
}

// ---- present ----

Checked ExprChecker::CheckPresent(const ast::Expr& expr, const ast::CallExpr& node) {
  if (node.arguments.size() != 1 || node.arguments.front().name || node.arguments.front().key) {
    return Plain(TellCount(expr, node, "1 argument"));
  }
  const ast::Expr& argument = *node.arguments.front().value;
  const bool path =
      std::holds_alternative<ast::NameExpr>(argument.node) || std::holds_alternative<ast::MemberExpr>(argument.node);
  // Not proven against the versions: asking is the proof.
  ExprPtr field = path ? CheckPath(argument, nullptr) : CheckAny(argument, nullptr).expr;
  if (IsError(*field)) return Plain(MakeError(expr.span));
  const typed::Expr* at = field.get();
  while (const auto* unary = std::get_if<typed::Unary>(&at->node)) at = unary->operand.get();
  const auto* reference = std::get_if<typed::FieldRef>(&at->node);
  if (!reference || !scope_.schema) {
    context_.diagnostics.Build(argument.span, PresentOfValue, {context_.Quote(argument.span)})
        .Help(
            "`present` asks whether the schema that an event was written with has a field; `is not null` asks for a "
            "value")
        .Emit();
    return Plain(MakeError(expr.span));
  }
  if (TypeNodes(at->type) > kMaxTypeNodes) return Plain(TellEndless(*field, at->type));
  if (scope_.schema->document && !scope_.schema->open &&
      !context_.proofs.Of(*scope_.schema, reference->path).absent_somewhere) {
    context_.diagnostics.Build(expr.span, PresentAlways, {reference->path})
        .Label(scope_.stream->schema_span, SchemaPhrase(*scope_.schema))
        .Emit();
  }
  // What is there must be readable.
  Facts outer = scope_.facts;
  scope_.facts.insert(PresentFact(reference->path));
  Prove(argument.span, reference->path);
  scope_.facts = std::move(outer);
  Checked checked;
  checked.when_true.insert(PresentFact(reference->path));
  checked.expr = Make(context_, expr.span, {TypeKind::Bool}, typed::Present{reference->path});
  return checked;
}

}  // namespace rulec::check
