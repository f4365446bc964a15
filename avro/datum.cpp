#include "avro/datum.h"

#include <bit>
#include <cmath>

namespace avro {
namespace {

// -0.0 equals 0.0 as numbers do; NaN equals NaN of the same bits, which a round trip must keep.
bool SameNumber(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
  return a == b;
}

}  // namespace

bool Datum::operator==(const Datum& other) const {
  return kind == other.kind && branch == other.branch && boolean == other.boolean && integer == other.integer &&
         SameNumber(number, other.number) && text == other.text && keys == other.keys && items == other.items;
}

}  // namespace avro
