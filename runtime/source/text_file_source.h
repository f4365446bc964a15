// Files of JSON lines or CSV as one partition, one file after the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/source/file_list.h"
#include "runtime/source/input_limits.h"
#include "runtime/source/source.h"

namespace rulert {

struct TextForm {
  BlockFormat format = BlockFormat::JsonLines;  // or Csv
  bool header = true;                           // CSV: is the first record of each file the names of its columns?
  std::optional<Compression> compression;       // absent: by the ending of each file
};

// Hands out blocks of about 1 MiB (see Block for where they end), of pipes what is there. A byte order mark at the
// start of a file is left out. Memory: one block, or one line if that is longer.
//
// Damage: a line beyond the limit is a Problem and left out. Of compressed files that are cut or damaged, the whole
// lines before count; then the file has failed.
class TextFileSource final : public Source {
 public:
  static Result<std::unique_ptr<TextFileSource>> Open(std::vector<std::string> paths, const TextForm& form,
                                                      const InputLimits& limits);

  void Read(ReadResult* result) override;
  void Decoded(uint64_t bytes, uint64_t records) override;
  SourcePosition position() const override { return {files_.file(), files_.at(), 0, offset_}; }
  Error Seek(const SourcePosition& position) override;
  void Pause() override { paused_ = true; }
  void Resume() override { paused_ = false; }
  Error Verify() const override { return files_.Verify(); }
  bool LeaveFile(SourceProblem problem) override {
    files_.Lose(std::move(problem));
    return true;
  }
  int wait_descriptor() const override { return files_.wait_descriptor(); }
  uint64_t bytes_read() const override { return files_.bytes_read(); }

 private:
  enum class Step : uint8_t { Again, Done };

  TextFileSource(FileList files, const TextForm& form, const InputLimits& limits);
  size_t BlockBytes() const;
  Step Begin(ReadResult* result);
  Step ReadHeader(ReadResult* result);
  Step ReadLines(ReadResult* result);
  Step SkipLine(ReadResult* result);
  Step Deliver(const ByteView& view, uint64_t size, bool open, ReadResult* result);
  Step More(const ByteView& view, ReadResult* result);
  Step Fail(Error error, ReadResult* result);
  Step LoseFile(const char* cause, std::string message);

  // Constant after construction.
  TextForm form_;
  InputLimits limits_;
  // Changed by Read, Decoded and Seek.
  FileList files_;
  int64_t offset_ = 0;
  bool paused_ = false;
  bool begun_ = false;     // the mark and the header of the file are behind us
  bool skipping_ = false;  // inside a line that is too long
  size_t want_;            // bytes of the next block
  size_t in_vain_ = 0;     // bytes that were looked at and hold no whole record
  std::string header_;
  Error failed_;
};

}  // namespace rulert
