// The default of a field as a datum. Internal to avro/.
#pragma once

#include <string>

#include "avro/datum.h"
#include "avro/json_tree.h"
#include "avro/schema.h"

namespace avro {

// A default that the parser of schemas let pass still may be too large to hold: records in it whose own fields are
// left to their defaults can multiply.
class DefaultBuilder {
 public:
  // The default of `field`, which must have one. Returns what is wrong, or "".
  std::string Build(const Field& field, Datum* out);

  // Of all defaults that one builder makes.
  static constexpr size_t kMaxSteps = 200'000;

 private:
  // False: the JSON does not fit, or a limit is reached; then `limit_` is set.
  bool Value(const Schema& schema, const JsonValue& json, int depth, Datum* out);
  bool Branch(const Schema& schema, const JsonValue& json, int depth, Datum* out);
  bool Number(const Schema& schema, const JsonValue& json, Datum* out);
  bool Bytes(const Schema& schema, const JsonValue& json, Datum* out);
  bool Symbol(const Schema& schema, const JsonValue& json, Datum* out);
  bool Items(const Schema& schema, const JsonValue& json, int depth, Datum* out);
  bool Record(const Schema& schema, const JsonValue& json, int depth, Datum* out);
  bool FieldDefault(const Field& field, int depth, Datum* out);

  size_t steps_ = 0;
  bool limit_ = false;
};

}  // namespace avro
