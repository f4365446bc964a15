#include "avro/schema_parser.h"

#include <unordered_set>

#include "avro/limits.h"
#include "avro/logical.h"
#include "avro/names.h"
#include "avro/spelling.h"

namespace avro {

ParsedSchema ParseSchema(std::string_view json) { return SchemaParser(json).Run(); }

ParsedSchema SchemaParser::Run() {
  const JsonError json_error = ParseJsonTree(text_, &json_);
  if (!json_error.message.empty()) {
    Fail(json_error.offset, json_error.message);
    return {nullptr, error_};
  }
  document_->root_ = ParseType(json_, "");
  if (document_->root_ == nullptr || !CheckDefaults()) return {nullptr, error_};
  document_->text_ = std::string(text_);
  return {document_, {}};
}

std::string SchemaParser::Path() const {
  std::string path;
  for (const std::string& step : path_) {
    if (!path.empty() && step.front() != '[') path += ".";
    path += step;
  }
  return path;
}

std::nullptr_t SchemaParser::FailAt(size_t offset, std::string message, std::string path) {
  if (!failed_) error_ = {std::move(message), lines_.Line(offset), lines_.Column(offset), std::move(path)};
  failed_ = true;
  return nullptr;
}

std::nullptr_t SchemaParser::Fail(size_t offset, std::string message) {
  return FailAt(offset, std::move(message), Path());
}

Schema* SchemaParser::NewNode(Kind kind, const JsonValue& json) {
  Schema* node = document_->nodes_.emplace_back(std::make_unique<Schema>()).get();
  node->kind = kind;
  node->line = LineOf(json);
  return node;
}

const Schema* SchemaParser::ParseType(const JsonValue& json, const std::string& name_space) {
  const size_t most = CurrentLimits().schema_nesting;
  if (depth_ >= most) {
    return Fail(json.begin, "the schema is nested more than " + std::to_string(most) + " levels deep");
  }
  ++depth_;
  const Schema* node = ParseTypeWithin(json, name_space);
  --depth_;
  return node;
}

const Schema* SchemaParser::ParseTypeWithin(const JsonValue& json, const std::string& name_space) {
  switch (json.type) {
    case JsonValue::Type::String: return ParseName(json, name_space);
    case JsonValue::Type::Array: return ParseUnion(json, name_space);
    case JsonValue::Type::Object: return ParseObject(json, name_space);
    default:
      return Fail(json.begin,
                  "a type is a name, an object or a list of branches, not " + std::string(JsonTypeName(json.type)));
  }
}

const Schema* SchemaParser::ParseName(const JsonValue& json, const std::string& name_space) {
  if (const std::optional<Kind> primitive = PrimitiveKind(json.text)) return NewNode(*primitive, json);
  const std::string full_name = FullName(json.text, name_space);
  auto found = named_.find(full_name);
  // Apache Avro's Java writes names without a namespace this way even inside one, so its schemas need this.
  if (found == named_.end() && json.text.find('.') == std::string::npos) found = named_.find(json.text);
  return found != named_.end() ? found->second : Unknown(json, full_name);
}

// Text defines the type if some object anywhere has its name: a cheap look that only words the message.
bool SchemaParser::IsDefinedLater(const std::string& full_name) const {
  std::vector<const JsonValue*> open{&json_};
  while (!open.empty()) {
    const JsonValue* json = open.back();
    open.pop_back();
    const JsonValue* type = json->Find("type");
    const JsonValue* name = json->Find("name");
    if (type != nullptr && name != nullptr && type->is_string() && name->is_string() &&
        (type->text == "record" || type->text == "enum" || type->text == "fixed") &&
        ShortName(name->text) == ShortName(full_name)) {
      return true;
    }
    for (const JsonValue& item : json->items) open.push_back(&item);
  }
  return false;
}

const Schema* SchemaParser::Unknown(const JsonValue& json, const std::string& full_name) {
  for (std::string_view complex : {"record", "enum", "array", "map", "fixed"}) {
    if (json.text == complex) {
      return Fail(json.begin,
                  "`" + json.text + "` needs an object with its parts: {\"type\": \"" + json.text + "\", ...}");
    }
  }
  std::vector<std::string> known;
  for (int i = 0; i <= static_cast<int>(Kind::String); ++i) known.emplace_back(KindName(static_cast<Kind>(i)));
  for (const auto& [name, unused] : named_) known.push_back(name);
  std::string message = "there is no type `" + json.text + "`";
  std::string nearest = NearestWord(json.text, known);
  if (nearest.empty() && full_name != json.text) nearest = NearestWord(full_name, known);
  if (nearest.empty()) {
    for (const auto& [name, unused] : named_) {
      if (ShortName(name) == ShortName(json.text)) nearest = name;
    }
  }
  if (!nearest.empty()) {
    message += "; did you mean `" + nearest + "`?";
  } else if (IsDefinedLater(full_name)) {
    message += " yet: a type must be defined before its name is used";
  }
  return Fail(json.begin, message);
}

const Schema* SchemaParser::ParseObject(const JsonValue& json, const std::string& name_space) {
  const JsonValue* type = Require(json, "type", "the type");
  if (type == nullptr) return nullptr;
  if (!type->is_string()) {
    return Fail(type->begin, "`type` is " + std::string(JsonTypeName(type->type)) +
                                 " where a name is needed; write the inner type in place of the object around it");
  }
  if (const std::optional<Kind> primitive = PrimitiveKind(type->text)) {
    Schema* node = NewNode(*primitive, json);
    ApplyLogicalType(json, node);
    return node;
  }
  const std::string& name = type->text;
  // An error of a protocol is laid out like a record.
  if (name == "record" || name == "error") return ParseRecord(json, name_space);
  if (name == "enum") return ParseEnum(json, name_space);
  if (name == "fixed") return ParseFixed(json, name_space);
  if (name == "array") return ParseItems(json, name_space, Kind::Array, "items");
  if (name == "map") return ParseItems(json, name_space, Kind::Map, "values");
  if (named_.count(FullName(name, name_space)) > 0) {
    return Fail(type->begin, "the defined type `" + name + "` stands in an object; write just \"" + name + "\"");
  }
  const std::string nearest = NearestWord(name, {"null", "boolean", "int", "long", "float", "double", "bytes", "string",
                                                 "record", "enum", "fixed", "array", "map"});
  return Fail(type->begin, "there is no type `" + name + "`" +
                               (nearest.empty() ? std::string() : "; did you mean `" + nearest + "`?"));
}

const Schema* SchemaParser::ParseUnion(const JsonValue& json, const std::string& name_space) {
  Schema* node = NewNode(Kind::Union, json);
  std::unordered_set<std::string> met;
  for (size_t i = 0; i < json.items.size(); ++i) {
    const PathStep step(this, "[" + std::to_string(i) + "]");
    const JsonValue& item = json.items[i];
    if (item.is_array()) return Fail(item.begin, "a union may not hold another union directly");
    const Schema* branch = ParseType(item, name_space);
    if (branch == nullptr) return nullptr;
    const bool is_named = !branch->name.empty();
    // A name may be that of a kind, so the two must not be mistaken for each other.
    const std::string key = is_named ? "." + branch->name : std::string(KindName(branch->kind));
    if (!met.insert(key).second) return Fail(item.begin, "the union has two branches of type " + Describe(*branch));
    node->branches.push_back(branch);
  }
  return node;
}

const Schema* SchemaParser::ParseItems(const JsonValue& json, const std::string& name_space, Kind kind,
                                       const char* attribute) {
  const JsonValue* items = Require(json, attribute, std::string("the ") + std::string(KindName(kind)));
  if (items == nullptr) return nullptr;
  const PathStep step(this, attribute);
  Schema* node = NewNode(kind, json);
  node->items = ParseType(*items, name_space);
  return node->items == nullptr ? nullptr : node;
}

const JsonValue* SchemaParser::Require(const JsonValue& json, const char* attribute, std::string_view owner) {
  if (const JsonValue* value = json.Find(attribute)) return value;
  std::vector<std::string> present;
  for (const JsonKey& key : json.keys) present.push_back(key.name);
  const std::string nearest = NearestWord(attribute, present);
  return Fail(json.begin, std::string(owner) + " has no `" + attribute + "`" +
                              (nearest.empty() ? std::string() : "; is `" + nearest + "` meant as such?"));
}

bool SchemaParser::CheckDefaults() {
  DefaultChecker checker;
  for (const PendingDefault& pending : defaults_) {
    const DefaultProblem problem = checker.Check(pending.record->fields[pending.field], *pending.json);
    if (problem.message.empty()) continue;
    const bool dot = !problem.path.empty() && problem.path.front() != '[';
    FailAt(problem.offset, problem.message, pending.path + (dot ? "." : "") + problem.path);
    return false;
  }
  const Field* endless = checker.Endless();
  if (endless == nullptr) return true;
  for (const PendingDefault& pending : defaults_) {
    if (&pending.record->fields[pending.field] != endless) continue;
    FailAt(pending.json->begin, "the default of `" + endless->name + "` never ends: it needs itself", pending.path);
  }
  return false;
}

}  // namespace avro
