#include "avro/decompressor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "avro/compressor.h"

namespace avro {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;
using ErrorKind = ContainerError::Kind;

constexpr Codec kPacking[] = {Codec::Deflate, Codec::Snappy, Codec::Zstandard, Codec::Bzip2, Codec::Xz};

Bytes FromHex(std::string_view hex) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

Bytes Pack(Codec codec, const Bytes& block) {
  Compressor compressor(codec);
  const std::span<const uint8_t> packed = compressor.Compress(block);
  return Bytes(packed.begin(), packed.end());
}

struct Unpacked {
  ContainerError error;
  Bytes bytes;
  size_t room = 0;
};

Unpacked Unpack(Codec codec, const Bytes& payload) {
  Decompressor decompressor;
  Bytes out;
  size_t size = 0;
  Unpacked result;
  result.error = decompressor.Decompress(codec, payload, 77, 0, &out, &size);
  result.room = out.size();
  if (!result.error) result.bytes.assign(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
  return result;
}

// `hello` as other programs pack it.
TEST(Decompressor, ReadsWhatOthersWrite) {
  const Bytes hello{'h', 'e', 'l', 'l', 'o'};
  const std::pair<Codec, std::string_view> cases[] = {
      {Codec::Snappy, "051068656c6c6f3610a686"},
      {Codec::Zstandard, "28b52ffd200529000068656c6c6f"},
      {Codec::Zstandard, "28b52ffd005829000068656c6c6f"},
      {Codec::Bzip2, "425a68393141592653591931653d00000081000244a000219a68334d07338bb9229c28480c98b29e80"},
      {Codec::Xz,
       "fd377a585a000004e6d6b4460200210116000000742fe5a301000468656c6c6f00000000b137b9dbe5da1e9b00011d05b82d80af1fb6f37"
       "d"
       "010000000004595a"},
  };
  for (const auto& [codec, hex] : cases) {
    const Unpacked unpacked = Unpack(codec, FromHex(hex));
    EXPECT_FALSE(unpacked.error) << CodecName(codec) << ": " << unpacked.error.message;
    EXPECT_EQ(unpacked.bytes, hello) << CodecName(codec);
  }
}

TEST(Decompressor, RoundTripsBlocksOfAllSizes) {
  std::mt19937_64 random(7);
  for (const Codec codec : kPacking) {
    Compressor compressor(codec);
    Decompressor decompressor;
    Bytes out;
    for (const size_t size : {0, 1, 5, 100, 4096, 4097, 70'000, 1'000'000, 3}) {
      for (const bool noise : {false, true}) {
        Bytes block(size, 'a');
        for (uint8_t& byte : block) byte = noise ? static_cast<uint8_t>(random()) : byte;
        const auto packed = compressor.Compress(block);
        size_t out_size = 0;
        const ContainerError error = decompressor.Decompress(codec, packed, 0, 32, &out, &out_size);
        ASSERT_FALSE(error) << CodecName(codec) << " " << size << ": " << error.message;
        ASSERT_EQ(Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(out_size)), block) << CodecName(codec);
        ASSERT_GE(out.size(), out_size + 32);
        for (size_t i = 0; i < 32; ++i) ASSERT_EQ(out[out_size + i], 0) << CodecName(codec);
      }
    }
  }
}

TEST(Decompressor, DamageIsAnError) {
  std::mt19937_64 random(11);
  Bytes block;
  for (int i = 0; i < 3000; ++i) block.push_back(static_cast<uint8_t>(random() % 8 + 'a'));
  for (const Codec codec : {Codec::Snappy, Codec::Zstandard, Codec::Bzip2, Codec::Xz}) {
    SCOPED_TRACE(CodecName(codec));
    const Bytes packed = Pack(codec, block);
    for (size_t cut = 0; cut < packed.size(); ++cut) {
      const Unpacked unpacked = Unpack(codec, Bytes(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(cut)));
      ASSERT_EQ(unpacked.error.kind, ErrorKind::BadCompression) << cut;
    }
    Bytes longer = packed;
    longer.push_back(0);
    EXPECT_TRUE(Unpack(codec, longer).error);
    for (int i = 0; i < 2000; ++i) {
      Bytes wrong = packed;
      wrong[random() % wrong.size()] ^= static_cast<uint8_t>(1 << random() % 8);
      const Unpacked unpacked = Unpack(codec, wrong);
      if (unpacked.error) continue;
      // Zstandard has no checksum by default, and a flag of no meaning may be flipped.
      ASSERT_TRUE(codec == Codec::Zstandard || unpacked.bytes == block);
    }
    const Unpacked noise = Unpack(codec, block);
    EXPECT_EQ(noise.error.kind, ErrorKind::BadCompression);
    EXPECT_EQ(noise.error.byte, 77U);
    EXPECT_THAT(noise.error.message, HasSubstr("data at byte 77"));
  }
}

TEST(Decompressor, SnappysChecksumCounts) {
  Bytes packed = Pack(Codec::Snappy, Bytes(100, 'x'));
  packed.back() ^= 1;
  EXPECT_EQ(Unpack(Codec::Snappy, packed).error.message,
            "the snappy data at byte 77 do not have the checksum that follows them");
}

// Sizes that headers claim: 256 MiB - 1 of snappy, 200 MiB of one zstandard frame, a window of 128 MiB.
TEST(Decompressor, ClaimsReserveNothing) {
  EXPECT_LT(Unpack(Codec::Snappy, FromHex("ffffff7f1068656c6c6f3610a686")).room, 10'000U);
  const Unpacked claimed = Unpack(Codec::Zstandard, FromHex("28b52ffda00000800c29000068656c6c6f"));
  EXPECT_EQ(claimed.error.kind, ErrorKind::BadCompression);
  EXPECT_LT(claimed.room, 10'000U);
  const Unpacked window = Unpack(Codec::Zstandard, FromHex("28b52ffd008829000068656c6c6f"));
  EXPECT_LT(window.room, 10'000U);
}

TEST(Decompressor, FramesOfOldZstandardAreDamage) {
  for (const char* hex : {"25b52ffd0000000000000000", "27b52ffd0000000000000000", "1eb52ffd0000000000000000"}) {
    EXPECT_EQ(Unpack(Codec::Zstandard, FromHex(hex)).error.kind, ErrorKind::BadCompression) << hex;
  }
}

TEST(Decompressor, GrowsToTheLimitAndNoFurther) {
  constexpr size_t kMost = 1'000'000;
  for (const Codec codec : {Codec::Snappy, Codec::Zstandard, Codec::Bzip2, Codec::Xz}) {
    SCOPED_TRACE(CodecName(codec));
    Decompressor decompressor(kMost);
    Bytes out;
    size_t size = 0;
    const ContainerError error = decompressor.Decompress(codec, Pack(codec, Bytes(kMost, 0)), 0, 64, &out, &size);
    EXPECT_FALSE(error) << error.message;
    EXPECT_EQ(size, kMost);
    const Bytes over = Pack(codec, Bytes(kMost + 1, 0));
    const ContainerError too_large = decompressor.Decompress(codec, over, 9, 64, &out, &size);
    EXPECT_EQ(too_large.kind, ErrorKind::TooLarge);
    EXPECT_EQ(too_large.message,
              "the " + std::string(CodecName(codec)) + " data at byte 9 hold more than 1,000,000 bytes");
    EXPECT_EQ(out.size(), kMost + 64);
  }
}

// Blocks are read up to 256 MiB, with the codec that packs so much fastest.
TEST(Decompressor, TheDefaultLimitIsThatOfBlocks) {
  const auto most = static_cast<size_t>(kMaxBlockBytes);
  Bytes block(most + 1, 0);
  const Bytes over = Pack(Codec::Zstandard, block);
  EXPECT_EQ(Unpack(Codec::Zstandard, over).error.kind, ErrorKind::TooLarge);
  block.pop_back();
  const Unpacked unpacked = Unpack(Codec::Zstandard, Pack(Codec::Zstandard, block));
  EXPECT_FALSE(unpacked.error) << unpacked.error.message;
  EXPECT_EQ(unpacked.bytes.size(), most);
}

}  // namespace
}  // namespace avro
