// Single Avro messages, one behind the other: docs/formats/messages.md has the framings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/source/file_source.h"
#include "runtime/source/input_limits.h"
#include "runtime/source/message_framing.h"

namespace rulert {

// Hands out messages of one schema that follow each other as one block (of 1 MiB, if no message is longer).
//
// Damage: a message by an unknown schema is a Problem and left out (of Single, all bytes up to the next known one). A
// length beyond the limit, and a datum of Bare or Single that cannot be stepped over, end the file: nothing tells where
// the next message begins.
class MessageSource final : public FileSource {
 public:
  static Result<std::unique_ptr<MessageSource>> Open(std::vector<std::string> paths,
                                                     std::optional<Compression> compression, Framing framing,
                                                     MessageSchemas schemas, const InputLimits& limits);

 private:
  MessageSource(std::vector<std::string> paths, std::optional<Compression> compression, MessageFramer framer,
                uint64_t most)
      : FileSource(std::move(paths), compression), framer_(std::move(framer)), most_(most) {}

  Result<Step> Begin(ReadResult* result) override;
  Result<Step> ReadBlock(ReadResult* result) override;
  Step Other(const Frame& frame, const ByteView& view, ReadResult* result);
  void Take(ByteView* view, const Frame& frame);

  // Constant after construction.
  MessageFramer framer_;
  uint64_t most_;  // bytes of a message
  // Changed by Read.
  size_t want_ = 0;
  bool skipping_ = false;       // inside bytes of which it was told that no known message begins there
  std::vector<uint8_t> bytes_;  // of the block that is being put together
  std::vector<uint32_t> starts_;
};

}  // namespace rulert
