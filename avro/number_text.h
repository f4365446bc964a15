// Numbers as people read them in messages.
#pragma once

#include <cstdint>
#include <string>

namespace avro {

// 65536 -> "65,536".
std::string WithCommas(uint64_t value);
std::string WithCommas(int64_t value);

}  // namespace avro
