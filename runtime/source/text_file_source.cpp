#include "runtime/source/text_file_source.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/text.h"

namespace rulert {
namespace {

constexpr size_t kHeaderFirst = size_t{64} << 10;
constexpr size_t kSkipped = size_t{4} << 20;
constexpr size_t kHeaderMost = size_t{1} << 20;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

// The first record of CSV, as far as where it ends.
struct HeaderEnd {
  size_t size = 0;           // up to and with the line end; 0: it is not there
  bool in_quotes = false;    // if it is not there: nor is that of a quoted name
  bool lone_return = false;  // a carriage return stands in it that ends no line here
};

// As in the records, quotes are such at the start of a cell only.
HeaderEnd FindHeaderEnd(std::string_view text, char delimiter) {
  HeaderEnd end;
  bool cell_begins = true;
  for (size_t i = 0; i < text.size(); ++i) {
    if (end.in_quotes) {
      if (text[i] != '"') continue;
      const bool doubled = i + 1 < text.size() && text[i + 1] == '"';
      end.in_quotes = doubled;
      i += doubled ? 1 : 0;
      continue;
    }
    if (text[i] == '\n') {
      end.size = i + 1;
      return end;
    }
    end.in_quotes = cell_begins && text[i] == '"';
    end.lone_return |= text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n';
    cell_begins = text[i] == delimiter;
  }
  return end;
}

// What a file is that is no text in UTF-8, by its first bytes; "" if they do not tell.
std::string WhatElse(std::string_view start) {
  if (std::string packed = PackedHint(start); !packed.empty()) return packed;
  const bool little = start.size() == 4 && start.starts_with("\xFF\xFE") && start[3] == 0;
  const bool big = start.size() == 4 && start.starts_with("\xFE\xFF") && start[2] == 0;
  return little || big ? "the file is in UTF-16; text is read as UTF-8" : "";
}

const uint8_t* LastNewline(const ByteView& view) {
  return view.size == 0 ? nullptr : static_cast<const uint8_t*>(memrchr(view.bytes, '\n', view.size));
}

}  // namespace

Result<std::unique_ptr<TextFileSource>> TextFileSource::Open(std::vector<std::string> paths, const TextForm& form,
                                                             const InputLimits& limits) {
  return IfReadable(std::unique_ptr<TextFileSource>(new TextFileSource(std::move(paths), form, limits)));
}

void TextFileSource::Decoded(uint64_t bytes, uint64_t records) {
  Advance(bytes, records);
  if (bytes > 0) LookAnew();
}

// The start of a file is looked at even if reading begins behind it, for the header.
Result<FileSource::Step> TextFileSource::Begin(ReadResult* result) {
  LookAnew();
  const auto view = ViewAt(0, kMark.size() + 1);
  if (!view.ok()) return view.error();
  if (view->size < kMark.size() && !view->ended) return Wait(result);
  const std::string_view start(reinterpret_cast<const char*>(view->bytes), view->size);
  if (const std::string what = WhatElse(start); !what.empty()) return Error::Environment("`" + path() + "`: " + what);
  const uint64_t begin = start.starts_with(kMark) ? kMark.size() : 0;
  if (has_header()) return ReadHeader(begin, result);
  BeginAt(begin);
  return Step::Again;
}

Result<FileSource::Step> TextFileSource::ReadHeader(uint64_t begin, ReadResult* result) {
  for (size_t want = kHeaderFirst;; want *= 4) {
    const auto view = ViewAt(begin, want);
    if (!view.ok()) return view.error();
    const std::string_view text(reinterpret_cast<const char*>(view->bytes), view->size);
    const HeaderEnd end = FindHeaderEnd(text, form_.delimiter);
    const size_t size = end.size == 0 && view->ended ? text.size() : end.size;
    if (size > kHeaderMost || (size == 0 && want >= kHeaderMost)) {
      return Error::Environment(Place(begin) +
                                ": the header has more than 1 MiB; is this CSV, with the names of its "
                                "columns in the first line?");
    }
    if (end.size == 0 && !view->ended) {
      if (view->size < want) return Wait(result);
      continue;
    }
    if (end.size == 0 && InputFailure()) return EndFile();
    // Else the whole file would be taken for a header, and have no records.
    if (end.size == 0 && end.in_quotes) {
      return LoseFile(ProblemAt(begin, "unusable header", "a quote in the header is not closed", 0));
    }
    if (end.size == 0 && end.lone_return) {
      const char* why = "the header ends in a carriage return alone; lines end in a line feed, or in both";
      return LoseFile(ProblemAt(begin, "unusable header", why, 0));
    }
    header_ = text.substr(0, size);
    while (!header_.empty() && (header_.back() == '\n' || header_.back() == '\r')) header_.pop_back();
    BeginAt(begin + size);
    return Step::Again;
  }
}

Result<FileSource::Step> TextFileSource::ReadBlock(ReadResult* result) {
  if (ahead_.skipping) return SkipLine(result);
  const auto view = View(ahead_.want);
  if (!view.ok()) return view.error();
  if (view->size == 0 && view->ended) return EndFile();
  const uint8_t* newline = LastNewline(*view);
  const bool too_long = newline == nullptr && view->size > limits_.line_bytes;
  if (view->ended && !InputFailure() && !too_long) return Deliver(*view, view->size, false, result);
  if (newline != nullptr && form_.format == BlockFormat::JsonLines) {
    return Deliver(*view, static_cast<uint64_t>(newline + 1 - view->bytes), false, result);
  }
  if (newline != nullptr && view->size > ahead_.in_vain) {
    // A record may go on behind the newline; what cannot be one yet is not tried.
    ahead_.in_vain = view->size;
    return Deliver(*view, view->size, true, result);
  }
  if (view->ended && !too_long) return EndFile();
  if (view->size < ahead_.want) return Wait(result);
  if (ahead_.want > limits_.line_bytes) {
    ahead_.skipping = true;
    const std::string why = "a line has more than " + Grouped(limits_.line_bytes) + " bytes; it is left out";
    return LeaveOut("line too long", why, 0, result);
  }
  ahead_.want = std::min(ahead_.want * 2, static_cast<size_t>(limits_.line_bytes) + 1);
  return Step::Again;
}

Result<FileSource::Step> TextFileSource::SkipLine(ReadResult* result) {
  const auto view = View(kSkipped);
  if (!view.ok()) return view.error();
  if (view->size == 0 && !view->ended) return Wait(result);
  const auto* newline =
      view->size == 0 ? nullptr : static_cast<const uint8_t*>(std::memchr(view->bytes, '\n', view->size));
  Advance(newline != nullptr ? static_cast<uint64_t>(newline + 1 - view->bytes) : view->size, 0);
  LookAnew();
  ahead_.skipping = newline == nullptr && !view->ended;
  return Step::Again;
}

FileSource::Step TextFileSource::Deliver(const ByteView& view, uint64_t size, bool open, ReadResult* result) {
  Block* block = NewBlock(result);
  block->bytes = view.bytes;
  block->size = size;
  block->records = kUnknownRecords;
  block->format = form_.format;
  block->open = open;
  block->unended = view.ended && size == view.size && size > 0 && view.bytes[size - 1] != '\n';
  block->header = has_header() ? &header_ : nullptr;
  return Step::Told;
}

}  // namespace rulert
