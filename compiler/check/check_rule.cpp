#include "compiler/check/check_rule.h"

#include <optional>
#include <utility>

#include "compiler/check/annotations.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/check_schemas.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// The last part of a path, which names what is made of it.
std::optional<ast::Name> LastName(const ast::Expr& expr) {
  if (const auto* name = std::get_if<ast::NameExpr>(&expr.node)) return name->name;
  if (const auto* member = std::get_if<ast::MemberExpr>(&expr.node)) return member->member;
  return std::nullopt;
}

class RuleChecker {
 public:
  RuleChecker(Context& context, OutputTable& outputs, const ast::RuleDecl& decl, const std::string& package)
      : context_(context), outputs_(outputs), decl_(decl), exprs_(context, scope_) {
    rule_.package = package;
    rule_.name = decl.name.text;
    rule_.doc = decl.doc;
    rule_.span = decl.name.span;
    scope_.rule = &rule_;
  }

  void Check() {
    const auto [first, added] = context_.rules.try_emplace(decl_.name.text, decl_.name.span);
    if (!added) TellDuplicate(context_, "rule", decl_.name, first->second);
    CheckAnnotations(context_, decl_.annotations, &rule_);
    if (!decl_.from || !EnterStream(*decl_.from)) return;
    EnterAlias(*decl_.from);
    for (const ast::KeyExpr& key : decl_.from->keys) NameKey(key);
    for (const ast::Stage& stage : decl_.stages) {
      std::visit([this](const auto& node) { CheckStage(node); }, stage);
    }
    CheckKeys(*decl_.from);
    WarnOfUnusedLets();
    context_.program.rules.push_back(std::move(rule_));
  }

 private:
  // ---- from ----

  bool EnterStream(const ast::FromClause& from) {
    const auto found = context_.streams.find(from.stream.text);
    if (found == context_.streams.end()) {
      TellUnknownStream(from.stream);
      return false;
    }
    rule_.stream = found->second;
    scope_.stream = &context_.program.streams[found->second];
    scope_.schema = &context_.program.schemas[scope_.stream->schema];
    if (!scope_.schema->document) return true;
    const avro::Schema& root = scope_.schema->document->root();
    if (root.kind != avro::Kind::Record) return true;
    scope_.record = &root;
    for (const avro::Field& field : root.fields) RefuseShadowing(field);
    return true;
  }

  void TellUnknownStream(const ast::Name& name) {
    if (context_.outputs.contains(name.text)) {
      context_.diagnostics.Build(name.span, NotSupportedYet, {"reading an output"}).Emit();
      return;
    }
    context_.diagnostics.Build(name.span, UnknownStream, {name.text})
        .Suggest("a stream with a similar name is declared", name.span,
                 context_.Nearest(name.text, KeysOf(context_.streams)))
        .Emit();
  }

  // Constants and params are in scope of every rule.
  void RefuseShadowing(const avro::Field& field) {
    std::optional<Span> declared;
    std::string_view kind = "const";
    if (const auto entry = context_.consts.find(field.name); entry != context_.consts.end()) {
      declared = entry->second.decl->name.span;
    } else if (const auto param = context_.params.find(field.name); param != context_.params.end()) {
      declared = context_.program.params[param->second].span;
      kind = "param";
    }
    if (!declared || !context_.shadowing_told.insert(field.name).second) return;
    TellShadowing(kind, {field.name, *declared}, field);
  }

  void TellShadowing(std::string_view kind, const ast::Name& name, const avro::Field& field) {
    context_.diagnostics.Build(name.span, ShadowsField, {kind, name.text, scope_.stream->name})
        .Label(FieldSpan(context_, *scope_.schema, field), "the field")
        .Emit();
  }

  // Tells it and returns false if `name` already means something in this rule.
  bool IsFree(std::string_view kind, const ast::Name& name) {
    if (scope_.HasField(name.text)) {
      TellShadowing(kind, name, scope_.record->fields[static_cast<size_t>(scope_.record->FieldIndex(name.text))]);
      return false;
    }
    if (scope_.alias && scope_.alias->text == name.text) return Taken(kind, name, "the alias", scope_.alias->span);
    if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) {
      return Taken(kind, name, "another `let`", rule_.lets[let->second].span);
    }
    if (const auto entry = context_.consts.find(name.text); entry != context_.consts.end()) {
      return Taken(kind, name, "a constant", entry->second.decl->name.span);
    }
    if (const auto param = context_.params.find(name.text); param != context_.params.end()) {
      return Taken(kind, name, "a param", context_.program.params[param->second].span);
    }
    return true;
  }

  bool Taken(std::string_view kind, const ast::Name& name, std::string_view what, Span other) {
    context_.diagnostics.Build(name.span, NameTaken, {kind, name.text, what}).Label(other, "declared here").Emit();
    return false;
  }

  void EnterAlias(const ast::FromClause& from) {
    if (from.alias && IsFree("alias", *from.alias)) scope_.alias = from.alias;
  }

  // ---- partition by ----

  // A key with a name is a `let` that stands before all others.
  void NameKey(const ast::KeyExpr& key) {
    if (!key.name || !key.value) return;
    AddLet("key", *key.name, *key.value);
    if (const auto let = scope_.lets.find(key.name->text); let != scope_.lets.end())
      scope_.let_used[let->second] = true;
  }

  // Keys are computed of rows that have passed every `where`, so what those prove holds for them.
  void CheckKeys(const ast::FromClause& from) {
    std::map<std::string, uint32_t> lets;
    std::swap(lets, scope_.lets);
    for (const ast::KeyExpr& key : from.keys) {
      if (!key.value) continue;
      ExprPtr value;
      if (key.name && lets.contains(key.name->text)) {
        scope_.lets.insert({key.name->text, lets[key.name->text]});
        const ast::Expr named{key.value->span, ast::NameExpr{*key.name}};
        value = exprs_.Value(named, nullptr);
        scope_.lets.clear();
      } else {
        value = exprs_.Value(*key.value, nullptr);
      }
      RefuseNullKey(*value);
      const std::optional<ast::Name> last = LastName(*key.value);
      rule_.keys.push_back({key.name ? key.name->text : last ? last->text : "", std::move(value)});
    }
    std::swap(lets, scope_.lets);
  }

  void RefuseNullKey(const typed::Expr& key) {
    if (!key.type.nullable) return;
    const std::string text = context_.Quote(key.span);
    if (key.type.kind == TypeKind::Null) {
      context_.diagnostics.Build(key.span, UntypedNull).Help("a key is a value that is not null").Emit();
      return;
    }
    context_.diagnostics.Build(key.span, NullableKey, {text})
        .Under("this is " + TypePhrase(key.type))
        .Help("`where " + text + " is not null` leaves events without it out")
        .Help("`" + text + " ?? …` gives them a key of their own")
        .Emit();
  }

  // ---- where, let ----

  void CheckStage(const ast::WhereClause& stage) {
    if (!stage.condition) return;
    Facts proven;
    rule_.wheres.push_back(exprs_.Condition(*stage.condition, &proven));
    scope_.facts = Both(std::move(scope_.facts), proven);
  }

  void CheckStage(const ast::LetClause& stage) {
    for (const ast::LetBinding& binding : stage.bindings) {
      if (binding.value) AddLet("let", binding.name, *binding.value);
    }
  }

  void AddLet(std::string_view kind, const ast::Name& name, const ast::Expr& expr) {
    const bool free = IsFree(kind, name);
    ExprPtr value = exprs_.Value(expr, nullptr);
    if (value->type.kind == TypeKind::Null) {
      context_.diagnostics.Build(value->span, UntypedNull).Emit();
      value = MakeError(value->span);
    }
    if (!free) return;
    scope_.lets.emplace(name.text, static_cast<uint32_t>(rule_.lets.size()));
    scope_.let_used.push_back(false);
    rule_.lets.push_back({name.text, std::move(value), name.span});
  }

  void WarnOfUnusedLets() {
    for (size_t i = 0; i < rule_.lets.size(); ++i) {
      const typed::Let& let = rule_.lets[i];
      if (!scope_.let_used[i] && !let.name.starts_with('_')) {
        context_.diagnostics.Build(let.span, UnusedLet, {let.name}).Emit();
      }
    }
  }

  void CheckStage(const ast::ExpandClause&) {}

  // ---- emit ----

  void CheckStage(const ast::EmitClause& stage) {
    const std::optional<uint32_t> output = outputs_.Find(stage.output, rule_.package);
    typed::Emit emit{.output = output.value_or(0), .span = stage.output.span};
    const Facts outer = scope_.facts;
    if (stage.where) {
      Facts proven;
      emit.where = exprs_.Condition(*stage.where, &proven);
      scope_.facts = Both(std::move(scope_.facts), proven);
    }
    std::vector<EmittedField> fields = CheckFields(stage, output);
    scope_.facts = outer;
    if (!output) return;
    outputs_.Place(std::move(fields), &emit);
    rule_.emits.push_back(std::move(emit));
  }

  std::vector<EmittedField> CheckFields(const ast::EmitClause& stage, std::optional<uint32_t> output) {
    std::vector<EmittedField> fields;
    std::map<std::string, Span> seen;
    for (const ast::EmitField& field : stage.fields) {
      if (!field.value) continue;
      const std::optional<ast::Name> name = FieldName(field);
      const Type* expected = name && output ? outputs_.Expected(*output, name->text) : nullptr;
      ExprPtr value = exprs_.Value(*field.value, expected);
      if (!name) continue;
      const auto [first, added] = seen.try_emplace(name->text, name->span);
      if (added) {
        fields.push_back({name->text, name->span, std::move(value)});
      } else {
        context_.diagnostics.Build(name->span, DuplicateEmitField, {name->text})
            .Label(first->second, "first emitted here")
            .Emit();
      }
    }
    return fields;
  }

  std::optional<ast::Name> FieldName(const ast::EmitField& field) {
    const std::optional<ast::Name> name = field.name ? field.name : LastName(*field.value);
    if (!name) {
      if (std::holds_alternative<ast::ErrorExpr>(field.value->node)) return std::nullopt;
      context_.diagnostics.Build(field.value->span, EmitFieldUnnamed)
          .Suggest("put a name before it", field.value->span,
                   "name: " + std::string(context_.sources.Text(field.value->span)))
          .Emit();
      return std::nullopt;
    }
    if (name->text == "_meta") {
      context_.diagnostics.Build(name->span, ReservedName, {"field", name->text}).Emit();
      return std::nullopt;
    }
    if (!IsAvroName(name->text)) {
      context_.diagnostics.Build(name->span, InvalidAvroName, {"field", name->text})
          .Help("letters, digits and `_`, with a letter or `_` first")
          .Emit();
      return std::nullopt;
    }
    return name;
  }

  Context& context_;
  OutputTable& outputs_;
  const ast::RuleDecl& decl_;
  Scope scope_;
  ExprChecker exprs_;
  typed::Rule rule_;
};

}  // namespace

void CheckRule(Context& context, OutputTable& outputs, const ast::RuleDecl& decl, const std::string& package) {
  RuleChecker(context, outputs, decl, package).Check();
}

}  // namespace rulec::check
