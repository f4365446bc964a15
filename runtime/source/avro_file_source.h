// Avro object container files as one partition, one file after the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avro/container.h"
#include "avro/decompressor.h"
#include "runtime/source/byte_input.h"
#include "runtime/source/input_limits.h"
#include "runtime/source/source.h"

namespace rulert {

// Blocks of uncompressed files are handed out where they are mapped; others are unpacked into one buffer. Memory: one
// window of the file (16 MiB, or one block if that is larger) and one unpacked block (256 MiB at most).
//
// Damage: a file that ends inside a block gives the records before its end and is then told to have failed. A wrong
// head, sync marker or compression is a Problem, and reading goes on behind the next sync marker; where there is none,
// the file has failed.
class AvroFileSource final : public Source {
 public:
  // `paths` in reading order; a lone `-` is standard input. Opens nothing yet except to see that files are there.
  // `compression` is that of whole files; absent: by the ending of each.
  static Result<std::unique_ptr<AvroFileSource>> Open(std::vector<std::string> paths, const InputLimits& limits = {},
                                                      std::optional<Compression> compression = {});

  void Read(ReadResult* result) override;
  SourcePosition position() const override { return {file_, at_, skip_, offset_}; }
  Error Seek(const SourcePosition& position) override;
  void Pause() override { paused_ = true; }
  void Resume() override { paused_ = false; }
  Error Verify() const override;
  bool LeaveFile(SourceProblem problem) override {
    lost_file_ = std::move(problem);
    return true;
  }
  int wait_descriptor() const override { return input_ ? input_->wait_descriptor() : -1; }
  uint64_t bytes_read() const override { return bytes_before_ + at_; }

 private:
  enum class Step : uint8_t { Again, Done };

  AvroFileSource(std::vector<std::string> paths, const InputLimits& limits, std::optional<Compression> compression)
      : paths_(std::move(paths)),
        limits_(limits),
        compression_(compression),
        decompressor_(static_cast<size_t>(limits.block_bytes)) {}
  const std::string& path() const { return paths_[file_]; }

  Step OpenFile(ReadResult* result);
  Step ReadHeader(ReadResult* result);
  Step ReadBlock(ReadResult* result);
  Step Deliver(const avro::BlockHead& head, const ByteView& payload, bool cut, ReadResult* result);
  Step Cut(const avro::BlockHead& head, const ByteView& view, ReadResult* result);
  Step Damaged(std::string message, uint64_t byte, uint64_t search_from, uint64_t lost, ReadResult* result);
  Step Fail(Error error, ReadResult* result);
  Step LoseFile(const char* cause, uint64_t byte, std::string message);
  // Of a file that ends at `byte`, where it should not: `cut` says so, unless it ends because it cannot be unpacked.
  Step LoseEnd(uint64_t byte, std::string cut);
  Step Wait(ReadResult* result);
  void NextFile();
  // Byte behind the next sync marker at or behind `from`; nothing if there is none.
  Result<std::optional<uint64_t>> FindSync(uint64_t from);

  // Constant after construction.
  std::vector<std::string> paths_;
  InputLimits limits_;
  std::optional<Compression> compression_;
  // Changed by Read and Seek only.
  size_t file_ = 0;
  uint64_t at_ = 0;  // byte of the file where the next block begins; 0: before the header
  uint64_t skip_ = 0;
  int64_t offset_ = 0;
  uint64_t bytes_before_ = 0;  // size of the files before this one
  bool paused_ = false;
  std::unique_ptr<ByteInput> input_;
  bool header_read_ = false;
  avro::ContainerHeader header_;
  std::vector<avro::SchemaPtr> schemas_;  // of all files so far: blocks refer to them
  avro::Decompressor decompressor_;
  std::vector<uint8_t> unpacked_;
  Error failed_;                            // reported by each Read
  std::optional<SourceProblem> lost_file_;  // reported by the next Read, which leaves the file
};

}  // namespace rulert
