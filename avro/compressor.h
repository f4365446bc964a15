// Packs the blocks of container files.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "avro/container.h"

namespace avro {

// One for each writer; not shared between threads. Equal input gives equal output.
class Compressor {
 public:
  // Any codec but Null.
  explicit Compressor(Codec codec);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // The block as the file stores it, a snappy block's checksum included; valid until the next call.
  std::span<const uint8_t> Compress(std::span<const uint8_t> block);

 private:
  size_t Deflate(std::span<const uint8_t> block);
  size_t Snappy(std::span<const uint8_t> block);
  size_t Zstandard(std::span<const uint8_t> block);
  size_t Bzip2(std::span<const uint8_t> block);
  size_t Xz(std::span<const uint8_t> block);

  Codec codec_;
  void* handle_ = nullptr;  // of libdeflate or libzstd
  std::vector<uint8_t> packed_;
};

}  // namespace avro
