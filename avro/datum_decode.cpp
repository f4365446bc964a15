#include <cstring>

#include "avro/datum_decoder.h"
#include "avro/float_bits.h"

namespace avro {

bool DatumDecoder::Read(const Schema& schema, Datum* out) {
  if (!Count()) return false;
  size_t branch = 0;
  const Schema* chosen = &schema;
  out->branch = -1;
  if (schema.kind == Kind::Union) {
    if (!ReadIndex(schema, schema.branches.size(), &branch)) return false;
    chosen = schema.branches[branch];
    out->branch = static_cast<int32_t>(branch);
  }
  Reset(chosen->kind, out);
  return ReadValue(*chosen, out);
}

void DatumDecoder::Reset(Kind kind, Datum* out) {
  out->kind = kind;
  out->boolean = false;
  out->integer = 0;
  out->number = 0;
  out->text.clear();
  const bool nests = kind == Kind::Record || kind == Kind::Array || kind == Kind::Map;
  if (!nests) out->items.clear();
  if (kind != Kind::Map) out->keys.clear();
}

Datum* DatumDecoder::Slot(Datum* out, size_t index) {
  if (index < out->items.size()) return &out->items[index];
  return &out->items.emplace_back();
}

bool DatumDecoder::ReadValue(const Schema& schema, Datum* out) {
  std::string_view text;
  switch (schema.kind) {
    case Kind::Null: return true;
    case Kind::Bool: return cursor_.ReadBool(&out->boolean);
    case Kind::Int: return cursor_.ReadInt(&out->integer);
    case Kind::Long: return cursor_.ReadLong(&out->integer);
    case Kind::Float: return ReadFloat(out);
    case Kind::Double: return ReadDouble(out);
    case Kind::Bytes:
      if (!cursor_.ReadText("a value of bytes", &text)) return false;
      break;
    case Kind::Fixed:
      if (!cursor_.ReadRaw(schema.size, "a fixed", &text)) return false;
      break;
    case Kind::String:
      if (!ReadUtf8(&text)) return false;
      break;
    case Kind::Enum: {
      size_t index = 0;
      if (!ReadIndex(schema, schema.symbols.size(), &index)) return false;
      out->integer = static_cast<int64_t>(index);
      return true;
    }
    default: return ReadNested(schema, out);
  }
  out->text.assign(text);
  return true;
}

bool DatumDecoder::ReadNested(const Schema& schema, Datum* out) {
  if (!Enter()) return false;
  const bool read = schema.kind == Kind::Record ? ReadRecord(schema, out)
                                                : ReadItems(schema.kind == Kind::Map, out,
                                                            [&](Datum* item) { return Read(*schema.items, item); });
  Leave();
  return read;
}

bool DatumDecoder::ReadFloat(Datum* out) {
  std::string_view bytes;
  if (!cursor_.ReadRaw(sizeof(float), "a float", &bytes)) return false;
  float value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  out->number = WidenFloat(value);
  return true;
}

bool DatumDecoder::ReadDouble(Datum* out) {
  std::string_view bytes;
  if (!cursor_.ReadRaw(sizeof(double), "a double", &bytes)) return false;
  std::memcpy(&out->number, bytes.data(), sizeof(double));
  return true;
}

bool DatumDecoder::ReadRecord(const Schema& schema, Datum* out) {
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    if (!Read(*schema.fields[i].type, Slot(out, i))) return InField(schema, i);
  }
  out->items.resize(schema.fields.size());
  return true;
}

bool DatumDecoder::ReadKey(Datum* out, size_t index) {
  std::string_view key;
  if (!ReadUtf8(&key)) return false;
  if (index == out->keys.size()) out->keys.emplace_back();
  out->keys[index].assign(key);
  return true;
}

DecodeError DecodeDatum(const Schema& schema, std::span<const uint8_t> bytes, Datum* out, size_t* used) {
  DatumDecoder decoder(bytes);
  if (!decoder.Read(schema, out)) return decoder.TakeError();
  *used = decoder.used();
  return {};
}

}  // namespace avro
