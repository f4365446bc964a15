// Finds the end of a formatted string, f"a {b:.1%} c", and of the values in it, which may hold strings themselves.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace rulec {

// Offsets into the text. A part without `hole` is text.
struct FormatPartRange {
  bool hole = false;
  uint32_t begin = 0;  // a hole's `{`
  uint32_t colon = 0;  // where the format of the value begins; `end` if it has none
  uint32_t end = 0;    // a hole's `}`; the end of the string for a hole that is not closed
  bool closed = true;
};

struct FormatRange {
  std::vector<FormatPartRange> parts;
  uint32_t end = 0;  // of the closing quote, or of the line
  bool closed = true;
};

class FormatScanner {
 public:
  // `text` outlives the scanner.
  explicit FormatScanner(std::string_view text) : text_(text) {}

  // `begin` is that of `f"`; the string ends before `limit`.
  FormatRange Scan(uint32_t begin, uint32_t limit);

 private:
  // Past the closing quote; 0 if the string does not end on its line or nests too deeply. `parts` may be null.
  uint32_t SkipFormat(uint32_t at, size_t depth, std::vector<FormatPartRange>* parts);
  uint32_t SkipHole(uint32_t at, size_t depth, uint32_t* colon);
  uint32_t SkipString(uint32_t at) const;
  uint32_t SkipEscape(uint32_t at) const;
  FormatRange ScanPlainly(uint32_t begin);
  bool AtEnd(uint32_t at) const { return at >= limit_ || text_[at] == '\n' || text_[at] == '\r'; }

  const std::string_view text_;
  uint32_t limit_ = 0;
  // A value had no end before here: the strings up to here are not searched again, which would be quadratic.
  uint32_t plain_until_ = 0;
};

}  // namespace rulec
