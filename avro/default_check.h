// Does the default of a field fit the field's type?
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "avro/json_tree.h"
#include "avro/schema.h"

namespace avro {

struct DefaultProblem {
  std::string message;  // empty: none
  size_t offset = 0;    // of the JSON value that is wrong
  std::string path;     // below the default: `items[2].price`
};

// Checks the defaults of one document. A union takes a value of any of its branches, which Avro 1.12 allows.
class DefaultChecker {
 public:
  // `field` is only remembered: it says whose default this is, see Endless.
  DefaultProblem Check(const Field& field, const JsonValue& json);
  // A field whose default needs itself (a record without the field whose default it is), or null.
  const Field* Endless() const;

 private:
  bool CheckValue(const Schema& schema, const JsonValue& json);
  bool CheckRecord(const Schema& schema, const JsonValue& json);
  bool CheckItems(const Schema& schema, const JsonValue& json);
  bool CheckUnion(const Schema& schema, const JsonValue& json);
  bool CheckNumber(const Schema& schema, const JsonValue& json);
  bool CheckBytes(const Schema& schema, const JsonValue& json);
  bool Fail(const JsonValue& json, std::string message);
  bool Misfit(const Schema& schema, const JsonValue& json);

  // Branches of unions within unions could be tried in exponentially many ways.
  static constexpr size_t kMaxSteps = 500'000;
  size_t steps_ = 0;
  DefaultProblem problem_;
  // Defaults that the checked default makes use of, by field.
  std::unordered_map<const Field*, std::vector<const Field*>> uses_;
  std::vector<const Field*> current_uses_;
};

}  // namespace avro
