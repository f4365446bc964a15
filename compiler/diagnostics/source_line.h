// One line of a text as a terminal shows it: tabs opened, control characters made visible, long lines cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rulec {

class SourceLine {
 public:
  // `focus` and `focus_end` are byte offsets in the line which must stay visible when the line is cut.
  SourceLine(std::string_view line, uint32_t focus, uint32_t focus_end);

  const std::string& shown() const { return shown_; }
  // The column, from 0, at which the byte `offset` of the line is shown. Offsets beyond its end are shown right after
  // it.
  uint32_t Column(uint32_t offset) const;

 private:
  struct Cell {
    uint32_t offset;
    uint32_t column;
  };
  std::string shown_;
  std::vector<Cell> cells_;  // by offset; one for each code point, and one for the end
};

}  // namespace rulec
