#include "avro/compressor.h"
#include "avro/container.h"
#include "avro/varint.h"

namespace avro {
namespace {

void AppendText(std::string_view text, std::string* out) {
  AppendVarint(static_cast<int64_t>(text.size()), out);
  *out += text;
}

void AppendSync(const Sync& sync, std::string* out) { out->append(sync.begin(), sync.end()); }

}  // namespace

ContainerWriter::ContainerWriter(std::string_view schema_json, Codec codec, const Sync& sync)
    : codec_(codec), sync_(sync) {
  if (codec_ != Codec::Null) compressor_ = std::make_unique<Compressor>(codec_);
  bytes_ = "Obj\1";
  AppendVarint(2, &bytes_);
  AppendText("avro.codec", &bytes_);
  AppendText(CodecName(codec_), &bytes_);
  AppendText("avro.schema", &bytes_);
  AppendText(schema_json, &bytes_);
  AppendVarint(0, &bytes_);
  AppendSync(sync_, &bytes_);
}

ContainerWriter::~ContainerWriter() = default;

void ContainerWriter::Append(std::span<const uint8_t> encoded, uint64_t records) {
  block_.insert(block_.end(), encoded.begin(), encoded.end());
  block_records_ += records;
  if (block_.size() >= kBlockTarget || block_records_ >= kBlockTarget) Flush();
}

void ContainerWriter::Flush() {
  if (block_records_ == 0) return;
  AppendVarint(static_cast<int64_t>(block_records_), &bytes_);
  if (compressor_ == nullptr) {
    AppendVarint(static_cast<int64_t>(block_.size()), &bytes_);
    bytes_.append(reinterpret_cast<const char*>(block_.data()), block_.size());
  } else {
    const std::span<const uint8_t> packed = compressor_->Compress(block_);
    AppendVarint(static_cast<int64_t>(packed.size()), &bytes_);
    bytes_.append(reinterpret_cast<const char*>(packed.data()), packed.size());
  }
  AppendSync(sync_, &bytes_);
  block_.clear();
  block_records_ = 0;
}

}  // namespace avro
