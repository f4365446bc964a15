#include "runtime/source/avro_file_source.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
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
constexpr const char* kChanged = "input changed";

std::string AtByte(const std::string& path, uint64_t byte) { return "`" + path + "` at byte " + std::to_string(byte); }

}  // namespace

Result<std::unique_ptr<AvroFileSource>> AvroFileSource::Open(std::vector<std::string> paths, const InputLimits& limits,
                                                             std::optional<Compression> compression) {
  for (const std::string& path : paths) {
    if (path != "-" && access(path.c_str(), R_OK) != 0) {
      return Error::Environment("cannot open `" + path + "`: " + std::strerror(errno));
    }
  }
  return std::unique_ptr<AvroFileSource>(new AvroFileSource(std::move(paths), limits, compression));
}

Error AvroFileSource::Verify() const {
  if (input_ && input_->truncated()) {
    return Error::Data("`" + path() + "` became shorter while it was read");
  }
  return {};
}

Error AvroFileSource::Seek(const SourcePosition& position) {
  if (position.file > paths_.size()) return Error::Environment("position is behind the last file of the partition");
  // Of a file that is unpacked the start is read again.
  if (input_ && !input_->can_go_back() && (path() == "-" || input_->wait_descriptor() >= 0))
    return Error::Environment("cannot go back in `" + path() + "`");
  input_.reset();
  failed_ = {};
  lost_file_.reset();
  bytes_before_ = 0;
  file_ = position.file;
  at_ = position.byte;
  skip_ = position.skip;
  offset_ = position.offset;
  return {};
}

void AvroFileSource::Read(ReadResult* result) {
  if (failed_) {
    result->kind = ReadKind::Failed;
    result->error = failed_;
    return;
  }
  if (paused_) {
    result->kind = ReadKind::Wait;
    return;
  }
  while (true) {
    if (lost_file_) {
      result->kind = ReadKind::FileFailed;
      result->problem = *std::exchange(lost_file_, std::nullopt);
      NextFile();
      return;
    }
    if (file_ == paths_.size()) {
      result->kind = ReadKind::End;
      return;
    }
    const Step step = !input_ ? OpenFile(result) : !header_read_ ? ReadHeader(result) : ReadBlock(result);
    if (step == Step::Done) return;
  }
}

AvroFileSource::Step AvroFileSource::Fail(Error error, ReadResult* result) {
  failed_ = std::move(error);
  result->kind = ReadKind::Failed;
  result->error = failed_;
  return Step::Done;
}

AvroFileSource::Step AvroFileSource::LoseFile(const char* cause, uint64_t byte, std::string message) {
  lost_file_ = SourceProblem{cause, std::move(message), path(), byte, offset_, 0};
  return Step::Again;
}

AvroFileSource::Step AvroFileSource::LoseEnd(uint64_t byte, std::string cut) {
  if (Error failure = input_->failure()) return LoseFile("damaged file", byte, failure.message());
  return LoseFile(kCut, byte, std::move(cut));
}

AvroFileSource::Step AvroFileSource::OpenFile(ReadResult* result) {
  auto input = OpenByteInput(path());
  if (!input.ok()) return Fail(input.error(), result);
  input_ = UnpackInput(std::move(*input), compression_.value_or(CompressionOf(path())), path());
  header_read_ = false;
  return Step::Again;
}

AvroFileSource::Step AvroFileSource::ReadHeader(ReadResult* result) {
  for (size_t want = kHeaderFirst;; want = std::min(want * 4, kHeaderMost)) {
    const auto view = input_->At(0, want);
    if (!view.ok()) return Fail(view.error(), result);
    const avro::ContainerError error =
        avro::ParseContainerHeader({view->bytes, view->size}, &header_, avro::KnownCodecs::All);
    if (!error) break;
    const bool cut = error.kind == avro::ContainerError::Kind::Cut;
    if (cut && !view->ended && view->size < want) return Wait(result);
    if (cut && !view->ended && want < kHeaderMost) continue;
    const std::string message = AtByte(path(), error.byte) + ": " + error.message;
    return cut ? LoseEnd(error.byte, message) : Fail(Error::Environment(message), result);
  }
  schemas_.push_back(header_.schema);
  header_read_ = true;
  at_ = std::max<uint64_t>(at_, header_.size);
  return Step::Again;
}

AvroFileSource::Step AvroFileSource::Wait(ReadResult* result) {
  result->kind = ReadKind::Wait;
  return Step::Done;
}

void AvroFileSource::NextFile() {
  bytes_before_ += at_;
  input_.reset();
  ++file_;
  at_ = 0;
  skip_ = 0;
}

AvroFileSource::Step AvroFileSource::ReadBlock(ReadResult* result) {
  if (Error error = Verify()) return LoseFile(kChanged, at_, error.message());
  const auto start = input_->At(at_, kHeadMost);
  if (!start.ok()) return Fail(start.error(), result);
  if (start->size == 0 && start->ended) {
    if (input_->failure()) return LoseEnd(at_, "");
    NextFile();
    return Step::Again;
  }
  avro::BlockHead head;
  if (const auto error = avro::ParseBlockHead({start->bytes, start->size}, at_, &head)) {
    if (error.kind != avro::ContainerError::Kind::Cut) return Damaged(error.message, error.byte, at_, 0, result);
    if (start->ended) return LoseEnd(error.byte, AtByte(path(), error.byte) + ": " + error.message);
    return Wait(result);
  }
  if (head.records > head.size && head.records > kMostEmptyRecords) {
    return Damaged(
        "a block claims " + std::to_string(head.records) + " records in " + std::to_string(head.size) + " bytes", at_,
        at_, 0, result);
  }
  if (static_cast<uint64_t>(head.size) > limits_.block_bytes) {
    return Damaged("a block claims " + Grouped(static_cast<uint64_t>(head.size)) + " bytes, more than the " +
                       Grouped(limits_.block_bytes) + " that are read",
                   at_, at_ + head.head_size, static_cast<uint64_t>(head.records), result);
  }
  const auto size = static_cast<size_t>(head.size);
  const auto block = input_->At(at_, head.head_size + size + avro::kSyncSize);
  if (!block.ok()) return Fail(block.error(), result);
  if (Error error = Verify()) return LoseFile(kChanged, at_, error.message());
  if (block->size < head.head_size + size + avro::kSyncSize) {
    if (block->ended) return Cut(head, *block, result);
    return Wait(result);
  }
  const uint8_t* payload = block->bytes + head.head_size;
  if (std::memcmp(payload + size, header_.sync.data(), avro::kSyncSize) != 0) {
    if (Error error = Verify()) return LoseFile(kChanged, at_, error.message());
    return Damaged("the sync marker behind a block is wrong", at_ + head.head_size + size, at_ + head.head_size,
                   static_cast<uint64_t>(head.records), result);
  }
  return Deliver(head, {payload, size, false}, false, result);
}

AvroFileSource::Step AvroFileSource::Deliver(const avro::BlockHead& head, const ByteView& payload, bool cut,
                                             ReadResult* result) {
  const uint64_t payload_at = at_ + head.head_size;
  Block& block = result->block;
  block = {};
  block.bytes = payload.bytes;
  block.size = payload.size;
  if (header_.codec != avro::Codec::Null) {
    size_t size = 0;
    const auto error = decompressor_.Decompress(header_.codec, {payload.bytes, payload.size}, payload_at, RULERT_SLACK,
                                                &unpacked_, &size);
    std::string why = error.message;
    if (why.empty() && size > limits_.block_bytes) {
      why = "a block unpacks to " + Grouped(size) + " bytes, more than the " + Grouped(limits_.block_bytes) +
            " that are read";
    }
    if (!why.empty()) {
      return Damaged(std::move(why), payload_at, payload_at + payload.size, static_cast<uint64_t>(head.records),
                     result);
    }
    block.bytes = unpacked_.data();
    block.size = size;
    block.compressed = true;
  }
  block.records = static_cast<uint64_t>(head.records);
  block.skip = std::min(skip_, block.records);
  block.first_offset = offset_ - static_cast<int64_t>(skip_);
  block.cut = cut;
  block.file_byte = payload_at;
  block.file = &path();
  block.writer = header_.schema.get();
  offset_ = block.first_offset + head.records;
  skip_ = 0;
  at_ = payload_at + payload.size + avro::kSyncSize;
  result->kind = ReadKind::Block;
  return block.records == 0 && block.size == 0 ? Step::Again : Step::Done;
}

// The file ends before the block does. If a sync marker follows all the same, the block's size is a lie; else what is
// there of an uncompressed block is handed out, and the next Read fails.
AvroFileSource::Step AvroFileSource::Cut(const avro::BlockHead& head, const ByteView& view, ReadResult* result) {
  const uint64_t end = at_ + view.size;
  const uint64_t payload_at = at_ + head.head_size;
  const uint8_t* payload = view.bytes + std::min(view.size, head.head_size);
  const size_t size = static_cast<size_t>(end - std::min(end, payload_at));
  if (size > 0 && memmem(payload, size, header_.sync.data(), avro::kSyncSize) != nullptr) {
    return Damaged("a block claims " + std::to_string(head.size) + " bytes, more than the file holds", at_, payload_at,
                   0, result);
  }
  std::string cut =
      AtByte(path(), end) + ": the file ends inside a block of " + std::to_string(head.records) + " records";
  // A part of a compressed block is nothing; if only its marker is cut, all of its records are there.
  const bool usable = header_.codec == avro::Codec::Null ? size > 0 : size >= static_cast<size_t>(head.size);
  if (!usable) return LoseEnd(end, std::move(cut));
  const Step step = Deliver(head, {payload, std::min(size, static_cast<size_t>(head.size)), true}, true, result);
  LoseEnd(end, std::move(cut));
  return step;
}

AvroFileSource::Step AvroFileSource::Damaged(std::string message, uint64_t byte, uint64_t search_from, uint64_t lost,
                                             ReadResult* result) {
  result->problem = {"damaged block", AtByte(path(), byte) + ": " + message, path(), byte, offset_, lost};
  const auto next = FindSync(search_from);
  if (!next.ok()) return Fail(next.error(), result);
  if (!*next) {
    result->problem.message += ", and no further block is found";
    lost_file_ = result->problem;
    return Step::Again;
  }
  at_ = **next;
  offset_ += static_cast<int64_t>(lost);
  skip_ = 0;
  result->kind = ReadKind::Problem;
  return Step::Done;
}

Result<std::optional<uint64_t>> AvroFileSource::FindSync(uint64_t from) {
  while (true) {
    const auto view = input_->At(from, kSearchWindow);
    if (!view.ok()) return view.error();
    const void* found =
        view->size == 0 ? nullptr : memmem(view->bytes, view->size, header_.sync.data(), avro::kSyncSize);
    if (found != nullptr) {
      const auto ahead = static_cast<uint64_t>(static_cast<const uint8_t*>(found) - view->bytes);
      return std::optional<uint64_t>(from + ahead + avro::kSyncSize);
    }
    if (view->ended || StopSignal() != 0) return std::optional<uint64_t>();
    if (view->size < kSearchWindow) {
      WaitForMore(*input_);
      continue;
    }
    from += view->size - (avro::kSyncSize - 1);
  }
}

}  // namespace rulert
