#include "runtime/source/message_source.h"

#include <algorithm>
#include <utility>

#include "runtime/abi/abi.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr size_t kWindow = size_t{1} << 20;
constexpr size_t kBlockRecords = size_t{1} << 16;
constexpr const char* kDamaged = "damaged message";

}  // namespace

Result<std::unique_ptr<MessageSource>> MessageSource::Open(std::vector<std::string> paths,
                                                           std::optional<Compression> compression, Framing framing,
                                                           MessageSchemas schemas, const InputLimits& limits) {
  MessageFramer framer(framing, std::move(schemas), limits.block_bytes);
  return IfReadable(std::unique_ptr<MessageSource>(
      new MessageSource(std::move(paths), compression, std::move(framer), limits.block_bytes)));
}

Result<FileSource::Step> MessageSource::Begin(ReadResult*) {
  want_ = kWindow;
  skipping_ = false;
  return Step::Again;
}

// What stands in the window, up to a change of schema or something that must be reported in its place.
Result<FileSource::Step> MessageSource::ReadBlock(ReadResult* result) {
  bytes_.clear();
  starts_.clear();
  const auto window = View(want_);
  if (!window.ok()) return window.error();
  if (window->size == 0 && window->ended) return EndFile();
  ByteView view = *window;
  Frame frame = framer_.First(view);
  if (frame.kind != FrameKind::Message) return Other(frame, view, result);
  Block* block = NewBlock(result);
  block->writer = frame.schema;
  block->file_byte = at() + frame.datum;
  block->gap = static_cast<uint32_t>(frame.datum);  // what stands before a datum is as long for each
  while (frame.kind == FrameKind::Message && frame.schema == block->writer && starts_.size() < kBlockRecords &&
         bytes_.size() < kWindow) {
    Take(&view, frame);
    if (view.size == 0) break;
    frame = framer_.First(view);
  }
  block->records = starts_.size();
  block->size = bytes_.size();
  starts_.push_back(static_cast<uint32_t>(block->size));
  bytes_.resize(bytes_.size() + RULERT_SLACK);
  block->bytes = bytes_.data();
  block->starts = starts_.data();
  Advance(static_cast<uint64_t>(view.bytes - window->bytes), block->records);
  want_ = kWindow;
  skipping_ = false;
  return Step::Told;
}

void MessageSource::Take(ByteView* view, const Frame& frame) {
  starts_.push_back(static_cast<uint32_t>(bytes_.size()));
  bytes_.insert(bytes_.end(), view->bytes + frame.datum, view->bytes + frame.bytes);
  view->bytes += frame.bytes;
  view->size -= frame.bytes;
}

// What is no message, or none yet.
FileSource::Step MessageSource::Other(const Frame& frame, const ByteView& view, ReadResult* result) {
  if (frame.kind == FrameKind::Unknown) {
    const bool told = std::exchange(skipping_, frame.open);
    if (!told) return LeaveOut("unknown schema", frame.message, frame.bytes, result);
    Advance(frame.bytes, 0);
    return Step::Again;
  }
  if (frame.kind == FrameKind::Broken) return LoseFile(ProblemAt(at(), kDamaged, frame.message, 0));
  if (view.ended) {
    if (InputFailure()) return EndFile();
    if (skipping_ && frame.message.empty()) {
      // Too short for a mark.
      Advance(view.size, 0);
      return Step::Again;
    }
    const std::string why = frame.message.empty() ? "the file ends inside a message" : frame.message;
    return LoseFile(ProblemAt(at(), "cut file", why, 0));
  }
  if (view.size < want_) return Wait(result);
  if (want_ > most_ + kWindow) {
    const std::string why = "no message ends within " + Grouped(most_) + " bytes; " + frame.message;
    return LoseFile(ProblemAt(at(), kDamaged, why, 0));
  }
  want_ = std::max(want_ * 2, frame.bytes);
  return Step::Again;
}

}  // namespace rulert
