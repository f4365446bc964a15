// CRC-64-AVRO: https://avro.apache.org/docs/1.11.1/specification/#schema-fingerprints
#include <array>

#include "avro/schema.h"

namespace avro {
namespace {

constexpr uint64_t kEmpty = 0xc15d213aa4d7a795;

constexpr std::array<uint64_t, 256> MakeTable() {
  std::array<uint64_t, 256> table{};
  for (uint64_t i = 0; i < 256; ++i) {
    uint64_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (kEmpty & (~(value & 1) + 1));
    table[i] = value;
  }
  return table;
}

constexpr std::array<uint64_t, 256> kTable = MakeTable();

}  // namespace

uint64_t Fingerprint(const Schema& schema) {
  uint64_t value = kEmpty;
  for (char c : CanonicalForm(schema)) value = (value >> 8) ^ kTable[(value ^ static_cast<unsigned char>(c)) & 0xFF];
  return value;
}

}  // namespace avro
