#include "avro/cursor.h"

#include <limits>

#include "avro/limits.h"
#include "avro/number_text.h"

namespace avro {

VarintResult ReadVarint(const uint8_t** at, const uint8_t* end, int64_t* value) {
  uint64_t bits = 0;
  const uint8_t* p = *at;
  for (unsigned shift = 0; shift < 7 * kMaxVarintBytes; shift += 7, ++p) {
    if (p == end) return VarintResult::Cut;
    const uint64_t part = *p & 0x7F;
    // Of the tenth byte only the lowest bit fits.
    if (shift == 63 && *p > 1) return VarintResult::TooLong;
    bits |= part << shift;
    if (*p < 0x80) {
      *at = p + 1;
      *value = static_cast<int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
      return VarintResult::Ok;
    }
  }
  return VarintResult::TooLong;
}

bool Cursor::FailAt(size_t offset, std::string message) {
  message_ = std::move(message);
  message_offset_ = offset;
  return false;
}

bool Cursor::ReadLong(int64_t* value) {
  if (at_ != end_ && *at_ < 0x80) {
    const uint64_t bits = *at_++;
    *value = static_cast<int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
    return true;
  }
  switch (ReadVarint(&at_, end_, value)) {
    case VarintResult::Ok: return true;
    case VarintResult::Cut: return Fail("the data ends inside a number");
    case VarintResult::TooLong: return Fail("a number has more than 64 bits");
  }
  return false;
}

bool Cursor::ReadInt(int64_t* value) {
  const size_t start = offset();
  if (!ReadLong(value)) return false;
  if (*value >= std::numeric_limits<int32_t>::min() && *value <= std::numeric_limits<int32_t>::max()) return true;
  return FailAt(start, "the number " + WithCommas(*value) + " is beyond an int");
}

bool Cursor::ReadBool(bool* value) {
  if (at_ == end_) return Fail("the data ends before a boolean");
  if (*at_ > 1) return Fail("a boolean is 0 or 1, not " + std::to_string(*at_));
  *value = *at_++ == 1;
  return true;
}

bool Cursor::ReadRaw(size_t size, const char* what, std::string_view* text) {
  if (left() < size) {
    return Fail(std::string(what) + " of " + WithCommas(uint64_t{size}) + " bytes is announced where " +
                WithCommas(uint64_t{left()}) + " are left");
  }
  *text = std::string_view(reinterpret_cast<const char*>(at_), size);
  at_ += size;
  return true;
}

bool Cursor::ReadText(const char* what, std::string_view* text) {
  const size_t start = offset();
  int64_t size = 0;
  if (!ReadLong(&size)) return false;
  if (size < 0) return FailAt(start, std::string(what) + " has the negative length " + WithCommas(size));
  const int64_t most = CurrentLimits().text_bytes;
  if (size > most) {
    return FailAt(start, std::string(what) + " of " + WithCommas(size) + " bytes is announced; at most " +
                             WithCommas(most) + " are read");
  }
  return ReadRaw(static_cast<size_t>(size), what, text);
}

}  // namespace avro
