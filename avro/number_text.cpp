#include "avro/number_text.h"

namespace avro {

std::string WithCommas(uint64_t value) {
  std::string digits = std::to_string(value);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string WithCommas(int64_t value) {
  if (value >= 0) return WithCommas(static_cast<uint64_t>(value));
  return "-" + WithCommas(~static_cast<uint64_t>(value) + 1);
}

}  // namespace avro
