// The part of the parser that reads types with a name: records, enums and fixed.
#include <unordered_set>

#include "avro/logical.h"
#include "avro/names.h"
#include "avro/number_text.h"
#include "avro/schema_parser.h"
#include "avro/spelling.h"

namespace avro {

const Schema* SchemaParser::ParseRecord(const JsonValue& json, const std::string& name_space) {
  Schema* node = Declare(json, name_space, Kind::Record);
  if (node == nullptr) return nullptr;
  const JsonValue* fields = Require(json, "fields", Describe(*node));
  if (fields == nullptr) return nullptr;
  if (!fields->is_array()) {
    return Fail(fields->begin, "`fields` must be a list, not " + std::string(JsonTypeName(fields->type)));
  }
  const PathStep step(this, "fields");
  const std::string inner(NamespaceOf(node->name));
  std::unordered_map<std::string, uint32_t> met;
  node->fields.reserve(fields->items.size());
  for (const JsonValue& item : fields->items) {
    Field field;
    if (!ParseField(item, inner, &field)) return nullptr;
    const auto [before, fresh] = met.emplace(field.name, field.line);
    if (!fresh) {
      return Fail(item.Find("name")->begin, Describe(*node) + " has two fields called `" + field.name +
                                                "`, the first in line " + std::to_string(before->second));
    }
    node->fields.push_back(std::move(field));
    if (const JsonValue* value = item.Find("default")) {
      const PathStep name(this, node->fields.back().name);
      defaults_.push_back({node, node->fields.size() - 1, value, Path() + ".default"});
    }
  }
  return node;
}

bool SchemaParser::ParseFieldName(const JsonValue& json, Field* field) {
  const JsonValue* name = Require(json, "name", "the field");
  if (name == nullptr) return false;
  if (!name->is_string()) {
    Fail(name->begin, "a field's name is a string, not " + std::string(JsonTypeName(name->type)));
    return false;
  }
  if (!IsName(name->text)) {
    Fail(name->begin, "`" + name->text + "` is no name for a field: letters A-Z a-z, digits and `_`, no digit first");
    return false;
  }
  field->name = name->text;
  field->line = LineOf(*name);
  return true;
}

bool SchemaParser::ParseField(const JsonValue& json, const std::string& name_space, Field* field) {
  if (!json.is_object()) {
    Fail(json.begin, "a field is an object with a name and a type, not " + std::string(JsonTypeName(json.type)));
    return false;
  }
  if (!ParseFieldName(json, field)) return false;
  const PathStep step(this, field->name);
  const JsonValue* type = Require(json, "type", "the field `" + field->name + "`");
  if (type == nullptr) return false;
  if (const JsonValue* doc = json.Find("doc")) field->doc = doc->text;
  if (!ReadAliases(json, &field->aliases)) return false;
  if (const JsonValue* order = json.Find("order")) {
    if (order->text != "ascending" && order->text != "descending" && order->text != "ignore") {
      Fail(order->begin, "`order` must be \"ascending\", \"descending\" or \"ignore\"");
      return false;
    }
  }
  if (const JsonValue* value = json.Find("default")) {
    field->default_json = std::string(text_.substr(value->begin, value->end - value->begin));
  }
  const PathStep type_step(this, "type");
  field->type = ParseType(*type, name_space);
  return field->type != nullptr;
}

const Schema* SchemaParser::ParseEnum(const JsonValue& json, const std::string& name_space) {
  Schema* node = Declare(json, name_space, Kind::Enum);
  if (node == nullptr || !ParseSymbols(json, node)) return nullptr;
  const JsonValue* fallback = json.Find("default");
  if (fallback == nullptr) return node;
  if (!fallback->is_string()) {
    return Fail(fallback->begin,
                "the default of an enum is one of its symbols, not " + std::string(JsonTypeName(fallback->type)));
  }
  for (const std::string& symbol : node->symbols) {
    if (symbol == fallback->text) node->enum_default = symbol;
  }
  if (node->enum_default) return node;
  const std::string nearest = NearestWord(fallback->text, node->symbols);
  return Fail(fallback->begin, "the default `" + fallback->text + "` is no symbol of " + Describe(*node) +
                                   (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?"));
}

bool SchemaParser::ParseSymbols(const JsonValue& json, Schema* node) {
  const JsonValue* symbols = Require(json, "symbols", Describe(*node));
  if (symbols == nullptr) return false;
  if (!symbols->is_array()) {
    Fail(symbols->begin, "`symbols` must be a list, not " + std::string(JsonTypeName(symbols->type)));
    return false;
  }
  std::unordered_set<std::string> met;
  for (const JsonValue& item : symbols->items) {
    if (!item.is_string()) {
      Fail(item.begin, "a symbol is a string, not " + std::string(JsonTypeName(item.type)));
      return false;
    }
    if (!IsName(item.text)) {
      Fail(item.begin, "`" + item.text + "` is no name for a symbol: letters A-Z a-z, digits and `_`, no digit first");
      return false;
    }
    if (!met.insert(item.text).second) {
      Fail(item.begin, Describe(*node) + " has the symbol `" + item.text + "` twice");
      return false;
    }
    node->symbols.push_back(item.text);
  }
  return true;
}

const Schema* SchemaParser::ParseFixed(const JsonValue& json, const std::string& name_space) {
  Schema* node = Declare(json, name_space, Kind::Fixed);
  if (node == nullptr) return nullptr;
  const JsonValue* size = Require(json, "size", Describe(*node));
  if (size == nullptr) return nullptr;
  if (size->type != JsonValue::Type::Integer || size->integer < 0 || size->integer > INT32_MAX) {
    return Fail(size->begin, "the size of " + Describe(*node) + " must be a whole number from 0 to " +
                                 WithCommas(int64_t{INT32_MAX}));
  }
  node->size = static_cast<uint32_t>(size->integer);
  ApplyLogicalType(json, node);
  return node;
}

bool SchemaParser::ReadNamespace(const JsonValue& json, const JsonValue& name, const std::string& enclosing,
                                 std::string* full) {
  std::string name_space = enclosing;
  if (const JsonValue* given = json.Find("namespace"); given != nullptr && given->type != JsonValue::Type::Null) {
    if (!given->is_string()) {
      Fail(given->begin, "a namespace is a string, not " + std::string(JsonTypeName(given->type)));
      return false;
    }
    // A dotted name makes the attribute void, so it is not looked at.
    const bool used = name.text.find('.') == std::string::npos;
    if (used && !given->text.empty() && !IsNamespace(given->text)) {
      Fail(given->begin, "`" + given->text + "` is no namespace: names joined by dots");
      return false;
    }
    name_space = given->text;
  }
  *full = FullName(name.text, name_space);
  return true;
}

Schema* SchemaParser::Declare(const JsonValue& json, const std::string& name_space, Kind kind) {
  const std::string what(KindName(kind));
  const JsonValue* name = Require(json, "name", "the " + what);
  if (name == nullptr) return nullptr;
  if (!name->is_string()) {
    return Fail(name->begin, "a name is a string, not " + std::string(JsonTypeName(name->type)));
  }
  std::string full;
  if (!ReadNamespace(json, *name, name_space, &full)) return nullptr;
  if (!IsNamespace(full)) {
    return Fail(name->begin, "`" + name->text + "` is no name: letters A-Z a-z, digits and `_`, no digit first");
  }
  if (PrimitiveKind(ShortName(full))) {
    return Fail(name->begin, "`" + name->text + "` is the name of a primitive type and cannot be defined");
  }
  Schema* node = NewNode(kind, json);
  node->name = full;
  if (const auto [before, fresh] = named_.emplace(full, node); !fresh) {
    return Fail(name->begin,
                "the type `" + full + "` is defined twice, first in line " + std::to_string(before->second->line));
  }
  if (const JsonValue* doc = json.Find("doc")) node->doc = doc->text;
  std::vector<std::string> aliases;
  if (!ReadAliases(json, &aliases)) return nullptr;
  for (const std::string& alias : aliases) {
    node->aliases.push_back(FullName(alias, NamespaceOf(full)));
    if (!IsNamespace(node->aliases.back())) {
      return Fail(json.Find("aliases")->begin, "the alias `" + alias + "` is no name");
    }
  }
  return node;
}

bool SchemaParser::ReadAliases(const JsonValue& json, std::vector<std::string>* aliases) {
  const JsonValue* list = json.Find("aliases");
  if (list == nullptr) return true;
  bool strings = list->is_array();
  for (const JsonValue& item : list->items) strings = strings && item.is_string();
  if (!strings) {
    Fail(list->begin, "`aliases` must be a list of strings");
    return false;
  }
  for (const JsonValue& item : list->items) aliases->push_back(item.text);
  return true;
}

}  // namespace avro
