#include "runtime/decode/csv_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace rulert {
namespace {

constexpr size_t kWord = 64;

#if defined(__SSE2__)
// A bit for each of 64 bytes.
class Bytes {
 public:
  explicit Bytes(const uint8_t* p) {
    for (int i = 0; i < 4; ++i) parts_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
  }
  uint64_t Equal(char c) const {
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      const auto part = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(parts_[i], wanted)));
      mask |= uint64_t{part} << (16 * i);
    }
    return mask;
  }

 private:
  __m128i parts_[4];
};
#else
class Bytes {
 public:
  explicit Bytes(const uint8_t* p) : bytes_(p) {}
  uint64_t Equal(char c) const {
    uint64_t mask = 0;
    for (size_t i = 0; i < kWord; ++i) mask |= uint64_t{bytes_[i] == static_cast<uint8_t>(c)} << i;
    return mask;
  }

 private:
  const uint8_t* bytes_;
};
#endif

// Bit i is the parity of the bits up to and with i.
uint64_t ParityUpTo(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

uint32_t BitCount(uint64_t bits) {
  bits -= (bits >> 1) & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + ((bits >> 2) & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F;
  return static_cast<uint32_t>((bits * 0x0101010101010101) >> 56);
}

// Writes the offsets of the bits; whole groups of eight, so that branches are few.
uint32_t* Append(uint64_t bits, uint32_t base, uint32_t* out) {
  const uint32_t count = BitCount(bits);
  for (uint32_t done = 0; done < count; done += 8) {
    for (uint32_t i = done; i < done + 8; ++i) {
      out[i] = base + static_cast<uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
  }
  return out + count;
}

// What quotes mean from word to word.
class Quotes {
 public:
  // Takes the ends of cells outside of quotes out of `ends`; false if a quote stands where it may not.
  bool Take(uint64_t quotes, const Bytes& bytes, uint64_t newlines, uint64_t* ends) {
    const uint64_t inside = ParityUpTo(quotes) ^ inside_;
    const uint64_t opening = quotes & inside;
    const uint64_t closing = quotes & ~inside;
    *ends &= ~inside;
    const uint64_t may_open = (*ends | closing) << 1 | may_open_;
    const uint64_t closed = closing << 1 | closed_;
    const uint64_t returns = bytes.Equal('\r') & closed;
    const uint64_t line_ends = returns << 1 | returned_;
    if ((opening & ~may_open) != 0 || (closed & ~(*ends | quotes | returns)) != 0 || (line_ends & ~newlines) != 0) {
      return false;
    }
    inside_ = (inside >> 63) != 0 ? ~uint64_t{0} : 0;
    may_open_ = (*ends | closing) >> 63;
    closed_ = closing >> 63;
    returned_ = returns >> 63;
    return true;
  }
  // The same of a word without quotes, if none is open and none was just closed.
  bool idle() const { return (inside_ | closed_ | returned_) == 0; }
  void Pass(uint64_t ends) { may_open_ = ends >> 63; }

 private:
  uint64_t inside_ = 0;    // all ones or all zeros
  uint64_t may_open_ = 1;  // these three: of the next word's first byte
  uint64_t closed_ = 0;
  uint64_t returned_ = 0;
};

}  // namespace

void CsvIndex::Reserve(size_t size) {
  if (size <= capacity_) return;
  capacity_ = std::bit_ceil(size);
  // A group of eight may be written behind the last byte's.
  cell_ends_.reset(new uint32_t[capacity_ + kWord]);
  line_ends_.reset(new uint32_t[capacity_ + kWord]);
}

void CsvIndex::Build(const uint8_t* text, size_t size, char delimiter) {
  Reserve(std::max(size, kWord));
  uint32_t* cell = cell_ends_.get();
  uint32_t* line = line_ends_.get();
  Quotes quotes;
  has_quotes_ = false;
  for (size_t at = 0; at < size; at += kWord) {
    const Bytes bytes(text + at);
    const uint64_t there = size - at >= kWord ? ~uint64_t{0} : (uint64_t{1} << (size - at)) - 1;
    const uint64_t newlines = bytes.Equal('\n') & there;
    const uint64_t quoted = bytes.Equal('"') & there;
    uint64_t ends = newlines | (bytes.Equal(delimiter) & there);
    if (quoted == 0 && quotes.idle()) {
      quotes.Pass(ends);
    } else {
      has_quotes_ = true;
      if (!quotes.Take(quoted, bytes, newlines, &ends)) break;
    }
    cell = Append(ends, static_cast<uint32_t>(at), cell);
    if ((ends & newlines) != 0) line = Append(ends & newlines, static_cast<uint32_t>(at), line);
  }
  cells_ = static_cast<size_t>(cell - cell_ends_.get());
  lines_ = static_cast<size_t>(line - line_ends_.get());
}

}  // namespace rulert
