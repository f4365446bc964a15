#include "runtime/source/text_file_source.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kSkipped = size_t{4} << 20;
constexpr size_t kHeaderMost = size_t{1} << 20;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

// Bytes up to and with the first line end that stands outside of quotes; 0 if there is none.
size_t RecordEnd(const ByteView& view) {
  bool quoted = false;
  for (size_t i = 0; i < view.size; ++i) {
    if (view.bytes[i] == '"') quoted = !quoted;
    if (view.bytes[i] == '\n' && !quoted) return i + 1;
  }
  return 0;
}

const uint8_t* LastNewline(const ByteView& view) {
  return view.size == 0 ? nullptr : static_cast<const uint8_t*>(memrchr(view.bytes, '\n', view.size));
}

}  // namespace

Result<std::unique_ptr<TextFileSource>> TextFileSource::Open(std::vector<std::string> paths, const TextForm& form,
                                                             const InputLimits& limits) {
  FileList files(std::move(paths), form.compression);
  if (Error error = files.Check()) return error;
  return std::unique_ptr<TextFileSource>(new TextFileSource(std::move(files), form, limits));
}

TextFileSource::TextFileSource(FileList files, const TextForm& form, const InputLimits& limits)
    : form_(form), limits_(limits), files_(std::move(files)), want_(BlockBytes()) {}

// A block that is no longer than a line may be tells of each line that is.
size_t TextFileSource::BlockBytes() const { return std::min(kBlock, static_cast<size_t>(limits_.line_bytes) + 1); }

Error TextFileSource::Seek(const SourcePosition& position) {
  if (position.skip != 0) return Error::Environment("a position in text names its record by the byte alone");
  if (Error error = files_.Seek(position.file, position.byte)) return error;
  failed_ = {};
  offset_ = position.offset;
  begun_ = skipping_ = false;
  want_ = BlockBytes();
  in_vain_ = 0;
  return {};
}

void TextFileSource::Decoded(uint64_t bytes, uint64_t records) {
  files_.Advance(bytes);
  offset_ += static_cast<int64_t>(records);
  if (bytes > 0) {
    in_vain_ = 0;
    want_ = BlockBytes();
  }
}

void TextFileSource::Read(ReadResult* result) {
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
    if (files_.LeaveLost(&result->problem)) {
      result->kind = ReadKind::FileFailed;
      return;
    }
    if (files_.done()) {
      result->kind = ReadKind::End;
      return;
    }
    if (!files_.is_open()) {
      if (Error error = files_.Open()) {
        Fail(std::move(error), result);
        return;
      }
      begun_ = false;
    }
    const Step step = !begun_ ? Begin(result) : skipping_ ? SkipLine(result) : ReadLines(result);
    if (step == Step::Done) return;
  }
}

TextFileSource::Step TextFileSource::Fail(Error error, ReadResult* result) {
  failed_ = std::move(error);
  result->kind = ReadKind::Failed;
  result->error = failed_;
  return Step::Done;
}

TextFileSource::Step TextFileSource::LoseFile(const char* cause, std::string message) {
  files_.Lose({cause, std::move(message), files_.path(), files_.at(), offset_, 0});
  return Step::Again;
}

// The start of a file is looked at even if reading begins behind it, for the header.
TextFileSource::Step TextFileSource::Begin(ReadResult* result) {
  const uint64_t target = files_.at();
  const auto view = files_.input().At(0, kMark.size());
  if (!view.ok()) return Fail(view.error(), result);
  if (view->size < kMark.size() && !view->ended) return More(*view, result);
  const std::string_view start(reinterpret_cast<const char*>(view->bytes), view->size);
  uint64_t begin = start == kMark ? kMark.size() : 0;
  if (form_.format == BlockFormat::Csv && form_.header) {
    size_t size = 0;
    for (size_t want = kBlock / 16; size == 0; want *= 4) {
      const auto head = files_.input().At(begin, want);
      if (!head.ok()) return Fail(head.error(), result);
      size = RecordEnd(*head);
      if (size == 0 && head->ended) size = head->size;
      if (size == 0 && head->ended) break;
      if (size == 0 && head->size < want) return More(*head, result);
      if (size > kHeaderMost || (size == 0 && want >= kHeaderMost)) {
        return Fail(Error::Environment(files_.Place(begin) + ": the header has more than 1 MiB; is this CSV, with the "
                                                             "names of its columns in the first line?"),
                    result);
      }
      header_.assign(reinterpret_cast<const char*>(head->bytes), size);
    }
    begin += size;
    while (!header_.empty() && (header_.back() == '\n' || header_.back() == '\r')) header_.pop_back();
  }
  if (target < begin) files_.Advance(begin - target);
  begun_ = true;
  return Step::Again;
}

TextFileSource::Step TextFileSource::More(const ByteView& view, ReadResult* result) {
  in_vain_ = std::max(in_vain_, view.size);
  result->kind = ReadKind::Wait;
  return Step::Done;
}

TextFileSource::Step TextFileSource::ReadLines(ReadResult* result) {
  if (Error error = Verify()) return LoseFile("input changed", error.message());
  const auto view = files_.View(want_);
  if (!view.ok()) return Fail(view.error(), result);
  const Error failure = view->ended ? files_.input().failure() : Error();
  if (view->size == 0 && view->ended) {
    if (failure) return LoseFile("damaged file", failure.message());
    files_.Next();
    return Step::Again;
  }
  const uint8_t* newline = LastNewline(*view);
  const bool too_long = newline == nullptr && view->size > limits_.line_bytes;
  const bool whole = view->ended && !failure && !too_long;
  if (form_.format == BlockFormat::JsonLines) {
    if (whole) return Deliver(*view, view->size, false, result);
    if (newline != nullptr) return Deliver(*view, static_cast<uint64_t>(newline + 1 - view->bytes), false, result);
  } else if (view->size > in_vain_ && (whole || newline != nullptr)) {
    // A record may go on behind the newline; what cannot be one yet is not tried.
    in_vain_ = view->size;
    return Deliver(*view, view->size, !whole, result);
  }
  if (failure) return LoseFile("damaged file", failure.message());
  if (whole) return LoseFile("cut file", files_.Place(files_.at()) + ": the last record does not end");
  if (view->size < want_) return More(*view, result);
  if (want_ > limits_.line_bytes) {
    skipping_ = true;
    result->kind = ReadKind::Problem;
    result->problem = {
        "line too long",
        files_.Place(files_.at()) + ": a line has more than " + Grouped(limits_.line_bytes) + " bytes; it is left out",
        files_.path(),
        files_.at(),
        offset_++,
        1,
        false};
    return Step::Done;
  }
  want_ = std::min(want_ * 2, static_cast<size_t>(limits_.line_bytes) + 1);
  return Step::Again;
}

TextFileSource::Step TextFileSource::SkipLine(ReadResult* result) {
  const auto view = files_.View(kSkipped);
  if (!view.ok()) return Fail(view.error(), result);
  const auto* newline =
      view->size == 0 ? nullptr : static_cast<const uint8_t*>(std::memchr(view->bytes, '\n', view->size));
  files_.Advance(newline != nullptr ? static_cast<uint64_t>(newline + 1 - view->bytes) : view->size);
  skipping_ = newline == nullptr && !view->ended;
  in_vain_ = 0;
  want_ = BlockBytes();
  if (!skipping_ || view->size > 0) return Step::Again;
  result->kind = ReadKind::Wait;
  return Step::Done;
}

TextFileSource::Step TextFileSource::Deliver(const ByteView& view, uint64_t size, bool open, ReadResult* result) {
  Block& block = result->block;
  block = {};
  block.bytes = view.bytes;
  block.size = size;
  block.records = kUnknownRecords;
  block.first_offset = offset_;
  block.file_byte = files_.at();
  block.file = &files_.path();
  block.format = form_.format;
  block.open = open;
  block.unended = view.ended && size == view.size && size > 0 && view.bytes[size - 1] != '\n';
  block.header = form_.format == BlockFormat::Csv && form_.header ? &header_ : nullptr;
  result->kind = ReadKind::Block;
  return Step::Done;
}

}  // namespace rulert
