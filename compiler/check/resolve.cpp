#include "compiler/check/resolve.h"

#include <algorithm>
#include <utility>

#include "compiler/check/check_expr.h"
#include "compiler/check/operators.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

class Resolver {
 public:
  Resolver(Context& context, Scope& scope, Span span, const std::vector<ast::Name>& path, const Type* expected)
      : context_(context), scope_(scope), span_(span), path_(path), expected_(expected) {}

  ExprPtr Resolve() {
    const ast::Name& first = path_.front();
    if (scope_.alias && scope_.alias->text == first.text) {
      return path_.size() == 1 ? TellNotAValue("the alias of a stream") : Field(1);
    }
    if (scope_.HasField(first.text)) return Field(0);
    if (ExprPtr named = Named(first)) return path_.size() == 1 ? std::move(named) : NoMembersOf(*named);
    if (path_.size() == 1) return Symbol(first);
    if (ExprPtr symbol = QualifiedSymbol()) return symbol;
    return TellUnknown(first);
  }

 private:
  // ---- lets, constants, params ----

  ExprPtr Named(const ast::Name& name) {
    if (const auto let = scope_.lets.find(name.text); let != scope_.lets.end()) {
      scope_.let_used[let->second] = true;
      return Narrowed(scope_.rule->lets[let->second].value->type, typed::LetRef{let->second});
    }
    if (const auto entry = context_.consts.find(name.text); entry != context_.consts.end()) {
      return ResolveConst(context_, span_, entry->second);
    }
    if (const auto param = context_.params.find(name.text); param != context_.params.end()) {
      if (scope_.constant) return TellNotConstant(name, context_.program.params[param->second].span);
      return Narrowed(context_.program.params[param->second].type, typed::ParamRef{param->second});
    }
    return nullptr;
  }

  ExprPtr TellNotConstant(const ast::Name& name, Span declared) {
    context_.diagnostics.Build(name.span, NotConstant, {name.text})
        .Label(declared, "a param can be changed while the rules run")
        .Help("constants are made of literals and other constants")
        .Emit();
    return MakeError(span_);
  }

  template <typename Node>
  ExprPtr Narrowed(const Type& type, Node node) {
    if (type.kind == TypeKind::Error) return MakeError(span_);
    auto expr = std::make_unique<typed::Expr>(typed::Expr{span_, type, std::move(node)});
    if (!type.nullable || !scope_.facts.contains(*FactName(*expr))) return expr;
    return MakeUnary(context_, span_, type.NotNull(), typed::UnaryOp::NotNull, std::move(expr));
  }

  // ---- fields ----

  // path_[from] is a field of the stream, the names behind it of the records in it.
  ExprPtr Field(size_t from) {
    const avro::Schema* record = scope_.record;
    if (!record) return MakeError(span_);
    std::string path;
    for (size_t i = from; i < path_.size(); ++i) {
      const ast::Name& name = path_[i];
      const int index = record->FieldIndex(name.text);
      if (index < 0) return TellNoField(*record, name, i == from);
      const avro::Field& field = record->fields[static_cast<size_t>(index)];
      path += (path.empty() ? "" : ".") + field.name;
      const Type type = TypeOf(*field.type);
      if (type.kind == TypeKind::Error) return TellUnsupported(field, path);
      const bool last = i + 1 == path_.size();
      if (last && type.kind == TypeKind::Record) return TellRecord(*type.schema, path);
      if (last) return Narrowed(type, typed::FieldRef{path});
      if (type.kind != TypeKind::Record) return TellNoMembers(path, type, name.span);
      record = type.schema;
    }
    return MakeError(span_);
  }

  ExprPtr TellNoField(const avro::Schema& record, const ast::Name& name, bool of_stream) {
    std::vector<std::string> names;
    for (const avro::Field& field : record.fields) names.push_back(field.name);
    if (of_stream) return TellFieldUnknown(name, names);
    context_.diagnostics.Build(name.span, MemberNotInRecord, {"record `" + record.name + "`", name.text})
        .Suggest("a field with a similar name exists", name.span, context_.Nearest(name.text, names))
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellFieldUnknown(const ast::Name& name, const std::vector<std::string>& candidates) {
    if (!scope_.unknown_told.insert(name.text).second) return MakeError(span_);
    const std::string nearest = context_.Nearest(name.text, candidates);
    const bool is_field = scope_.HasField(nearest);
    Diagnostics::Builder builder =
        context_.diagnostics.Build(name.span, FieldNotInSchema, {scope_.stream->name, name.text});
    std::move(builder)
        .Under("not a field of `" + scope_.schema->full_name + "`")
        .Label(scope_.stream->schema_span, SchemaPhrase(*scope_.schema))
        .Suggest(is_field ? "a field with a similar name exists" : "something with a similar name exists", name.span,
                 nearest);
    if (nearest.empty()) SuggestSymbol(name, builder);
    std::move(builder).Emit();
    return MakeError(span_);
  }

  // A symbol that stands where no enum is expected.
  void SuggestSymbol(const ast::Name& name, Diagnostics::Builder& builder) {
    for (const avro::Field& field : scope_.record->fields) {
      const Type type = TypeOf(*field.type);
      if (type.kind != TypeKind::Enum) continue;
      const std::vector<std::string>& symbols = type.schema->symbols;
      if (std::find(symbols.begin(), symbols.end(), name.text) == symbols.end()) continue;
      const std::string& full = type.schema->name;
      const size_t dot = full.rfind('.');
      const std::string simple = dot == std::string::npos ? full : full.substr(dot + 1);
      std::move(builder).Suggest("it is a symbol of an enum, whose name is needed here", name.span,
                                 simple + "." + name.text);
      return;
    }
  }

  ExprPtr TellUnsupported(const avro::Field& field, const std::string& path) {
    context_.diagnostics.Build(span_, UnsupportedFieldType, {path, avro::Describe(*field.type)})
        .Label(FieldSpan(context_, *scope_.schema, field), "declared here")
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellRecord(const avro::Schema& record, const std::string& path) {
    Diagnostics::Builder builder = context_.diagnostics.Build(span_, RecordNotAValue, {path});
    if (!record.fields.empty()) {
      std::move(builder).Help("name one of its fields, as in `" + path + "." + record.fields.front().name + "`");
    }
    std::move(builder).Emit();
    return MakeError(span_);
  }

  ExprPtr TellNoMembers(const std::string& path, const Type& type, Span at) {
    context_.diagnostics.Build(at, NoMembers, {path, TypePhrase(type)}).Emit();
    return MakeError(span_);
  }

  ExprPtr NoMembersOf(const typed::Expr& object) {
    if (object.type.kind == TypeKind::Error) return MakeError(span_);
    return TellNoMembers(path_.front().text, object.type, path_.front().span);
  }

  // ---- symbols ----

  ExprPtr Symbol(const ast::Name& name) {
    if (expected_ && expected_->kind == TypeKind::Enum) return SymbolOf(*expected_->schema, name);
    if (expected_ && expected_->kind == TypeKind::Error) return MakeError(span_);
    return TellUnknown(name);
  }

  ExprPtr QualifiedSymbol() {
    std::string name;
    for (size_t i = 0; i + 1 < path_.size(); ++i) name += (i == 0 ? "" : ".") + path_[i].text;
    const avro::Schema* schema = nullptr;
    // Of two enums with the same name the one that is asked for.
    if (expected_ && expected_->kind == TypeKind::Enum) schema = expected_->schema;
    const bool fits = schema && (schema->name == name || schema->name.ends_with("." + name));
    if (!fits) schema = FindEnum(context_, scope_.record, name);
    return schema ? SymbolOf(*schema, path_.back()) : nullptr;
  }

  // "the symbols `A`, `B` and 7 more"
  static std::string ListOf(const std::vector<std::string>& symbols) {
    constexpr size_t kMost = 8;
    const size_t shown = symbols.size() <= kMost ? symbols.size() : kMost - 1;
    std::string text = symbols.size() == 1 ? "the symbol " : "the symbols ";
    for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "`" : ", `") + symbols[i] + "`";
    if (shown < symbols.size()) text += " and " + std::to_string(symbols.size() - shown) + " more";
    return text;
  }

  ExprPtr SymbolOf(const avro::Schema& schema, const ast::Name& name) {
    const auto found = std::find(schema.symbols.begin(), schema.symbols.end(), name.text);
    if (found == schema.symbols.end()) {
      const std::string nearest = context_.Nearest(name.text, schema.symbols);
      auto builder = context_.diagnostics.Build(name.span, SymbolNotInEnum, {schema.name, name.text});
      if (nearest.empty()) std::move(builder).Note("it has " + ListOf(schema.symbols));
      std::move(builder).Suggest("a symbol with a similar name exists", name.span, nearest).Emit();
      return MakeError(span_);
    }
    return MakeConstant(span_, {TypeKind::Enum, false, &schema}, {.integer = found - schema.symbols.begin()});
  }

  // ---- what is not known ----

  ExprPtr TellNotAValue(const std::string& what) {
    context_.diagnostics.Build(span_, NotAValue, {path_.front().text, what})
        .Help("name one of its fields, as in `" + path_.front().text + ".price`")
        .Emit();
    return MakeError(span_);
  }

  ExprPtr TellUnknown(const ast::Name& name) {
    if (context_.streams.contains(name.text)) {
      context_.diagnostics.Build(name.span, NotAValue, {name.text, "a stream"})
          .Help("fields stand bare, or behind an alias: `from " + name.text + " t`, then `t.price`")
          .Emit();
      return MakeError(span_);
    }
    std::vector<std::string> candidates = KeysOf(context_.consts);
    if (!scope_.constant) AddCandidatesOfRule(&candidates);
    if (scope_.stream) return scope_.record ? TellFieldUnknown(name, candidates) : MakeError(span_);
    context_.diagnostics.Build(name.span, UnknownName, {name.text})
        .Suggest("something with a similar name exists", name.span, context_.Nearest(name.text, candidates))
        .Emit();
    return MakeError(span_);
  }

  void AddCandidatesOfRule(std::vector<std::string>* candidates) const {
    for (const auto& [name, index] : context_.params) candidates->push_back(name);
    for (const auto& [name, index] : scope_.lets) candidates->push_back(name);
    if (scope_.alias) candidates->push_back(scope_.alias->text);
    if (!scope_.record) return;
    for (const avro::Field& field : scope_.record->fields) candidates->push_back(field.name);
  }

  Context& context_;
  Scope& scope_;
  const Span span_;
  const std::vector<ast::Name>& path_;
  const Type* expected_;
};

}  // namespace

ExprPtr ResolvePath(Context& context, Scope& scope, Span span, const std::vector<ast::Name>& path,
                    const Type* expected) {
  return Resolver(context, scope, span, path, expected).Resolve();
}

bool IsNameInScope(const Context& context, const Scope& scope, const std::string& name) {
  return (scope.alias && scope.alias->text == name) || scope.HasField(name) || scope.lets.contains(name) ||
         context.consts.contains(name) || context.params.contains(name);
}

}  // namespace rulec::check
