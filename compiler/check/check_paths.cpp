// Names and what stands behind a point: fields, lets, constants, params, locals, symbols of enums.

#include <algorithm>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/const_values.h"
#include "compiler/check/foreign_names.h"
#include "compiler/check/library_types.h"
#include "compiler/check/named_types.h"
#include "compiler/check/names_elsewhere.h"
#include "compiler/check/operators.h"
#include "compiler/check/tell_gap.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// The names of `a.b.c`, from the left; empty if something else than a name stands there.
std::vector<ast::Name> PathOf(const ast::Expr& expr) {
  std::vector<ast::Name> reversed;
  const ast::Expr* at = &expr;
  while (const auto* member = std::get_if<ast::MemberExpr>(&at->node)) {
    reversed.push_back(member->member);
    at = member->object.get();
  }
  const auto* name = std::get_if<ast::NameExpr>(&at->node);
  if (!name) return {};
  reversed.push_back(name->name);
  return {reversed.rbegin(), reversed.rend()};
}

// What stands behind the proofs of what it is.
const typed::Expr& FrontOf(const typed::Expr& expr) {
  const auto* unary = std::get_if<typed::Unary>(&expr.node);
  return unary ? FrontOf(*unary->operand) : expr;
}

// The first `count` names with points between them.
std::string Joined(const std::vector<ast::Name>& path, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ".") + path[i].text;
  return text;
}

void TellForeign(const ForeignName& name, Span span, Diagnostics::Builder& builder) {
  if (name.right.empty()) {
    std::move(builder).Help(std::string(name.help));
  } else {
    std::move(builder).Suggest(std::string(name.help), span, std::string(name.right));
  }
}

std::vector<std::string> FieldNames(const Type& record) {
  std::vector<std::string> names;
  for (size_t i = 0; i < FieldCount(record); ++i) names.push_back(FieldName(record, i));
  return names;
}

}  // namespace

bool ExprChecker::IsNameInScope(const std::string& name) const {
  return scope_.FindLocal(name) || (scope_.alias && scope_.alias->text == name) || scope_.HasField(name) ||
         scope_.lets.contains(name) || context_.values.contains(name);
}

// How many names of the path are a value of another package, `limits.least_size`; 0: none are.
size_t ExprChecker::QualifiedLength(const std::vector<ast::Name>& path) const {
  for (size_t count = path.size(); count > 1; --count) {
    if (context_.values.OfPackage(Joined(path, count)) != nullptr) return count;
  }
  return 0;
}

// The names in front may be those of a package that lacks the last.
ExprPtr ExprChecker::TellNotOfPackage(const std::vector<ast::Name>& path) {
  const std::string package = Joined(path, path.size() - 1);
  const std::vector<std::string> names = context_.values.NamesOf(package);
  if (names.empty()) {
    return TellUnknown(path.front(), path.size() > 1 && scope_.HasField(path[1].text) ? &path[1] : nullptr);
  }
  const ast::Name& last = path.back();
  context_.diagnostics.Build(last.span, UnknownName, {Joined(path, path.size())})
      .Under("not in package `" + package + "`")
      .Suggest("something with a similar name exists", last.span, context_.Nearest(last.text, names))
      .Emit();
  return MakeError(last.span);
}

ExprPtr ExprChecker::CheckPath(const ast::Expr& expr, const Type* expected) {
  const auto* member = std::get_if<ast::MemberExpr>(&expr.node);
  if (!member) {
    const auto* name = std::get_if<ast::NameExpr>(&expr.node);
    if (!name) return CheckAny(expr, nullptr).expr;
    if (scope_.alias && scope_.alias->text == name->name.text && !scope_.FindLocal(name->name.text)) {
      if (!scope_.FirstTold(name->name.text)) return MakeError(expr.span);
      auto builder = context_.diagnostics.Build(expr.span, NotAValue, {name->name.text, "the alias of a stream"});
      std::move(builder).Help("name one of its fields, as in `" + name->name.text + ".price`").Emit();
      return MakeError(expr.span);
    }
    if (ExprPtr named = Named(expr.span, name->name)) return named;
    return Symbol(expr.span, name->name, expected);
  }
  // `Side.SELL`, `market.Side.SELL`: the name in front means nothing else.
  const std::vector<ast::Name> path = PathOf(expr);
  if (!path.empty() && scope_.misnamed.contains(path.front().text)) return MakeError(expr.span);
  if (!path.empty() && !IsNameInScope(path.front().text)) {
    if (ExprPtr symbol = QualifiedSymbol(expr.span, path, expected)) return symbol;
    const size_t qualified = QualifiedLength(path);
    if (qualified == 0) return TellNotOfPackage(path);
    if (qualified == path.size()) return Named(expr.span, {Joined(path, qualified), expr.span});
  }
  const auto* name = std::get_if<ast::NameExpr>(&member->object->node);
  const bool alias =
      name && scope_.alias && scope_.alias->text == name->name.text && !scope_.FindLocal(name->name.text);
  if (alias) {
    if (!scope_.HasRow()) return MakeError(expr.span);
    if (FieldIndex(scope_.row, member->member.text) < 0) {
      return TellFieldUnknown(member->member, FieldNames(scope_.row));
    }
    const auto index = static_cast<size_t>(FieldIndex(scope_.row, member->member.text));
    return FieldOf(expr.span, member->member.text, FieldType(scope_.row, index), false, true);
  }
  return CheckMember(CheckPath(*member->object, nullptr), *member, expr.span);
}

// `object.member`: the next part of a path of the stream, or a field of a value.
ExprPtr ExprChecker::CheckMember(ExprPtr object, const ast::MemberExpr& node, Span span) {
  if (IsError(*object)) return MakeError(span);
  const Type type = object->type;
  const std::string text = context_.Quote(object->span);
  if (type.kind != TypeKind::Record) {
    auto builder = context_.diagnostics.Build(object->span, NoMembers, {text, TypePhrase(type)});
    const std::string_view function = FunctionMeant(node.member.text);
    if (!function.empty()) {
      std::move(builder).Help("`" + std::string(function) + "(" + text + ")`");
    } else if (type.kind == TypeKind::List) {
      std::move(builder).Help("`map(" + text + ", x => x." + node.member.text + ")`");
    }
    if (type.kind == TypeKind::Map) std::move(builder).Help("`" + text + "[\"" + node.member.text + "\"]`");
    if (type.kind == TypeKind::Union) {
      std::move(builder).Help("`" + text + " is T and …` says which of its types it is");
    }
    std::move(builder).Emit();
    return MakeError(span);
  }
  if (type.nullable && !node.null_safe) return TellNullable(context_, span, *object, ".");
  if (!type.nullable && node.null_safe) {
    context_.diagnostics.Build(object->span, NeverNull, {text, "?."}).Emit();
  }
  const int index = FieldIndex(type, node.member.text);
  if (index < 0) return TellNoField(node.member, type, span);
  const Type field = FieldType(type, static_cast<size_t>(index));
  // A path of the stream goes on, whatever was proven of its front.
  const typed::Expr* front = object.get();
  const auto* known = std::get_if<typed::Unary>(&front->node);
  if (known && known->op == typed::UnaryOp::NotNull) front = known->operand.get();
  if (const auto* path = std::get_if<typed::FieldRef>(&front->node)) {
    return FieldOf(span, path->path + "." + node.member.text, field, front->type.nullable, !type.nullable);
  }
  if (field.kind == TypeKind::Error) {
    if (!scope_.schema) return MakeError(span);  // what made it was told
    context_.diagnostics.Build(span, UnsupportedFieldType, {node.member.text, "of a type that rules have not"}).Emit();
    return MakeError(span);
  }
  const Type result = type.nullable ? field.OrNull() : field;
  return Narrowed(Make(context_, span, result, typed::Member{std::move(object), static_cast<uint32_t>(index)}));
}

// `through_null`: a record on the way may be null. `front_known`: the record just in front is proven not to be, and so
// none before it is; then no null comes from there.
ExprPtr ExprChecker::FieldOf(Span span, const std::string& path, const Type& type, bool through_null,
                             bool front_known) {
  if (type.kind == TypeKind::Error) {
    // Of a stream made by a rule it was told there.
    if (!scope_.schema || !scope_.FirstTold(path + " unsupported")) return MakeError(span);
    auto builder = context_.diagnostics.Build(span, UnsupportedFieldType, {path, "of a type that rules have not"});
    std::move(builder).Help("decimals of more than 38 digits and fields that are always null cannot be read").Emit();
    return MakeError(span);
  }
  const Type slot = through_null ? type.OrNull() : type;
  ExprPtr field = std::make_unique<typed::Expr>(typed::Expr{span, slot, typed::FieldRef{path}});
  if (through_null && !type.nullable && front_known) {
    return Narrowed(MakeUnary(context_, span, type, typed::UnaryOp::NotNull, std::move(field)));
  }
  return Narrowed(std::move(field));
}

// With what the conditions around it prove.
ExprPtr ExprChecker::Narrowed(ExprPtr expr) {
  const std::optional<std::string> name = FactName(*expr);
  if (!name) return expr;
  const Span span = expr->span;
  if (expr->type.nullable && !scope_.facts.contains(*name) && scope_.facts.contains(kUncertain)) return MakeError(span);
  if (expr->type.nullable && scope_.facts.contains(*name)) {
    const Type type = expr->type.NotNull();
    expr = MakeUnary(context_, span, type, typed::UnaryOp::NotNull, std::move(expr));
  }
  if (expr->type.kind != TypeKind::Union) return expr;
  const std::vector<Type>& branches = expr->type.of->types;
  for (uint32_t i = 0; i < branches.size(); ++i) {
    if (!scope_.facts.contains(BranchFact(*name, i))) continue;
    Type type = branches[i];
    type.nullable = expr->type.nullable;
    return Narrowed(MakeUnary(context_, span, type, typed::UnaryOp::UnionToBranch, std::move(expr), i));
  }
  if (scope_.facts.contains(kUncertain)) return MakeError(span);
  return expr;
}

// ---- Names ----

ExprPtr ExprChecker::Named(Span span, const ast::Name& name) {
  if (Local* local = scope_.FindLocal(name.text)) {
    local->used = true;
    const Type type = (*context_.variables)[local->variable].type;
    if (type.kind == TypeKind::Error) return MakeError(span);
    return Narrowed(std::make_unique<typed::Expr>(typed::Expr{span, type, typed::VariableRef{local->variable}}));
  }
  if (scope_.misnamed.contains(name.text)) {
    if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) scope_.let_used[let->second] = true;
    return MakeError(span);
  }
  if (scope_.HasField(name.text)) {
    // A constant or param hides behind the field, which was told.
    if (context_.shadowing_told.contains(name.text)) return MakeError(span);
    const auto index = static_cast<size_t>(FieldIndex(scope_.row, name.text));
    return FieldOf(span, name.text, FieldType(scope_.row, index), false, true);
  }
  if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) {
    scope_.let_used[let->second] = true;
    const Type type = scope_.rule->lets[let->second].value->type;
    if (type.kind == TypeKind::Error) return MakeError(span);
    return Narrowed(std::make_unique<typed::Expr>(typed::Expr{span, type, typed::LetRef{let->second}}));
  }
  const auto found = context_.values.Find(name.text, scope_.package);
  if (!found.value) return nullptr;
  if (found.ambiguous) {
    TellAmbiguous(context_, {name.text, span}, found.value->span);
    return MakeError(span);
  }
  if (found.value->kind == ValueName::Kind::Const) return ResolveConst(span, context_.consts[found.value->index]);
  if (found.value->kind == ValueName::Kind::Function) {
    context_.diagnostics.Build(span, NotAValue, {name.text, "a function"})
        .Help("`" + name.text + "(…)` calls it")
        .Emit();
    return MakeError(span);
  }
  context_.params_used[found.value->index] = true;
  context_.Use(span, found.value->span);
  if (scope_.kind != Scope::Kind::Rule) return TellNotHere(name, found.value->span);
  const Type type = context_.program.params[found.value->index].type;
  if (type.kind == TypeKind::Error) return MakeError(span);
  return Narrowed(std::make_unique<typed::Expr>(typed::Expr{span, type, typed::ParamRef{found.value->index}}));
}

ExprPtr ExprChecker::ResolveConst(Span span, ConstEntry& entry) {
  entry.used = true;
  context_.Use(span, entry.decl->name.span);
  ComputeConst(context_, entry);
  if (entry.type.kind == TypeKind::Error || !Charge(context_, span, entry.value.value)) return MakeError(span);
  return MakeConstant(span, entry.type, entry.value.value, entry.value.literal, entry.value.digits);
}

ExprPtr ExprChecker::TellNotHere(const ast::Name& name, Span declared) {
  const bool constant = scope_.kind == Scope::Kind::Constant;
  context_.diagnostics.Build(name.span, NotConstant, {name.text})
      .Label(declared, "a param can be changed while the rules run")
      .Help(constant ? "constants are made of literals and other constants"
                     : "a function sees its parameters and constants: hand the value in as a parameter")
      .Emit();
  return MakeError(name.span);
}

// ---- Symbols ----

ExprPtr ExprChecker::Symbol(Span span, const ast::Name& name, const Type* expected) {
  if (expected && expected->kind == TypeKind::Enum) return SymbolOf(span, *expected->schema, name);
  if (expected && expected->kind == TypeKind::Error) {
    // What it is compared with was wrong and told; nothing can be said of it.
    if (EnumWithSymbol(name.text)) return MakeError(span);
    if (scope_.HasRow() || scope_.kind != Scope::Kind::Rule) return TellUnknown(name);
    return MakeError(span);
  }
  return TellUnknown(name);
}

ExprPtr ExprChecker::QualifiedSymbol(Span span, const std::vector<ast::Name>& path, const Type* expected) {
  std::string name;
  for (size_t i = 0; i + 1 < path.size(); ++i) name += (i == 0 ? "" : ".") + path[i].text;
  const avro::Schema* schema = nullptr;
  // Of two enums with the same name the one that is asked for.
  if (expected && expected->kind == TypeKind::Enum) schema = expected->schema;
  const bool fits = schema && (schema->name == name || schema->name.ends_with("." + name));
  if (!fits) schema = FindNamedType(context_, scope_.row.schema, name, span);
  return schema && schema->kind == avro::Kind::Enum ? SymbolOf(span, *schema, path.back()) : nullptr;
}

namespace {

// "the symbols `A`, `B` and 7 more"
std::string ListOfSymbols(const std::vector<std::string>& symbols) {
  constexpr size_t kMost = 8;
  const size_t shown = symbols.size() <= kMost ? symbols.size() : kMost - 1;
  std::string text = symbols.size() == 1 ? "the symbol " : "the symbols ";
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "`" : ", `") + symbols[i] + "`";
  if (shown < symbols.size()) text += " and " + std::to_string(symbols.size() - shown) + " more";
  return text;
}

}  // namespace

ExprPtr ExprChecker::SymbolOf(Span span, const avro::Schema& schema, const ast::Name& name) {
  const auto found = std::find(schema.symbols.begin(), schema.symbols.end(), name.text);
  if (found == schema.symbols.end()) {
    const std::string nearest = context_.Nearest(name.text, schema.symbols);
    auto builder = context_.diagnostics.Build(name.span, SymbolNotInEnum, {schema.name, name.text});
    if (nearest.empty()) std::move(builder).Note("it has " + ListOfSymbols(schema.symbols));
    if (const auto foreign = ForeignValue(name.text); foreign && nearest.empty() && !foreign->right.empty()) {
      std::move(builder).Suggest(std::string(foreign->help), name.span, std::string(foreign->right));
    }
    std::move(builder).Suggest("a symbol with a similar name exists", name.span, nearest).Emit();
    return MakeError(span);
  }
  return MakeConstant(span, {TypeKind::Enum, false, &schema}, {.integer = found - schema.symbols.begin()});
}

// ---- What is not known ----

ExprPtr ExprChecker::TellNoField(const ast::Name& name, const Type& record, Span span) {
  const std::string what = record.schema ? "record `" + record.schema->name + "`" : "the record";
  context_.diagnostics.Build(name.span, MemberNotInRecord, {what, name.text})
      .Suggest("a field with a similar name exists", name.span, context_.Nearest(name.text, FieldNames(record)))
      .Emit();
  return MakeError(span);
}

ExprPtr ExprChecker::TellFieldUnknown(const ast::Name& name, const std::vector<std::string>& candidates,
                                      const ast::Name* behind) {
  if (!scope_.FirstTold(name.text)) return MakeError(name.span);
  const std::string nearest = context_.Nearest(name.text, candidates);
  const bool is_field = scope_.HasField(nearest);
  Diagnostics::Builder builder =
      context_.diagnostics.Build(name.span, FieldNotInSchema, {scope_.stream->name, name.text});
  if (scope_.schema) {
    std::move(builder)
        .Under("not a field of `" + scope_.schema->full_name + "`")
        .Label(scope_.stream->schema_span, SchemaPhrase(*scope_.schema));
  } else {
    std::move(builder).Under("not a field of it").Label(scope_.stream->span, "made here");
    if (name.text == "_meta") std::move(builder).Help("the envelope is put on what is written, rules do not see it");
  }
  const std::optional<ForeignName> foreign = ForeignValue(name.text);
  const bool better = nearest.empty() || (foreign && !foreign->right.empty());
  if (behind) {
    std::move(builder).Suggest("fields stand bare", Span::Cover(name.span, behind->span), behind->text);
  } else if (foreign && better) {
    TellForeign(*foreign, name.span, builder);
  } else if (!SuggestSymbol(name, builder)) {
    std::move(builder).Suggest(is_field ? "a field with a similar name exists" : "something with a similar name exists",
                               name.span, nearest);
  }
  std::move(builder).Emit();
  return MakeError(name.span);
}

// Of the stream's fields.
const avro::Schema* ExprChecker::EnumWithSymbol(const std::string& symbol) const {
  if (!scope_.HasRow()) return nullptr;
  for (size_t i = 0; i < FieldCount(scope_.row); ++i) {
    const Type type = FieldType(scope_.row, i);
    if (type.kind != TypeKind::Enum) continue;
    const std::vector<std::string>& symbols = type.schema->symbols;
    if (std::find(symbols.begin(), symbols.end(), symbol) != symbols.end()) return type.schema;
  }
  return nullptr;
}

// A symbol that stands where no enum is expected.
bool ExprChecker::SuggestSymbol(const ast::Name& name, Diagnostics::Builder& builder) {
  const avro::Schema* schema = EnumWithSymbol(name.text);
  if (!schema) return false;
  const size_t dot = schema->name.rfind('.');
  const std::string simple = dot == std::string::npos ? schema->name : schema->name.substr(dot + 1);
  std::move(builder).Suggest("it is a symbol of an enum, whose name is needed here", name.span,
                             simple + "." + name.text);
  return true;
}

bool ExprChecker::IsFieldOfAStream(const std::string& name) const {
  const auto& schemas = context_.program.schemas;
  return std::any_of(schemas.begin(), schemas.end(), [&](const typed::Schema& schema) {
    return schema.document && schema.document->root().kind == avro::Kind::Record &&
           schema.document->root().FieldIndex(name) >= 0;
  });
}

// `behind`: a field of the stream that stands behind the name, as in `event.price`.
ExprPtr ExprChecker::TellUnknown(const ast::Name& name, const ast::Name* behind) {
  if (context_.streams.contains(name.text)) {
    if (!scope_.FirstTold(name.text)) return MakeError(name.span);
    context_.diagnostics.Build(name.span, NotAValue, {name.text, "a stream"})
        .Help("fields stand bare, or behind an alias: `from " + name.text + " t`, then `t.price`")
        .Emit();
    return MakeError(name.span);
  }
  std::vector<std::string> candidates = context_.values.Names();
  std::sort(candidates.begin(), candidates.end());
  for (const Local& local : scope_.locals) candidates.push_back(local.name.text);
  if (scope_.kind == Scope::Kind::Rule) AddCandidatesOfRule(&candidates);
  for (const char* word : {"true", "false", "null"}) candidates.emplace_back(word);
  if (scope_.stream) return scope_.HasRow() ? TellFieldUnknown(name, candidates, behind) : MakeError(name.span);
  if (!scope_.FirstTold(name.text)) return MakeError(name.span);
  auto builder = context_.diagnostics.Build(name.span, UnknownName, {name.text});
  if (IsFieldOfAStream(name.text)) {
    std::move(builder).Help(
        scope_.kind == Scope::Kind::Function
            ? "a function sees its parameters and constants: hand the field in as a parameter"
            : "constants are made of literals and other constants; fields are known of events alone");
  } else if (const auto foreign = ForeignValue(name.text)) {
    TellForeign(*foreign, name.span, builder);
  } else {
    std::move(builder).Suggest("something with a similar name exists", name.span,
                               context_.Nearest(name.text, candidates));
  }
  std::move(builder).Emit();
  return MakeError(name.span);
}

void ExprChecker::AddCandidatesOfRule(std::vector<std::string>* candidates) const {
  for (const auto& [name, index] : scope_.lets) candidates->push_back(name);
  std::sort(candidates->begin(), candidates->end());
  if (scope_.alias) candidates->push_back(scope_.alias->text);
  if (!scope_.HasRow()) return;
  for (std::string& field : FieldNames(scope_.row)) candidates->push_back(std::move(field));
}

// ---- Values as a whole, and accepted versions ----

ExprPtr ExprChecker::Whole(ExprPtr expr) {
  const typed::Expr& at = FrontOf(*expr);
  const bool composite = expr->type.schema || expr->type.of;
  if (composite && TypeNodes(at.type) > kMaxTypeNodes) return TellEndless(*expr, at.type);
  // What lies in a member of a value was read with the value.
  const auto* field = std::get_if<typed::FieldRef>(&at.node);
  if (field && !Prove(expr->span, field->path)) return MakeError(expr->span);
  return expr;
}

ExprPtr ExprChecker::TellEndless(const typed::Expr& expr, const Type& type) {
  if (!scope_.FirstTold(context_.Quote(expr.span) + " endless")) return MakeError(expr.span);
  auto builder = context_.diagnostics.Build(expr.span, EndlessValue, {context_.Quote(expr.span)});
  std::move(builder).Under("this is " + TypePhrase(type));
  if (expr.type.kind == TypeKind::Record && FieldCount(expr.type) > 0) {
    std::move(builder).Help("name one of its fields, as in `" + context_.Quote(expr.span) + "." +
                            FieldName(expr.type, 0) + "`");
  }
  std::move(builder).Emit();
  return MakeError(expr.span);
}

// For a record of the stream that is only asked whether it is null: one that cannot be used as a whole, or not be read
// from each version, is there where one of its fields is that is never null itself.
ExprPtr ExprChecker::Asked(ExprPtr expr) {
  const typed::Expr& at = FrontOf(*expr);
  const auto* field = std::get_if<typed::FieldRef>(&at.node);
  const auto has_gaps = [&](const std::string& path) {
    return scope_.schema && scope_.schema->document && !context_.proofs.Of(*scope_.schema, path).gaps.empty();
  };
  if (!field || at.type.kind != TypeKind::Record) return Whole(std::move(expr));
  if (TypeNodes(at.type) <= kMaxTypeNodes && !has_gaps(field->path)) return Whole(std::move(expr));
  for (size_t i = 0; i < FieldCount(at.type); ++i) {
    const Type type = FieldType(at.type, i);
    if (type.nullable || type.schema || type.of || type.kind == TypeKind::Error) continue;
    const std::string path = field->path + "." + FieldName(at.type, i);
    if (has_gaps(path)) continue;
    const Type found = expr->type.nullable ? type.OrNull() : type;
    return std::make_unique<typed::Expr>(typed::Expr{expr->span, found, typed::FieldRef{path}});
  }
  return Whole(std::move(expr));
}

// A version that has a field has the records that it lies in; it need not have what lies in the field.
bool ExprChecker::IsPresent(const std::string& path) const {
  const std::string fact = PresentFact(path);
  return std::any_of(scope_.facts.begin(), scope_.facts.end(),
                     [&](const std::string& known) { return known == fact || known.starts_with(fact + "."); });
}

bool ExprChecker::Prove(Span span, const std::string& path) {
  if (scope_.facts.contains(kUncertain)) return true;
  if (!scope_.schema || !scope_.schema->document || scope_.schema->accepted.size() < 2) return true;
  const FieldProof& proof = context_.proofs.Of(*scope_.schema, path);
  if (proof.gaps.empty()) return true;
  for (const VersionGap& gap : proof.gaps) {
    if (gap.kind == VersionGap::Kind::Missing && IsPresent(gap.path)) continue;
    if (scope_.gaps_told.insert(gap.path).second) {
      TellGap(context_, span, *scope_.schema, scope_.stream->schema_span, gap, true);
    }
    return false;
  }
  return true;
}

}  // namespace rulec::check
