#include "avro/datum_walk.h"

namespace avro {

bool DatumWalk::Skip(const Schema& schema) {
  if (!Count()) return false;
  if (schema.kind != Kind::Union) return SkipValue(schema);
  size_t branch = 0;
  return ReadIndex(schema, schema.branches.size(), &branch) && SkipValue(*schema.branches[branch]);
}

bool DatumWalk::SkipValue(const Schema& schema) {
  std::string_view text;
  int64_t number = 0;
  bool boolean = false;
  size_t index = 0;
  switch (schema.kind) {
    case Kind::Null: return true;
    case Kind::Bool: return cursor_.ReadBool(&boolean);
    case Kind::Int: return cursor_.ReadInt(&number);
    case Kind::Long: return cursor_.ReadLong(&number);
    case Kind::Float: return cursor_.ReadRaw(sizeof(float), "a float", &text);
    case Kind::Double: return cursor_.ReadRaw(sizeof(double), "a double", &text);
    case Kind::Bytes: return cursor_.ReadText("a value of bytes", &text);
    case Kind::String: return cursor_.ReadText("a string", &text);
    case Kind::Fixed: return cursor_.ReadRaw(schema.size, "a fixed", &text);
    case Kind::Enum: return ReadIndex(schema, schema.symbols.size(), &index);
    default: break;
  }
  if (!Enter()) return false;
  const bool skipped = schema.kind == Kind::Record ? SkipRecord(schema) : SkipItems(schema);
  Leave();
  return skipped;
}

bool DatumWalk::SkipRecord(const Schema& schema) {
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    if (!Skip(*schema.fields[i].type)) return InField(schema, i);
  }
  return true;
}

bool DatumWalk::SkipItems(const Schema& schema) {
  uint64_t index = 0;
  while (true) {
    Block block;
    if (!ReadBlock(&block)) return false;
    if (block.has_size) {
      std::string_view text;
      if (!cursor_.ReadRaw(block.end - cursor_.offset(), "a block of items", &text)) return false;
      index += block.count;
      continue;
    }
    if (block.count == 0) return true;
    for (uint64_t i = 0; i < block.count; ++i, ++index) {
      std::string_view key;
      if (schema.kind == Kind::Map && !cursor_.ReadText("a string", &key)) return InItem(index);
      if (!Skip(*schema.items)) return schema.kind == Kind::Map ? InKey(key) : InItem(index);
    }
  }
}

DecodeError SkipDatum(const Schema& schema, std::span<const uint8_t> bytes, size_t* used) {
  DatumWalk walk(bytes);
  if (!walk.Skip(schema)) return walk.TakeError();
  *used = walk.used();
  return {};
}

}  // namespace avro
