#include "compiler/check/check_values.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "compiler/check/check_expr.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/operators.h"
#include "compiler/check/resolve.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// Consts and params share one name space.
bool IsFree(Context& context, std::string_view kind, const ast::Name& name) {
  if (const auto entry = context.consts.find(name.text); entry != context.consts.end()) {
    return TellDuplicate(context, kind, name, entry->second.decl->name.span);
  }
  if (const auto param = context.params.find(name.text); param != context.params.end()) {
    return TellDuplicate(context, kind, name, context.program.params[param->second].span);
  }
  return true;
}

struct NamedType {
  std::string_view name;
  TypeKind kind;
};
constexpr NamedType kTypes[] = {{"bool", TypeKind::Bool},        {"int", TypeKind::Int},
                                {"long", TypeKind::Long},        {"double", TypeKind::Double},
                                {"string", TypeKind::String},    {"timestamp", TypeKind::Timestamp},
                                {"duration", TypeKind::Duration}};
constexpr std::string_view kLaterTypes[] = {"float", "decimal", "bytes", "date", "timeofday", "uuid", "list", "map"};

Type TypeOfRef(Context& context, const ast::TypeRef& ref) {
  const std::string& name = ref.name.text;
  for (const std::string_view later : kLaterTypes) {
    if (name != later) continue;
    context.diagnostics.Build(ref.span, NotSupportedYet, {"type `" + name + "`"}).Emit();
    return {};
  }
  const bool plain = ref.arguments.empty() && ref.numbers.empty();
  for (const NamedType& type : kTypes) {
    if (plain && name == type.name) return {type.kind, ref.nullable};
  }
  const avro::Schema* schema = plain ? FindEnum(context, nullptr, name) : nullptr;
  if (schema) return {TypeKind::Enum, ref.nullable, schema};
  std::vector<std::string> names;
  for (const NamedType& type : kTypes) names.emplace_back(type.name);
  context.diagnostics.Build(ref.span, UnknownType, {context.Quote(ref.span)})
      .Suggest("a type with a similar name exists", ref.name.span, context.Nearest(name, names))
      .Emit();
  return {};
}

ExprPtr CheckConstantExpr(Context& context, const ast::Expr& expr, const Type* expected) {
  Scope scope;
  scope.constant = true;
  return ExprChecker(context, scope).Value(expr, expected);
}

// Calls `visit` with every name in the expression that may be a constant's.
template <typename Visit>
void ForEachName(const ast::Expr& root, Visit visit) {
  std::vector<const ast::Expr*> waiting{&root};
  const auto add = [&](const ast::ExprPtr& expr) {
    if (expr) waiting.push_back(expr.get());
  };
  while (!waiting.empty()) {
    const ast::Expr& expr = *waiting.back();
    waiting.pop_back();
    if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) visit(name->name);
    if (const auto* member = std::get_if<ast::MemberExpr>(&expr.node)) add(member->object);
    if (const auto* unary = std::get_if<ast::UnaryExpr>(&expr.node)) add(unary->operand);
    if (const auto* test = std::get_if<ast::IsNullExpr>(&expr.node)) add(test->operand);
    if (const auto* binary = std::get_if<ast::BinaryExpr>(&expr.node)) {
      add(binary->right);
      add(binary->left);
    }
  }
}

// All that the entry's value needs has been computed.
void ComputeOne(Context& context, ConstEntry& entry) {
  entry.state = ConstEntry::State::Done;
  const ast::ConstDecl& decl = *entry.decl;
  if (!decl.value) return;
  const ExprPtr value = CheckConstantExpr(context, *decl.value, nullptr);
  if (value->type.kind == TypeKind::Null) {
    context.diagnostics.Build(value->span, UntypedNull).Help("a constant is a value that is not null").Emit();
  } else if (const auto* constant = std::get_if<typed::Constant>(&value->node)) {
    entry.type = value->type;
    entry.value = constant->value;
  }
}

// The constants that `entry` waits for, which begin to be looked at. One that is being looked at already closes a
// circle: it is told, and is of type Error from now on.
void BeginConst(Context& context, ConstEntry& entry, std::vector<ConstEntry*>* open) {
  entry.state = ConstEntry::State::Checking;
  if (!entry.decl->value) return;
  ForEachName(*entry.decl->value, [&](const ast::Name& name) {
    const auto used = context.consts.find(name.text);
    if (used == context.consts.end()) return;
    ConstEntry& other = used->second;
    if (other.state == ConstEntry::State::Waiting) open->push_back(&other);
    if (other.state != ConstEntry::State::Checking) return;
    context.diagnostics.Build(other.decl->name.span, ConstantCycle, {other.decl->name.text})
        .Label(name.span, "used here for its own value")
        .Emit();
    other.state = ConstEntry::State::Done;
  });
}

// Computes what it uses first, with a list instead of recursion: a file may have a million of them in a row.
void ComputeConst(Context& context, ConstEntry& first) {
  std::vector<ConstEntry*> open{&first};
  while (!open.empty()) {
    ConstEntry& entry = *open.back();
    if (entry.state == ConstEntry::State::Waiting) {
      BeginConst(context, entry, &open);
      continue;
    }
    open.pop_back();
    if (entry.state == ConstEntry::State::Checking) ComputeOne(context, entry);
  }
}

// The value as one of `type`, or nothing if it is of another.
std::optional<typed::Value> Fit(Context& context, ExprPtr value, const Type& type) {
  AdaptLiteral(*value, type);
  if (value->type.kind == TypeKind::Null && type.nullable) return typed::Value{.is_null = true};
  if (IsNumber(value->type.kind) && IsNumber(type.kind) && value->type.kind < type.kind) {
    value = Widen(context, std::move(value), type.kind);
  }
  const auto* constant = std::get_if<typed::Constant>(&value->node);
  if (!constant || !SameType(value->type, type.NotNull())) return std::nullopt;
  return constant->value;
}

}  // namespace

ExprPtr ResolveConst(Context& context, Span span, ConstEntry& entry) {
  if (entry.state == ConstEntry::State::Waiting) ComputeConst(context, entry);
  if (entry.type.kind == TypeKind::Error) return MakeError(span);
  return MakeConstant(span, entry.type, entry.value);
}

void DeclareConst(Context& context, const ast::ConstDecl& decl) {
  if (IsFree(context, "const", decl.name)) context.consts[decl.name.text].decl = &decl;
}

void CheckConsts(Context& context, const std::vector<ast::File>& files) {
  for (const ast::File& file : files) {
    for (const ast::Decl& decl : file.decls) {
      const auto* constant = std::get_if<ast::ConstDecl>(&decl.node);
      if (!constant) continue;
      ConstEntry& entry = context.consts.at(constant->name.text);
      if (entry.decl != constant) continue;
      ResolveConst(context, constant->name.span, entry);
      context.program.consts.push_back({constant->name.text, entry.type, entry.value, constant->name.span});
    }
  }
}

void CheckParamDecl(Context& context, const ast::ParamDecl& decl) {
  if (!IsFree(context, "param", decl.name)) return;
  const Type type = TypeOfRef(context, decl.type);
  typed::Param param{decl.name.text, type, {}, decl.name.span};
  ExprPtr value = decl.value ? CheckConstantExpr(context, *decl.value, &type) : MakeError(decl.name.span);
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
  context.params.emplace(decl.name.text, static_cast<uint32_t>(context.program.params.size()));
  context.program.params.push_back(std::move(param));
}

}  // namespace rulec::check
