#include <libdeflate.h>

#include <new>

#include "avro/container.h"
#include "avro/varint.h"

namespace avro {
namespace {

constexpr int kDeflateLevel = 6;

libdeflate_compressor* Handle(void* handle) { return static_cast<libdeflate_compressor*>(handle); }

void AppendText(std::string_view text, std::string* out) {
  AppendVarint(static_cast<int64_t>(text.size()), out);
  *out += text;
}

void AppendSync(const Sync& sync, std::string* out) { out->append(sync.begin(), sync.end()); }

}  // namespace

ContainerWriter::ContainerWriter(std::string_view schema_json, Codec codec, const Sync& sync)
    : codec_(codec), sync_(sync) {
  if (codec_ == Codec::Deflate) {
    compressor_ = libdeflate_alloc_compressor(kDeflateLevel);
    if (compressor_ == nullptr) throw std::bad_alloc();
  }
  bytes_ = "Obj\1";
  AppendVarint(2, &bytes_);
  AppendText("avro.codec", &bytes_);
  AppendText(codec_ == Codec::Deflate ? "deflate" : "null", &bytes_);
  AppendText("avro.schema", &bytes_);
  AppendText(schema_json, &bytes_);
  AppendVarint(0, &bytes_);
  AppendSync(sync_, &bytes_);
}

ContainerWriter::~ContainerWriter() {
  if (compressor_ != nullptr) libdeflate_free_compressor(Handle(compressor_));
}

void ContainerWriter::Append(std::span<const uint8_t> encoded, uint64_t records) {
  block_.insert(block_.end(), encoded.begin(), encoded.end());
  block_records_ += records;
  if (block_.size() >= kBlockTarget || block_records_ >= kBlockTarget) Flush();
}

void ContainerWriter::Flush() {
  if (block_records_ == 0) return;
  AppendVarint(static_cast<int64_t>(block_records_), &bytes_);
  if (codec_ == Codec::Null) {
    AppendVarint(static_cast<int64_t>(block_.size()), &bytes_);
    bytes_.append(reinterpret_cast<const char*>(block_.data()), block_.size());
  } else {
    std::string packed(libdeflate_deflate_compress_bound(Handle(compressor_), block_.size()), '\0');
    const size_t size =
        libdeflate_deflate_compress(Handle(compressor_), block_.data(), block_.size(), packed.data(), packed.size());
    AppendVarint(static_cast<int64_t>(size), &bytes_);
    bytes_.append(packed, 0, size);
  }
  AppendSync(sync_, &bytes_);
  block_.clear();
  block_records_ = 0;
}

}  // namespace avro
