// Limits at their edges, as they are and lowered.
#include "avro/limits.h"

#include <gtest/gtest.h>

#include "avro/datum.h"
#include "avro/resolution.h"
#include "avro/schema.h"
#include "avro/varint.h"

namespace avro {
namespace {

class LimitsTest : public testing::Test {
 protected:
  void TearDown() override { SetLimits({}); }
};

// `depth` arrays around an int.
std::string Nested(size_t depth) {
  std::string text;
  for (size_t i = 1; i < depth; ++i) text += R"({"type":"array","items":)";
  text += "\"int\"";
  return text + std::string(depth - 1, '}');
}

TEST_F(LimitsTest, SchemasNestAsDeepAsTheLimit) {
  for (const size_t limit : {size_t{256}, size_t{10}}) {
    SetLimits({.schema_nesting = limit});
    EXPECT_TRUE(ParseSchema(Nested(limit)).document);
    EXPECT_EQ(ParseSchema(Nested(limit + 1)).error.message,
              "the schema is nested more than " + std::to_string(limit) + " levels deep");
  }
}

TEST_F(LimitsTest, DataNestAsDeepAsTheLimit) {
  const SchemaPtr list =
      ParseSchema(R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})").document;
  const auto resolution = ResolveSchemas(list, list).resolution;
  for (const int limit : {1000, 7}) {
    SetLimits({.datum_depth = limit});
    std::vector<uint8_t> bytes(static_cast<size_t>(limit) - 1, 0x02);
    bytes.push_back(0);
    Datum datum;
    size_t used = 0;
    EXPECT_FALSE(DecodeDatum(list->root(), bytes, &datum, &used));
    EXPECT_FALSE(DecodeResolved(*resolution, bytes, &datum, &used));
    EXPECT_FALSE(SkipDatum(list->root(), bytes, &used));
    bytes.insert(bytes.begin(), 0x02);
    EXPECT_TRUE(DecodeDatum(list->root(), bytes, &datum, &used));
    EXPECT_TRUE(DecodeResolved(*resolution, bytes, &datum, &used));
    EXPECT_TRUE(SkipDatum(list->root(), bytes, &used));
  }
}

TEST_F(LimitsTest, TextsAreAsLongAsTheLimit) {
  for (const char* type : {"\"string\"", "\"bytes\""}) {
    const SchemaPtr schema = ParseSchema(type).document;
    for (const int64_t limit : {int64_t{256} << 20, int64_t{100}}) {
      SetLimits({.text_bytes = limit});
      for (const int64_t over : {0, 1}) {
        std::vector<uint8_t> bytes;
        AppendVarint(limit + over, &bytes);
        bytes.resize(bytes.size() + static_cast<size_t>(limit + over), 'x');
        size_t used = 0;
        EXPECT_EQ(static_cast<bool>(SkipDatum(schema->root(), bytes, &used)), over == 1) << type << limit;
        Datum datum;
        EXPECT_EQ(static_cast<bool>(DecodeDatum(schema->root(), bytes, &datum, &used)), over == 1) << type << limit;
      }
    }
  }
}

TEST_F(LimitsTest, TheDefaultsAreTheMost) {
  SetLimits({.schema_nesting = 100'000, .datum_depth = 100'000, .text_bytes = INT64_MAX});
  EXPECT_EQ(CurrentLimits(), Limits());
}

}  // namespace
}  // namespace avro
