// What the writers of JSON and CSV make of random records of all types, the readers read back.
#include <gtest/gtest.h>

#include "avro/random_schema.h"
#include "runtime/decode/table_decoder.h"
#include "runtime/decode/text_fixture.h"

namespace rulert {
namespace {

class RoundTrip : public testing::TestWithParam<uint64_t> {
 protected:
  // Random records, written as JSON.
  void SetUp() override {
    std::mt19937_64 random(GetParam());
    // One whose fields are columns, all of them.
    do {
      schema_ = avro::RandomSchema(random());
      rows_ = std::make_unique<TextRows>(schema_);
    } while (!rows_->has_schema() || rows_->slots().empty());
    again_ = std::make_unique<TextRows>(schema_);
    TestBatch batch(schema_->root(), rows_->slots());
    std::vector<uint8_t> bytes;
    for (int i = 0; i < 40; ++i) {
      const avro::Datum datum = avro::RandomDatum(schema_->root(), random);
      if (batch.DatumText(schema_->root(), datum).empty()) continue;  // a value that no cell holds
      avro::EncodeDatum(schema_->root(), datum, &bytes);
      ++records_;
    }
    auto table =
        TableDecoder::Make(avro::ResolveSchemas(schema_, schema_).resolution, rows_->slots(), AllOf(rows_->slots()));
    ASSERT_TRUE(table.ok()) << table.error().message();
    const auto outcome = rows_->Read(**table, {bytes.begin(), bytes.end()}, nullptr, records_);
    ASSERT_TRUE(outcome.errors.empty()) << outcome.errors[0].message;
    json_ = rows_->WriteJson();
  }

  void CheckCsv(char delimiter, const std::optional<std::string>& null_text) {
    const std::string csv = rows_->WriteCsv({delimiter, true, null_text});
    std::string header = csv.substr(0, csv.find('\n'));
    const auto outcome = again_->Read(*again_->Csv({delimiter, null_text}), csv.substr(header.size() + 1), &header);
    for (const DecodeProblem& problem : outcome.errors) ADD_FAILURE() << problem.path << ": " << problem.message;
    EXPECT_EQ(outcome.rows, records_);
    EXPECT_EQ(again_->WriteJson(), json_) << csv;
  }

  avro::SchemaPtr schema_;
  std::unique_ptr<TextRows> rows_;
  std::unique_ptr<TextRows> again_;
  uint64_t records_ = 0;
  std::string json_;
};

TEST_P(RoundTrip, Json) {
  const auto outcome = again_->Read(*again_->Json(), json_);
  for (const DecodeProblem& problem : outcome.errors) ADD_FAILURE() << problem.path << ": " << problem.message;
  EXPECT_EQ(outcome.rows, records_);
  EXPECT_EQ(again_->WriteJson(), json_);
}

TEST_P(RoundTrip, Csv) {
  CheckCsv(',', std::nullopt);
  CheckCsv(';', "NA");
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip, testing::Range<uint64_t>(1, 200));

}  // namespace
}  // namespace rulert
