// Unpacks the blocks of container files, whatever their codec.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "avro/container.h"

namespace avro {

class UnpackBuffer;

// One for each reader; not shared between threads. Libraries' states are made when their codec is first met.
class Decompressor {
 public:
  // Refuses results over `most` bytes; of deflate, over 256 MiB whatever `most` is.
  explicit Decompressor(size_t most = static_cast<size_t>(kMaxBlockBytes)) : most_(most) {}
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Unpacks one block's payload into `out`, of which *out_size bytes are filled, with at least `slack` more readable
  // (zeroed) bytes reserved behind them; `at` is the payload's file offset, for messages. Any codec but Null.
  // Sizes that the payload claims are believed only as far as its own size bears them out; else room grows with what
  // is unpacked, and `out` keeps it for the next block.
  ContainerError Decompress(Codec codec, std::span<const uint8_t> payload, uint64_t at, size_t slack,
                            std::vector<uint8_t>* out, size_t* out_size);

 private:
  enum class Outcome : uint8_t { Done, Damaged, WrongChecksum, TooLarge };

  Outcome Snappy(std::span<const uint8_t> payload, UnpackBuffer* buffer);
  Outcome Zstandard(std::span<const uint8_t> payload, UnpackBuffer* buffer);
  static Outcome Bzip2(std::span<const uint8_t> payload, UnpackBuffer* buffer);
  static Outcome Xz(std::span<const uint8_t> payload, UnpackBuffer* buffer);

  size_t most_;
  std::unique_ptr<Inflater> inflater_;
  void* zstandard_ = nullptr;
};

}  // namespace avro
