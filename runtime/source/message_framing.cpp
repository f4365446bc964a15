#include "runtime/source/message_framing.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "avro/datum.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

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

Frame MessageFramer::First(const ByteView& view) const {
  if (framing_ == Framing::Bare) return Datum(view, 0, std::nullopt, schemas_.only.get());
  if (framing_ == Framing::Single) return Envelope(view, 0, std::nullopt);
  if (view.size < kLengthSize) return {FrameKind::More, kLengthSize};
  const size_t length = BigEndian(view.bytes);
  if (length > most_) {
    return {FrameKind::Broken, 0, nullptr, 0,
            "a message claims " + Grouped(length) + " bytes, more than the " + Grouped(most_) + " that are read"};
  }
  const size_t end = kLengthSize + length;
  if (view.size < end) return {FrameKind::More, end};
  if (framing_ == Framing::Length) return Datum(view, kLengthSize, end, schemas_.only.get());
  return Envelope(view, kLengthSize, end);
}

Frame MessageFramer::Envelope(const ByteView& view, size_t from, std::optional<size_t> end) const {
  const size_t size = framing_ == Framing::Confluent ? kIdSize : kFingerprintSize;
  if (end && *end - from < size) {
    return Unknown(view, end,
                   "a message of " + std::to_string(*end - from) + " bytes has no room for the mark of its schema");
  }
  if (view.size - from < size) return {FrameKind::More, from + size};
  return framing_ == Framing::Confluent ? ById(view, from, *end) : ByFingerprint(view, from, end);
}

Frame MessageFramer::ById(const ByteView& view, size_t from, size_t end) const {
  if (view.bytes[from] != 0) return Unknown(view, end, "a message does not begin with a zero");
  const uint32_t id = BigEndian(view.bytes + from + 1);
  if (const auto* schema = Find(schemas_.by_id, id)) return Datum(view, from + kIdSize, end, schema);
  const auto other = schemas_.other_ids.find(id);
  const std::string why = other == schemas_.other_ids.end() ? "not in ids.json" : "that of `" + other->second + "`";
  return Unknown(view, end, "the registry id " + std::to_string(id) + " is " + why);
}

Frame MessageFramer::ByFingerprint(const ByteView& view, size_t from, std::optional<size_t> end) const {
  const uint8_t* at = view.bytes + from;
  if (!std::equal(kSingleMark.begin(), kSingleMark.end(), at)) {
    return Unknown(view, end, "a message does not begin with C3 01");
  }
  const uint64_t fingerprint = LittleEndian64(at + kSingleMark.size());
  if (const auto* schema = Find(schemas_.by_fingerprint, fingerprint)) {
    return Datum(view, from + kFingerprintSize, end, schema);
  }
  return Unknown(view, end, "no version that is known has the fingerprint " + Hex(fingerprint));
}

Frame MessageFramer::Datum(const ByteView& view, size_t from, std::optional<size_t> end,
                           const avro::SchemaDocument* schema) const {
  if (end) return {FrameKind::Message, *end, schema, from, ""};
  size_t used = 0;
  const auto error = avro::SkipDatum(schema->root(), {view.bytes + from, view.size - from}, &used);
  // Bytes that are cut and bytes that are wrong look alike until no more can come.
  if (error) return {FrameKind::More, view.size + 1, nullptr, 0, error.message};
  if (from + used == 0) return {FrameKind::Broken, 0, nullptr, 0, "a message by this schema takes no bytes"};
  return {FrameKind::Message, from + used, schema, from, ""};
}

// Without lengths, the next message by a known schema is where its mark stands.
Frame MessageFramer::Unknown(const ByteView& view, std::optional<size_t> end, std::string message) const {
  if (end) return {FrameKind::Unknown, *end, nullptr, 0, std::move(message)};
  const std::string_view text(reinterpret_cast<const char*>(view.bytes), view.size);
  const std::string_view mark(reinterpret_cast<const char*>(kSingleMark.data()), kSingleMark.size());
  for (size_t at = text.find(mark, 1); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    if (view.size - at < kFingerprintSize) break;
    if (Find(schemas_.by_fingerprint, LittleEndian64(view.bytes + at + mark.size())) != nullptr) {
      return {FrameKind::Unknown, at, nullptr, 0, std::move(message)};
    }
  }
  const size_t kept = view.ended ? 0 : kFingerprintSize - 1;
  return {FrameKind::Unknown, std::max(view.size, kept + 1) - kept, nullptr, 0, std::move(message), true};
}

}  // namespace rulert
