// Generated decoders of every type and version against the table-driven one, on random schemas, later versions of them
// and data, whole and damaged.
#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "avro/varint.h"
#include "compiler/emit/decoder_run.h"

namespace rulec {
namespace {

int CompareOn(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader, uint64_t seed) {
  std::mt19937_64 random(seed * 6364136223846793005u + 1442695040888963407u);
  SCOPED_TRACE("seed " + std::to_string(seed) + "\nwriter " + writer->text() + "\nreader " + reader->text());
  const DecoderCase made = MakeDecoderCase(writer, reader, random);
  if (!made.resolution) return 0;
  DecoderRun decoder(TestCodegen(), made);
  if (!decoder) return 0;
  int accepted = 0;
  for (int i = 0; i < 12 && !testing::Test::HasFailure(); ++i) {
    avro::Datum datum = avro::RandomDatum(writer->root(), random);
    MakeRepresentable(writer->root(), &datum, random);
    std::vector<uint8_t> bytes;
    avro::EncodeDatum(writer->root(), datum, &bytes);
    if (DecodedAlike(made, decoder, bytes)) ++accepted;
    for (int damage = 0; damage < 8 && !bytes.empty(); ++damage) {
      std::vector<uint8_t> damaged = bytes;
      damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1u << random() % 8);
      if (damage % 4 == 3) damaged.resize(random() % damaged.size());
      DecodedAlike(made, decoder, damaged);
    }
  }
  return accepted;
}

TEST(ResolvedDecoderTest, AgreesWithTheTableOnEveryType) {
  int accepted = 0;
  for (uint64_t seed = 1; seed <= Rounds(60) && !HasFailure(); ++seed) {
    avro::RandomSchemaOptions options;
    options.max_fields = 8;
    const avro::SchemaPtr schema = avro::RandomSchema(seed, options);
    accepted += CompareOn(schema, schema, seed);
  }
  EXPECT_GT(accepted, 250);
}

TEST(ResolvedDecoderTest, AgreesWithTheTableOnLaterVersions) {
  int accepted = 0;
  for (uint64_t seed = 1; seed <= Rounds(90) && !HasFailure(); ++seed) {
    const avro::SchemaPtr writer = avro::RandomSchema(seed + 5000);
    const avro::SchemaPtr reader = avro::EvolveAtRandom(writer->root(), seed).reader;
    if (reader->root().kind == avro::Kind::Record) accepted += CompareOn(writer, reader, seed);
  }
  EXPECT_GT(accepted, 250);
}

// Of one field that is read and one that is stepped over.
uint32_t ErrorUnder(const avro::Limits& limits, const std::vector<uint8_t>& bytes) {
  avro::SetLimits(limits);
  const LoadedCodegen loaded = LoadCodegen({});
  avro::SetLimits({});
  DecoderCase made;
  made.writer = avro::ParseSchema(R"({"type":"record","name":"R","fields":[{"name":"text","type":"string"},
    {"name":"list","type":{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}}]})")
                    .document;
  plan::Stream stream;
  stream.schema = made.writer;
  stream.registry.Find("text", {rulert::ColumnKind::String, false, {}});
  made.program.streams.push_back(std::move(stream));
  return DecoderRun(*loaded.codegen, made).Run(bytes, 1).error;
}

TEST(ResolvedDecoderTest, LimitsHoldAtTheirEdges) {
  const auto data = [](size_t text, size_t links) {
    std::vector<uint8_t> bytes;
    avro::AppendVarint(static_cast<int64_t>(text), &bytes);
    bytes.resize(bytes.size() + text, 'x');
    bytes.resize(bytes.size() + links, 0x02);
    bytes.push_back(0);
    return bytes;
  };
  const avro::Limits lowered{.datum_depth = 20, .text_bytes = 100};
  // The record itself is a level too, and so is the link that ends the list.
  EXPECT_EQ(ErrorUnder({}, data(101, 998)), uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(ErrorUnder({}, data(101, 999)), uint32_t{RULERT_DECODE_DEPTH});
  EXPECT_EQ(ErrorUnder(lowered, data(100, 18)), uint32_t{RULERT_DECODE_OK});
  EXPECT_EQ(ErrorUnder(lowered, data(100, 19)), uint32_t{RULERT_DECODE_DEPTH});
  EXPECT_EQ(ErrorUnder(lowered, data(101, 18)), uint32_t{RULERT_DECODE_LENGTH});
}

}  // namespace
}  // namespace rulec
