// Finds enums by name in schemas.

#include <unordered_set>

#include "compiler/check/resolve.h"

namespace rulec::check {
namespace {

bool IsCalled(const avro::Schema& schema, const std::string& name) {
  if (schema.name == name) return true;
  const size_t dot = schema.name.rfind('.');
  return dot != std::string::npos && schema.name.substr(dot + 1) == name;
}

// Schemas refer to each other in circles, so the walk keeps a list instead of recursing.
const avro::Schema* FindIn(const avro::Schema& root, const std::string& name) {
  std::vector<const avro::Schema*> waiting{&root};
  std::unordered_set<const avro::Schema*> seen;
  while (!waiting.empty()) {
    const avro::Schema* schema = waiting.back();
    waiting.pop_back();
    if (!schema || !seen.insert(schema).second) continue;
    if (schema->kind == avro::Kind::Enum && IsCalled(*schema, name)) return schema;
    for (const avro::Field& field : schema->fields) waiting.push_back(field.type);
    for (const avro::Schema* branch : schema->branches) waiting.push_back(branch);
    waiting.push_back(schema->items);
  }
  return nullptr;
}

}  // namespace

const avro::Schema* FindEnum(const Context& context, const avro::Schema* record, const std::string& name) {
  if (record) {
    if (const avro::Schema* found = FindIn(*record, name)) return found;
  }
  for (const typed::Schema& schema : context.program.schemas) {
    if (!schema.document) continue;
    if (const avro::Schema* found = FindIn(schema.document->root(), name)) return found;
  }
  return nullptr;
}

}  // namespace rulec::check
