#include "avro/datum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "avro/float_bits.h"
#include "avro/random_schema.h"

namespace avro {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

SchemaPtr Parse(std::string_view text) {
  ParsedSchema parsed = ParseSchema(text);
  EXPECT_NE(parsed.document, nullptr) << parsed.error.message;
  return parsed.document;
}

struct Refusal {
  const char* schema;
  Bytes bytes;
  size_t byte;
  const char* path;
  const char* message;
};

TEST(DecodeDatum, RefusesWithPlaceAndReason) {
  const Refusal refusals[] = {
      {"\"int\"", {}, 0, "", "the data ends inside a number"},
      {"\"long\"", {0x80, 0x80}, 0, "", "the data ends inside a number"},
      {"\"int\"", {0x80, 0x80, 0x80, 0x80, 0x10}, 0, "", "the number 2,147,483,648 is beyond an int"},
      {"\"long\"", Bytes(11, 0x80), 0, "", "a number has more than 64 bits"},
      {"\"long\"",
       {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02},
       0,
       "",
       "a number has more than 64 bits"},
      {"\"boolean\"", {2}, 0, "", "a boolean is 0 or 1, not 2"},
      {"\"double\"", {1, 2}, 0, "", "a double of 8 bytes is announced where 2 are left"},
      {"\"string\"", {0x04, 'a', 0xFF}, 2, "", "a string is not valid UTF-8"},
      {"\"bytes\"", {0x01}, 0, "", "a value of bytes has the negative length -1"},
      {"\"bytes\"",
       {0x80, 0x80, 0x80, 0x80, 0x80, 0x01},
       0,
       "",
       "a value of bytes of 17,179,869,184 bytes is announced; at most 268,435,456 are read"},
      {"\"bytes\"", {0x08, 1}, 1, "", "a value of bytes of 4 bytes is announced where 1 are left"},
      {R"(["null","int"])", {0x04}, 0, "", "union of null and int has 2 branches and none of the index 2"},
      {R"(["null","int"])", {0x01}, 0, "", "union of null and int has 2 branches and none of the index -1"},
      {R"({"type":"enum","name":"E","symbols":["A"]})",
       {0x02},
       0,
       "",
       "enum `E` has 1 symbols and none of the index 1"},
      {R"({"type":"array","items":"boolean"})", {0x04, 1, 3}, 2, "[1]", "a boolean is 0 or 1, not 3"},
      {R"({"type":"map","values":"boolean"})", {0x02, 0x02, 'k', 3}, 3, "[k]", "a boolean is 0 or 1, not 3"},
      {R"({"type":"array","items":"int"})",
       {0x01, 0x05, 0x02},
       0,
       "",
       "a block of items says that it has -3 bytes where 1 are left"},
      {R"({"type":"array","items":"int"})",
       {0x01, 0x04, 0x02, 0x00},
       3,
       "",
       "a block of items ends here, but by its size it ends at byte 4"},
      {R"({"type":"record","name":"R","fields":[{"name":"lines","type":{"type":"array","items":
          {"type":"record","name":"L","fields":[{"name":"price","type":"boolean"}]}}}]})",
       {0x02, 9},
       1,
       "lines[0].price",
       "a boolean is 0 or 1, not 9"},
  };
  for (const Refusal& refusal : refusals) {
    const SchemaPtr schema = Parse(refusal.schema);
    Datum datum;
    size_t used = 0;
    const DecodeError error = DecodeDatum(schema->root(), refusal.bytes, &datum, &used);
    EXPECT_EQ(error.message, refusal.message) << refusal.schema;
    EXPECT_EQ(error.byte, refusal.byte) << refusal.schema;
    EXPECT_EQ(error.path, refusal.path) << refusal.schema;
  }
}

TEST(DecodeDatum, ReadsPaddedNumbersAndSizedBlocks) {
  Datum datum;
  size_t used = 0;
  const SchemaPtr number = Parse("\"int\"");
  EXPECT_FALSE(DecodeDatum(number->root(), Bytes{0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, &datum, &used));
  EXPECT_EQ(datum.integer, 1);
  EXPECT_EQ(used, 7U);
  const SchemaPtr array = Parse(R"({"type":"array","items":"int"})");
  const Bytes blocks{0x03, 0x04, 0x02, 0x04, 0x02, 0x06, 0x00, 0xEE};
  EXPECT_FALSE(DecodeDatum(array->root(), blocks, &datum, &used));
  EXPECT_EQ(DatumToJson(array->root(), datum), "[1,2,3]");
  EXPECT_EQ(used, 7U);
  size_t skipped = 0;
  EXPECT_FALSE(SkipDatum(array->root(), blocks, &skipped));
  EXPECT_EQ(skipped, 7U);
}

// Items that take no bytes could be announced without end.
TEST(DecodeDatum, ValuesWithoutBytesAreBounded) {
  for (const char* text :
       {R"({"type":"array","items":"null"})", R"({"type":"array","items":{"type":"fixed","name":"F","size":0}})",
        R"({"type":"array","items":{"type":"record","name":"R","fields":[{"name":"a","type":"null"}]}})"}) {
    const SchemaPtr schema = Parse(text);
    Datum datum;
    size_t used = 0;
    const Bytes endless{0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x00};
    EXPECT_THAT(DecodeDatum(schema->root(), endless, &datum, &used).message, HasSubstr("without a byte")) << text;
    EXPECT_THAT(SkipDatum(schema->root(), endless, &used).message, HasSubstr("without a byte")) << text;
    EXPECT_FALSE(DecodeDatum(schema->root(), Bytes{0xD0, 0x0F, 0x00}, &datum, &used)) << text;
    EXPECT_EQ(datum.items.size(), 1000U);
  }
  const SchemaPtr none = Parse(R"({"type":"record","name":"A","fields":[{"name":"a","type":"A"}]})");
  Datum datum;
  size_t used = 0;
  EXPECT_THAT(DecodeDatum(none->root(), Bytes{}, &datum, &used).message, HasSubstr("nested more than 1,000 levels"));
}

TEST(DecodeDatum, DepthLimitIsExact) {
  const SchemaPtr list = Parse(R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})");
  Datum datum;
  size_t used = 0;
  Bytes bytes(999, 0x02);
  bytes.push_back(0);
  EXPECT_FALSE(DecodeDatum(list->root(), bytes, &datum, &used));
  bytes.insert(bytes.begin(), 0x02);
  const DecodeError error = DecodeDatum(list->root(), bytes, &datum, &used);
  EXPECT_EQ(error.message, "the value is nested more than 1,000 levels deep");
  EXPECT_LT(error.path.size(), 250U);
}

TEST(Datum, FloatsKeepTheirBits) {
  for (const uint32_t bits : {0x7F800001U, 0xFFC00000U, 0x7FFFFFFFU, 0x3F800000U, 0x80000000U, 0x00000001U}) {
    EXPECT_EQ(std::bit_cast<uint32_t>(NarrowDouble(WidenFloat(std::bit_cast<float>(bits)))), bits);
  }
}

TEST(DatumToJson, WritesEveryKind) {
  const SchemaPtr schema = Parse(R"({"type":"record","name":"R","fields":[
    {"name":"b","type":"bytes"},{"name":"s","type":"string"},{"name":"f","type":"float"},{"name":"d","type":"double"},
    {"name":"u","type":["null","long"]},{"name":"m","type":{"type":"map","values":"boolean"}},
    {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},{"name":"n","type":"double"}]})");
  const Bytes bytes{0x04, 0xFF, '"',  0x04, 0xC3, 0xA9, 0xCD, 0xCC, 0xCC, 0x3D, 0,   0,
                    0,    0,    0,    0,    0xF0, 0x7F, 0x02, 0x01, 0x02, 0x02, 'k', 1,
                    0x00, 0x02, 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F};
  Datum datum;
  size_t used = 0;
  const DecodeError error = DecodeDatum(schema->root(), bytes, &datum, &used);
  ASSERT_FALSE(error) << error.message;
  EXPECT_EQ(used, bytes.size());
  EXPECT_EQ(DatumToJson(schema->root(), datum),
            "{\"b\":\"\\u00ff\\\"\",\"s\":\"\xC3\xA9\",\"f\":0.1,\"d\":\"Infinity\",\"u\":-1,\"m\":{\"k\":true},"
            "\"e\":\"B\",\"n\":0.1}");
}

TEST(RandomDatum, RoundTripsOnRandomSchemas) {
  Datum decoded;  // used again and again, as a reader would
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const SchemaPtr schema = RandomSchema(seed, {.top_is_record = seed % 4 != 0});
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      const Datum datum = RandomDatum(schema->root(), random);
      Bytes bytes;
      EncodeDatum(schema->root(), datum, &bytes);
      size_t used = 0;
      const DecodeError error = DecodeDatum(schema->root(), bytes, &decoded, &used);
      ASSERT_FALSE(error) << "seed " << seed << ": " << error.message << " at " << error.path;
      ASSERT_EQ(used, bytes.size()) << "seed " << seed;
      ASSERT_TRUE(decoded == datum) << "seed " << seed << "\n" << schema->text();
      size_t skipped = 0;
      ASSERT_FALSE(SkipDatum(schema->root(), bytes, &skipped)) << "seed " << seed;
      ASSERT_EQ(skipped, bytes.size()) << "seed " << seed;
    }
  }
}

// Every cut must be noticed, and every flipped byte end in an error or in a value that can be written again.
TEST(RandomDatum, DamageIsAnErrorOrAValue) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const SchemaPtr schema = RandomSchema(seed);
    std::mt19937_64 random(seed);
    Bytes bytes;
    EncodeDatum(schema->root(), RandomDatum(schema->root(), random), &bytes);
    Datum decoded;
    size_t used = 0;
    for (size_t cut = 0; cut < bytes.size(); ++cut) {
      ASSERT_TRUE(DecodeDatum(schema->root(), std::span(bytes).first(cut), &decoded, &used)) << "seed " << seed;
      ASSERT_TRUE(SkipDatum(schema->root(), std::span(bytes).first(cut), &used)) << "seed " << seed;
    }
    for (size_t at = 0; at < bytes.size(); ++at) {
      Bytes flipped = bytes;
      flipped[at] = static_cast<uint8_t>(flipped[at] ^ (1U << (random() % 8)));
      size_t skipped = 0;
      const bool skips = !SkipDatum(schema->root(), flipped, &skipped);
      if (DecodeDatum(schema->root(), flipped, &decoded, &used)) continue;
      ASSERT_LE(used, flipped.size());
      ASSERT_TRUE(skips && skipped == used) << "seed " << seed << ", byte " << at;
      Bytes again;
      EncodeDatum(schema->root(), decoded, &again);
    }
  }
}

TEST(RandomSchema, CoversEveryKind) {
  std::vector<bool> seen(static_cast<size_t>(Kind::Fixed) + 1);
  bool recursive = false;
  bool logical = false;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const std::string text = RandomSchemaText(seed);
    for (size_t kind = 0; kind < seen.size(); ++kind) {
      const std::string name = "\"" + std::string(KindName(static_cast<Kind>(kind))) + "\"";
      if (text.find(name) != std::string::npos) seen[kind] = true;
    }
    if (text.find(":[") != std::string::npos) seen[static_cast<size_t>(Kind::Union)] = true;
    recursive = recursive || text.find("\".Record") != std::string::npos;
    logical = logical || text.find("logicalType") != std::string::npos;
    EXPECT_EQ(text, RandomSchemaText(seed));
  }
  for (size_t kind = 0; kind < seen.size(); ++kind) EXPECT_TRUE(seen[kind]) << KindName(static_cast<Kind>(kind));
  EXPECT_TRUE(recursive);
  EXPECT_TRUE(logical);
}

}  // namespace
}  // namespace avro
