// Any two schemas and any data: `writer NUL reader NUL data`. What is resolved gives values that fit the reader's
// schema; and data of a schema read as itself are what they are without resolution.
#include "avro/resolution.h"

#include <cstdlib>
#include <string_view>

#include "avro/compatibility.h"

namespace {

void SameAsWithout(const avro::SchemaPtr& schema, std::span<const uint8_t> bytes) {
  const avro::ResolvedSchemas resolved = avro::ResolveSchemas(schema, schema);
  if (resolved.resolution == nullptr) return;  // too large
  avro::Datum plain;
  avro::Datum read;
  size_t used = 0;
  size_t used_resolved = 0;
  const bool plain_fails = static_cast<bool>(avro::DecodeDatum(schema->root(), bytes, &plain, &used));
  const avro::DecodeError error = avro::DecodeResolved(*resolved.resolution, bytes, &read, &used_resolved);
  if (plain_fails && !error) std::abort();
  if (!plain_fails && !error && (!(plain == read) || used != used_resolved)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t first = text.find('\0');
  const size_t second = first == std::string_view::npos ? first : text.find('\0', first + 1);
  if (second == std::string_view::npos) return 0;
  const avro::SchemaPtr writer = avro::ParseSchema(text.substr(0, first)).document;
  const avro::SchemaPtr reader = avro::ParseSchema(text.substr(first + 1, second - first - 1)).document;
  if (writer == nullptr || reader == nullptr) return 0;
  const std::span<const uint8_t> bytes(data + second + 1, size - second - 1);
  SameAsWithout(writer, bytes);
  avro::CheckCompatibility(reader->root(), writer->root());
  avro::CompareLogicalTypes(reader->root(), writer->root());
  const avro::ResolvedSchemas resolved = avro::ResolveSchemas(writer, reader);
  if (resolved.resolution == nullptr) return 0;
  avro::Datum datum;
  size_t used = 0;
  if (avro::DecodeResolved(*resolved.resolution, bytes, &datum, &used)) return 0;
  std::vector<uint8_t> encoded;
  avro::EncodeDatum(reader->root(), datum, &encoded);
  return 0;
}
