#include "runtime/decode/json_decoder.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace rulert {
namespace {

// What fits the second-level cache together with its index.
constexpr uint64_t kWindow = uint64_t{128} << 10;
constexpr uint64_t kMostLine = uint64_t{256} << 20;
// Lines read the long way before the short one is tried again, so that tries in vain cost little.
constexpr uint32_t kUnusualLines = 16;

// Behind the newline that ends the line at `from`, or the end. Most lines are short: memchr alone costs more.
uint64_t LineEnd(const uint8_t* bytes, uint64_t from, uint64_t size) {
#if defined(__SSE2__)
  const __m128i newline = _mm_set1_epi8('\n');
  for (const uint64_t most = std::min(size, from + 512); from + 64 <= most; from += 64) {
    __m128i equal[4];
    for (size_t i = 0; i < 4; ++i) {
      equal[i] = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + from) + i), newline);
    }
    const __m128i any = _mm_or_si128(_mm_or_si128(equal[0], equal[1]), _mm_or_si128(equal[2], equal[3]));
    if (_mm_movemask_epi8(any) == 0) continue;
    uint64_t mask = 0;
    for (size_t i = 0; i < 4; ++i) mask |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(equal[i]))} << (16 * i);
    return from + static_cast<uint64_t>(std::countr_zero(mask)) + 1;
  }
#endif
  const void* found = std::memchr(bytes + from, '\n', size - from);
  return found == nullptr ? size : static_cast<uint64_t>(static_cast<const uint8_t*>(found) - bytes) + 1;
}

bool IsBlank(const uint8_t* begin, const uint8_t* end) {
  return std::all_of(begin, end, [](uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool StartsWithMark(const rulert_decode& call) {
  return call.size >= kByteOrderMark.size() &&
         std::memcmp(call.bytes, kByteOrderMark.data(), kByteOrderMark.size()) == 0;
}

}  // namespace

Result<std::unique_ptr<JsonDecoder>> JsonDecoder::Make(avro::SchemaPtr reader, const std::vector<SlotSpec>& slots,
                                                       const std::vector<int32_t>& wanted) {
  auto plan = ReadPlan::Make(std::move(reader), slots, wanted);
  if (!plan.ok()) return plan.error();
  std::unique_ptr<JsonDecoder> decoder(new JsonDecoder);
  decoder->plan_ = std::move(*plan);
  decoder->reader_ = std::make_unique<JsonReader>(*decoder->plan_);
  return decoder;
}

void JsonDecoder::Begin(const Block& block) {
  block_ = nullptr;
  unended_ = block.unended;
}

// The window begins at the cursor and ends with a line.
void JsonDecoder::FillWindow(const rulert_decode& call) {
  if (block_ == call.bytes && call.cursor >= window_begin_ && call.cursor < window_end_) return;
  block_ = call.bytes;
  window_begin_ = call.cursor;
  window_end_ = call.size;
  if (call.size - call.cursor > kWindow) {
    const uint8_t* from = call.bytes + call.cursor;
    const void* last = memrchr(from, '\n', kWindow);
    window_end_ = last != nullptr ? static_cast<uint64_t>(static_cast<const uint8_t*>(last) - call.bytes) + 1
                                  : LineEnd(call.bytes, call.cursor + kWindow, call.size);
  }
  if (window_end_ - window_begin_ > kMostLine) {
    line_by_line_ = true;
    return;
  }
  line_by_line_ = index_.Build(call.bytes + window_begin_, window_end_ - window_begin_) != JsonIndex::Outcome::Ok;
  token_ = index_.begin();
}

// In a window with something wrong in it, each line has an index of its own.
bool JsonDecoder::IndexLine(const rulert_decode& call, uint64_t end) {
  outcome_ = index_.Build(call.bytes + call.cursor, end - call.cursor);
  token_ = index_.begin();
  return outcome_ == JsonIndex::Outcome::Ok;
}

bool JsonDecoder::FailLine(rulert_decode* call, uint32_t error, uint64_t byte, std::string message) {
  call->error = error;
  call->error_byte = byte;
  call->error_field = UINT32_MAX;
  problem_ = {Loss::Record, std::string(DecodeErrorCause(error)), std::move(message), ""};
  return false;
}

bool JsonDecoder::FailForm(rulert_decode* call, uint64_t end, uint64_t byte, std::string message) {
  const bool cut = unended_ && end == call->size && call->bytes[call->cursor] == '{';
  if (cut) message = "the input ends inside of an object";
  FailLine(call, RULERT_DECODE_FORM, byte, std::move(message));
  problem_.cut = cut;
  if (cut) problem_.cause = "cut file";
  return false;
}

bool JsonDecoder::ReadLine(rulert_decode* call, uint64_t end, const RowSink& sink) {
  if (end - call->cursor > kMostLine) {
    return FailLine(call, RULERT_DECODE_LENGTH, call->cursor, "a line has more than 256 MiB");
  }
  const uint64_t base = line_by_line_ ? call->cursor : window_begin_;
  if (line_by_line_ && !IndexLine(*call, end)) {
    if (outcome_ == JsonIndex::Outcome::Utf8) {
      return FailLine(call, RULERT_DECODE_UTF8, call->cursor, "the line is not UTF-8");
    }
    if (outcome_ == JsonIndex::Outcome::Memory) {
      return FailLine(call, RULERT_DECODE_MEMORY, call->cursor, std::string(DecodeErrorText(RULERT_DECODE_MEMORY)));
    }
    return FailForm(call, end, call->cursor, "no JSON: a text is not closed in its line, or holds a control character");
  }
  const uint8_t* last = call->bytes + end - 1;
  while (*last == '\n' || *last == '\r' || *last == ' ' || *last == '\t') --last;
  // A reader that meets the end of an object needs no other bound.
  const auto line_end = static_cast<uint32_t>(last + 1 - (call->bytes + base));
  const JsonReader::Text text{call->bytes + base, token_, index_.end()};
  if (*last != '}') return FailForm(call, end, call->cursor, "no JSON: the line does not end with `}`");
  if (!reader_->ReadFlat(text, plan_->root(), sink, {call->host, call->arena})) {
    const bool inside = reader_->error_offset() < line_end;
    if (inside || reader_->error() != RULERT_DECODE_FORM) {
      const uint64_t at = inside ? reader_->error_offset() : line_end;
      FailLine(call, reader_->error(), base + at, reader_->message());
    } else {
      FailForm(call, end, base + line_end, "no JSON: the line ends inside of an object");
    }
    problem_.path = reader_->path();
    return false;
  }
  token_ = reader_->next();
  if (token_[-1] + 1 == line_end) return true;
  if (token_[-1] >= line_end) {
    return FailForm(call, end, base + line_end, "no JSON: the line ends inside of an object");
  }
  return FailLine(call, RULERT_DECODE_FORM, base + token_[-1] + 1, "no JSON: something stands behind the object");
}

// A line of one usual object has no newline inside: where it ends need not be looked for.
bool JsonDecoder::ReadUsualLine(rulert_decode* call, RowSink* sink) {
  if (line_by_line_) return false;
  if (unusual_lines_ > 0) {
    --unusual_lines_;
    return false;
  }
  const uint8_t* text = call->bytes + window_begin_;
  if (token_ != index_.end() && window_begin_ + *token_ == call->cursor) {
    sink->set_row(call->rows);
    const uint32_t* next = reader_->ReadUsual({text, token_, index_.end()}, plan_->root(), *sink);
    if (next != nullptr && window_begin_ + next[-1] + 1 < window_end_ && text[next[-1] + 1] == '\n') {
      call->row_offsets[call->rows++] = static_cast<uint32_t>(call->cursor);
      call->cursor = window_begin_ + next[-1] + 2;
      token_ = next;
      return true;
    }
  }
  unusual_lines_ = kUnusualLines;
  return false;
}

void JsonDecoder::Decode(rulert_decode* call) {
  RowSink sink(*plan_, call->columns);
  call->rows = 0;
  call->error = RULERT_DECODE_OK;
  if (call->cursor == 0 && StartsWithMark(*call)) call->cursor = kByteOrderMark.size();
  while (call->cursor < call->size && call->rows < RULERT_BATCH_ROWS) {
    FillWindow(*call);
    if (ReadUsualLine(call, &sink)) continue;
    const uint64_t end = LineEnd(call->bytes, call->cursor, window_end_);
    const uint8_t* from = call->bytes + call->cursor;
    if (*from != '{' && IsBlank(from, call->bytes + end)) {
      call->cursor = end;
      continue;
    }
    sink.set_row(call->rows);
    if (ReadLine(call, end, sink)) {
      call->row_offsets[call->rows++] = static_cast<uint32_t>(call->cursor);
      call->cursor = end;
      continue;
    }
    if (call->error == RULERT_DECODE_MEMORY && call->rows > 0) {
      // A batch of fewer rows may fit where this one does not.
      call->error = RULERT_DECODE_OK;
      block_ = nullptr;
      break;
    }
    // The tokens of the line that are left.
    const uint64_t next = end - window_begin_;
    while (!line_by_line_ && token_ != index_.end() && *token_ < next) ++token_;
    call->cursor = end;
    break;
  }
  call->records = call->cursor < call->size ? kUnknownRecords : 0;
}

uint64_t JsonDecoder::Skip(uint64_t count, rulert_decode* call) {
  uint64_t skipped = 0;
  if (call->cursor == 0 && StartsWithMark(*call)) call->cursor = kByteOrderMark.size();
  while (skipped < count && call->cursor < call->size) {
    const uint64_t end = LineEnd(call->bytes, call->cursor, call->size);
    skipped += IsBlank(call->bytes + call->cursor, call->bytes + end) ? 0 : 1;
    call->cursor = end;
  }
  call->records = call->cursor < call->size ? kUnknownRecords : 0;
  return skipped;
}

DecodeProblem JsonDecoder::Problem(const rulert_decode&) const { return problem_; }

}  // namespace rulert
