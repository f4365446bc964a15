// Any file: header, blocks, inflating, and every record through the table-driven decoder; what is decoded is skipped
// in the same number of bytes and can be encoded and decoded to the same value.
#include <cstdlib>

#include "avro/container_reader.h"
#include "avro/datum.h"

namespace {

// A block may announce records of no bytes, or few of very many; the fuzzer should not spend its time on them.
constexpr uint64_t kMaxRecords = 1000;

void TryRecord(const avro::Schema& schema, std::span<const uint8_t> bytes, const avro::Datum& datum, size_t used) {
  size_t skipped = 0;
  if (avro::SkipDatum(schema, bytes, &skipped) || skipped != used) std::abort();
  std::vector<uint8_t> encoded;
  avro::EncodeDatum(schema, datum, &encoded);
  avro::Datum again;
  if (avro::DecodeDatum(schema, encoded, &again, &skipped)) return;  // fewer bytes may bear out fewer empty values
  if (!(again == datum)) std::abort();
  avro::DatumToJson(schema, datum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  avro::ContainerReader reader({data, size});
  if (reader.Open()) return 0;
  const avro::Schema& schema = reader.header().schema->root();
  bool end = false;
  uint64_t records = 0;
  while (!end) {
    avro::ContainerReader::Block block;
    if (reader.Next(&block, &end) || end) break;
    for (uint64_t i = 0; i < block.records; ++i) {
      if (++records > kMaxRecords) return 0;
      avro::Datum datum;
      size_t used = 0;
      if (avro::DecodeDatum(schema, block.bytes, &datum, &used)) return 0;
      TryRecord(schema, block.bytes, datum, used);
      block.bytes = block.bytes.subspan(used);
    }
  }
  return 0;
}
