#include "compiler/check/named_types.h"

#include <charconv>
#include <optional>
#include <unordered_set>

#include "compiler/check/foreign_names.h"
#include "compiler/types/avro_type.h"

namespace rulec::check {
namespace {

struct NamedType {
  std::string_view name;
  TypeKind kind;
};
constexpr NamedType kTypes[] = {
    {"bool", TypeKind::Bool},           {"int", TypeKind::Int},           {"long", TypeKind::Long},
    {"float", TypeKind::Float},         {"double", TypeKind::Double},     {"string", TypeKind::String},
    {"bytes", TypeKind::Bytes},         {"date", TypeKind::Date},         {"timeofday", TypeKind::TimeOfDay},
    {"timestamp", TypeKind::Timestamp}, {"duration", TypeKind::Duration}, {"uuid", TypeKind::Uuid}};

std::string SimpleName(const std::string& full) {
  const size_t dot = full.rfind('.');
  return dot == std::string::npos ? full : full.substr(dot + 1);
}

// Schemas refer to each other in circles, so the walk keeps a list instead of recursing.
template <typename Visit>
void ForEachNamed(const avro::Schema& root, Visit visit) {
  std::vector<const avro::Schema*> waiting{&root};
  std::unordered_set<const avro::Schema*> seen;
  while (!waiting.empty()) {
    const avro::Schema* schema = waiting.back();
    waiting.pop_back();
    if (!schema || !seen.insert(schema).second) continue;
    if (schema->kind == avro::Kind::Enum || schema->kind == avro::Kind::Record) visit(*schema);
    for (const avro::Field& field : schema->fields) waiting.push_back(field.type);
    for (const avro::Schema* branch : schema->branches) waiting.push_back(branch);
    waiting.push_back(schema->items);
  }
}

// All named types of the program, the first of a name. Made anew when schemas have joined.
const std::unordered_map<std::string, Context::NamedType>& NamedTypes(Context& context) {
  const size_t schemas = context.program.schemas.size();
  if (context.named_types && context.named_types_of == schemas) return *context.named_types;
  context.named_types.emplace();
  context.named_types_of = schemas;
  for (uint32_t i = 0; i < schemas; ++i) {
    const typed::Schema& schema = context.program.schemas[i];
    if (!schema.document) continue;
    ForEachNamed(schema.document->root(), [&](const avro::Schema& named) {
      context.named_types->try_emplace(named.name, Context::NamedType{&named, i});
      context.named_types->try_emplace(SimpleName(named.name), Context::NamedType{&named, i});
    });
  }
  return *context.named_types;
}

std::optional<int> Number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Type DecimalOfRef(Context& context, const ast::TypeRef& ref) {
  const std::optional<int> precision = ref.numbers.size() == 2 ? Number(ref.numbers[0]) : std::nullopt;
  const std::optional<int> scale = ref.numbers.size() == 2 ? Number(ref.numbers[1]) : std::nullopt;
  if (!precision || !scale || *precision < 1 || *precision > 38 || *scale < 0 || *scale > *precision) {
    context.diagnostics.Build(ref.span, InvalidDecimal, {context.Quote(ref.span)})
        .Help("`decimal(18, 2)`: 18 digits, 2 of them behind the point; at most 38")
        .Emit();
    return {};
  }
  return DecimalOf(static_cast<uint8_t>(*precision), static_cast<uint8_t>(*scale));
}

Type PlainTypeOf(Context& context, const ast::TypeRef& ref) {
  const std::string& name = ref.name.text;
  if (name == "decimal") return DecimalOfRef(context, ref);
  if ((name == "list" || name == "map") && ref.arguments.size() == 1) {
    const Type element = TypeOfRef(context, ref.arguments.front());
    if (element.kind == TypeKind::Error) return {};
    return name == "list" ? ListOf(element) : MapOf(element);
  }
  const bool plain = ref.arguments.empty() && ref.numbers.empty();
  for (const NamedType& type : kTypes) {
    if (plain && name == type.name) return {type.kind};
  }
  const avro::Schema* schema = plain ? FindNamedType(context, nullptr, name, ref.name.span) : nullptr;
  if (schema) return {schema->kind == avro::Kind::Enum ? TypeKind::Enum : TypeKind::Record, false, schema};
  std::vector<std::string> names{"decimal", "list", "map"};
  for (const NamedType& type : kTypes) names.emplace_back(type.name);
  auto builder = context.diagnostics.Build(ref.span, UnknownType, {context.Quote(ref.span)});
  const std::optional<ForeignName> foreign = ForeignType(name);
  if (foreign && foreign->right.empty()) {
    std::move(builder).Help(std::string(foreign->help));
  } else {
    std::move(builder).Suggest(foreign ? std::string(foreign->help) : "a type with a similar name exists",
                               ref.name.span, foreign ? std::string(foreign->right) : context.Nearest(name, names));
  }
  std::move(builder).Emit();
  return {};
}

}  // namespace

const avro::Schema* FindNamedType(Context& context, const avro::Schema* record, const std::string& name, Span use) {
  const auto& types = NamedTypes(context);
  const auto found = types.find(name);
  if (found == types.end()) return nullptr;
  context.schemas_used.resize(context.program.schemas.size());
  context.schemas_used[found->second.schema] = true;
  context.Use(use, context.program.schemas[found->second.schema].span);
  if (!record) return found->second.type;
  // Of several with that name the one of the rule's own stream.
  const avro::Schema* own = nullptr;
  ForEachNamed(*record, [&](const avro::Schema& named) {
    if (!own && (named.name == name || SimpleName(named.name) == name)) own = &named;
  });
  return own ? own : found->second.type;
}

Type TypeOfRef(Context& context, const ast::TypeRef& ref) {
  Type type = PlainTypeOf(context, ref);
  if (type.kind != TypeKind::Error) type.nullable = ref.nullable;
  return type;
}

}  // namespace rulec::check
