#include "runtime/decode/table_decoder.h"

#include <gtest/gtest.h>

#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "runtime/decode/decode_fixture.h"

namespace rulert {
namespace {

Block BlockOf(const std::vector<uint8_t>& bytes, uint64_t records) {
  Block block;
  block.bytes = bytes.data();
  block.size = bytes.size();
  block.records = records;
  return block;
}

std::unique_ptr<TableDecoder> DecoderOf(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader,
                                        const std::vector<SlotSpec>& slots) {
  auto resolved = avro::ResolveSchemas(writer, reader);
  if (!resolved.resolution) {
    ADD_FAILURE() << resolved.error.message;
    return nullptr;
  }
  auto made = TableDecoder::Make(resolved.resolution, slots, AllOf(slots));
  if (!made.ok()) {
    ADD_FAILURE() << made.error().message();
    return nullptr;
  }
  return std::move(*made);
}

// One random pair of schemas with data, whole and damaged, against avro::DecodeResolved.
class RandomVersions : public testing::TestWithParam<uint64_t> {};

TEST_P(RandomVersions, AgreeWithTheOracle) {
  std::mt19937_64 random(GetParam());
  const avro::SchemaPtr writer = avro::RandomSchema(random());
  avro::SchemaPtr reader = avro::EvolveAtRandom(writer->root(), random()).reader;
  if (reader->root().kind != avro::Kind::Record || random() % 3 == 0) reader = writer;
  const auto slots = SlotChooser(&random).Choose(reader->root());
  const auto resolution = avro::ResolveSchemas(writer, reader).resolution;
  ASSERT_TRUE(resolution);
  auto decoder = DecoderOf(writer, reader, slots);
  ASSERT_TRUE(decoder);
  TestBatch batch(reader->root(), slots);
  for (int round = 0; round < 30; ++round) {
    std::vector<uint8_t> bytes;
    avro::EncodeDatum(writer->root(), avro::RandomDatum(writer->root(), random), &bytes);
    const bool damaged = round % 2 == 1;
    if (damaged && !bytes.empty()) bytes[random() % bytes.size()] ^= static_cast<uint8_t>(1u << (random() % 8));
    avro::Datum datum;
    size_t used = 0;
    const bool sound = !avro::DecodeResolved(*resolution, bytes, &datum, &used);
    const std::string expected = sound ? batch.DatumText(reader->root(), datum) : "";
    const TestBatch::Outcome outcome = batch.Run(*decoder, BlockOf(bytes, 1));
    if (!expected.empty()) {
      ASSERT_TRUE(outcome.errors.empty())
          << outcome.errors[0].problem.message << " in " << outcome.errors[0].problem.path;
      ASSERT_EQ(outcome.rows.at(0), expected);
      ASSERT_EQ(outcome.cursor, used);
    } else if (sound || !damaged) {
      ASSERT_EQ(outcome.errors.size(), 1u) << "a value that no cell holds";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(TableDecoder, RandomVersions, testing::Range<uint64_t>(1, 250));

constexpr std::string_view kWriter = R"({"type":"record","name":"shop.Order","fields":[
  {"name":"id","type":"int"},
  {"name":"note","type":"string"},
  {"name":"paid","type":["null",{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}]},
  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
    {"name":"sku","type":"string"},{"name":"count","type":"int"}]}}},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]})";
constexpr std::string_view kReader = R"({"type":"record","name":"shop.Order","fields":[
  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
    {"name":"count","type":"double"},{"name":"item","type":"string","aliases":["sku"]},
    {"name":"unit","type":"string","default":"a piece of many letters"}]}}},
  {"name":"paid","type":["null",{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}]},
  {"name":"id","type":"long"},
  {"name":"buyer","type":["null",{"type":"record","name":"Buyer","fields":[{"name":"name","type":"string"}]}],
   "default":null}]})";

class TableDecoderTest : public testing::Test {
 protected:
  TableDecoderTest() : writer_(ParseOrDie(kWriter)), reader_(ParseOrDie(kReader)) {
    slots_ = SlotChooser().Choose(reader_->root());
    slots_.push_back({"buyer.name", {ColumnKind::String, true}});
    decoder_ = DecoderOf(writer_, reader_, slots_);
  }
  TestBatch::Outcome Run(const std::vector<uint8_t>& bytes, uint64_t records = 1) {
    TestBatch batch(reader_->root(), slots_);
    return batch.Run(*decoder_, BlockOf(bytes, records));
  }
  avro::SchemaPtr writer_, reader_;
  std::vector<SlotSpec> slots_;
  std::unique_ptr<TableDecoder> decoder_;
};

TEST_F(TableDecoderTest, PromotesRenamesReordersAndFillsIn) {
  const auto outcome = Run({4, 2, 'x', 2, 4, 0x04, 0xD2, 2, 2, 's', 6, 0, 0xD0, 0x0F});
  ASSERT_TRUE(outcome.errors.empty()) << outcome.errors[0].problem.message;
  EXPECT_EQ(outcome.rows.at(0),
            R"({"at":1000,"lines":[{"count":3.0,"item":"s","unit":"a piece of many letters"}],"paid":"12.34","id":2,)"
            R"("buyer":null,"buyer.name":null})");
}

TEST_F(TableDecoderTest, TellsWhatIsWrongAndWhere) {
  const auto problem = [&](const std::vector<uint8_t>& bytes) {
    const auto outcome = Run(bytes);
    if (outcome.errors.size() != 1) return std::string("none");
    const auto& found = outcome.errors[0];
    EXPECT_EQ(found.problem.loss, Loss::Block);
    return std::to_string(found.error) + " " + found.problem.path + " @" + std::to_string(found.byte);
  };
  EXPECT_EQ(problem({4}), "1 note @1");
  EXPECT_EQ(problem({4, 2, 'x', 6}), "1 paid @3");
  EXPECT_EQ(problem({4, 2, 'x', 2, 4, 0x75, 0x30, 0, 0}), "10 paid @5") << "30000 has five digits";
  EXPECT_EQ(problem({4, 2, 'x', 0, 2, 2, 0xFF, 6, 0, 0}), "9 lines[0].sku @6");
  EXPECT_EQ(problem({4, 2, 0xFF, 0, 0, 0}), "none") << "what no slot needs is not looked into";
  EXPECT_EQ(problem({4, 2, 'x', 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}), "8 at @15");
}

TEST_F(TableDecoderTest, RowsBeforeAMalformedOneCount) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 1500; ++i) bytes.insert(bytes.end(), {2, 0, 0, 0, 2});
  bytes.insert(bytes.end(), {2, 0, 9});
  const auto outcome = Run(bytes, 1501);
  EXPECT_EQ(outcome.rows.size(), 1500u);
  ASSERT_EQ(outcome.errors.size(), 1u);
  EXPECT_EQ(outcome.cursor, 7500u);
  EXPECT_EQ(outcome.errors[0].byte, 7502u);
}

TEST_F(TableDecoderTest, SkipsRecords) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 4; ++i) bytes.insert(bytes.end(), {static_cast<uint8_t>(2 * i), 0, 0, 0, 2});
  rulert_decode call{};
  call.bytes = bytes.data();
  call.size = bytes.size();
  call.records = 4;
  EXPECT_EQ(decoder_->Skip(3, &call), 3u);
  EXPECT_EQ(call.cursor, 15u);
  EXPECT_EQ(call.records, 1u);
  EXPECT_EQ(decoder_->Skip(3, &call), 1u);
}

TEST(TableDecoder, ItemsThatTakeNoBytesAreBounded) {
  const auto schema = ParseOrDie(R"({"type":"record","name":"R","fields":[{"name":"list","type":
    {"type":"array","items":{"type":"record","name":"E","fields":[]}}}]})");
  const auto slots = SlotChooser().Choose(schema->root());
  auto decoder = DecoderOf(schema, schema, slots);
  TestBatch batch(schema->root(), slots);
  const auto outcome = batch.Run(*decoder, BlockOf({0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0}, 1));
  ASSERT_EQ(outcome.errors.size(), 1u);
}

TEST(TableDecoder, SlotsThatDoNotFitTheSchemaAreRefused) {
  const auto schema = ParseOrDie(kWriter);
  const auto resolution = avro::ResolveSchemas(schema, schema).resolution;
  const auto refusal = [&](const SlotSpec& slot) {
    auto made = TableDecoder::Make(resolution, {slot}, {0});
    return made.ok() ? "" : made.error().message();
  };
  EXPECT_EQ(refusal({"price", {ColumnKind::Long, false}}), "field `price` is not in the schema");
  EXPECT_EQ(refusal({"id.x", {ColumnKind::Long, false}}), "field `id` is no record, but parts of it are read");
  EXPECT_EQ(refusal({"id", {ColumnKind::String, false}}), "field `id` a column of type string cannot hold int");
  EXPECT_EQ(refusal({"paid", {ColumnKind::Decimal, false, {}, 4, 2}}), "field `paid` can be null, its column cannot");
}

}  // namespace
}  // namespace rulert
