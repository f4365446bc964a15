#include "runtime/source/avro_file_source.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "runtime/abi/abi.h"
#include "runtime/base/stop_signal.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr size_t kHeaderFirst = size_t{64} << 10;
constexpr size_t kHeaderMost = size_t{64} << 20;
constexpr size_t kHeadMost = 20;  // two varints
constexpr size_t kSearchWindow = size_t{1} << 20;
// Records may be empty, so a block's count is not bounded by its size; this bounds the time that a lie costs.
constexpr int64_t kMostEmptyRecords = int64_t{1} << 24;

constexpr const char* kCut = "cut file";

}  // namespace

Result<std::unique_ptr<AvroFileSource>> AvroFileSource::Open(std::vector<std::string> paths, const InputLimits& limits,
                                                             std::optional<Compression> compression) {
  return IfReadable(std::unique_ptr<AvroFileSource>(new AvroFileSource(std::move(paths), limits, compression)));
}

Result<FileSource::Step> AvroFileSource::Begin(ReadResult* result) {
  search_.reset();
  for (size_t want = kHeaderFirst;; want = std::min(want * 4, kHeaderMost)) {
    const auto view = ViewAt(0, want);
    if (!view.ok()) return view.error();
    const avro::ContainerError error =
        avro::ParseContainerHeader({view->bytes, view->size}, &header_, avro::KnownCodecs::All);
    if (!error) break;
    const bool cut = error.kind == avro::ContainerError::Kind::Cut;
    if (cut && !view->ended && view->size < want) return Wait(result);
    if (cut && !view->ended && want < kHeaderMost) continue;
    if (cut) return LoseEnd(error.byte, error.message);
    const std::string_view start(reinterpret_cast<const char*>(view->bytes), view->size);
    if (const std::string packed = PackedHint(start); !packed.empty()) {
      return Error::Environment("`" + path() + "`: " + packed);
    }
    return Error::Environment(Place(error.byte) + ": " + error.message);
  }
  schemas_.push_back(header_.schema);
  BeginAt(header_.size);
  return Step::Again;
}

Result<FileSource::Step> AvroFileSource::ReadBlock(ReadResult* result) {
  if (search_) return FindSync(result);
  const auto start = View(kHeadMost);
  if (!start.ok()) return start.error();
  if (start->size == 0 && start->ended) return EndFile();
  avro::BlockHead head;
  if (const auto error = avro::ParseBlockHead({start->bytes, start->size}, at(), &head)) {
    if (error.kind != avro::ContainerError::Kind::Cut) return Damaged(error.message, error.byte, at(), 0);
    if (start->ended) return LoseEnd(error.byte, error.message);
    return Wait(result);
  }
  if (head.records > head.size && head.records > kMostEmptyRecords) {
    return Damaged(
        "a block claims " + std::to_string(head.records) + " records in " + std::to_string(head.size) + " bytes", at(),
        at(), 0);
  }
  if (static_cast<uint64_t>(head.size) > limits_.block_bytes) {
    return Damaged("a block claims " + Grouped(static_cast<uint64_t>(head.size)) + " bytes, more than the " +
                       Grouped(limits_.block_bytes) + " that are read",
                   at(), at() + head.head_size, static_cast<uint64_t>(head.records));
  }
  const auto size = static_cast<size_t>(head.size);
  const auto block = View(head.head_size + size + avro::kSyncSize);
  if (!block.ok()) return block.error();
  if (LoseIfChanged()) return Step::Again;
  if (block->size < head.head_size + size + avro::kSyncSize) {
    if (block->ended) return Cut(head, *block, result);
    return Wait(result);
  }
  const uint8_t* payload = block->bytes + head.head_size;
  if (std::memcmp(payload + size, header_.sync.data(), avro::kSyncSize) != 0) {
    if (LoseIfChanged()) return Step::Again;
    return Damaged("the sync marker behind a block is wrong", at() + head.head_size + size, at() + head.head_size,
                   static_cast<uint64_t>(head.records));
  }
  return Deliver(head, {payload, size, false}, false, result);
}

Result<FileSource::Step> AvroFileSource::Deliver(const avro::BlockHead& head, const ByteView& payload, bool cut,
                                                 ReadResult* result) {
  const uint64_t payload_at = at() + head.head_size;
  const auto records = static_cast<uint64_t>(head.records);
  Block* block = NewBlock(result);
  block->bytes = payload.bytes;
  block->size = payload.size;
  if (header_.codec != avro::Codec::Null) {
    size_t size = 0;
    const auto error = decompressor_.Decompress(header_.codec, {payload.bytes, payload.size}, payload_at, RULERT_SLACK,
                                                &unpacked_, &size);
    std::string why = error.message;
    if (why.empty() && size > limits_.block_bytes) {
      why = "a block unpacks to " + Grouped(size) + " bytes, more than the " + Grouped(limits_.block_bytes) +
            " that are read";
    }
    if (!why.empty()) return Damaged(why, payload_at, payload_at + payload.size, records);
    block->bytes = unpacked_.data();
    block->size = size;
    block->compressed = true;
  }
  block->records = records;
  block->skip = std::min(position().skip, records);
  block->cut = cut;
  block->file_byte = payload_at;
  block->writer = header_.schema.get();
  Advance(head.head_size + payload.size + avro::kSyncSize, records - block->skip);
  return records == 0 && block->size == 0 ? Step::Again : Step::Told;
}

// The file ends before the block does. If a sync marker follows all the same, the block's size is a lie; else what is
// there of an uncompressed block is handed out, and the next Read fails.
Result<FileSource::Step> AvroFileSource::Cut(const avro::BlockHead& head, const ByteView& view, ReadResult* result) {
  const uint64_t end = at() + view.size;
  const uint64_t payload_at = at() + head.head_size;
  const uint8_t* payload = view.bytes + std::min(view.size, head.head_size);
  const size_t size = static_cast<size_t>(end - std::min(end, payload_at));
  if (size > 0 && memmem(payload, size, header_.sync.data(), avro::kSyncSize) != nullptr) {
    return Damaged("a block claims " + std::to_string(head.size) + " bytes, more than the file holds", at(), payload_at,
                   0);
  }
  const std::string why = "the file ends inside a block of " + std::to_string(head.records) + " records";
  // A part of a compressed block is nothing; if only its marker is cut, all of its records are there.
  const bool usable = header_.codec == avro::Codec::Null ? size > 0 : size >= static_cast<size_t>(head.size);
  if (!usable) return LoseEnd(end, why);
  const auto step = Deliver(head, {payload, std::min(size, static_cast<size_t>(head.size)), true}, true, result);
  LoseEnd(end, why);
  return step;
}

FileSource::Step AvroFileSource::LoseEnd(uint64_t byte, const std::string& why) {
  if (InputFailure()) return EndFile();
  return LoseFile(ProblemAt(byte, kCut, why, 0));
}

// What is wrong is told when it is known where reading goes on.
FileSource::Step AvroFileSource::Damaged(const std::string& why, uint64_t byte, uint64_t search_from, uint64_t lost) {
  search_ = Search{search_from, ProblemAt(byte, "damaged block", why, lost - std::min(lost, position().skip))};
  return Step::Again;
}

Result<FileSource::Step> AvroFileSource::FindSync(ReadResult* result) {
  while (StopSignal() == 0) {
    const auto view = ViewAt(search_->from, kSearchWindow);
    if (!view.ok()) return view.error();
    const void* found =
        view->size == 0 ? nullptr : memmem(view->bytes, view->size, header_.sync.data(), avro::kSyncSize);
    if (found != nullptr) {
      const auto ahead = static_cast<uint64_t>(static_cast<const uint8_t*>(found) - view->bytes);
      Advance(search_->from + ahead + avro::kSyncSize - at(), search_->problem.records);
      return Tell(std::exchange(search_, std::nullopt)->problem, result);
    }
    if (view->ended) {
      search_->problem.message += ", and no further block is found";
      return LoseFile(std::exchange(search_, std::nullopt)->problem);
    }
    if (view->size < kSearchWindow) break;
    search_->from += view->size - (avro::kSyncSize - 1);
  }
  return Wait(result);
}

}  // namespace rulert
