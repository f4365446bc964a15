#include "avro/compressor.h"

#include <bzlib.h>
#include <libdeflate.h>
#include <lzma.h>
#include <snappy-c.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace avro {
namespace {

constexpr int kDeflateLevel = 6;
constexpr int kZstandardLevel = 3;
constexpr uint32_t kXzPreset = 6;
constexpr size_t kBzip2Step = 100'000;  // of its block sizes 1 to 9
constexpr size_t kBzip2Most = 9;

// Every codec takes any bytes, given room enough.
void Require(bool done, Codec codec) {
  if (done) return;
  std::fprintf(stderr, "packing a block with %s failed\n", std::string(CodecName(codec)).c_str());
  std::abort();
}

libdeflate_compressor* DeflateHandle(void* handle) { return static_cast<libdeflate_compressor*>(handle); }
ZSTD_CCtx* ZstandardHandle(void* handle) { return static_cast<ZSTD_CCtx*>(handle); }

// The libraries take text, or bytes that they do not change, without const.
char* Text(const uint8_t* bytes) { return const_cast<char*>(reinterpret_cast<const char*>(bytes)); }

}  // namespace

Compressor::Compressor(Codec codec) : codec_(codec) {
  if (codec == Codec::Deflate) handle_ = libdeflate_alloc_compressor(kDeflateLevel);
  if (codec == Codec::Zstandard) handle_ = ZSTD_createCCtx();
  const bool needs_handle = codec == Codec::Deflate || codec == Codec::Zstandard;
  if (needs_handle && handle_ == nullptr) throw std::bad_alloc();
}

Compressor::~Compressor() {
  if (handle_ == nullptr) return;
  if (codec_ == Codec::Deflate) libdeflate_free_compressor(DeflateHandle(handle_));
  if (codec_ == Codec::Zstandard) ZSTD_freeCCtx(ZstandardHandle(handle_));
}

std::span<const uint8_t> Compressor::Compress(std::span<const uint8_t> block) {
  size_t size = 0;
  switch (codec_) {
    case Codec::Null: Require(false, codec_); break;
    case Codec::Deflate: size = Deflate(block); break;
    case Codec::Snappy: size = Snappy(block); break;
    case Codec::Zstandard: size = Zstandard(block); break;
    case Codec::Bzip2: size = Bzip2(block); break;
    case Codec::Xz: size = Xz(block); break;
  }
  return std::span<const uint8_t>(packed_).first(size);
}

size_t Compressor::Deflate(std::span<const uint8_t> block) {
  packed_.resize(libdeflate_deflate_compress_bound(DeflateHandle(handle_), block.size()));
  const size_t size =
      libdeflate_deflate_compress(DeflateHandle(handle_), block.data(), block.size(), packed_.data(), packed_.size());
  Require(size > 0, codec_);
  return size;
}

// The specification puts the CRC-32 of the unpacked bytes behind them, big-endian.
size_t Compressor::Snappy(std::span<const uint8_t> block) {
  size_t size = snappy_max_compressed_length(block.size());
  packed_.resize(size + sizeof(uint32_t));
  Require(snappy_compress(Text(block.data()), block.size(), Text(packed_.data()), &size) == SNAPPY_OK, codec_);
  const uint32_t crc = libdeflate_crc32(0, block.data(), block.size());
  for (int shift = 24; shift >= 0; shift -= 8) packed_[size++] = static_cast<uint8_t>(crc >> shift);
  return size;
}

size_t Compressor::Zstandard(std::span<const uint8_t> block) {
  packed_.resize(ZSTD_compressBound(block.size()));
  const size_t size = ZSTD_compressCCtx(ZstandardHandle(handle_), packed_.data(), packed_.size(), block.data(),
                                        block.size(), kZstandardLevel);
  Require(ZSTD_isError(size) == 0, codec_);
  return size;
}

size_t Compressor::Bzip2(std::span<const uint8_t> block) {
  // The room that its documentation asks for.
  packed_.resize(block.size() + block.size() / 100 + 600);
  auto size = static_cast<unsigned>(packed_.size());
  const size_t steps = std::clamp<size_t>(block.size() / kBzip2Step + 1, 1, kBzip2Most);
  char empty = 0;
  char* source = block.empty() ? &empty : Text(block.data());
  const int result = BZ2_bzBuffToBuffCompress(Text(packed_.data()), &size, source, static_cast<unsigned>(block.size()),
                                              static_cast<int>(steps), 0, 0);
  Require(result == BZ_OK, codec_);
  return size;
}

size_t Compressor::Xz(std::span<const uint8_t> block) {
  packed_.resize(lzma_stream_buffer_bound(block.size()));
  lzma_options_lzma options;
  Require(!lzma_lzma_preset(&options, kXzPreset), codec_);
  // A dictionary beyond the block costs memory of writer and readers and gains nothing.
  options.dict_size = std::clamp(static_cast<uint32_t>(block.size()), uint32_t{LZMA_DICT_SIZE_MIN}, options.dict_size);
  lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  size_t size = 0;
  const lzma_ret result = lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC64, nullptr, block.data(), block.size(),
                                                    packed_.data(), &size, packed_.size());
  Require(result == LZMA_OK, codec_);
  return size;
}

}  // namespace avro
