#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "avro/container.h"
#include "avro/number_text.h"

namespace avro {
namespace {

using ErrorKind = ContainerError::Kind;

// Deflate expands at most 1,032 times, so the input bounds what is ever reserved.
constexpr size_t kMaxExpansion = 1032;
constexpr size_t kFirstExpansion = 4;
constexpr size_t kMinOutput = 4096;

libdeflate_decompressor* Handle(void* handle) { return static_cast<libdeflate_decompressor*>(handle); }

}  // namespace

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (decompressor_ == nullptr) throw std::bad_alloc();
}

Inflater::~Inflater() { libdeflate_free_decompressor(Handle(decompressor_)); }

// Bytes behind the end of the deflate stream are let pass: Apache Avro's Python library leaves part of a checksum.
ContainerError Inflater::Inflate(std::span<const uint8_t> payload, uint64_t at, size_t slack, std::vector<uint8_t>* out,
                                 size_t* out_size) {
  const size_t most = std::min<size_t>(payload.size() * kMaxExpansion + kMinOutput, kMaxBlockBytes);
  size_t capacity = std::min(most, std::max(payload.size() * kFirstExpansion, kMinOutput));
  if (out->size() > slack) capacity = std::max(capacity, std::min<size_t>(out->size() - slack, kMaxBlockBytes));
  while (true) {
    if (out->size() < capacity + slack) out->resize(capacity + slack);
    size_t used = 0;
    const libdeflate_result result = libdeflate_deflate_decompress_ex(
        Handle(decompressor_), payload.data(), payload.size(), out->data(), capacity, &used, out_size);
    if (result == LIBDEFLATE_SUCCESS) break;
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
      return {ErrorKind::BadCompression,
              "the " + WithCommas(uint64_t{payload.size()}) + " bytes of deflate data at byte " + WithCommas(at) +
                  " are damaged",
              at};
    }
    if (capacity >= most) {
      return {ErrorKind::TooLarge,
              "the deflate data at byte " + WithCommas(at) + " hold more than " + WithCommas(kMaxBlockBytes) + " bytes",
              at};
    }
    capacity = std::min(most, capacity * 2);
  }
  std::memset(out->data() + *out_size, 0, slack);
  return {};
}

}  // namespace avro
