// Builds datums from bytes; what decoding with and without resolution share. Internal to avro/.
#pragma once

#include <string_view>

#include "avro/datum_walk.h"

namespace avro {

// Fills a datum that may hold an older value, so that its memory is used again.
class DatumDecoder : public DatumWalk {
 public:
  using DatumWalk::DatumWalk;

  bool Read(const Schema& schema, Datum* out);

 protected:
  // Makes `out` an empty value of `kind`.
  static void Reset(Kind kind, Datum* out);
  // Items are made one by one as the bytes bear them out, so a lying schema or count reserves nothing.
  static Datum* Slot(Datum* out, size_t index);
  // Any type but a union.
  bool ReadValue(const Schema& schema, Datum* out);

  // The blocks of an array or map; `read` fills the datum of one item.
  template <typename ReadItem>
  bool ReadItems(bool is_map, Datum* out, ReadItem read) {
    size_t index = 0;
    while (true) {
      Block block;
      if (!ReadBlock(&block)) return false;
      if (block.count == 0 && !block.has_size) break;
      for (uint64_t i = 0; i < block.count; ++i, ++index) {
        if (is_map && !ReadKey(out, index)) return InItem(index);
        if (read(Slot(out, index))) continue;
        return is_map ? InKey(out->keys[index]) : InItem(index);
      }
      if (!CheckBlockEnd(block)) return false;
    }
    out->items.resize(index);
    if (is_map) out->keys.resize(index);
    return true;
  }

 private:
  bool ReadNested(const Schema& schema, Datum* out);
  bool ReadFloat(Datum* out);
  bool ReadDouble(Datum* out);
  bool ReadRecord(const Schema& schema, Datum* out);
  bool ReadKey(Datum* out, size_t index);
};

}  // namespace avro
