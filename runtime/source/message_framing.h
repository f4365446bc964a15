// How single Avro messages are told apart: docs/formats/messages.md has the framings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "avro/schema.h"
#include "runtime/source/byte_input.h"

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
  size_t datum = 0;     // where in the frame the datum begins; it ends with the frame
  std::string message;  // what is wrong; of More: what would be, if no more came
  bool open = false;    // of Unknown: what follows is a part of the same, unless it begins with a known mark
};

class MessageFramer {
 public:
  // `most`: bytes of a message.
  MessageFramer(Framing framing, MessageSchemas schemas, uint64_t most)
      : framing_(framing), schemas_(std::move(schemas)), most_(most) {}
  // What the bytes begin with.
  Frame First(const ByteView& view) const;

 private:
  // The envelope and datum of a frame whose length is known, or which is to be found by stepping over the datum.
  Frame Envelope(const ByteView& view, size_t from, std::optional<size_t> end) const;
  Frame ByFingerprint(const ByteView& view, size_t from, std::optional<size_t> end) const;
  Frame ById(const ByteView& view, size_t from, size_t end) const;
  Frame Datum(const ByteView& view, size_t from, std::optional<size_t> end, const avro::SchemaDocument* schema) const;
  Frame Unknown(const ByteView& view, std::optional<size_t> end, std::string message) const;

  // Constant after construction.
  Framing framing_;
  MessageSchemas schemas_;
  uint64_t most_;
};

}  // namespace rulert
