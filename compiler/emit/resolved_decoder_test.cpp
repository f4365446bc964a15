// Generated decoders of every type and version against the table-driven one, on random schemas, later versions of them
// and data, whole and damaged.
#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "compiler/emit/decoder_run.h"

namespace rulec {
namespace {

// One datum by both: the same value, or both refuse.
void CompareOne(const DecoderCase& made, DecoderRun& decoder, const std::vector<uint8_t>& bytes, int* accepted) {
  avro::Datum expected;
  size_t used = 0;
  const avro::DecodeError refused = avro::DecodeResolved(*made.resolution, bytes, &expected, &used);
  // What takes no bytes is counted by the table over the whole datum, by generated code for each list.
  if (refused.message.find("without a byte") != std::string::npos) return;
  const rulert_decode call = decoder.Run(bytes, 1);
  EXPECT_LE(decoder.arena().used(), 65'536u * 16 + 4096 * (bytes.size() + 16));
  if (refused || !decoder.HasCells(expected)) {
    EXPECT_NE(call.error, uint32_t{RULERT_DECODE_OK}) << refused.path << ": " << refused.message;
    EXPECT_EQ(call.rows, 0u);
    return;
  }
  ASSERT_EQ(call.error, uint32_t{RULERT_DECODE_OK})
      << "at byte " << call.error_byte << " field " << decoder.spec().field_paths[call.error_field];
  EXPECT_EQ(call.cursor, used);
  decoder.Compare(0, expected);
  ++*accepted;
}

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
    CompareOne(made, decoder, bytes, &accepted);
    for (int damage = 0; damage < 8 && !bytes.empty(); ++damage) {
      std::vector<uint8_t> damaged = bytes;
      damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1u << random() % 8);
      if (damage % 4 == 3) damaged.resize(random() % damaged.size());
      int ignored = 0;
      CompareOne(made, decoder, damaged, &ignored);
    }
  }
  return accepted;
}

TEST(ResolvedDecoderTest, AgreesWithTheTableOnEveryType) {
  int accepted = 0;
  for (uint64_t seed = 1; seed <= 250 && !HasFailure(); ++seed) {
    avro::RandomSchemaOptions options;
    options.max_fields = 8;
    const avro::SchemaPtr schema = avro::RandomSchema(seed, options);
    accepted += CompareOn(schema, schema, seed);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(ResolvedDecoderTest, AgreesWithTheTableOnLaterVersions) {
  int accepted = 0;
  for (uint64_t seed = 1; seed <= 350 && !HasFailure(); ++seed) {
    const avro::SchemaPtr writer = avro::RandomSchema(seed + 5000);
    const avro::SchemaPtr reader = avro::EvolveAtRandom(writer->root(), seed).reader;
    if (reader->root().kind == avro::Kind::Record) accepted += CompareOn(writer, reader, seed);
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace rulec
