// Single Avro messages, one behind the other: docs/formats/messages.md has the framings.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "runtime/source/file_list.h"
#include "runtime/source/input_limits.h"
#include "runtime/source/source.h"

namespace rulert {

enum class Framing : uint8_t {
  Length,        // 4 bytes of length, big-endian, then a datum
  Bare,          // datum after datum
  Single,        // C3 01, fingerprint, datum; and so on
  LengthSingle,  // 4 bytes of length, then the same
  Confluent      // 4 bytes of length, 0, 4 bytes of registry id, datum
};
std::string_view FramingName(Framing framing);  // as `?framing=` has it: "length-single"
std::optional<Framing> FramingNamed(std::string_view name);

// By what the messages of a stream may have been written.
struct MessageSchemas {
  avro::SchemaPtr only;                                // Length and Bare
  std::map<uint64_t, avro::SchemaPtr> by_fingerprint;  // CRC-64-AVRO: Single and LengthSingle
  std::map<uint32_t, avro::SchemaPtr> by_id;           // Confluent
  std::map<uint32_t, std::string> other_ids;           // Confluent: of other schemas, "bank.Account/9"
};

// Hands out messages of one schema that follow each other as one block (of 1 MiB, if no message is longer).
//
// Damage: a message by an unknown schema is a Problem and left out (of Single, all bytes up to the next known one). A
// length beyond the limit, and a datum of Bare or Single that cannot be stepped over, end the file: nothing tells where
// the next message begins.
class MessageSource final : public Source {
 public:
  static Result<std::unique_ptr<MessageSource>> Open(std::vector<std::string> paths,
                                                     std::optional<Compression> compression, Framing framing,
                                                     MessageSchemas schemas, const InputLimits& limits);

  void Read(ReadResult* result) override;
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
  enum class FrameKind : uint8_t {
    Message,
    More,     // of `bytes` bytes at least
    Unknown,  // the schema is; `bytes` are left out
    Broken    // nothing tells where the next one begins
  };
  struct Frame {
    FrameKind kind = FrameKind::More;
    size_t bytes = 0;  // the frame's
    const avro::SchemaDocument* schema = nullptr;
    size_t datum = 0;  // where in the frame the datum begins; it ends with the frame
    std::string message;
  };

  MessageSource(FileList files, Framing framing, MessageSchemas schemas, const InputLimits& limits);
  Step ReadMessages(ReadResult* result);
  Step Deliver(ReadResult* result);
  Step Fail(Error error, ReadResult* result);
  Step LoseFile(const char* cause, std::string message);
  Step Unknown(const Frame& frame, ReadResult* result);
  Frame FrameOf(ByteView view) const;
  // The envelope and datum of a frame whose length is known, or which is to be found by stepping over the datum.
  Frame Envelope(const ByteView& view, size_t from, std::optional<size_t> end) const;
  Frame Datum(const ByteView& view, size_t from, std::optional<size_t> end, const avro::SchemaDocument* schema) const;
  Frame SkipUnknown(const ByteView& view, std::string message) const;
  void Take(const ByteView& view, const Frame& frame);

  // Constant after construction.
  Framing framing_;
  MessageSchemas schemas_;
  InputLimits limits_;
  // Changed by Read and Seek.
  FileList files_;
  int64_t offset_ = 0;
  bool paused_ = false;
  size_t want_;
  std::vector<uint8_t> bytes_;  // of the block that is being put together
  std::vector<uint32_t> starts_;
  const avro::SchemaDocument* writer_ = nullptr;
  uint64_t block_byte_ = 0;
  Error failed_;
};

}  // namespace rulert
