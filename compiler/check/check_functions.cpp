#include "compiler/check/check_functions.h"

#include <algorithm>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/check_values.h"
#include "compiler/check/library_types.h"
#include "compiler/check/named_types.h"
#include "compiler/typed/walk.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

// Functions are copied to where they are called: calls within calls multiply.
constexpr size_t kMaxNodes = 10'000;
constexpr uint32_t kMaxDepth = 64;

void TellCycle(Context& context, FunctionEntry& function, Span used) {
  std::string way;
  const auto first = std::find(context.open_functions.begin(), context.open_functions.end(), &function);
  for (auto other = first; other != context.open_functions.end(); ++other) {
    if (*other != &function) way += "`" + (*other)->decl->name.text + "`, ";
  }
  auto builder = context.diagnostics.Build(function.decl->name.span, FunctionCycle, {function.decl->name.text});
  std::move(builder).Label(used, "called here for its own value");
  if (!way.empty()) std::move(builder).Note("by way of " + way.substr(0, way.size() - 2));
  std::move(builder).Emit();
}

void DeclareParameters(Context& context, FunctionEntry& function, Scope& scope) {
  for (const ast::FnParameter& parameter : function.decl->parameters) {
    const Type type = TypeOfRef(context, parameter.type);
    function.parameters.push_back(type);
    context.variables->push_back({parameter.name.text, type});
    if (const Local* other = scope.FindLocal(parameter.name.text)) {
      context.diagnostics.Build(parameter.name.span, NameTaken, {"parameter", parameter.name.text, "another parameter"})
          .Label(other->name.span, "declared here")
          .Emit();
      scope.FindLocal(parameter.name.text)->used = true;
    }
    const auto found = context.values.Find(parameter.name.text, function.package);
    if (found.value && found.value->kind != ValueName::Kind::Function) {
      context.diagnostics
          .Build(parameter.name.span, NameTaken,
                 {"parameter", parameter.name.text,
                  found.value->kind == ValueName::Kind::Const ? "a constant" : "a param"})
          .Label(found.value->span, "declared here")
          .Emit();
    }
    scope.locals.push_back({parameter.name, static_cast<uint32_t>(context.variables->size() - 1)});
  }
}

// What is copied must stay small.
bool IsTooLarge(Context& context, FunctionEntry& function) {
  const bool large = function.nodes > kMaxNodes;
  if (!large && function.depth <= kMaxDepth && context.open_functions.size() <= kMaxDepth) return false;
  // A long chain is one mistake.
  if (!large && std::exchange(context.depth_of_functions_told, true)) return true;
  context.diagnostics
      .Build(function.decl->name.span, FunctionTooLarge,
             {function.decl->name.text, large ? "is made of more than " + std::to_string(kMaxNodes) + " operations"
                                              : "nests more than " + std::to_string(kMaxDepth) + " calls"})
      .Emit();
  return true;
}

}  // namespace

void DeclareFunction(Context& context, const ast::FnDecl& decl, const std::string& package) {
  const auto index = static_cast<uint32_t>(context.functions.size());
  if (!IsFreeValue(context, "fn", decl.name, package)) return;
  if (IsFunctionName(decl.name.text)) {
    context.diagnostics.Build(decl.name.span, rulec::LibraryName, {decl.name.text}).Emit();
    return;
  }
  context.values.Add(decl.name.text, package, {ValueName::Kind::Function, index, decl.name.span});
  FunctionEntry entry;
  entry.decl = &decl;
  entry.package = package;
  context.functions.push_back(std::move(entry));
}

void CheckFunction(Context& context, FunctionEntry& function, Span used) {
  if (function.state == Progress::Done) return;
  if (function.state == Progress::Checking) {
    TellCycle(context, function, used);
    return;
  }
  // As deep as it may be in any case: what it calls is not looked at.
  if (context.open_functions.size() > kMaxDepth) {
    function.state = Progress::Done;
    IsTooLarge(context, function);
    return;
  }
  function.state = Progress::Checking;
  context.open_functions.push_back(&function);
  std::vector<typed::Variable>* outer = std::exchange(context.variables, &function.variables);
  Scope scope;
  scope.kind = Scope::Kind::Function;
  scope.package = function.package;
  DeclareParameters(context, function, scope);
  if (function.decl->body) {
    typed::ExprPtr body = ExprChecker(context, scope).Value(*function.decl->body, nullptr);
    if (body->type.kind == TypeKind::Null) {
      context.diagnostics.Build(body->span, UntypedNull).Help("a function gives a value of some type").Emit();
      body = MakeError(body->span);
    }
    for (const Local& local : scope.locals) {
      if (!local.used && !local.name.text.starts_with('_') && !IsError(*body)) {
        context.diagnostics.Build(local.name.span, UnusedParameter, {local.name.text}).Emit();
      }
    }
    function.nodes = typed::CountNodes(*body);
    function.depth = scope.call_depth;
    if (!IsError(*body) && !IsTooLarge(context, function)) function.body = std::move(body);
  }
  context.variables = outer;
  context.open_functions.pop_back();
  function.state = Progress::Done;
}

void CheckFunctions(Context& context) {
  for (FunctionEntry& function : context.functions) CheckFunction(context, function, function.decl->name.span);
}

}  // namespace rulec::check
