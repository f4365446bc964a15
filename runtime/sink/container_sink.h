// An Avro object container around another sink's bytes.
#pragma once

#include <memory>
#include <string>

#include "avro/container.h"
#include "runtime/sink/sink.h"

namespace rulert {

// The sync marker is a hash of schema and output name, so that equal results are equal files. Takes records in Avro
// binary; the bytes of an epoch are whole blocks.
class ContainerSink final : public Sink {
 public:
  ContainerSink(std::shared_ptr<Sink> bytes, const std::string& schema_json, const std::string& output,
                avro::Codec codec = avro::Codec::Null);
  Error Write(std::string_view bytes, uint64_t records) override;
  Error Flush() override;
  Error Prepare(uint64_t epoch) override;
  Error Commit(uint64_t epoch) override { return bytes_->Commit(epoch); }
  void Abort(uint64_t epoch) override { bytes_->Abort(epoch); }

 private:
  Error HandOn();

  std::shared_ptr<Sink> bytes_;
  avro::ContainerWriter writer_;
};

}  // namespace rulert
