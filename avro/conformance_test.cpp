// Runs the shared conformance cases for schemas and malformed data, where they are found.
#include "avro/conformance_cases.h"
#include "avro/container_reader.h"
#include "avro/datum.h"
#include "avro/schema.h"

namespace avro {
namespace {

TEST(Conformance, GoodSchemas) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("schemas.json");
  ASSERT_FALSE(cases["good"].empty());
  for (const Json& item : cases["good"]) {
    const ParsedSchema parsed = ParseSchema(SchemaText(item));
    EXPECT_NE(parsed.document, nullptr) << item["name"] << ": " << parsed.error.message;
    if (parsed.document == nullptr || !item.value("ignored_logical", false)) continue;
    EXPECT_EQ(parsed.document->root().logical, Logical::None) << item["name"];
  }
}

TEST(Conformance, BadSchemas) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("schemas.json");
  ASSERT_FALSE(cases["bad"].empty());
  for (const Json& item : cases["bad"]) {
    const ParsedSchema parsed = ParseSchema(SchemaText(item));
    EXPECT_EQ(parsed.document, nullptr) << item["name"] << ": " << item["why"];
    if (parsed.document != nullptr) continue;
    EXPECT_FALSE(parsed.error.message.empty()) << item["name"];
    EXPECT_GE(parsed.error.line, 1U) << item["name"];
  }
}

TEST(Conformance, MalformedData) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("malformed.json");
  ASSERT_FALSE(cases.empty());
  for (const Json& item : cases) {
    if (item.contains("reader") && item["reader"] != item["schema"]) continue;
    const ParsedSchema parsed = ParseSchema(item["schema"].dump());
    ASSERT_NE(parsed.document, nullptr) << item["name"];
    const std::vector<uint8_t> bytes = BytesOf(item);
    Datum datum;
    size_t used = 0;
    const DecodeError error = DecodeDatum(parsed.document->root(), bytes, &datum, &used);
    EXPECT_TRUE(error || used < bytes.size()) << item["name"] << ": " << item["why"];
    // Stepping over the field of a record that the reader lacks must find the same faults.
    size_t skipped = 0;
    const DecodeError skip_error = SkipDatum(parsed.document->root(), bytes, &skipped);
    if (!MustHold(item)) continue;
    EXPECT_TRUE(skip_error || skipped < bytes.size()) << item["name"];
  }
}

// Where writer and reader are one schema, the value's bytes must come back as they were.
TEST(Conformance, ValuesRoundTrip) {
  SKIP_WITHOUT_CASES();
  size_t tried = 0;
  for (const Json& item : Load("resolve.json")) {
    if (!item.contains("binary_hex")) continue;
    const ParsedSchema parsed = ParseSchema(item["writer"].dump());
    ASSERT_NE(parsed.document, nullptr) << item["name"] << ": " << parsed.error.message;
    const std::vector<uint8_t> bytes = FromHex(item["binary_hex"]);
    Datum datum;
    size_t used = 0;
    const DecodeError error = DecodeDatum(parsed.document->root(), bytes, &datum, &used);
    ASSERT_FALSE(error) << item["name"] << ": " << error.message;
    EXPECT_EQ(used, bytes.size()) << item["name"];
    ++tried;
    if (!item.value("canonical", true)) continue;
    std::vector<uint8_t> again;
    EncodeDatum(parsed.document->root(), datum, &again);
    EXPECT_EQ(again, bytes) << item["name"] << ": " << DatumToJson(parsed.document->root(), datum);
  }
  EXPECT_GT(tried, 0U);
}

// Containers and schemas that other programs wrote.
TEST(Conformance, SharedDataAreRead) {
  const std::filesystem::path folder = SharedFolder() / "data";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no data in " << folder << "; set RULEC_SHARED";
  size_t containers = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".avro" && path.extension() != ".avsc") continue;
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (path.extension() == ".avsc") {
      EXPECT_NE(ParseSchema(text).document, nullptr) << path;
      continue;
    }
    ContainerReader reader({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    ASSERT_FALSE(reader.Open()) << path;
    ++containers;
    bool end = false;
    while (!end) {
      ContainerReader::Block block;
      const ContainerError error = reader.Next(&block, &end);
      ASSERT_FALSE(error) << path << ": " << error.message;
      for (uint64_t i = 0; i < block.records; ++i) {
        Datum datum;
        size_t used = 0;
        const DecodeError decode_error = DecodeDatum(reader.header().schema->root(), block.bytes, &datum, &used);
        ASSERT_FALSE(decode_error) << path << ": " << decode_error.message;
        block.bytes = block.bytes.subspan(used);
      }
      EXPECT_TRUE(block.bytes.empty()) << path;
    }
  }
  EXPECT_GT(containers, 0U);
}

}  // namespace
}  // namespace avro
