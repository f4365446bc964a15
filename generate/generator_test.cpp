#include "generate/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/container_reader.h"
#include "avro/random_schema.h"
#include "generate/generated_events.h"
#include "generate/random.h"

namespace rulec::generate {
namespace {

using avro::Datum;
using testing::Events;
using testing::kTrade;
using testing::kTradeShape;
using testing::Options;

constexpr uint64_t kExpectedHash = 7136267430253243139U;

std::string Container(const GenerateOptions& options) {
  std::string file;
  const GenerateError error = WriteContainer(options, [&](std::string_view bytes) {
    file += bytes;
    return true;
  });
  EXPECT_FALSE(error) << error.ToString();
  return file;
}

TEST(Generator, SameSeedSameBytes) {
  for (const avro::Codec codec : {avro::Codec::Null, avro::Codec::Deflate}) {
    GenerateOptions options = Options(kTrade, kTradeShape, 20'000);
    options.codec = codec;
    const std::string file = Container(options);
    EXPECT_EQ(file, Container(options));
    options.seed = 2;
    EXPECT_NE(file, Container(options));
  }
}

// A change here changes the events that everybody's seeds stand for.
TEST(Generator, BytesAreTheSameOnEveryMachine) {
  EXPECT_EQ(HashBytes(Container(Options(kTrade, kTradeShape, 5'000))), kExpectedHash);
}

TEST(Generator, ContainerHoldsTheEvents) {
  const GenerateOptions options = Options(kTrade, kTradeShape, 10'000);
  const std::string file = Container(options);
  avro::ContainerReader reader({reinterpret_cast<const uint8_t*>(file.data()), file.size()});
  ASSERT_FALSE(reader.Open());
  EXPECT_TRUE(SameLayout(reader.header().schema->root(), options.schema->root()));
  uint64_t records = 0;
  bool end = false;
  while (!end) {
    avro::ContainerReader::Block block;
    ASSERT_FALSE(reader.Next(&block, &end));
    records += block.records;
  }
  EXPECT_EQ(records, 10'000U);
}

TEST(Generator, JsonLinesHoldTheSameEvents) {
  const GenerateOptions options = Options(kTrade, kTradeShape, 3'000);
  std::string lines;
  ASSERT_FALSE(WriteJsonLines(options, [&](std::string_view bytes) {
    lines += bytes;
    return true;
  }));
  std::string expected;
  for (const Datum& event : Events(options)) expected += DatumToJson(options.schema->root(), event) + "\n";
  EXPECT_EQ(lines, expected);
}

TEST(Generator, StopsWhenTheWriterRefuses) {
  int calls = 0;
  EXPECT_FALSE(WriteContainer(Options(kTrade, kTradeShape, 1'000'000), [&](std::string_view) {
    ++calls;
    return false;
  }));
  EXPECT_EQ(calls, 1);
}

TEST(Generator, FieldsDoNotDisturbEachOther) {
  const std::vector<Datum> before = Events(Options(kTrade, kTradeShape, 500));
  const std::string changed = std::string(kTradeShape) + "[fields.at]\ndistribution = \"time\"\ngap = \"1h\"\n";
  const std::vector<Datum> after = Events(Options(kTrade, changed, 500));
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    for (const size_t field : {0, 1, 2, 4}) ASSERT_TRUE(before[i].items[field] == after[i].items[field]) << i;
  }
  EXPECT_FALSE(before[400].items[3] == after[400].items[3]);
}

TEST(Generator, EveryRandomSchemaHasEvents) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    GenerateOptions options;
    options.schema = avro::RandomSchema(seed, {.top_is_record = seed % 5 != 0});
    options.seed = seed;
    options.count = 20;
    ASSERT_EQ(Events(options).size(), 20U) << "seed " << seed << "\n" << options.schema->text();
  }
}

TEST(Generator, RefusesSchemasWithoutValues) {
  GenerateError error;
  const auto make = [&](const std::string& schema) { return EventGenerator::Make(Options(schema, "", 1), &error); };
  EXPECT_EQ(make(R"({"type":"record","name":"A","fields":[{"name":"a","type":"A"}]})"), nullptr);
  EXPECT_EQ(error.ToString(), "record `A` has no values: it holds itself, or a type without values");
  EXPECT_EQ(
      make(R"({"type":"record","name":"A","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":[]}}]})"),
      nullptr);
  EXPECT_NE(
      make(
          R"({"type":"record","name":"A","fields":[{"name":"e","type":["null",{"type":"enum","name":"E","symbols":[]}]}]})"),
      nullptr);
}

// Each record holds two of the one before: an event would have 2^40 parts.
TEST(Generator, RefusesEventsBeyondAllBounds) {
  std::string schema = R"([{"type":"record","name":"R0","fields":[]})";
  for (int i = 1; i <= 40; ++i) {
    const std::string inner = "\"R" + std::to_string(i - 1) + "\"";
    schema += R"(,{"type":"record","name":"R)" + std::to_string(i) + R"(","fields":[{"name":"a","type":)" + inner +
              R"(},{"name":"b","type":)" + inner + "}]}";
  }
  GenerateOptions options = Options(schema + "]", "", 100);
  GenerateError error;
  const auto generator = EventGenerator::Make(options, &error);
  ASSERT_NE(generator, nullptr) << error.message;
  uint64_t events = 0;
  while (const uint64_t made = generator->Next(1).events) events += made;
  EXPECT_LT(events, 100U);
  EXPECT_THAT(generator->error().message, ::testing::HasSubstr("gets more than 1,000,000 parts"));
}

}  // namespace
}  // namespace rulec::generate
