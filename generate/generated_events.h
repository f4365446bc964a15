// For tests: the events of a schema and a shape, read back.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "avro/datum.h"
#include "generate/generator.h"

namespace rulec::generate::testing {

inline avro::SchemaPtr Parse(const std::string& text) {
  avro::ParsedSchema parsed = avro::ParseSchema(text);
  EXPECT_NE(parsed.document, nullptr) << parsed.error.message;
  return parsed.document;
}

inline GenerateOptions Options(const std::string& schema, const std::string& shape, uint64_t count, uint64_t seed = 1) {
  GenerateOptions options;
  options.schema = Parse(schema);
  options.shape_toml = shape;
  options.shape_path = "shape.toml";
  options.count = count;
  options.seed = seed;
  return options;
}

inline std::vector<avro::Datum> Events(const GenerateOptions& options) {
  std::vector<avro::Datum> events;
  GenerateError error;
  const auto generator = EventGenerator::Make(options, &error);
  EXPECT_NE(generator, nullptr) << error.ToString();
  if (generator == nullptr) return events;
  while (true) {
    EventGenerator::Batch batch = generator->Next(1000);
    if (batch.events == 0) break;
    for (uint64_t i = 0; i < batch.events; ++i) {
      size_t used = 0;
      avro::Datum& event = events.emplace_back();
      const avro::DecodeError wrong = avro::DecodeDatum(options.schema->root(), batch.bytes, &event, &used);
      EXPECT_FALSE(wrong) << wrong.message;
      batch.bytes = batch.bytes.subspan(used);
    }
    EXPECT_TRUE(batch.bytes.empty());
  }
  EXPECT_FALSE(generator->error()) << generator->error().message;
  return events;
}

// Values of the only field of a record.
inline std::vector<avro::Datum> Values(const std::string& type, const std::string& settings, uint64_t count) {
  const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"f","type":)" + type + "}]}";
  std::vector<avro::Datum> values;
  for (avro::Datum& event : Events(Options(schema, settings.empty() ? "" : "[fields.f]\n" + settings, count))) {
    values.push_back(std::move(event.items[0]));
  }
  EXPECT_EQ(values.size(), count);
  return values;
}

inline constexpr char kTrade[] = R"({"type":"record","name":"Trade","fields":[
  {"name":"price","type":"double"},{"name":"symbol","type":"string"},{"name":"id","type":"long"},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"size","type":"int"}]})";
inline constexpr char kTradeShape[] = R"(
[fields.price]
distribution = "walk"
by = "symbol"
start_min = 5
start_max = 500
tick = 0.01
jump_probability = 0.001
[fields.symbol]
distribution = "zipf"
count = 100
[fields.id]
distribution = "sequence"
[fields.size]
distribution = "lognormal"
median = 200
step = 100
)";

}  // namespace rulec::generate::testing
