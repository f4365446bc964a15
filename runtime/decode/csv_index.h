// Where the cells and records of CSV end, found for many records at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rulert {

// Looks at 64 bytes at a time: what stands between quotes is told by the parity of the quotes before it (after Langdale
// and Lemire, "Parsing gigabytes of JSON per second", 2019). That holds where a quote opens a cell, closes one or
// stands for itself twice; in front of any other quote the index ends, and ReadCsvRecord (csv_records.h) has to tell
// what it means. Keeps its memory.
class CsvIndex {
 public:
  // `text` begins with a record; 63 bytes behind it must be readable. At most 1 GiB.
  void Build(const uint8_t* text, size_t size, char delimiter);

  // Offsets in rising order of what ends cells outside of quotes: delimiters and newlines; and of the newlines alone.
  // Complete up to the last newline.
  const uint32_t* cell_ends() const { return cell_ends_.get(); }
  size_t cells() const { return cells_; }
  const uint32_t* line_ends() const { return line_ends_.get(); }
  size_t lines() const { return lines_; }
  bool has_quotes() const { return has_quotes_; }

 private:
  void Reserve(size_t size);

  std::unique_ptr<uint32_t[]> cell_ends_;
  std::unique_ptr<uint32_t[]> line_ends_;
  size_t capacity_ = 0;
  size_t cells_ = 0;
  size_t lines_ = 0;
  bool has_quotes_ = false;
};

}  // namespace rulert
