// A value of any Avro schema, and the table-driven codec that reads and writes it. It is slow and obvious: the
// oracle of the generated decoders and encoders, and what reads versions that no decoder was compiled for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "avro/schema.h"

namespace avro {

// Which members hold the value is told by the schema that it was read with.
struct Datum {
  Kind kind = Kind::Null;  // of the value: for a union that of the chosen branch
  int32_t branch = -1;     // Union: index of the chosen branch, else -1
  bool boolean = false;
  int64_t integer = 0;            // Int, Long, and the symbol's index of an Enum
  double number = 0;              // Float (widened), Double
  std::string text;               // String, Bytes, Fixed
  std::vector<Datum> items;       // Record: its fields in order; Array: its items; Map: its values
  std::vector<std::string> keys;  // Map: in the order read

  bool operator==(const Datum& other) const;  // NaN equals NaN of the same bits
};

struct DecodeError {
  std::string message;  // empty: no error
  size_t byte = 0;      // relative to the start of the datum
  std::string path;     // `lines[3].price`
  explicit operator bool() const { return !message.empty(); }
};

// Limits: depth of a datum 1,000; a string or bytes 256 MiB; memory bounded by the input's size.
// Reads one datum at the start of `bytes`; *used is how many bytes it took.
DecodeError DecodeDatum(const Schema& schema, std::span<const uint8_t> bytes, Datum* out, size_t* used);
// Steps over one datum without building it.
DecodeError SkipDatum(const Schema& schema, std::span<const uint8_t> bytes, size_t* used);
// Appends the binary form. `datum` must fit the schema (checked; a misfit is a bug of the caller and asserts).
void EncodeDatum(const Schema& schema, const Datum& datum, std::vector<uint8_t>* out);
// A JSON form for messages and tests: records as objects, unions bare, bytes as \u00XX text, enums as symbols,
// NaN and infinities as strings.
std::string DatumToJson(const Schema& schema, const Datum& datum);

}  // namespace avro
