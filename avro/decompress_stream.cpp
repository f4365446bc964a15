// Codecs whose libraries unpack piece by piece, so that room grows with what comes out.
#include <bzlib.h>
#include <lzma.h>

#include <algorithm>
#include <new>

#include "avro/decompressor.h"
#include "avro/unpack_buffer.h"

namespace avro {
namespace {

constexpr size_t kMinOutput = 4096;
constexpr size_t kFirstExpansion = 4;
// Enough for what `xz -9` writes (a dictionary of 64 MiB).
constexpr uint64_t kXzMemory = uint64_t{80} << 20;

void ReserveFirst(std::span<const uint8_t> payload, UnpackBuffer* buffer) {
  buffer->Reserve(std::max(payload.size() * kFirstExpansion, kMinOutput));
}

// Where the next bytes go. At the limit a single byte more is offered: if it stays unused, the block just fits.
class Room {
 public:
  explicit Room(UnpackBuffer* buffer) : buffer_(buffer) {
    if (buffer->size() == buffer->capacity()) at_limit_ = !buffer->Grow();
  }
  uint8_t* data() { return at_limit_ ? &beyond_ : buffer_->data() + buffer_->size(); }
  size_t size() const { return at_limit_ ? 1 : buffer_->capacity() - buffer_->size(); }
  // False: more came than may.
  bool Take(size_t unused) {
    if (at_limit_) return unused == 1;
    buffer_->set_size(buffer_->capacity() - unused);
    return true;
  }

 private:
  UnpackBuffer* buffer_;
  bool at_limit_ = false;
  uint8_t beyond_ = 0;
};

}  // namespace

Decompressor::Outcome Decompressor::Bzip2(std::span<const uint8_t> payload, UnpackBuffer* buffer) {
  ReserveFirst(payload, buffer);
  bz_stream stream = {};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw std::bad_alloc();
  stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(payload.data()));
  stream.avail_in = static_cast<unsigned>(payload.size());
  int result = BZ_OK;
  bool fits = true;
  // Room left without an end means that the payload is cut.
  for (bool full = true; fits && full && result == BZ_OK;) {
    Room room(buffer);
    stream.next_out = reinterpret_cast<char*>(room.data());
    stream.avail_out = static_cast<unsigned>(room.size());
    result = BZ2_bzDecompress(&stream);
    fits = room.Take(stream.avail_out);
    full = stream.avail_out == 0;
  }
  BZ2_bzDecompressEnd(&stream);
  if (!fits) return Outcome::TooLarge;
  return result == BZ_STREAM_END && stream.avail_in == 0 ? Outcome::Done : Outcome::Damaged;
}

Decompressor::Outcome Decompressor::Xz(std::span<const uint8_t> payload, UnpackBuffer* buffer) {
  ReserveFirst(payload, buffer);
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kXzMemory, 0) != LZMA_OK) throw std::bad_alloc();
  stream.next_in = payload.data();
  stream.avail_in = payload.size();
  lzma_ret result = LZMA_OK;
  bool fits = true;
  for (bool full = true; fits && full && result == LZMA_OK;) {
    Room room(buffer);
    stream.next_out = room.data();
    stream.avail_out = room.size();
    result = lzma_code(&stream, LZMA_FINISH);
    fits = room.Take(stream.avail_out);
    full = stream.avail_out == 0;
  }
  lzma_end(&stream);
  if (!fits || result == LZMA_MEMLIMIT_ERROR) return Outcome::TooLarge;
  return result == LZMA_STREAM_END && stream.avail_in == 0 ? Outcome::Done : Outcome::Damaged;
}

}  // namespace avro
