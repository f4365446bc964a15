#include "avro/decompressor.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <string>

#include "avro/number_text.h"
#include "avro/unpack_buffer.h"

namespace avro {
namespace {

using ErrorKind = ContainerError::Kind;

constexpr size_t kMinOutput = 4096;
constexpr size_t kFirstExpansion = 4;
// A snappy element of three bytes copies at most 64.
constexpr size_t kMaxSnappyExpansion = 22;
// A zstandard block is at least four bytes and gives at most 128 KiB.
constexpr size_t kMinZstandardBlock = 4;
constexpr size_t kMaxZstandardBlock = size_t{128} << 10;
// What a frame's header says of its size is believed up to this multiple of the payload.
constexpr size_t kLikelyExpansion = 64;

ZSTD_DCtx* ZstandardHandle(void* handle) { return static_cast<ZSTD_DCtx*>(handle); }

// The library may also know the formats before 1.0, which no Avro file ever had: their old code stays out of reach.
bool AreZstandardFrames(std::span<const uint8_t> payload) {
  if (payload.empty()) return false;
  while (!payload.empty()) {
    uint32_t magic = 0;
    if (payload.size() < sizeof(magic)) return false;
    for (size_t i = sizeof(magic); i-- > 0;) magic = magic << 8 | payload[i];
    if (magic != ZSTD_MAGICNUMBER && (magic & ZSTD_MAGIC_SKIPPABLE_MASK) != ZSTD_MAGIC_SKIPPABLE_START) return false;
    const size_t size = ZSTD_findFrameCompressedSize(payload.data(), payload.size());
    if (ZSTD_isError(size) != 0 || size > payload.size()) return false;
    payload = payload.subspan(size);
  }
  return true;
}

}  // namespace

Decompressor::~Decompressor() { ZSTD_freeDCtx(ZstandardHandle(zstandard_)); }

ContainerError Decompressor::Decompress(Codec codec, std::span<const uint8_t> payload, uint64_t at, size_t slack,
                                        std::vector<uint8_t>* out, size_t* out_size) {
  if (codec == Codec::Deflate) {
    if (inflater_ == nullptr) inflater_ = std::make_unique<Inflater>();
    return inflater_->Inflate(payload, at, slack, out, out_size);
  }
  UnpackBuffer buffer(out, slack, most_);
  Outcome outcome = Outcome::Damaged;
  switch (codec) {
    case Codec::Null:
    case Codec::Deflate: assert(false && "not unpacked here"); break;
    case Codec::Snappy: outcome = Snappy(payload, &buffer); break;
    case Codec::Zstandard: outcome = Zstandard(payload, &buffer); break;
    case Codec::Bzip2: outcome = Bzip2(payload, &buffer); break;
    case Codec::Xz: outcome = Xz(payload, &buffer); break;
  }
  const std::string what = std::string(CodecName(codec)) + " data at byte " + WithCommas(at);
  switch (outcome) {
    case Outcome::Done: break;
    case Outcome::Damaged:
      return {ErrorKind::BadCompression,
              "the " + WithCommas(uint64_t{payload.size()}) + " bytes of " + what + " are damaged", at};
    case Outcome::WrongChecksum:
      return {ErrorKind::BadCompression, "the " + what + " do not have the checksum that follows them", at};
    case Outcome::TooLarge:
      return {ErrorKind::TooLarge, "the " + what + " hold more than " + WithCommas(uint64_t{most_}) + " bytes", at};
  }
  buffer.ZeroSlack();
  *out_size = buffer.size();
  return {};
}

Decompressor::Outcome Decompressor::Snappy(std::span<const uint8_t> payload, UnpackBuffer* buffer) {
  if (payload.size() < sizeof(uint32_t)) return Outcome::Damaged;
  const auto packed = payload.first(payload.size() - sizeof(uint32_t));
  const char* text = reinterpret_cast<const char*>(packed.data());
  size_t size = 0;
  if (snappy_uncompressed_length(text, packed.size(), &size) != SNAPPY_OK) return Outcome::Damaged;
  if (size > packed.size() * kMaxSnappyExpansion) return Outcome::Damaged;
  if (size > buffer->most()) return Outcome::TooLarge;
  buffer->Reserve(std::max(size, kMinOutput));
  char* target = reinterpret_cast<char*>(buffer->data());
  if (snappy_uncompress(text, packed.size(), target, &size) != SNAPPY_OK) return Outcome::Damaged;
  uint32_t crc = 0;
  for (const uint8_t byte : payload.last(sizeof(uint32_t))) crc = crc << 8 | byte;
  buffer->set_size(size);
  return libdeflate_crc32(0, buffer->data(), size) == crc ? Outcome::Done : Outcome::WrongChecksum;
}

// A frame is unpacked in one go, again from its start if the room was too small: so no window is reserved, of which
// the frame's header could claim any size.
Decompressor::Outcome Decompressor::Zstandard(std::span<const uint8_t> payload, UnpackBuffer* buffer) {
  if (!AreZstandardFrames(payload)) return Outcome::Damaged;
  if (zstandard_ == nullptr) zstandard_ = ZSTD_createDCtx();
  if (zstandard_ == nullptr) throw std::bad_alloc();
  const unsigned long long claimed = ZSTD_getFrameContentSize(payload.data(), payload.size());
  const bool known = claimed != ZSTD_CONTENTSIZE_UNKNOWN && claimed != ZSTD_CONTENTSIZE_ERROR;
  const size_t credible = payload.size() * kLikelyExpansion + kMinOutput;
  const size_t guess = known ? std::min<size_t>(claimed, credible) : payload.size() * kFirstExpansion;
  buffer->Reserve(std::max(guess, kMinOutput));
  const size_t most = (payload.size() / kMinZstandardBlock + 1) * kMaxZstandardBlock;
  while (true) {
    const size_t size = ZSTD_decompressDCtx(ZstandardHandle(zstandard_), buffer->data(), buffer->capacity(),
                                            payload.data(), payload.size());
    if (ZSTD_isError(size) == 0) {
      buffer->set_size(size);
      return Outcome::Done;
    }
    if (ZSTD_getErrorCode(size) != ZSTD_error_dstSize_tooSmall || buffer->capacity() > most) return Outcome::Damaged;
    if (!buffer->Grow()) return Outcome::TooLarge;
  }
}

}  // namespace avro
