#include "runtime/source/file_source.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace rulert {

Error FileSource::CheckFiles() const {
  for (const std::string& path : paths_) {
    if (path != "-" && access(path.c_str(), R_OK) != 0) {
      return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
    }
  }
  return {};
}

void FileSource::Read(ReadResult* result) {
  while (!failed_) {
    if (paused_) {
      Wait(result);
      return;
    }
    if (lost_) {
      result->kind = ReadKind::FileFailed;
      result->problem = *std::exchange(lost_, std::nullopt);
      NextFile();
      return;
    }
    if (position_.file == paths_.size()) {
      result->kind = ReadKind::End;
      return;
    }
    const auto step = Go(result);
    if (!step.ok()) {
      failed_ = step.error();
    } else if (*step == Step::Told) {
      return;
    }
  }
  result->kind = ReadKind::Failed;
  result->error = failed_;
}

Result<FileSource::Step> FileSource::Go(ReadResult* result) {
  if (!input_) {
    if (Error error = Open()) return error;
  }
  if (!begun_) {
    auto step = Begin(result);
    begun_ = step.ok() && *step == Step::Again;
    return step;
  }
  if (LoseIfChanged()) return Step::Again;
  return ReadBlock(result);
}

Error FileSource::Open() {
  auto input = OpenByteInput(path());
  if (!input.ok()) return input.error();
  input_ = UnpackInput(std::move(*input), compression_.value_or(CompressionOf(path())), path());
  return {};
}

void FileSource::NextFile() {
  input_.reset();
  begun_ = false;
  position_ = {position_.file + 1, 0, 0, position_.offset};
}

Error FileSource::Seek(const SourcePosition& position) {
  if (position.file > paths_.size()) return Error::Environment("position is behind the last file of the partition");
  if (position.skip != 0 && !skips_records()) {
    return Error::Environment("a position in this format names its record by the byte alone");
  }
  if (input_ && !input_->can_go_back() && (path() == "-" || wait_descriptor() >= 0)) {
    return Error::Environment("cannot go back in `" + path() + "`");
  }
  input_.reset();
  begun_ = false;
  lost_.reset();
  failed_ = {};
  position_ = position;
  return {};
}

Error FileSource::Verify() const {
  if (input_ && input_->truncated()) return Error::Data("`" + path() + "` became shorter while it was read");
  return {};
}

bool FileSource::LeaveFile(SourceProblem problem) {
  LoseFile(std::move(problem));
  return true;
}

void FileSource::Advance(uint64_t bytes, uint64_t records) {
  position_.byte += bytes;
  position_.offset += static_cast<int64_t>(records);
  position_.skip = 0;
}

FileSource::Step FileSource::Wait(ReadResult* result) {
  result->kind = ReadKind::Wait;
  return Step::Told;
}

Block* FileSource::NewBlock(ReadResult* result) const {
  result->kind = ReadKind::Block;
  result->block = {};
  result->block.first_offset = position_.offset - static_cast<int64_t>(position_.skip);
  result->block.file_byte = position_.byte;
  result->block.file = &path();
  return &result->block;
}

SourceProblem FileSource::ProblemAt(uint64_t byte, const char* cause, const std::string& why, uint64_t records) const {
  return {cause, Place(byte) + ": " + why, path(), byte, position_.offset, records};
}

FileSource::Step FileSource::Tell(SourceProblem problem, ReadResult* result) {
  result->kind = ReadKind::Problem;
  result->problem = std::move(problem);
  return Step::Told;
}

FileSource::Step FileSource::LeaveOut(const char* cause, const std::string& why, uint64_t bytes, ReadResult* result) {
  SourceProblem problem = ProblemAt(at(), cause, why, 1);
  problem.damage = false;
  Advance(bytes, 1);
  return Tell(std::move(problem), result);
}

FileSource::Step FileSource::EndFile() {
  if (Error failure = InputFailure()) {
    return LoseFile({"damaged file", failure.message(), path(), position_.byte, position_.offset, 0});
  }
  NextFile();
  return Step::Again;
}

FileSource::Step FileSource::LoseFile(SourceProblem problem) {
  lost_ = std::move(problem);
  return Step::Again;
}

bool FileSource::LoseIfChanged() {
  const Error changed = Verify();
  if (changed) LoseFile({"input changed", changed.message(), path(), position_.byte, position_.offset, 0});
  return static_cast<bool>(changed);
}

}  // namespace rulert
