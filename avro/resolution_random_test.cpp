// Random schemas and later versions of them: resolution sees what was mapped by hand.
#include <gtest/gtest.h>

#include "avro/compatibility.h"
#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "avro/resolution.h"

namespace avro {
namespace {

constexpr uint64_t kSchemas = 400;

struct Case {
  SchemaPtr writer;
  Evolution evolution;
  std::shared_ptr<const Resolution> resolution;
};

Case MakeCase(uint64_t seed) {
  RandomSchemaOptions options;
  options.top_is_record = seed % 4 != 0;
  Case made;
  made.writer = RandomSchema(seed, options);
  made.evolution = EvolveAtRandom(made.writer->root(), seed);
  ResolvedSchemas resolved = ResolveSchemas(made.writer, made.evolution.reader);
  EXPECT_NE(resolved.resolution, nullptr)
      << "seed " << seed << ": " << resolved.error.path << ": " << resolved.error.message;
  made.resolution = std::move(resolved.resolution);
  return made;
}

TEST(RandomResolution, IsWhatWasMappedByHand) {
  for (uint64_t seed = 0; seed < kSchemas; ++seed) {
    const Case made = MakeCase(seed);
    ASSERT_NE(made.resolution, nullptr);
    std::mt19937_64 random(seed);
    Datum read;
    for (int i = 0; i < 8; ++i) {
      const Datum written = RandomDatum(made.writer->root(), random);
      std::vector<uint8_t> bytes;
      EncodeDatum(made.writer->root(), written, &bytes);
      size_t used = 0;
      const DecodeError error = DecodeResolved(*made.resolution, bytes, &read, &used);
      ASSERT_FALSE(error) << "seed " << seed << ": " << error.path << ": " << error.message;
      ASSERT_EQ(used, bytes.size()) << "seed " << seed;
      ASSERT_EQ(read, made.evolution.map(written))
          << "seed " << seed << "\n"
          << DatumToJson(made.evolution.reader->root(), read) << "\n"
          << DatumToJson(made.evolution.reader->root(), made.evolution.map(written));
    }
  }
}

TEST(RandomResolution, VersionsThatReadAllDataAreCompatible) {
  for (uint64_t seed = 0; seed < kSchemas; ++seed) {
    const Case made = MakeCase(seed);
    const auto found = CheckCompatibility(made.evolution.reader->root(), made.writer->root());
    ASSERT_TRUE(found.empty()) << "seed " << seed << ": " << found.front().path << ": " << found.front().message;
  }
}

// What is compatible by the registry's word is resolved, and resolution never refuses a schema against itself.
TEST(RandomResolution, CompatibleMeansResolved) {
  uint64_t compatible = 0;
  for (uint64_t seed = 0; seed < kSchemas; ++seed) {
    RandomSchemaOptions options;
    options.top_is_record = false;
    options.logical_types = false;  // registries do not see that decimals differ
    options.max_depth = 2;
    const SchemaPtr writer = RandomSchema(seed, options);
    EXPECT_NE(ResolveSchemas(writer, writer).resolution, nullptr) << "seed " << seed;
    const SchemaPtr reader = RandomSchema(seed / 7 + 10'000, options);
    if (!CheckCompatibility(reader->root(), writer->root()).empty()) continue;
    ++compatible;
    const ResolvedSchemas resolved = ResolveSchemas(writer, reader);
    ASSERT_NE(resolved.resolution, nullptr) << "seed " << seed << ": " << resolved.error.message;
    std::mt19937_64 random(seed);
    std::vector<uint8_t> bytes;
    EncodeDatum(writer->root(), RandomDatum(writer->root(), random), &bytes);
    Datum read;
    size_t used = 0;
    const DecodeError error = DecodeResolved(*resolved.resolution, bytes, &read, &used);
    const bool no_text = error.message.find("UTF-8") != std::string::npos;  // bytes read as a string
    ASSERT_TRUE(!error || no_text) << "seed " << seed << ": " << error.message;
  }
  EXPECT_GT(compatible, 10U);
}

// Whatever the damage: data that read as written read as the later version too, and nothing else may happen than an
// error.
TEST(RandomResolution, DamageIsAnErrorOrAValue) {
  uint64_t values = 0;
  uint64_t errors = 0;
  for (uint64_t seed = 0; seed < kSchemas; ++seed) {
    const Case made = MakeCase(seed);
    ASSERT_NE(made.resolution, nullptr);
    std::mt19937_64 random(seed);
    std::vector<uint8_t> bytes;
    EncodeDatum(made.writer->root(), RandomDatum(made.writer->root(), random), &bytes);
    for (int i = 0; i < 40 && !bytes.empty(); ++i) {
      std::vector<uint8_t> damaged = bytes;
      damaged[random() % damaged.size()] = static_cast<uint8_t>(random());
      if (i % 4 == 0) damaged.resize(random() % damaged.size());
      Datum written;
      Datum read;
      size_t used = 0;
      size_t used_resolved = 0;
      const bool reads = !DecodeDatum(made.writer->root(), damaged, &written, &used);
      const DecodeError error = DecodeResolved(*made.resolution, damaged, &read, &used_resolved);
      ++(error ? errors : values);
      if (!reads) continue;
      ASSERT_FALSE(error) << "seed " << seed << ": " << error.path << ": " << error.message;
      ASSERT_EQ(used, used_resolved) << "seed " << seed;
      ASSERT_EQ(read, made.evolution.map(written)) << "seed " << seed;
    }
  }
  EXPECT_GT(values, 1000U);
  EXPECT_GT(errors, 1000U);
}

}  // namespace
}  // namespace avro
