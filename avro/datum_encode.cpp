#include <cassert>
#include <cstring>

#include "avro/datum.h"
#include "avro/float_bits.h"
#include "avro/varint.h"

namespace avro {
namespace {

void PutText(const std::string& text, std::vector<uint8_t>* out) { out->insert(out->end(), text.begin(), text.end()); }

void PutSizedText(const std::string& text, std::vector<uint8_t>* out) {
  AppendVarint(static_cast<int64_t>(text.size()), out);
  PutText(text, out);
}

template <typename T>
void PutRaw(T value, std::vector<uint8_t>* out) {
  uint8_t bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out->insert(out->end(), bytes, bytes + sizeof(T));
}

void PutItems(const Schema& schema, const Datum& datum, std::vector<uint8_t>* out) {
  const bool map = schema.kind == Kind::Map;
  assert((!map || datum.keys.size() == datum.items.size()) && "a map needs one key for each value");
  if (!datum.items.empty()) AppendVarint(static_cast<int64_t>(datum.items.size()), out);
  for (size_t i = 0; i < datum.items.size(); ++i) {
    if (map) PutSizedText(datum.keys[i], out);
    EncodeDatum(*schema.items, datum.items[i], out);
  }
  out->push_back(0);
}

void PutValue(const Schema& schema, const Datum& datum, std::vector<uint8_t>* out) {
  assert(datum.kind == schema.kind && "the datum is of another type than the schema");
  switch (schema.kind) {
    case Kind::Null: return;
    case Kind::Bool: out->push_back(datum.boolean ? 1 : 0); return;
    case Kind::Int:
      assert(datum.integer >= INT32_MIN && datum.integer <= INT32_MAX && "beyond an int");
      AppendVarint(datum.integer, out);
      return;
    case Kind::Long: AppendVarint(datum.integer, out); return;
    case Kind::Enum:
      assert(datum.integer >= 0 && static_cast<size_t>(datum.integer) < schema.symbols.size() && "no such symbol");
      AppendVarint(datum.integer, out);
      return;
    case Kind::Float: PutRaw(NarrowDouble(datum.number), out); return;
    case Kind::Double: PutRaw(datum.number, out); return;
    case Kind::Bytes:
    case Kind::String: PutSizedText(datum.text, out); return;
    case Kind::Fixed:
      assert(datum.text.size() == schema.size && "a fixed of another size");
      PutText(datum.text, out);
      return;
    case Kind::Record:
      assert(datum.items.size() == schema.fields.size() && "a record with other fields");
      for (size_t i = 0; i < schema.fields.size(); ++i) EncodeDatum(*schema.fields[i].type, datum.items[i], out);
      return;
    case Kind::Array:
    case Kind::Map: PutItems(schema, datum, out); return;
    case Kind::Union: assert(false && "a union directly inside a union"); return;
  }
}

}  // namespace

void EncodeDatum(const Schema& schema, const Datum& datum, std::vector<uint8_t>* out) {
  if (schema.kind != Kind::Union) {
    PutValue(schema, datum, out);
    return;
  }
  assert(datum.branch >= 0 && static_cast<size_t>(datum.branch) < schema.branches.size() && "no such branch");
  AppendVarint(datum.branch, out);
  PutValue(*schema.branches[static_cast<size_t>(datum.branch)], datum, out);
}

}  // namespace avro
