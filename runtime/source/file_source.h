// The files of a partition, read one behind the other: what is the same for every format.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/source/byte_input.h"
#include "runtime/source/source.h"

namespace rulert {

// Knows which file is open, where in it reading goes on, and what is over:
//
//   no file             --Open-->               before the records
//   before the records  --Begin-->              among the records
//   among the records   --EndFile, LoseFile-->  no file: the next one's turn
//   any                 --an error-->           failed, which only Seek leaves
//
// A format derives from this and says how a file begins (Begin) and what its next block is (ReadBlock). An error that
// they return is of the system, or says that the file is of another format: nothing is read behind it. What costs no
// more than the rest of the file is left to LoseFile.
class FileSource : public Source {
 public:
  void Read(ReadResult* result) final;
  SourcePosition position() const final { return position_; }
  Error Seek(const SourcePosition& position) final;
  void Pause() final { paused_ = true; }
  void Resume() final { paused_ = false; }
  // The file was not shortened while it was read.
  Error Verify() const final;
  bool LeaveFile(SourceProblem problem) final;
  int wait_descriptor() const final { return input_ ? input_->wait_descriptor() : -1; }

 protected:
  enum class Step : uint8_t {
    Again,  // go on: there is nothing to tell yet
    Told    // *result tells something
  };

  // `compression` of all files; absent: by their endings.
  FileSource(std::vector<std::string> paths, std::optional<Compression> compression)
      : paths_(std::move(paths)), compression_(compression) {}
  // `made`, if each of its files is there.
  template <typename Format>
  static Result<std::unique_ptr<Format>> IfReadable(std::unique_ptr<Format> made) {
    if (Error error = made->CheckFiles()) return error;
    return made;
  }

  // Reads what stands before the records of a file, and forgets what it knew of another one. Called again if it waits.
  virtual Result<Step> Begin(ReadResult* result) = 0;
  // Looks at what stands at position(), and goes behind it (or Decoded does).
  virtual Result<Step> ReadBlock(ReadResult* result) = 0;
  // Does ReadBlock heed position().skip?
  virtual bool skips_records() const { return false; }

  const std::string& path() const { return paths_[position_.file]; }
  uint64_t at() const { return position_.byte; }  // byte of the (unpacked) file
  Result<ByteView> View(size_t want) { return input_->At(at(), want); }
  Result<ByteView> ViewAt(uint64_t byte, size_t want) { return input_->At(byte, want); }
  // Why a view that ended did so, if that is not the end it was meant to have.
  Error InputFailure() const { return input_->failure(); }

  void Advance(uint64_t bytes, uint64_t records);
  // The records do not begin before `byte`.
  void BeginAt(uint64_t byte) { position_.byte = std::max(position_.byte, byte); }
  Step Wait(ReadResult* result);
  // A block that begins at position().
  Block* NewBlock(ReadResult* result) const;
  // "`trades.csv` at byte 17"
  std::string Place(uint64_t byte) const { return "`" + path() + "` at byte " + std::to_string(byte); }
  SourceProblem ProblemAt(uint64_t byte, const char* cause, const std::string& why, uint64_t records) const;
  Step Tell(SourceProblem problem, ReadResult* result);
  // The record at position() is bad, and `bytes` long as far as that is known.
  Step LeaveOut(const char* cause, const std::string& why, uint64_t bytes, ReadResult* result);
  // The input has ended, as it was meant to or not.
  Step EndFile();
  // The rest of the file is not to be read, which is told once the block before it is done.
  Step LoseFile(SourceProblem problem);
  // Loses the file if it was shortened: what was just seen of it is not to be believed.
  bool LoseIfChanged();

 private:
  Error CheckFiles() const;
  Result<Step> Go(ReadResult* result);
  Error Open();
  void NextFile();

  // Constant after construction.
  std::vector<std::string> paths_;
  std::optional<Compression> compression_;
  // Changed by Read, Decoded and Seek.
  SourcePosition position_;
  std::unique_ptr<ByteInput> input_;
  bool begun_ = false;
  bool paused_ = false;
  std::optional<SourceProblem> lost_;  // told by the next Read, which leaves the file
  Error failed_;                       // told by each Read
};

}  // namespace rulert
