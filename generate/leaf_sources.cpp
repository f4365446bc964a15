#include "generate/leaf_sources.h"

#include <algorithm>
#include <limits>

#include "avro/float_bits.h"

namespace rulec::generate {
namespace {

using avro::Kind;
using avro::Schema;

constexpr int kMaxDigits = 18;  // decimals are drawn as 64-bit numbers

int64_t PowerOfTen(int digits) {
  int64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

// Two's complement, most significant byte first; as short as it goes, or as long as the fixed.
void PutDecimal(const Schema& schema, double value, EventBuffer& out) {
  double scaled = value;
  for (int i = 0; i < std::min(schema.scale, 400); ++i) scaled *= 10;
  const int64_t bound = PowerOfTen(std::min(schema.precision, kMaxDigits)) - 1;
  const int64_t unscaled = std::clamp(RoundToWhole(scaled), -bound, bound);
  uint8_t bytes[sizeof(int64_t)];
  for (size_t i = 0; i < sizeof(bytes); ++i) {
    bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(unscaled) >> (56 - 8 * i));
  }
  const uint8_t sign = unscaled < 0 ? 0xFF : 0;
  size_t skip = 0;
  const size_t least = schema.kind == Kind::Fixed && schema.size < sizeof(bytes) ? sizeof(bytes) - schema.size : 7;
  while (skip < least && bytes[skip] == sign && (bytes[skip + 1] & 0x80) == (sign & 0x80)) ++skip;
  const size_t length = sizeof(bytes) - skip;
  if (schema.kind == Kind::Fixed) {
    for (size_t i = length; i < schema.size; ++i) out.PutByte(sign);
  } else {
    out.PutVarint(static_cast<int64_t>(length));
  }
  out.PutRaw(bytes + skip, length);
}

template <typename Float>
void PutFloat(Float value, EventBuffer& out) {
  out.PutRaw(&value, sizeof(value));
}

float NearestFloat(double value) {
  constexpr double kMax = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kMax, kMax));
}

}  // namespace

void PutWhole(const Schema& schema, int64_t value, EventBuffer& out) {
  if (schema.kind == Kind::Long) {
    out.PutVarint(value);
  } else if (schema.kind == Kind::Int) {
    out.PutVarint(std::clamp<int64_t>(value, INT32_MIN, INT32_MAX));
  } else {
    PutReal(schema, static_cast<double>(value), out);
  }
}

void PutReal(const Schema& schema, double value, EventBuffer& out) {
  switch (schema.kind) {
    case Kind::Int:
    case Kind::Long: PutWhole(schema, RoundToWhole(value), out); return;
    case Kind::Float: PutFloat(NearestFloat(value), out); return;
    case Kind::Double: PutFloat(value, out); return;
    default: PutDecimal(schema, value, out); return;
  }
}

NumberValue::NumberValue(const Schema& schema, NumberSourcePtr numbers)
    : schema_(schema), whole_(schema.kind == Kind::Int || schema.kind == Kind::Long), numbers_(std::move(numbers)) {}

void NumberValue::Put(EventContext&, Random& random, EventBuffer& out) {
  if (whole_) {
    PutWhole(schema_, numbers_->Whole(random), out);
  } else {
    PutReal(schema_, numbers_->Real(random), out);
  }
}

void ChoiceValue::Put(EventContext&, Random& random, EventBuffer& out) {
  const size_t index = table_.Next(random);
  const size_t begin = index == 0 ? 0 : ends_[index - 1];
  out.PutRaw(bytes_.bytes().data() + begin, ends_[index] - begin);
}

void PatternValue::Put(EventContext&, Random& random, EventBuffer& out) {
  text_.clear();
  pattern_.Append(numbers_ == nullptr ? 0 : numbers_->Whole(random), random, &text_);
  out.PutText(text_);
}

void BoolValue::Put(EventContext&, Random& random, EventBuffer& out) {
  out.PutByte(static_cast<uint8_t>(random.Next() >> 63));
}

void NullValue::Put(EventContext&, Random&, EventBuffer&) {}

void BytesValue::Put(EventContext&, Random& random, EventBuffer& out) {
  size_t size = size_;
  if (lengths_ != nullptr) {
    size = static_cast<size_t>(DrawLength(*lengths_, random));
    out.PutVarint(static_cast<int64_t>(size));
  }
  uint8_t* at = out.Reserve(size + 1);
  for (size_t i = 0; i < size; ++i) at[i] = static_cast<uint8_t>(random.Next() >> 56);
  out.Commit(at + size);
}

void UuidValue::Put(EventContext&, Random& random, EventBuffer& out) {
  uint8_t bytes[16];
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.Next() >> 56);
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
  if (!is_text_) {
    out.PutRaw(bytes, sizeof(bytes));
    return;
  }
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < sizeof(bytes); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  out.PutText(text);
}

int64_t DrawLength(NumberSource& lengths, Random& random) {
  return std::clamp<int64_t>(lengths.Whole(random), 0, kMaxLength);
}

}  // namespace rulec::generate
