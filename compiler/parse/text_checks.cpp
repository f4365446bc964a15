#include "compiler/parse/text_checks.h"

#include <cstring>

#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

// Table 3-7 of the Unicode standard: what may follow a first byte.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto within = [&](size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

size_t FindInvalidUtf8(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    uint64_t eight = 0;
    if (i + 8 <= text.size()) {
      std::memcpy(&eight, text.data() + i, 8);
      if ((eight & 0x8080808080808080ULL) == 0) {
        i += 8;
        continue;
      }
    }
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const size_t length = SequenceLength(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool CheckText(const SourceSet& sources, FileId file, Diagnostics& diagnostics) {
  const std::string_view text = sources.file(file).text();
  if (text.size() > MaxTextBytes()) {
    diagnostics.Build({file, 0, 0}, TextTooLarge, {std::to_string(text.size()), std::to_string(MaxTextBytes())})
        .Help("split it into several files and `import` them")
        .Emit();
    return false;
  }
  const auto span = [&](size_t at) { return Span{file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + 1)}; };
  if (const size_t at = FindInvalidUtf8(text); at != std::string_view::npos) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(text[at]);
    diagnostics.Build(span(at), InvalidUtf8, {std::to_string(at)})
        .Under(std::string("byte 0x") + kHex[byte >> 4] + kHex[byte & 15])
        .Help("save the file as UTF-8")
        .Emit();
    return false;
  }
  if (const size_t at = text.find('\0'); at != std::string_view::npos) {
    diagnostics.Build(span(at), NulByte, {std::to_string(at)}).Help("is it a text file? UTF-16 looks like this").Emit();
    return false;
  }
  return true;
}

}  // namespace rulec
