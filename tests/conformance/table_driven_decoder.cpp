#include "avro/resolution.h"
#include "tests/conformance/decoders.h"

namespace conformance {
namespace {

class TableDriven final : public Decoder {
 public:
  std::string name() const override { return "table-driven"; }

  Decoded Decode(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader,
                 std::span<const uint8_t> bytes) override {
    const avro::ResolvedSchemas resolved = avro::ResolveSchemas(writer, reader);
    if (resolved.resolution == nullptr) return {.error = resolved.error.message};
    Decoded decoded;
    avro::Datum datum;
    const avro::DecodeError error = avro::DecodeResolved(*resolved.resolution, bytes, &datum, &decoded.used);
    if (error) return {.error = error.message};
    decoded.value = ToAvroJson(resolved.resolution->reader().root(), datum);
    return decoded;
  }
};

}  // namespace

std::unique_ptr<Decoder> TableDrivenDecoder() { return std::make_unique<TableDriven>(); }

}  // namespace conformance
