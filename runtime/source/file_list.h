// The files of a partition, read one behind the other as a stream of bytes each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/source/byte_input.h"
#include "runtime/source/source.h"

namespace rulert {

// What sources of text and messages share: which file is open, and where in it the next record begins.
class FileList {
 public:
  // `compression` of all files; absent: by their endings.
  FileList(std::vector<std::string> paths, std::optional<Compression> compression)
      : paths_(std::move(paths)), compression_(compression) {}

  // Sees that each file is there.
  Error Check() const;
  bool done() const { return file_ == paths_.size(); }
  const std::string& path() const { return paths_[file_]; }
  size_t file() const { return file_; }
  uint64_t at() const { return at_; }  // byte of the (unpacked) file
  uint64_t bytes_read() const { return bytes_before_ + at_; }
  bool is_open() const { return input_ != nullptr; }
  ByteInput& input() { return *input_; }

  Error Open();
  Result<ByteView> View(size_t want) { return input_->At(at_, want); }
  void Advance(uint64_t bytes) { at_ += bytes; }
  void Next();
  // The file was not shortened while it was read.
  Error Verify() const;
  // The rest of the open file is not to be read. What Lose() took is told once, when the file is left.
  void Lose(SourceProblem problem) { lost_ = std::move(problem); }
  bool LeaveLost(SourceProblem* problem);
  Error Seek(uint64_t file, uint64_t byte);
  int wait_descriptor() const { return input_ ? input_->wait_descriptor() : -1; }
  // "`trades.csv` at byte 17"
  std::string Place(uint64_t byte) const { return "`" + path() + "` at byte " + std::to_string(byte); }

 private:
  // Constant after construction.
  std::vector<std::string> paths_;
  std::optional<Compression> compression_;
  // Changed by Open, Advance, Next and Seek.
  size_t file_ = 0;
  uint64_t at_ = 0;
  uint64_t bytes_before_ = 0;
  std::unique_ptr<ByteInput> input_;
  std::optional<SourceProblem> lost_;
};

}  // namespace rulert
