#include "compiler/diagnostics/source_line.h"

#include <algorithm>
#include <array>

namespace rulec {
namespace {

constexpr uint32_t kTabStop = 4;
constexpr uint32_t kWidest = 140;      // a line shown wider than this is cut
constexpr uint32_t kBeforeFocus = 40;  // what stays before the span
constexpr std::string_view kCut = "...";

struct Glyph {
  uint32_t offset;
  std::string text;
  uint32_t width;
};

// Decodes the code point at `at`; its length is 1 where the bytes are not UTF-8.
char32_t Decode(std::string_view text, size_t at, size_t* length) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  *length = 1;
  if (size == 0 || first > 0xF4 || at + size > text.size()) return 0xFFFD;
  if (size == 1) return first;
  char32_t point = first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0xFFFD;
    point = (point << 6) | (byte(at + i) & 0x3FU);
  }
  *length = size;
  return point;
}

struct Range {
  char32_t first, last;
};

// The blocks that matter in practice of Unicode's East Asian Width (W, F) and of combining marks.
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0xFFE0, 0xFFE6},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 6> kNoWidth = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}}};
// These would turn the direction of the whole report.
constexpr std::array<Range, 2> kDirection = {{{0x202A, 0x202E}, {0x2066, 0x2069}}};

template <size_t n>
bool InAny(const std::array<Range, n>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [&](Range r) { return point >= r.first && point <= r.last; });
}

std::vector<Glyph> Glyphs(std::string_view line) {
  std::vector<Glyph> glyphs;
  uint32_t column = 0;
  for (size_t i = 0, length = 0; i < line.size(); i += length) {
    const char32_t point = Decode(line, i, &length);
    Glyph glyph{static_cast<uint32_t>(i), {}, 1};
    if (point == '\t') {
      glyph.width = kTabStop - column % kTabStop;
      glyph.text.assign(glyph.width, ' ');
    } else if (point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xFFFD || InAny(kDirection, point)) {
      glyph.text = "\xEF\xBF\xBD";
    } else {
      glyph.text.assign(line.substr(i, length));
      glyph.width = InAny(kWide, point) ? 2 : InAny(kNoWidth, point) ? 0 : 1;
    }
    column += glyph.width;
    glyphs.push_back(std::move(glyph));
  }
  return glyphs;
}

}  // namespace

SourceLine::SourceLine(std::string_view line, uint32_t focus, uint32_t focus_end) {
  // Only a stretch around the span is looked at: a line may have megabytes.
  const size_t from = focus > 4 * kWidest ? focus - 4 * kWidest : 0;
  size_t begin = from;
  while (begin < line.size() && begin > 0 && begin < from + 4 &&
         (static_cast<unsigned char>(line[begin]) & 0xC0U) == 0x80) {
    ++begin;
  }
  const std::string_view near = line.substr(std::min(begin, line.size()), 8 * kWidest);
  const bool all_near = near.size() == line.size();
  std::vector<Glyph> glyphs = Glyphs(near);

  uint32_t width = 0, focus_column = 0, end_column = 0;
  for (Glyph& glyph : glyphs) {
    glyph.offset += static_cast<uint32_t>(begin);
    if (glyph.offset < focus) focus_column = width + glyph.width;
    width += glyph.width;
    if (glyph.offset < focus_end) end_column = width;
  }
  const bool cut = !all_near || width > kWidest;
  uint32_t low = 0, high = width;
  if (cut && end_column > kWidest) low = focus_column > kBeforeFocus ? focus_column - kBeforeFocus : 0;
  if (cut) high = std::min(width, low + kWidest);

  uint32_t at = 0, column = 0;
  if (low > 0 || begin > 0) {
    shown_ = kCut;
    column = kCut.size();
  }
  for (const Glyph& glyph : glyphs) {
    const bool visible = at >= low && at < high;
    at += glyph.width;
    if (at > low || visible) cells_.push_back({glyph.offset, column});
    if (!visible) continue;
    shown_ += glyph.text;
    column += glyph.width;
  }
  cells_.push_back({static_cast<uint32_t>(line.size()), column});
  if (high < width || begin + near.size() < line.size()) shown_ += kCut;
}

uint32_t SourceLine::Column(uint32_t offset) const {
  const auto cell = std::lower_bound(cells_.begin(), cells_.end(), offset,
                                     [](const Cell& c, uint32_t wanted) { return c.offset < wanted; });
  return cell == cells_.end() ? cells_.back().column : cell->column;
}

}  // namespace rulec
