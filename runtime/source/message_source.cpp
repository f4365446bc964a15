#include "runtime/source/message_source.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "avro/datum.h"
#include "runtime/abi/abi.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr size_t kWindow = size_t{1} << 20;
constexpr size_t kBlockRecords = size_t{1} << 16;
constexpr size_t kLengthSize = 4;
constexpr size_t kIdSize = 5;  // a zero and four bytes
constexpr size_t kFingerprintSize = 10;
constexpr std::array<uint8_t, 2> kSingleMark = {0xC3, 0x01};

constexpr std::array<std::string_view, 5> kFramingNames = {"length", "bare", "single", "length-single", "confluent"};

uint32_t BigEndian(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

uint64_t LittleEndian64(const uint8_t* bytes) {
  uint64_t value = 0;
  for (size_t i = 8; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::string Hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

template <typename Key>
const avro::SchemaDocument* Find(const std::map<Key, avro::SchemaPtr>& schemas, Key key) {
  const auto found = schemas.find(key);
  return found == schemas.end() ? nullptr : found->second.get();
}

}  // namespace

std::string_view FramingName(Framing framing) { return kFramingNames[static_cast<size_t>(framing)]; }

std::optional<Framing> FramingNamed(std::string_view name) {
  for (size_t i = 0; i < kFramingNames.size(); ++i) {
    if (kFramingNames[i] == name) return static_cast<Framing>(i);
  }
  return std::nullopt;
}

Result<std::unique_ptr<MessageSource>> MessageSource::Open(std::vector<std::string> paths,
                                                           std::optional<Compression> compression, Framing framing,
                                                           MessageSchemas schemas, const InputLimits& limits) {
  FileList files(std::move(paths), compression);
  if (Error error = files.Check()) return error;
  return std::unique_ptr<MessageSource>(new MessageSource(std::move(files), framing, std::move(schemas), limits));
}

MessageSource::MessageSource(FileList files, Framing framing, MessageSchemas schemas, const InputLimits& limits)
    : framing_(framing), schemas_(std::move(schemas)), limits_(limits), files_(std::move(files)), want_(kWindow) {}

Error MessageSource::Seek(const SourcePosition& position) {
  if (position.skip != 0) return Error::Environment("a position among messages names its message by the byte alone");
  if (Error error = files_.Seek(position.file, position.byte)) return error;
  failed_ = {};
  offset_ = position.offset;
  want_ = kWindow;
  return {};
}

void MessageSource::Read(ReadResult* result) {
  if (failed_) {
    result->kind = ReadKind::Failed;
    result->error = failed_;
    return;
  }
  if (paused_) {
    result->kind = ReadKind::Wait;
    return;
  }
  bytes_.clear();
  starts_.clear();
  writer_ = nullptr;
  while (true) {
    if (files_.LeaveLost(&result->problem)) {
      result->kind = ReadKind::FileFailed;
      return;
    }
    if (files_.done()) {
      result->kind = ReadKind::End;
      return;
    }
    if (!files_.is_open()) {
      if (Error error = files_.Open()) {
        Fail(std::move(error), result);
        return;
      }
    }
    if (ReadMessages(result) == Step::Done) return;
  }
}

MessageSource::Step MessageSource::Fail(Error error, ReadResult* result) {
  failed_ = std::move(error);
  result->kind = ReadKind::Failed;
  result->error = failed_;
  return Step::Done;
}

MessageSource::Step MessageSource::LoseFile(const char* cause, std::string message) {
  files_.Lose({cause, std::move(message), files_.path(), files_.at(), offset_, 0});
  return Step::Again;
}

// What stands in the window, up to a change of schema or something that must be reported in its place.
MessageSource::Step MessageSource::ReadMessages(ReadResult* result) {
  if (Error error = Verify()) return LoseFile("input changed", error.message());
  const auto window = files_.View(want_);
  if (!window.ok()) return Fail(window.error(), result);
  ByteView view = *window;
  while (true) {
    if (view.size == 0 && view.ended) {
      if (!starts_.empty()) return Deliver(result);
      if (Error failure = files_.input().failure()) return LoseFile("damaged file", failure.message());
      files_.Next();
      return Step::Again;
    }
    const Frame frame = FrameOf(view);
    if (frame.kind == FrameKind::Message && (writer_ == nullptr || writer_ == frame.schema) &&
        starts_.size() < kBlockRecords && bytes_.size() < kWindow) {
      Take(view, frame);
      view.bytes += frame.bytes;
      view.size -= frame.bytes;
      continue;
    }
    if (!starts_.empty()) return Deliver(result);
    switch (frame.kind) {
      case FrameKind::Message: break;
      case FrameKind::Unknown: return Unknown(frame, result);
      case FrameKind::Broken: return LoseFile("damaged message", files_.Place(files_.at()) + ": " + frame.message);
      case FrameKind::More:
        if (view.ended) {
          if (Error failure = files_.input().failure()) return LoseFile("damaged file", failure.message());
          const std::string why = frame.message.empty() ? "the file ends inside a message" : frame.message;
          return LoseFile("cut file", files_.Place(files_.at()) + ": " + why);
        }
        if (window->size < want_) {
          result->kind = ReadKind::Wait;
          return Step::Done;
        }
        if (want_ > limits_.block_bytes + kWindow) {
          return LoseFile("damaged message", files_.Place(files_.at()) + ": no message ends within " +
                                                 Grouped(limits_.block_bytes) + " bytes; " + frame.message);
        }
        want_ = std::max(want_ * 2, frame.bytes);
        return Step::Again;
    }
  }
}

MessageSource::Frame MessageSource::FrameOf(ByteView view) const {
  if (framing_ == Framing::Bare) return Datum(view, 0, std::nullopt, schemas_.only.get());
  if (framing_ == Framing::Single) return Envelope(view, 0, std::nullopt);
  if (view.size < kLengthSize) return {FrameKind::More, kLengthSize};
  const size_t length = BigEndian(view.bytes);
  if (length > limits_.block_bytes) {
    return {FrameKind::Broken, 0, nullptr, 0,
            "a message claims " + Grouped(length) + " bytes, more than the " + Grouped(limits_.block_bytes) +
                " that are read"};
  }
  const size_t end = kLengthSize + length;
  if (view.size < end) return {FrameKind::More, end};
  if (framing_ == Framing::Length) return Datum(view, kLengthSize, end, schemas_.only.get());
  return Envelope(view, kLengthSize, end);
}

MessageSource::Frame MessageSource::Envelope(const ByteView& view, size_t from, std::optional<size_t> end) const {
  const bool confluent = framing_ == Framing::Confluent;
  const size_t size = confluent ? kIdSize : kFingerprintSize;
  const uint8_t* at = view.bytes + from;
  if (end && *end - from < size) {
    return {FrameKind::Unknown, *end, nullptr, 0,
            "a message of " + std::to_string(*end - from) + " bytes has no room for the mark of its schema"};
  }
  if (view.size - from < size) return {FrameKind::More, from + size};
  if (confluent) {
    if (at[0] != 0) return {FrameKind::Unknown, *end, nullptr, 0, "a message does not begin with a zero"};
    const uint32_t id = BigEndian(at + 1);
    const auto* schema = Find(schemas_.by_id, id);
    if (schema == nullptr) {
      const auto other = schemas_.other_ids.find(id);
      return {FrameKind::Unknown, *end, nullptr, 0,
              "the registry id " + std::to_string(id) +
                  (other == schemas_.other_ids.end() ? " is not in ids.json" : " is that of `" + other->second + "`")};
    }
    return Datum(view, from + size, end, schema);
  }
  if (at[0] != kSingleMark[0] || at[1] != kSingleMark[1]) {
    std::string message = "a message does not begin with C3 01";
    if (!end) return SkipUnknown(view, std::move(message));
    return {FrameKind::Unknown, *end, nullptr, 0, std::move(message)};
  }
  const uint64_t fingerprint = LittleEndian64(at + kSingleMark.size());
  const auto* schema = Find(schemas_.by_fingerprint, fingerprint);
  if (schema != nullptr) return Datum(view, from + size, end, schema);
  std::string message = "no version that is known has the fingerprint " + Hex(fingerprint);
  if (!end) return SkipUnknown(view, std::move(message));
  return {FrameKind::Unknown, *end, nullptr, 0, std::move(message)};
}

MessageSource::Frame MessageSource::Datum(const ByteView& view, size_t from, std::optional<size_t> end,
                                          const avro::SchemaDocument* schema) const {
  if (end) return {FrameKind::Message, *end, schema, from, ""};
  size_t used = 0;
  const auto error = avro::SkipDatum(schema->root(), {view.bytes + from, view.size - from}, &used);
  // Bytes that are cut and bytes that are wrong look alike until no more can come.
  if (error) return {FrameKind::More, view.size + 1, nullptr, 0, error.message};
  if (used == 0) return {FrameKind::Broken, 0, nullptr, 0, "a message by this schema takes no bytes"};
  return {FrameKind::Message, from + used, schema, from, ""};
}

// Without lengths, the next message by a known schema is where its mark stands.
MessageSource::Frame MessageSource::SkipUnknown(const ByteView& view, std::string message) const {
  const std::string_view text(reinterpret_cast<const char*>(view.bytes), view.size);
  const std::string_view mark(reinterpret_cast<const char*>(kSingleMark.data()), kSingleMark.size());
  for (size_t at = text.find(mark, 1); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    if (view.size - at < kFingerprintSize) break;
    if (Find(schemas_.by_fingerprint, LittleEndian64(view.bytes + at + mark.size())) != nullptr) {
      return {FrameKind::Unknown, at, nullptr, 0, std::move(message)};
    }
  }
  const size_t kept = view.ended ? 0 : kFingerprintSize - 1;
  return {FrameKind::Unknown, std::max(view.size, kept + 1) - kept, nullptr, 0, std::move(message)};
}

void MessageSource::Take(const ByteView& view, const Frame& frame) {
  if (starts_.empty()) block_byte_ = files_.at() + frame.datum;
  writer_ = frame.schema;
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  bytes_.insert(bytes_.end(), view.bytes + frame.datum, view.bytes + frame.bytes);
  files_.Advance(frame.bytes);
}

MessageSource::Step MessageSource::Unknown(const Frame& frame, ReadResult* result) {
  result->kind = ReadKind::Problem;
  result->problem = {"unknown schema",
                     files_.Place(files_.at()) + ": " + frame.message,
                     files_.path(),
                     files_.at(),
                     offset_++,
                     1,
                     false};
  files_.Advance(frame.bytes);
  return Step::Done;
}

MessageSource::Step MessageSource::Deliver(ReadResult* result) {
  Block& block = result->block;
  block = {};
  block.records = starts_.size();
  block.size = bytes_.size();
  starts_.push_back(static_cast<uint32_t>(block.size));
  bytes_.resize(bytes_.size() + RULERT_SLACK);
  block.bytes = bytes_.data();
  block.starts = starts_.data();
  block.first_offset = offset_;
  // Frames stand between the data, so that only the first one's byte is known.
  block.compressed = true;
  block.file_byte = block_byte_;
  block.file = &files_.path();
  block.writer = writer_;
  offset_ += static_cast<int64_t>(block.records);
  want_ = kWindow;
  result->kind = ReadKind::Block;
  return Step::Done;
}

}  // namespace rulert
