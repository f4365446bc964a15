#include "avro/container.h"

namespace avro {

std::string_view CodecName(Codec codec) {
  switch (codec) {
    case Codec::Null: return "null";
    case Codec::Deflate: return "deflate";
    case Codec::Snappy: return "snappy";
    case Codec::Zstandard: return "zstandard";
    case Codec::Bzip2: return "bzip2";
    case Codec::Xz: return "xz";
  }
  return "";
}

std::optional<Codec> CodecByName(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Codec::Xz); ++i) {
    if (CodecName(static_cast<Codec>(i)) == name) return static_cast<Codec>(i);
  }
  return std::nullopt;
}

}  // namespace avro
