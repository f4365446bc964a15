// Any bytes as a datum of schemas made at random, some read as a later version: the generated decoder and the
// table-driven one give the same value or both refuse. The input's first two bytes choose the schemas.
#include "avro/random_evolution.h"
#include "avro/random_schema.h"
#include "compiler/emit/decoder_run.h"

namespace rulec {
namespace {

// Each is compiled once, when an input first asks for it.
constexpr size_t kCases = 96;

struct Case {
  DecoderCase made;
  std::unique_ptr<DecoderRun> decoder;
};

std::unique_ptr<Case> MakeCase(uint64_t seed) {
  std::mt19937_64 random(seed);
  const avro::SchemaPtr writer = avro::RandomSchema(seed + 1, {});
  avro::SchemaPtr reader = writer;
  if (seed % 2 != 0) reader = avro::EvolveAtRandom(writer->root(), seed).reader;
  if (reader->root().kind != avro::Kind::Record) reader = writer;
  auto made = std::make_unique<Case>();
  made->made = MakeDecoderCase(writer, reader, random);
  made->decoder = std::make_unique<DecoderRun>(TestCodegen(), made->made);
  return made;
}

Case& CaseOf(size_t index) {
  static std::vector<std::unique_ptr<Case>> cases(kCases);
  if (!cases[index]) cases[index] = MakeCase(index);
  return *cases[index];
}

}  // namespace
}  // namespace rulec

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  testing::GTEST_FLAG(throw_on_failure) = true;  // a difference ends the run as a crash does
  rulec::TestCodegen();                          // before the cases, which must not outlive it
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  rulec::Case& tried = rulec::CaseOf((data[0] | size_t{data[1]} << 8) % rulec::kCases);
  rulec::DecodedAlike(tried.made, *tried.decoder, std::vector<uint8_t>(data + 2, data + size));
  return 0;
}
