#include "compiler/check/check_rule.h"

#include <optional>
#include <utility>

#include "compiler/check/annotations.h"
#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/check/check_schemas.h"
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
    scope_.kind = Scope::Kind::Rule;
    scope_.package = package;
    scope_.rule = &rule_;
  }

  std::optional<uint32_t> Check() {
    context_.variables = &rule_.variables;
    if (const Span* first = context_.rules.Add(decl_.name.text, rule_.package, decl_.name.span)) {
      TellDuplicate(context_, decl_.derived ? "derive" : "rule", decl_.name, *first);
    }
    CheckAnnotations(context_, decl_.annotations, &rule_);
    if (!decl_.from || !EnterStream(*decl_.from)) {
      for (const ast::Stage& stage : decl_.stages) {
        if (const auto* emit = std::get_if<ast::EmitClause>(&stage))
          context_.unreadable_streams.insert(emit->output.text);
      }
      return std::nullopt;
    }
    EnterAlias(*decl_.from);
    for (const ast::KeyExpr& key : decl_.from->keys) NameKey(key);
    for (const ast::Stage& stage : decl_.stages) {
      std::visit([this](const auto& node) { CheckStage(node); }, stage);
    }
    CheckKeys();
    WarnOfUnused();
    const auto index = static_cast<uint32_t>(context_.program.rules.size());
    context_.program.rules.push_back(std::move(rule_));
    context_.variables = nullptr;
    outputs_.Register(index);
    return index;
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
    context_.row_schema = nullptr;
    context_.streams_used[found->second] = true;
    scope_.stream = &context_.program.streams[found->second];
    context_.Use(from.stream.span, scope_.stream->span);
    if (scope_.stream->output) {
      scope_.row = outputs_.RowOf(*scope_.stream->output);
      return true;
    }
    scope_.schema = &context_.program.schemas[scope_.stream->schema];
    context_.row_schema = scope_.schema;
    if (!scope_.schema->document) return true;
    const avro::Schema& root = scope_.schema->document->root();
    if (root.kind != avro::Kind::Record) return true;
    scope_.row = {TypeKind::Record, false, &root};
    // Once for each stream and package: constants and params are in scope of every rule.
    const std::string seen = rule_.package + "/" + scope_.stream->name;
    if (context_.shadowing_looked_for.insert(seen).second) {
      for (const avro::Field& field : root.fields) RefuseShadowing(field);
      WarnOfOtherVersions();
    }
    return true;
  }

  void TellUnknownStream(const ast::Name& name) {
    if (context_.rules_missing || context_.unreadable_streams.contains(name.text)) return;
    if (!context_.unknown_told.insert({name.span.file, "stream " + name.text}).second) return;
    std::vector<std::string> names = KeysOf(context_.streams);
    for (const auto& [output, index] : context_.outputs) names.push_back(output);
    const std::string nearest = context_.Nearest(name.text, names);
    auto builder = context_.diagnostics.Build(name.span, UnknownStream, {name.text});
    if (nearest.empty()) {
      std::move(builder).Help("`stream " + name.text +
                              " : T` declares it; `import \"file.rule\"` reads a file that does");
    }
    std::move(builder).Suggest("a stream with a similar name is declared", name.span, nearest).Emit();
  }

  const ValueName* ValueCalled(const std::string& name) {
    const auto found = context_.values.Find(name, rule_.package);
    return found.value && found.value->kind != ValueName::Kind::Function ? found.value : nullptr;
  }

  void RefuseShadowing(const avro::Field& field) {
    const ValueName* value = ValueCalled(field.name);
    if (!value || !context_.shadowing_told.insert(field.name).second) return;
    TellShadowing(value->kind == ValueName::Kind::Const ? "const" : "param", {field.name, value->span}, &field);
  }

  void WarnOfOtherVersions() {
    for (const typed::SchemaVersion& version : scope_.schema->accepted) {
      if (!version.document || version.version == scope_.schema->version) continue;
      for (const avro::Field& field : version.document->root().fields) {
        if (scope_.HasField(field.name)) continue;
        const ValueName* value = ValueCalled(field.name);
        if (!value || !context_.shadowing_told.insert(field.name).second) continue;
        TellOtherVersion(value->kind == ValueName::Kind::Const ? "const" : "param", {field.name, value->span}, version,
                         field);
      }
    }
  }

  void TellOtherVersion(std::string_view kind, const ast::Name& name, const typed::SchemaVersion& version,
                        const avro::Field& field) {
    context_.diagnostics
        .Build(name.span, ShadowsOtherVersion,
               {kind, name.text, std::to_string(version.version), scope_.schema->full_name})
        .Label(FieldSpan(context_, version.file, field), "the field")
        .Emit();
  }

  void TellShadowing(std::string_view kind, const ast::Name& name, const avro::Field* field) {
    auto builder = context_.diagnostics.Build(name.span, ShadowsField, {kind, name.text, scope_.stream->name});
    if (field && scope_.schema) std::move(builder).Label(FieldSpan(context_, *scope_.schema, *field), "the field");
    std::move(builder).Emit();
  }

  // Tells it and returns false if `name` already means something in this rule.
  bool IsFree(std::string_view kind, const ast::Name& name) {
    if (scope_.HasField(name.text)) {
      const auto index = static_cast<size_t>(FieldIndex(scope_.row, name.text));
      TellShadowing(kind, name, scope_.row.schema ? &scope_.row.schema->fields[index] : nullptr);
      return false;
    }
    if (scope_.alias && scope_.alias->text == name.text) return Taken(kind, name, "the alias", scope_.alias->span);
    if (const Local* local = scope_.FindLocal(name.text)) {
      return Taken(kind, name, "the alias of `expand`", local->name.span);
    }
    if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) {
      return Taken(kind, name, "another `let`", rule_.lets[let->second].span);
    }
    if (const ValueName* value = ValueCalled(name.text)) {
      return Taken(kind, name, value->kind == ValueName::Kind::Const ? "a constant" : "a param", value->span);
    }
    WarnOfClash(kind, name);
    return true;
  }

  void WarnOfClash(std::string_view kind, const ast::Name& name) {
    if (!scope_.schema) return;
    for (const typed::SchemaVersion& version : scope_.schema->accepted) {
      if (!version.document || version.document->root().kind != avro::Kind::Record) continue;
      const int index = version.document->root().FieldIndex(name.text);
      if (index < 0) continue;
      return TellOtherVersion(kind, name, version, version.document->root().fields[static_cast<size_t>(index)]);
    }
  }

  bool Taken(std::string_view kind, const ast::Name& name, std::string_view what, Span other) {
    context_.diagnostics.Build(name.span, NameTaken, {kind, name.text, what}).Label(other, "declared here").Emit();
    return false;
  }

  void EnterAlias(const ast::FromClause& from) {
    if (!from.alias) return;
    if (IsFree("alias", *from.alias)) {
      scope_.alias = from.alias;
    } else {
      scope_.misnamed.insert(from.alias->text);
    }
  }

  // ---- expand ----

  void CheckStage(const ast::ExpandClause& stage) {
    if (rule_.expand || expanded_) {
      context_.diagnostics.Build(stage.span, NotSupportedYet, {"a second `expand`"})
          .Help("a `derive` with the first one gives a stream for the second")
          .Emit();
      scope_.misnamed.insert(stage.alias.text);
      return;
    }
    expanded_ = true;
    ExprPtr list = stage.list ? exprs_.Value(*stage.list, nullptr) : MakeError(stage.span);
    Type element;
    if (list->type.kind == TypeKind::List) {
      element = ElementOf(list->type);
    } else if (!IsError(*list)) {
      context_.diagnostics.Build(list->span, ExpandNotList, {context_.Quote(list->span), TypePhrase(list->type)})
          .Emit();
    }
    const bool free = IsFree("alias", stage.alias);
    rule_.variables.push_back({stage.alias.text, element});
    const auto variable = static_cast<uint32_t>(rule_.variables.size() - 1);
    if (free) {
      scope_.locals.push_back({stage.alias, variable, true});
    } else {
      scope_.misnamed.insert(stage.alias.text);
    }
    rule_.expand = typed::Expand{std::move(list), variable, stage.span};
    for (const ast::KeyExpr& key : stage.keys) NameKey(key);
  }

  // ---- partition by ----

  // A key with a name is a `let` that stands before all others.
  void NameKey(const ast::KeyExpr& key) {
    keys_.push_back(&key);
    if (!key.name || !key.value) return;
    AddLet("key", *key.name, *key.value);
    if (const auto let = scope_.lets.find(key.name->text); let != scope_.lets.end())
      scope_.let_used[let->second] = true;
  }

  // Keys are computed of rows that have passed every `where`, so what those prove holds for them. They see no `let`,
  // but the named keys before them.
  void CheckKeys() {
    if (std::exchange(keys_done_, true)) return;
    std::unordered_map<std::string, uint32_t> lets;
    std::swap(lets, scope_.lets);
    for (const ast::KeyExpr* key : keys_) {
      if (!key->value) continue;
      ExprPtr value;
      if (key->name && lets.contains(key->name->text)) {
        scope_.lets.insert({key->name->text, lets[key->name->text]});
        const ast::Expr named{key->value->span, ast::NameExpr{*key->name}};
        value = exprs_.Value(named, nullptr);
        // What the conditions say of the fields that it is made of counts as well.
        if (value->type.nullable) value = exprs_.Value(*key->value, nullptr);
      } else {
        value = exprs_.Value(*key->value, nullptr);
      }
      RefuseNullKey(*value);
      const std::optional<ast::Name> last = LastName(*key->value);
      const std::string name = key->name ? key->name->text : last ? last->text : "";
      key_types_.push_back({name, value->type, key->value->span});
      rule_.keys.push_back({name, std::move(value)});
    }
    std::swap(lets, scope_.lets);
    if (!keys_.empty()) scope_.keys = &key_types_;
  }

  void RefuseNullKey(const typed::Expr& key) {
    if (!key.type.nullable) return;
    const std::string text = context_.Quote(key.span);
    if (key.type.kind == TypeKind::Null) {
      context_.diagnostics.Build(key.span, UntypedNull).Help("a key is a value that is not null").Emit();
      return;
    }
    auto builder = context_.diagnostics.Build(key.span, NullableKey, {text});
    if (const auto declared = DeclarationOf(context_, key)) std::move(builder).Label(*declared, "declared here");
    std::move(builder)
        .Under("this is " + TypePhrase(key.type))
        .Help("`where " + text + " is not null` leaves events without it out")
        .Help("`" + text + " ?? …` gives them a key of their own")
        .Emit();
  }

  // ---- where, let ----

  void CheckStage(const ast::WhereClause& stage) {
    if (!stage.condition) return;
    Facts proven;
    (expanded_ ? rule_.item_wheres : rule_.wheres).push_back(exprs_.Condition(*stage.condition, &proven));
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
    if (!free) {
      scope_.misnamed.insert(name.text);
      return;
    }
    scope_.lets.emplace(name.text, static_cast<uint32_t>(rule_.lets.size()));
    scope_.let_used.push_back(false);
    rule_.lets.push_back({name.text, std::move(value), name.span});
  }

  void WarnOfUnused() {
    for (size_t i = 0; i < rule_.lets.size(); ++i) {
      const typed::Let& let = rule_.lets[i];
      if (!scope_.let_used[i] && !let.name.starts_with('_')) {
        context_.diagnostics.Build(let.span, UnusedLet, {let.name}).Emit();
      }
    }
  }

  // ---- emit ----

  void CheckStage(const ast::EmitClause& stage) {
    CheckKeys();
    const bool own = decl_.derived && stage.output.text.empty();
    const std::optional<uint32_t> output =
        own ? outputs_.OfDerive(decl_.name) : outputs_.Find(stage.output, rule_.package);
    typed::Emit emit{.output = output.value_or(0), .span = own ? stage.span : stage.output.span};
    const Facts outer = scope_.facts;
    const Ranges ranges = scope_.ranges;
    if (stage.where) {
      Facts proven;
      emit.where = exprs_.Condition(*stage.where, &proven);
      scope_.facts = Both(std::move(scope_.facts), proven);
    }
    bool whole = true;
    std::vector<EmittedField> fields = CheckFields(stage, output, &whole);
    scope_.facts = outer;
    scope_.ranges = ranges;
    if (!output) return;
    outputs_.Place(std::move(fields), whole, &emit);
    rule_.emits.push_back(std::move(emit));
  }

  // `whole` becomes false where the name of a field is wrong.
  std::vector<EmittedField> CheckFields(const ast::EmitClause& stage, std::optional<uint32_t> output, bool* whole) {
    std::vector<EmittedField> fields;
    std::unordered_map<std::string, Span> seen;
    for (const ast::EmitField& field : stage.fields) {
      if (!field.value) continue;
      const std::optional<ast::Name> name = FieldName(field);
      const std::optional<Type> expected = name && output ? outputs_.Expected(*output, name->text) : std::nullopt;
      ExprPtr value = exprs_.Value(*field.value, expected ? &*expected : nullptr);
      const bool guessed = !field.name && value->type.kind == TypeKind::Error;
      if (!name && !guessed) TellName(field);
      *whole = *whole && name && !guessed;
      if (!name) continue;
      const auto [first, added] = seen.try_emplace(name->text, name->span);
      if (added) {
        fields.push_back({name->text, name->span, std::move(value), guessed});
      } else {
        context_.diagnostics.Build(name->span, DuplicateEmitField, {name->text})
            .Label(first->second, "first emitted here")
            .Emit();
      }
    }
    return fields;
  }

  // Nothing if it has none that it may have.
  static std::optional<ast::Name> FieldName(const ast::EmitField& field) {
    std::optional<ast::Name> name = field.name ? field.name : LastName(*field.value);
    return name && name->text != "_meta" && IsAvroName(name->text) ? name : std::nullopt;
  }

  void TellName(const ast::EmitField& field) {
    const std::optional<ast::Name> name = field.name ? field.name : LastName(*field.value);
    if (!name) {
      if (std::holds_alternative<ast::ErrorExpr>(field.value->node)) return;
      context_.diagnostics.Build(field.value->span, EmitFieldUnnamed)
          .Suggest("put a name before it", field.value->span,
                   "name: " + std::string(context_.sources.Text(field.value->span)))
          .Emit();
      return;
    }
    if (name->text == "_meta") {
      context_.diagnostics.Build(name->span, ReservedName, {"field", name->text}).Emit();
      return;
    }
    if (!IsAvroName(name->text)) {
      context_.diagnostics.Build(name->span, InvalidAvroName, {"field", name->text})
          .Help("letters, digits and `_`, with a letter or `_` first")
          .Emit();
    }
  }

  Context& context_;
  OutputTable& outputs_;
  const ast::RuleDecl& decl_;
  Scope scope_;
  ExprChecker exprs_;
  typed::Rule rule_;
  std::vector<const ast::KeyExpr*> keys_;
  std::vector<Scope::KeyType> key_types_;
  bool keys_done_ = false;
  bool expanded_ = false;
};

}  // namespace

std::optional<uint32_t> CheckRule(Context& context, OutputTable& outputs, const ast::RuleDecl& decl,
                                  const std::string& package) {
  return RuleChecker(context, outputs, decl, package).Check();
}

}  // namespace rulec::check
