#include "compiler/check/check_values.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "compiler/ast/walk.h"
#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/const_values.h"
#include "compiler/check/named_types.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// "a.b" of names with points between them, else "".
std::string PathText(const ast::Expr& expr) {
  const auto* member = std::get_if<ast::MemberExpr>(&expr.node);
  if (!member) return "";
  const auto* name = std::get_if<ast::NameExpr>(&member->object->node);
  const std::string front = name ? name->name.text : PathText(*member->object);
  return front.empty() ? "" : front + "." + member->member.text;
}

// Calls `visit` with every name in the expression that may be a constant's.
template <typename Visit>
void ForEachName(const ast::Expr& root, Visit visit) {
  std::vector<const ast::Expr*> waiting{&root};
  while (!waiting.empty()) {
    const ast::Expr& expr = *waiting.back();
    waiting.pop_back();
    if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) visit(name->name);
    if (const std::string path = PathText(expr); !path.empty()) visit(ast::Name{path, expr.span});
    const size_t first = waiting.size();
    ast::ForEachChild(expr, [&](const ast::Expr& child) { waiting.push_back(&child); });
    std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end());
  }
}

// All that the entry's value needs has been computed.
void ComputeOne(Context& context, ConstEntry& entry) {
  entry.state = Progress::Done;
  const ast::ConstDecl& decl = *entry.decl;
  if (!decl.value) return;
  const ExprPtr value = CheckConstantExpr(context, *decl.value, nullptr, entry.package);
  if (value->type.kind == TypeKind::Null) {
    context.diagnostics.Build(value->span, UntypedNull).Help("a constant is a value that is not null").Emit();
  } else if (const auto* constant = std::get_if<typed::Constant>(&value->node)) {
    entry.type = value->type;
    entry.value = *constant;
  }
}

// The constants that `entry` waits for, which begin to be looked at. One that is being looked at already closes a
// circle: it is told, and is of type Error from now on.
void BeginConst(Context& context, ConstEntry& entry, std::vector<ConstEntry*>* open) {
  entry.state = Progress::Checking;
  if (!entry.decl->value) return;
  ForEachName(*entry.decl->value, [&](const ast::Name& name) {
    const auto used = context.values.Find(name.text, entry.package);
    if (!used.value || used.value->kind != ValueName::Kind::Const) return;
    ConstEntry& other = context.consts[used.value->index];
    if (other.state == Progress::Waiting) open->push_back(&other);
    if (other.state != Progress::Checking) return;
    context.diagnostics.Build(other.decl->name.span, ConstantCycle, {other.decl->name.text})
        .Label(name.span, "used here for its own value")
        .Emit();
    other.state = Progress::Done;
  });
}

// Computes what it uses first, with a list instead of recursion: a file may have a million of them in a row.
void ComputeAll(Context& context, ConstEntry& first) {
  std::vector<ConstEntry*> open{&first};
  while (!open.empty()) {
    ConstEntry& entry = *open.back();
    if (entry.state == Progress::Waiting) {
      BeginConst(context, entry, &open);
      continue;
    }
    open.pop_back();
    if (entry.state == Progress::Checking) ComputeOne(context, entry);
  }
}

// The type of a param, which is set by a word of the command line and travels as one cell.
Type ScalarOf(Context& context, const ast::ParamDecl& decl, const Type& type) {
  const bool whole = type.kind == TypeKind::List || type.kind == TypeKind::Map || type.kind == TypeKind::Record ||
                     type.kind == TypeKind::Union;
  if (!whole) return type;
  context.diagnostics.Build(decl.type.span, ParamNotScalar, {decl.name.text, TypePhrase(type)})
      .Help("a constant may be a list, a map or a record: `const " + decl.name.text + " = …`")
      .Emit();
  return {};
}

// The value as one of `type`, or nothing if it is of another.
std::optional<typed::Value> Fit(Context& context, ExprPtr value, const Type& type) {
  if (value->type.nullable && !type.nullable) return std::nullopt;
  value = check::Convert(context, std::move(value), type);
  const auto* constant = value ? std::get_if<typed::Constant>(&value->node) : nullptr;
  if (!constant) return std::nullopt;
  return constant->value;
}

}  // namespace

ExprPtr CheckConstantExpr(Context& context, const ast::Expr& expr, const Type* expected, const std::string& package) {
  std::vector<typed::Variable> variables;
  std::vector<typed::Variable>* outer = std::exchange(context.variables, &variables);
  Scope scope;
  scope.package = package;
  ExprPtr value = ExprChecker(context, scope).Value(expr, expected);
  context.variables = outer;
  if (IsError(*value) || IsConstant(*value)) return value;
  context.diagnostics.Build(expr.span, NotConstant, {context.Quote(expr.span)})
      .Help("this takes too many steps, or is computed by the generated code alone")
      .Emit();
  return MakeError(expr.span);
}

// Consts, params and functions share one name space.
bool IsFreeValue(Context& context, std::string_view kind, const ast::Name& name, const std::string& package) {
  // Another package may have the same name; then each sees its own.
  const ValueName* own = context.values.Own(name.text, package);
  return !own || TellDuplicate(context, kind, name, own->span);
}

void ComputeConst(Context& context, ConstEntry& entry) {
  if (entry.state == Progress::Waiting) ComputeAll(context, entry);
}

void DeclareConst(Context& context, const ast::ConstDecl& decl, const std::string& package) {
  if (!IsFreeValue(context, "const", decl.name, package)) return;
  const auto index = static_cast<uint32_t>(context.consts.size());
  context.values.Add(decl.name.text, package, {ValueName::Kind::Const, index, decl.name.span});
  ConstEntry entry;
  entry.decl = &decl;
  entry.package = package;
  context.consts.push_back(std::move(entry));
}

void CheckConsts(Context& context) {
  for (ConstEntry& entry : context.consts) {
    ComputeConst(context, entry);
    context.program.consts.push_back({entry.decl->name.text, entry.type, entry.value.value, entry.decl->name.span});
  }
}

void CheckParamDecl(Context& context, const ast::ParamDecl& decl, const std::string& package) {
  if (!IsFreeValue(context, "param", decl.name, package)) return;
  const Type type = ScalarOf(context, decl, TypeOfRef(context, decl.type));
  typed::Param param{decl.name.text, type, {}, decl.name.span};
  ExprPtr value = decl.value ? CheckConstantExpr(context, *decl.value, &type, package) : MakeError(decl.name.span);
  if (type.kind != TypeKind::Error && value->type.kind != TypeKind::Error) {
    const Type found = value->type;
    const Span span = value->span;
    std::optional<typed::Value> fitted = Fit(context, std::move(value), type);
    if (fitted) {
      param.value = std::move(*fitted);
    } else {
      context.diagnostics.Build(span, ParamValueType, {decl.name.text, TypePhrase(type), TypePhrase(found)})
          .Label(decl.type.span, TypeName(type))
          .Emit();
      param.type = {};
    }
  }
  if (!decl.value) param.type = {};
  const auto index = static_cast<uint32_t>(context.program.params.size());
  context.values.Add(decl.name.text, package, {ValueName::Kind::Param, index, decl.name.span});
  context.program.params.push_back(std::move(param));
  context.params_used.push_back(false);
}

}  // namespace rulec::check
