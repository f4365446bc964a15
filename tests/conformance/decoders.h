// The decoders of the product, each asked the same: these bytes, written as one schema, read as another.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "tests/conformance/avro_json.h"

namespace conformance {

struct Decoded {
  std::string error;  // why it was refused: by the schemas, or by the bytes; empty if it was not
  size_t used = 0;    // bytes
  PlainJson value;
  bool part = false;  // `value` has some of the members of records only
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::string name() const = 0;
  virtual Decoded Decode(const avro::SchemaPtr& writer, const avro::SchemaPtr& reader,
                         std::span<const uint8_t> bytes) = 0;
};

// avro/: what reads versions that no decoder was compiled for.
std::unique_ptr<Decoder> TableDrivenDecoder();
// Compiled for the pair of schemas. The datum is the only field of a record, so that any type may stand at the top; of
// a type that contains itself the fields are read that do not lead back into it.
std::unique_ptr<Decoder> GeneratedDecoder();

}  // namespace conformance
