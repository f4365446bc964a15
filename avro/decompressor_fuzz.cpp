// Any payload of any codec: unpacked or refused, in room that stays near what came out.
#include "avro/decompressor.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr avro::Codec kCodecs[] = {avro::Codec::Snappy, avro::Codec::Zstandard, avro::Codec::Bzip2, avro::Codec::Xz,
                                     avro::Codec::Deflate};
  constexpr size_t kMost = size_t{1} << 20;  // so that bombs cost little time
  if (size == 0) return 0;
  const avro::Codec codec = kCodecs[data[0] % std::size(kCodecs)];
  avro::Decompressor decompressor(kMost);
  std::vector<uint8_t> out;
  size_t out_size = 0;
  constexpr size_t kSlack = 32;
  const auto error = decompressor.Decompress(codec, {data + 1, size - 1}, 0, kSlack, &out, &out_size);
  if (!error && out_size + kSlack > out.size()) std::abort();
  return 0;
}
