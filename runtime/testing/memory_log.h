// A partitioned log in memory that is both a source and a sink: what one job writes another can read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/sink/sink.h"
#include "runtime/source/source.h"

namespace rulert {

// Records of one schema in Avro binary. Not for several threads. Readers and writers must not outlive it.
class MemoryLog {
 public:
  explicit MemoryLog(const std::string& schema_json, size_t partitions = 1);

  void Append(size_t partition, std::span<const uint8_t> record);
  // Readers come to an end when they have read everything; until then they wait for more.
  void Close() { closed_ = true; }

  // `block_records`: most records of one block.
  std::unique_ptr<Source> Read(size_t partition, uint64_t block_records = 100);
  // What is written shows in the partition when its epoch is committed. Each Write is one entry of the log, whatever
  // the number of records in it.
  std::shared_ptr<Sink> Write(size_t partition);

  const std::vector<std::string>& entries(size_t partition) const { return partitions_[partition]; }
  // All entries of a partition, one behind the other.
  std::string Text(size_t partition) const;

 private:
  class Reader;
  class Writer;

  avro::SchemaPtr schema_;
  std::vector<std::vector<std::string>> partitions_;
  bool closed_ = false;
};

}  // namespace rulert
