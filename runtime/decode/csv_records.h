// Cutting CSV (RFC 4180) into records and cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rulert {

struct CsvCell {
  const char* text = nullptr;  // without the quotes around it
  uint32_t size = 0;
  bool quoted = false;
  bool doubled = false;  // quotes in it stand twice

  std::string_view view() const { return {text, size}; }
};

enum class CsvEnd : uint8_t {
  Record,   // the record is whole
  Cut,      // the bytes end inside of it
  Garbage,  // something stands behind a closing quote; `end` is where the next line begins
  TooWide   // more cells than asked for; `end` is behind the record
};

// Reads the record at `bytes`, which is not empty. A cell is quoted if its first byte is a quote; quotes elsewhere in
// an unquoted cell are text. A line ends with LF or CR LF, the last one perhaps with the end of the bytes: if `open`,
// that is Cut. At most `most` cells are kept. Reads up to 15 bytes behind `bytes` + `size`. `*end` is behind the
// record; where it is Garbage or Cut, `*bad` is the byte that it went wrong at.
CsvEnd ReadCsvRecord(const uint8_t* bytes, size_t size, char delimiter, bool open, size_t most,
                     std::vector<CsvCell>* cells, size_t* end, size_t* bad);

// The text of a cell whose quotes stand twice, into `out`, which has room for `cell.size` bytes; returns how many.
size_t UndoubleQuotes(const CsvCell& cell, char* out);

// The cells of a header.
std::vector<std::string> CsvHeaderNames(std::string_view header, char delimiter);

}  // namespace rulert
