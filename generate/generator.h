// Repeatable random events of a schema: the library behind `rulec gen`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "avro/container.h"
#include "avro/schema.h"
#include "generate/generate_error.h"

namespace rulec::generate {

struct GenerateOptions {
  avro::SchemaPtr schema;
  uint64_t count = 0;
  uint64_t seed = 0;
  std::string shape_toml;  // text of the shape file, see docs/formats/shape.md; may be empty
  std::string shape_path;  // its name, for messages
  avro::Codec codec = avro::Codec::Null;
  std::string time_field;  // path of the event's time; empty: the first field that is a timestamp
};

// Makes one event after the other. Equal options give equal bytes on every machine. Not for several threads at once.
class EventGenerator {
 public:
  // Null after an error.
  static std::unique_ptr<EventGenerator> Make(const GenerateOptions& options, GenerateError* error);
  ~EventGenerator();

  struct Batch {
    std::span<const uint8_t> bytes;  // events in Avro's binary form, end to end; valid until the next call
    uint64_t events = 0;             // 0: all events are made, or there was an error
  };
  // At least one event, and no more after `target_bytes` are reached.
  Batch Next(size_t target_bytes);
  // Why there is no further event, if not because all are made.
  const GenerateError& error() const;

 private:
  struct State;
  explicit EventGenerator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Takes what was made so far; false stops the work (the caller knows why).
using WriteBytes = std::function<bool(std::string_view)>;

// An Avro container.
GenerateError WriteContainer(const GenerateOptions& options, const WriteBytes& write);
// One JSON object a line, as avro::DatumToJson writes them.
GenerateError WriteJsonLines(const GenerateOptions& options, const WriteBytes& write);

}  // namespace rulec::generate
