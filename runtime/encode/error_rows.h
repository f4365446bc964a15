// The `errors` output: what went wrong with one event, in a rule or in the data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/sink/sink.h"

namespace rulert {

struct ErrorEntry {
  enum class Kind : uint8_t { Rule, Data };
  Kind kind = Kind::Data;
  std::optional<std::string> rule;  // with its package
  std::optional<int32_t> version;
  std::string cause;                // "integer overflow": of few kinds, for counting
  std::string message;              // for people
  std::optional<std::string> file;  // of the rule's source
  std::optional<int32_t> line;
  std::optional<int32_t> column;
  std::vector<std::string> operands;
  std::string stream;
  int32_t partition = 0;
  std::optional<std::string> input;  // file that the event was read from
  std::optional<int64_t> offset;     // of the event in the partition
  std::optional<int64_t> byte;       // of `input`
  std::optional<int64_t> time;       // of the event, microseconds
  std::optional<std::string> path;   // of the field in the stream's schema that could not be read: `lines[3].price`
  std::optional<int64_t> item;       // of the event, if the rule expands a list of it
};

// The Avro schema of the `errors` output.
const std::string& ErrorSchemaJson();

enum class ErrorFormat : uint8_t { Avro, JsonBare, JsonNamed };

class ErrorRows {
 public:
  explicit ErrorRows(ErrorFormat format);
  Error Write(const ErrorEntry& entry, Sink& sink);

 private:
  ErrorFormat format_;
  avro::SchemaPtr schema_;
  std::string text_;
  std::vector<uint8_t> bytes_;
};

}  // namespace rulert
