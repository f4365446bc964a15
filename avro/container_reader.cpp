#include "avro/container_reader.h"

#include <cstring>

namespace avro {

ContainerError ContainerReader::Open() {
  const ContainerError error = ParseContainerHeader(file_, &header_, KnownCodecs::All);
  if (!error) at_ = header_.size;
  return error;
}

ContainerError ContainerReader::Next(Block* block, bool* end) {
  *end = at_ == file_.size();
  if (*end) return {};
  BlockHead head;
  if (ContainerError error = ParseBlockHead(file_.subspan(at_), at_, &head)) return error;
  *block = {++blocks_, at_, static_cast<uint64_t>(head.records), {}};
  const uint64_t have = file_.size() - at_;
  const uint64_t want = head.head_size + static_cast<uint64_t>(head.size) + kSyncSize;
  if (have < want) return CutBlock(blocks_, at_, have, want);
  const size_t payload_at = at_ + head.head_size;
  const size_t sync_at = payload_at + static_cast<size_t>(head.size);
  if (std::memcmp(file_.data() + sync_at, header_.sync.data(), kSyncSize) != 0) return WrongSync(blocks_, sync_at);
  block->bytes = file_.subspan(payload_at, static_cast<size_t>(head.size));
  if (header_.codec != Codec::Null) {
    size_t size = 0;
    const ContainerError error =
        decompressor_.Decompress(header_.codec, block->bytes, payload_at, 0, &unpacked_, &size);
    if (error) return error;
    block->bytes = std::span<const uint8_t>(unpacked_.data(), size);
  }
  at_ = sync_at + kSyncSize;
  return {};
}

}  // namespace avro
