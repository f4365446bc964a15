// Random versions of a random schema (the first eight bytes are the seed) and any data: the table-driven decoder gives
// what avro::DecodeResolved gives, or both refuse.
#include <cstdlib>
#include <cstring>
#include <random>

#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "runtime/decode/fuzz_fixture.h"
#include "runtime/decode/table_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t seed = 0;
  if (size < sizeof seed) return 0;
  std::memcpy(&seed, data, sizeof seed);
  seed %= 4096;
  const std::vector<uint8_t> bytes(data + sizeof seed, data + size);
  const avro::SchemaPtr writer = avro::RandomSchema(seed);
  avro::SchemaPtr reader = avro::EvolveAtRandom(writer->root(), seed).reader;
  if (reader->root().kind != avro::Kind::Record) reader = writer;
  const auto resolution = avro::ResolveSchemas(writer, reader).resolution;
  if (resolution == nullptr) return 0;
  std::mt19937_64 random(seed);
  const auto slots = rulert::SlotChooser(&random).Choose(reader->root());
  auto made = rulert::TableDecoder::Make(resolution, slots, rulert::AllOf(slots));
  if (!made.ok()) std::abort();
  rulert::TestBatch batch(reader->root(), slots);
  avro::Datum datum;
  size_t used = 0;
  const bool sound = !avro::DecodeResolved(*resolution, bytes, &datum, &used);
  const std::string expected = sound ? batch.DatumText(reader->root(), datum) : "";
  rulert::Block block;
  block.bytes = bytes.data();
  block.size = bytes.size();
  block.records = 1;
  const auto outcome = batch.Run(**made, block);
  // What no slot needs is not looked into, so that less may be refused than by the oracle.
  if (!expected.empty() && (outcome.rows.size() != 1 || outcome.rows[0] != expected || outcome.cursor != used)) {
    std::abort();
  }
  if (sound && expected.empty() && outcome.errors.size() != 1) std::abort();
  return 0;
}
