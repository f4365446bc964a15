// Bytes to a file that appears whole or not at all, and bytes to a stream such as standard output.
#pragma once

#include <memory>
#include <string>

#include "runtime/sink/sink.h"

namespace rulert {

// Buffers and writes to a descriptor; knows no epochs of its own. A closed reader is ErrorKind::Closed.
class DescriptorWriter {
 public:
  DescriptorWriter(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  Error Write(std::string_view bytes);
  Error Flush();
  void Drop() { buffer_.clear(); }

 private:
  Error WriteNow(std::string_view bytes);

  static constexpr size_t kBuffer = size_t{256} << 10;
  int fd_;
  std::string name_;
  std::string buffer_;
};

// Writes to `<path>.tmp-<process>-<number>` beside the target and renames it into place at Commit, so that nothing
// half-written is ever seen under the target's name. Symbolic links are followed. Something that is no regular file (a
// FIFO, /dev/null) is written to directly.
class FileSink final : public Sink {
 public:
  static Result<std::unique_ptr<FileSink>> Create(const std::string& given);
  ~FileSink() override;

  Error Write(std::string_view bytes, uint64_t records) override;
  Error Flush() override;
  Error Prepare(uint64_t epoch) override;
  Error Commit(uint64_t epoch) override;
  void Abort(uint64_t epoch) override;

 private:
  FileSink(int fd, std::string path, std::string temporary)
      : fd_(fd), path_(path), temporary_(std::move(temporary)), writer_(fd, std::move(path)) {}
  // What was written so far, if it has not been renamed.
  void Remove();
  void StartWriting(uint64_t bytes);

  int fd_;
  std::string path_;
  std::string temporary_;  // empty: written in place, or already renamed
  DescriptorWriter writer_;
  uint64_t not_started_ = 0;  // bytes of which the system was not asked yet to write them to the disk
};

// Standard output. Shared by all outputs that go there.
class StdoutSink final : public Sink {
 public:
  StdoutSink();
  Error Write(std::string_view bytes, uint64_t records) override;
  Error Flush() override { return writer_.Flush(); }
  Error Prepare(uint64_t) override { return writer_.Flush(); }
  Error Commit(uint64_t) override { return {}; }
  void Abort(uint64_t) override { writer_.Drop(); }

 private:
  bool terminal_;
  DescriptorWriter writer_;
};

}  // namespace rulert
