// Avro object container files as one partition, one file after the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avro/container.h"
#include "avro/decompressor.h"
#include "runtime/source/file_source.h"
#include "runtime/source/input_limits.h"

namespace rulert {

// Blocks of uncompressed files are handed out where they are mapped; others are unpacked into one buffer. Memory: one
// window of the file (16 MiB, or one block if that is larger) and one unpacked block (256 MiB at most).
//
// Damage: a file that ends inside a block gives the records before its end and is then told to have failed. A wrong
// head, sync marker or compression is a Problem, and reading goes on behind the next sync marker; where there is none,
// the file has failed.
class AvroFileSource final : public FileSource {
 public:
  // `paths` in reading order; a lone `-` is standard input. Opens nothing yet except to see that files are there.
  // `compression` is that of whole files; absent: by the ending of each.
  static Result<std::unique_ptr<AvroFileSource>> Open(std::vector<std::string> paths, const InputLimits& limits = {},
                                                      std::optional<Compression> compression = {});

 private:
  AvroFileSource(std::vector<std::string> paths, const InputLimits& limits, std::optional<Compression> compression)
      : FileSource(std::move(paths), compression),
        limits_(limits),
        decompressor_(static_cast<size_t>(limits.block_bytes)) {}

  Result<Step> Begin(ReadResult* result) override;
  Result<Step> ReadBlock(ReadResult* result) override;
  bool skips_records() const override { return true; }
  Result<Step> Deliver(const avro::BlockHead& head, const ByteView& payload, bool cut, ReadResult* result);
  Result<Step> Cut(const avro::BlockHead& head, const ByteView& view, ReadResult* result);
  // The file ends at `byte`, where it should not: `why` says so, unless it ends because it cannot be unpacked.
  Step LoseEnd(uint64_t byte, const std::string& why);
  Step Damaged(const std::string& why, uint64_t byte, uint64_t search_from, uint64_t lost);
  // Goes behind the next sync marker, and tells of the damage before it.
  Result<Step> FindSync(ReadResult* result);

  // For where reading goes on behind damage.
  struct Search {
    uint64_t from = 0;
    SourceProblem problem;
  };

  // Constant after construction.
  InputLimits limits_;
  // Changed by Read only.
  avro::ContainerHeader header_;
  std::vector<avro::SchemaPtr> schemas_;  // of all files so far: blocks refer to them
  avro::Decompressor decompressor_;
  std::vector<uint8_t> unpacked_;
  std::optional<Search> search_;
};

}  // namespace rulert
