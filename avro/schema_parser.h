// Schema text to SchemaDocument. Internal: callers use ParseSchema.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "avro/default_check.h"
#include "avro/json_tree.h"
#include "avro/schema.h"

namespace avro {

// One run of the parser over one text. Types are registered by name before their inside is read, so that they may
// refer to themselves; defaults are checked last, when every type is whole.
class SchemaParser {
 public:
  explicit SchemaParser(std::string_view text) : text_(text), lines_(text) {}
  ParsedSchema Run();

 private:
  // One step of the path in error messages, for the time of a scope.
  class PathStep;

  const Schema* ParseType(const JsonValue& json, const std::string& name_space);
  const Schema* ParseTypeWithin(const JsonValue& json, const std::string& name_space);
  const Schema* ParseName(const JsonValue& json, const std::string& name_space);
  const Schema* ParseObject(const JsonValue& json, const std::string& name_space);
  const Schema* ParseUnion(const JsonValue& json, const std::string& name_space);
  const Schema* ParseItems(const JsonValue& json, const std::string& name_space, Kind kind, const char* attribute);
  const Schema* ParseRecord(const JsonValue& json, const std::string& name_space);
  const Schema* ParseEnum(const JsonValue& json, const std::string& name_space);
  const Schema* ParseFixed(const JsonValue& json, const std::string& name_space);

  bool ParseField(const JsonValue& json, const std::string& name_space, Field* field);
  bool ParseFieldName(const JsonValue& json, Field* field);
  bool ParseSymbols(const JsonValue& json, Schema* node);
  // Reads name, namespace, aliases and doc, and registers the type.
  Schema* Declare(const JsonValue& json, const std::string& name_space, Kind kind);
  bool ReadNamespace(const JsonValue& json, const JsonValue& name, const std::string& enclosing, std::string* full);
  bool ReadAliases(const JsonValue& json, std::vector<std::string>* aliases);
  const JsonValue* Require(const JsonValue& json, const char* attribute, std::string_view owner);
  bool CheckDefaults();

  Schema* NewNode(Kind kind, const JsonValue& json);
  const Schema* Unknown(const JsonValue& json, const std::string& full_name);
  bool IsDefinedLater(const std::string& full_name) const;
  // Records the first error; returns null, which every Parse* function passes on.
  std::nullptr_t Fail(size_t offset, std::string message);
  std::nullptr_t FailAt(size_t offset, std::string message, std::string path);
  std::string Path() const;
  uint32_t LineOf(const JsonValue& json) const { return lines_.Line(json.begin); }

  struct PendingDefault {
    const Schema* record;
    size_t field;
    const JsonValue* json;
    std::string path;
  };

  std::string_view text_;
  LineTable lines_;
  JsonValue json_;
  std::shared_ptr<SchemaDocument> document_ = std::make_shared<SchemaDocument>();
  std::unordered_map<std::string, const Schema*> named_;
  std::vector<PendingDefault> defaults_;
  std::vector<std::string> path_;
  size_t depth_ = 0;
  bool failed_ = false;
  SchemaError error_;
};

class SchemaParser::PathStep {
 public:
  PathStep(SchemaParser* parser, std::string step) : parser_(parser) { parser_->path_.push_back(std::move(step)); }
  ~PathStep() { parser_->path_.pop_back(); }
  PathStep(const PathStep&) = delete;
  PathStep& operator=(const PathStep&) = delete;

 private:
  SchemaParser* parser_;
};

}  // namespace avro
