#include "runtime/decode/csv_records.h"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace rulert {
namespace {

// The first `a` or `b` in [p, end), or `end`.
const uint8_t* FindEither(const uint8_t* p, const uint8_t* end, char a, char b) {
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(a);
  const __m128i second = _mm_set1_epi8(b);
  for (; p < end; p += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (mask == 0) continue;
    p += std::countr_zero(mask);
    return p < end ? p : end;
  }
  return end;
#else
  while (p < end && *p != static_cast<uint8_t>(a) && *p != static_cast<uint8_t>(b)) ++p;
  return p;
#endif
}

CsvCell CellFrom(const uint8_t* begin, const uint8_t* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<uint32_t>(end - begin), false, false};
}

// Behind the quote that closes the cell at `p` (behind its opening quote), or null if none does.
const uint8_t* ReadQuoted(const uint8_t* p, const uint8_t* end, CsvCell* cell) {
  const uint8_t* begin = p;
  *cell = {reinterpret_cast<const char*>(p), 0, true, false};
  while (true) {
    p = static_cast<const uint8_t*>(std::memchr(p, '"', static_cast<size_t>(end - p)));
    if (p == nullptr) return nullptr;
    if (p + 1 == end || p[1] != '"') break;
    cell->doubled = true;
    p += 2;
    if (p >= end) return nullptr;
  }
  cell->size = static_cast<uint32_t>(p - begin);
  return p + 1;
}

}  // namespace

CsvEnd ReadCsvRecord(const uint8_t* bytes, size_t size, char delimiter, bool open, size_t most,
                     std::vector<CsvCell>* cells, size_t* end_of_record, size_t* bad) {
  const uint8_t* const end = bytes + size;
  const uint8_t* p = bytes;
  bool too_wide = false;
  cells->clear();
  while (true) {
    CsvCell cell;
    if (p < end && *p == '"') {
      const uint8_t* opening = p;
      p = ReadQuoted(p + 1, end, &cell);
      // Whether a quote at the very end closes the cell shows what comes next.
      if (p == nullptr || (open && p == end)) {
        *bad = static_cast<size_t>(opening - bytes);
        return CsvEnd::Cut;
      }
      if (p < end && *p == '\r' && (p + 1 == end || p[1] == '\n')) ++p;
      if (open && p == end) {
        *bad = static_cast<size_t>(opening - bytes);
        return CsvEnd::Cut;
      }
      if (p < end && *p != static_cast<uint8_t>(delimiter) && *p != '\n') {
        *bad = static_cast<size_t>(p - bytes);
        const uint8_t* line = FindEither(p, end, '\n', '\n');
        if (line == end && open) return CsvEnd::Cut;
        *end_of_record = static_cast<size_t>(line == end ? line - bytes : line + 1 - bytes);
        return CsvEnd::Garbage;
      }
    } else {
      const uint8_t* begin = p;
      p = FindEither(p, end, delimiter, '\n');
      const bool line_end = p == end || *p == '\n';
      cell = CellFrom(begin, line_end && p > begin && p[-1] == '\r' ? p - 1 : p);
    }
    if (p == end && open) {
      *bad = size;
      return CsvEnd::Cut;
    }
    if (cells->size() < most) {
      cells->push_back(cell);
    } else {
      too_wide = true;
    }
    if (p == end || *p == '\n') {
      *end_of_record = static_cast<size_t>(p == end ? p - bytes : p + 1 - bytes);
      return too_wide ? CsvEnd::TooWide : CsvEnd::Record;
    }
    ++p;
  }
}

size_t UndoubleQuotes(const CsvCell& cell, char* out) {
  size_t size = 0;
  for (uint32_t i = 0; i < cell.size; ++i) {
    out[size++] = cell.text[i];
    if (cell.text[i] == '"') ++i;
  }
  return size;
}

std::vector<std::string> CsvHeaderNames(std::string_view header, char delimiter) {
  std::string padded(header);
  padded.resize(header.size() + 16);
  std::vector<CsvCell> cells;
  size_t end = 0;
  size_t bad = 0;
  std::vector<std::string> names;
  constexpr size_t kMostColumns = 100'000;
  ReadCsvRecord(reinterpret_cast<const uint8_t*>(padded.data()), header.size(), delimiter, false, kMostColumns, &cells,
                &end, &bad);
  for (const CsvCell& cell : cells) {
    std::string name(cell.view());
    if (cell.doubled) name.resize(UndoubleQuotes(cell, name.data()));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace rulert
