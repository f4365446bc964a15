// Files of JSON lines or CSV as one partition, one file after the other.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/source/file_source.h"
#include "runtime/source/input_limits.h"

namespace rulert {

struct TextForm {
  BlockFormat format = BlockFormat::JsonLines;  // or Csv
  bool header = true;                           // CSV: is the first record of each file the names of its columns?
  std::optional<Compression> compression;       // absent: by the ending of each file
  char delimiter = ',';                         // CSV
};

// Hands out blocks of about 1 MiB (see Block for where they end), of pipes what is there. A byte order mark at the
// start of a file is left out. Memory: one block, or one line if that is longer.
//
// Damage: a line beyond the limit is a Problem and left out. Of compressed files that are cut or damaged, the whole
// lines before count; then the file has failed.
class TextFileSource final : public FileSource {
 public:
  static Result<std::unique_ptr<TextFileSource>> Open(std::vector<std::string> paths, const TextForm& form,
                                                      const InputLimits& limits);
  void Decoded(uint64_t bytes, uint64_t records) override;

 private:
  TextFileSource(std::vector<std::string> paths, const TextForm& form, const InputLimits& limits)
      : FileSource(std::move(paths), form.compression), form_(form), limits_(limits) {}

  Result<Step> Begin(ReadResult* result) override;
  Result<Step> ReadBlock(ReadResult* result) override;
  Result<Step> ReadHeader(uint64_t begin, ReadResult* result);
  Result<Step> SkipLine(ReadResult* result);
  Step Deliver(const ByteView& view, uint64_t size, bool open, ReadResult* result);

  bool has_header() const { return form_.format == BlockFormat::Csv && form_.header; }

  static constexpr size_t kBlock = size_t{1} << 20;
  // A block that is no longer than a line may be tells of each line that is.
  size_t BlockBytes() const { return std::min(kBlock, static_cast<size_t>(limits_.line_bytes) + 1); }
  void LookAnew() { ahead_ = {.want = BlockBytes()}; }

  // What was found out about the records at position().
  struct Ahead {
    bool skipping = false;  // inside a line that is too long
    size_t want = kBlock;   // bytes of the next block
    size_t in_vain = 0;     // bytes of CSV that were handed out and held no whole record
  };

  // Constant after construction.
  TextForm form_;
  InputLimits limits_;
  // Changed by Read and Decoded.
  Ahead ahead_;
  std::string header_;
};

}  // namespace rulert
