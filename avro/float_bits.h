// float <-> double that keeps every NaN's bits: a hardware conversion would turn signalling NaNs into quiet ones,
// and what was read must be written back unchanged.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace avro {

inline double WidenFloat(float value) {
  if (!std::isnan(value)) return value;
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint64_t sign = uint64_t{bits >> 31} << 63;
  return std::bit_cast<double>(sign | (uint64_t{0x7FF} << 52) | (uint64_t{bits & 0x7FFFFF} << 29));
}

inline float NarrowDouble(double value) {
  if (!std::isnan(value)) return static_cast<float>(value);
  const auto bits = std::bit_cast<uint64_t>(value);
  const auto sign = static_cast<uint32_t>(bits >> 63) << 31;
  auto fraction = static_cast<uint32_t>((bits >> 29) & 0x7FFFFF);
  if (fraction == 0) fraction = 0x400000;  // all bits below a float's reach: still a NaN
  return std::bit_cast<float>(sign | 0x7F800000u | fraction);
}

}  // namespace avro
