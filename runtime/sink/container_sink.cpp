#include "runtime/sink/container_sink.h"

#include <xxhash.h>
#include <cstring>

namespace rulert {
namespace {

avro::Sync SyncOf(const std::string& schema_json, const std::string& output) {
  const std::string text = output + '\0' + schema_json;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data(), text.size()));
  avro::Sync sync;
  static_assert(sizeof canonical.digest == avro::kSyncSize);
  std::memcpy(sync.data(), canonical.digest, sync.size());
  return sync;
}

}  // namespace

ContainerSink::ContainerSink(std::shared_ptr<Sink> bytes, const std::string& schema_json, const std::string& output,
                             avro::Codec codec)
    : bytes_(std::move(bytes)), writer_(schema_json, codec, SyncOf(schema_json, output)) {}

Error ContainerSink::HandOn() {
  if (writer_.bytes().empty()) return {};
  Error error = bytes_->Write(writer_.bytes(), 0);
  writer_.bytes().clear();
  return error;
}

Error ContainerSink::Write(std::string_view bytes, uint64_t records) {
  writer_.Append({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, records);
  return HandOn();
}

Error ContainerSink::Flush() { return bytes_->Flush(); }

Error ContainerSink::Prepare(uint64_t epoch) {
  writer_.Flush();
  if (Error error = HandOn()) return error;
  return bytes_->Prepare(epoch);
}

}  // namespace rulert
