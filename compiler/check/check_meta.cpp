// What begins with @.

#include <algorithm>
#include <utility>

#include "compiler/check/build.h"
#include "compiler/check/check_expr.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

using typed::ExprPtr;

// Those of rules with state, and of Kafka alone.
constexpr std::string_view kLater[] = {"headers", "window", "match", "rank", "suppressed"};
constexpr std::string_view kNow[] = {"time", "stream", "partition", "offset", "key", "schema_version"};

ExprPtr MakeMeta(Span span, const Type& type, typed::Meta meta) {
  return std::make_unique<typed::Expr>(typed::Expr{span, type, typed::MetaRef{meta}});
}

}  // namespace

ExprPtr ExprChecker::CheckMeta(const ast::Expr& expr, const ast::MetaExpr& node) {
  const std::string& name = node.name.text;
  if (std::find(std::begin(kLater), std::end(kLater), name) != std::end(kLater)) {
    context_.diagnostics.Build(expr.span, NotSupportedYet, {"`@" + name + "`"}).Emit();
    return MakeError(expr.span);
  }
  if (std::find(std::begin(kNow), std::end(kNow), name) == std::end(kNow)) {
    std::vector<std::string> candidates(std::begin(kLater), std::end(kLater));
    candidates.insert(candidates.end(), std::begin(kNow), std::end(kNow));
    std::string nearest = context_.Nearest(name, candidates);
    if (!nearest.empty()) nearest = (node.of ? node.of->text + "@" : "@") + nearest;
    if (!scope_.FirstTold("@" + name)) return MakeError(expr.span);
    auto builder = context_.diagnostics.Build(expr.span, UnknownMeta, {name});
    if (nearest.empty()) {
      std::move(builder).Help("there are `@time`, `@stream`, `@partition`, `@offset`, `@key` and `@schema_version`");
    }
    std::move(builder).Suggest("something with a similar name exists", expr.span, std::move(nearest)).Emit();
    return MakeError(expr.span);
  }
  if (scope_.kind != Scope::Kind::Rule) {
    context_.diagnostics.Build(expr.span, NotConstant, {"@" + name})
        .Help(scope_.kind == Scope::Kind::Function ? "hand the value in as a parameter"
                                                   : "it belongs to an event: a `let` of the rule can name it")
        .Emit();
    return MakeError(expr.span);
  }
  if (node.of && !(scope_.alias && scope_.alias->text == node.of->text)) {
    std::vector<std::string> aliases;
    if (scope_.alias) aliases.push_back(scope_.alias->text);
    context_.diagnostics.Build(node.of->span, UnknownName, {node.of->text})
        .Under("not an alias in this rule")
        .Suggest("an alias with a similar name exists", node.of->span, context_.Nearest(node.of->text, aliases))
        .Emit();
    return MakeError(expr.span);
  }
  if (!scope_.stream) return MakeError(expr.span);
  if (name == "time") return CheckTime(expr);
  if (name == "key") return CheckKey(expr);
  if (name == "stream") return MakeConstant(expr.span, {TypeKind::String}, {.text = scope_.stream->name});
  if (name == "partition") return MakeMeta(expr.span, {TypeKind::Int}, typed::Meta::Partition);
  if (name == "offset") return MakeMeta(expr.span, {TypeKind::Long}, typed::Meta::Offset);
  return MakeMeta(expr.span, {TypeKind::Long}, typed::Meta::SchemaVersion);
}

ExprPtr ExprChecker::CheckTime(const ast::Expr& expr) {
  if (scope_.stream->has_time) return MakeMeta(expr.span, {TypeKind::Timestamp}, typed::Meta::Time);
  if (scope_.HasRow() && !scope_.stream->time_told) {
    if (!scope_.FirstTold("@time")) return MakeError(expr.span);
    auto builder = context_.diagnostics.Build(expr.span, NoEventTime, {scope_.stream->name});
    if (scope_.stream->output) {
      std::move(builder).Label(scope_.stream->span, "made from a stream without `time`");
    } else {
      std::move(builder)
          .Label(scope_.stream->span, "declared without `time`")
          .Help("`stream " + scope_.stream->name + " : … { time FIELD }` names the field that holds it");
    }
    std::move(builder).Emit();
  }
  return MakeError(expr.span);
}

// One key is itself, several are a record.
ExprPtr ExprChecker::CheckKey(const ast::Expr& expr) {
  if (!scope_.keys) {
    if (!scope_.FirstTold("@key")) return MakeError(expr.span);
    context_.diagnostics.Build(expr.span, NoKey)
        .Help("`partition by` behind `from` gives the rule its key; keys do not see it themselves")
        .Emit();
    return MakeError(expr.span);
  }
  scope_.key_used = true;
  typed::RecordLiteral record;
  std::vector<std::string> names;
  std::vector<Type> types;
  for (uint32_t i = 0; i < scope_.keys->size(); ++i) {
    const Type type = (*scope_.keys)[i].type.NotNull();
    if (type.kind == TypeKind::Error) return MakeError(expr.span);
    record.fields.push_back(std::make_unique<typed::Expr>(typed::Expr{expr.span, type, typed::KeyRef{i}}));
    const std::string& name = (*scope_.keys)[i].name;
    names.push_back(name.empty() ? "key" + std::to_string(i + 1) : name);
    const auto same = std::find(names.begin(), names.end() - 1, names.back());
    if (same != names.end() - 1) return TellSameKeys(expr.span, names.back(), i, same - names.begin());
    types.push_back(type);
  }
  if (record.fields.size() == 1) return std::move(record.fields.front());
  return Make(context_, expr.span, RecordOf(std::move(names), std::move(types)), std::move(record));
}

ExprPtr ExprChecker::TellSameKeys(Span span, const std::string& name, size_t key, ptrdiff_t first) {
  context_.diagnostics.Build(span, DuplicateRecordField, {"field", name})
      .Label((*scope_.keys)[static_cast<size_t>(first)].span, "one key")
      .Label((*scope_.keys)[key].span, "another of the same name")
      .Help("`@key` is a record of the keys by name: `partition by a = …` gives one a name of its own")
      .Emit();
  return MakeError(span);
}

}  // namespace rulec::check
