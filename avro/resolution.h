// Reading data of one schema as another: https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
//
// What is to be done is decided once for a pair of schemas and kept as a graph of actions, one for each pair of types
// that can meet; recursive types lead back to an action made before.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avro/datum.h"
#include "avro/schema.h"

namespace avro {

using ActionId = uint32_t;

// Immutable once made, so it is shared between threads freely. It keeps both documents alive.
class Resolution {
 public:
  enum class Kind : uint8_t {
    Value,        // null to string, fixed: read the writer's and convert to the reader's kind
    Enum,         // read the index and look it up in `symbols`
    Record,       // `fields` in the order written, then `defaults`
    Items,        // an array or map whose items `inner` reads
    WriterUnion,  // read the branch's index, then do `branches[index]`
    ReaderUnion,  // do `inner`, whose value is that of the reader's `branch`
    Refuse        // only under a WriterUnion: the branch cannot be read; `message` says why
  };

  struct FieldStep {
    int32_t reader_field = -1;  // -1: skip the writer's field
    ActionId action = 0;        // if it is not skipped
  };
  // A field of the reader that the writer lacks.
  struct DefaultStep {
    uint32_t reader_field = 0;
    uint32_t value = 0;  // index for default_value()
  };

  struct Action {
    Kind kind = Kind::Value;
    const Schema* writer = nullptr;
    const Schema* reader = nullptr;
    std::vector<int32_t> symbols;       // the reader's index for each of the writer's, or -1: it has no such symbol
    std::vector<FieldStep> fields;      // one for each field of the writer
    std::vector<DefaultStep> defaults;  // with `fields` these are all fields of the reader
    std::vector<ActionId> branches;     // one for each of the writer's
    ActionId inner = 0;
    uint32_t branch = 0;
    std::string message;
  };

  struct DefaultValue {
    Datum value;
    size_t bytes = 0;  // memory that a copy takes, about
    int height = 0;    // nesting
  };

  const SchemaDocument& writer() const { return *writer_; }
  const SchemaDocument& reader() const { return *reader_; }
  ActionId root() const { return root_; }
  const Action& action(ActionId id) const { return actions_[id]; }
  size_t action_count() const { return actions_.size(); }
  const DefaultValue& default_value(uint32_t index) const { return defaults_[index]; }

 private:
  friend class ResolutionBuilder;
  SchemaPtr writer_;
  SchemaPtr reader_;
  ActionId root_ = 0;
  std::vector<Action> actions_;
  std::vector<DefaultValue> defaults_;
};

struct ResolutionError {
  std::string message;  // lower case, no full stop
  std::string path;     // in the reader's schema: `lines[].price`, empty at the top
};

struct ResolvedSchemas {
  std::shared_ptr<const Resolution> resolution;  // null if there is an error
  ResolutionError error;
};

// An error here means that no data (or none with more than empty arrays and maps) of `writer` can be read as `reader`.
// A symbol or a union branch that the reader lacks is an error of the data that hold it, see DecodeResolved.
// Limits: 200,000 pairs of types, and defaults of 200,000 values.
ResolvedSchemas ResolveSchemas(SchemaPtr writer, SchemaPtr reader);

// Resolves only what `paths` name in the reader's record: `price`, `buyer.country` (through a nullable record too).
// Fields of the reader that no path names are not looked for: in a datum they are null, and so is a field that a path
// names, that the data lack and that has no default. An error tells of a path that cannot be read. Beyond Avro's own
// rules it is an error here if both sides have logical types that measure different things or in different units.
ResolvedSchemas ResolvePaths(SchemaPtr writer, SchemaPtr reader, const std::vector<std::string>& paths);

// Does the writer's schema have what `path` names in the reader's? `resolution` is of ResolvePaths.
bool IsWritten(const Resolution& resolution, std::string_view path);

// Reads one datum of the writer's schema at the start of `bytes` as one of the reader's; *used is how many bytes it
// took. Limits are those of DecodeDatum. Fields that were not written may add 256 MiB of defaults beyond what the
// input's size accounts for. Paths in errors name the writer's fields.
DecodeError DecodeResolved(const Resolution& resolution, std::span<const uint8_t> bytes, Datum* out, size_t* used);

}  // namespace avro
