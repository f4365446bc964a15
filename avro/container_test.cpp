#include "avro/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "avro/container_reader.h"
#include "avro/datum.h"
#include "avro/random_schema.h"
#include "avro/varint.h"

namespace avro {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;
using ErrorKind = ContainerError::Kind;

constexpr Sync kSync{0xF0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr char kSchema[] =
    R"({"type":"record","name":"R","fields":[{"name":"id","type":"long"},{"name":"s","type":"string"}]})";

std::span<const uint8_t> AsBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Container(Codec codec, int records, int records_a_block) {
  ContainerWriter writer(kSchema, codec, kSync);
  for (int i = 0; i < records; ++i) {
    Bytes record;
    AppendVarint(i, &record);
    AppendVarint(4, &record);
    for (const char c : {'t', 'e', 'x', 't'}) record.push_back(static_cast<uint8_t>(c));
    writer.Append(record, 1);
    if ((i + 1) % records_a_block == 0) writer.Flush();
  }
  writer.Flush();
  return writer.bytes();
}

struct ReadBack {
  ContainerError error;
  std::vector<std::string> records;
};

ReadBack ReadAll(const std::string& file) {
  ReadBack result;
  ContainerReader reader(AsBytes(file));
  result.error = reader.Open();
  bool end = false;
  while (!result.error && !end) {
    ContainerReader::Block block;
    result.error = reader.Next(&block, &end);
    if (result.error || end) break;
    Datum datum;
    for (uint64_t i = 0; i < block.records; ++i) {
      size_t used = 0;
      const Schema& schema = reader.header().schema->root();
      if (DecodeDatum(schema, block.bytes, &datum, &used)) return result;
      block.bytes = block.bytes.subspan(used);
      result.records.push_back(DatumToJson(schema, datum));
    }
  }
  return result;
}

constexpr Codec kCodecs[] = {Codec::Null, Codec::Deflate, Codec::Snappy, Codec::Zstandard, Codec::Bzip2, Codec::Xz};

TEST(Container, RoundTripsWithEveryCodec) {
  for (const Codec codec : kCodecs) {
    SCOPED_TRACE(CodecName(codec));
    const std::string file = Container(codec, 30'000, 7'000);
    EXPECT_EQ(file, Container(codec, 30'000, 7'000)) << "equal input must give equal files";
    const ReadBack back = ReadAll(file);
    EXPECT_FALSE(back.error) << back.error.message;
    ASSERT_EQ(back.records.size(), 30'000U);
    EXPECT_EQ(back.records[29'999], R"({"id":29999,"s":"text"})");
    ContainerHeader header;
    ASSERT_FALSE(ParseContainerHeader(AsBytes(file), &header, KnownCodecs::All));
    EXPECT_EQ(header.codec, codec);
    EXPECT_EQ(header.sync, kSync);
    EXPECT_EQ(header.schema->text(), kSchema);
  }
}

TEST(Container, LargeBlocksAreClosedByThemselves) {
  ContainerWriter writer(kSchema, Codec::Null, kSync);
  const size_t header = writer.bytes().size();
  const Bytes record(1000, 0);
  for (int i = 0; i < 65; ++i) writer.Append(record, 1);
  EXPECT_EQ(writer.bytes().size(), header);
  writer.Append(record, 1);
  EXPECT_GT(writer.bytes().size(), header + 66'000);
  writer.bytes().clear();
  writer.Flush();
  EXPECT_TRUE(writer.bytes().empty());
}

// Header with `metadata` between magic and sync.
std::string Header(const std::string& metadata) { return "Obj\1" + metadata + std::string(kSync.begin(), kSync.end()); }

std::string Text(const std::string& text) {
  std::string out;
  AppendVarint(static_cast<int64_t>(text.size()), &out);
  return out + text;
}

TEST(ContainerHeader, TakesMetadataInSizedBlocks) {
  const std::string first = Text("avro.schema") + Text("\"int\"");
  const std::string second = Text("mine") + Text("x");
  std::string metadata;
  AppendVarint(-1, &metadata);
  AppendVarint(static_cast<int64_t>(first.size()), &metadata);
  metadata += first;
  AppendVarint(1, &metadata);
  metadata += second + '\0';
  ContainerHeader header;
  const std::string file = Header(metadata);
  const ContainerError error = ParseContainerHeader(AsBytes(file), &header);
  ASSERT_FALSE(error) << error.message;
  EXPECT_EQ(header.schema->root().kind, Kind::Int);
  EXPECT_EQ(header.codec, Codec::Null);
  EXPECT_EQ(header.size, file.size());
}

std::string Entries(std::initializer_list<std::pair<const char*, const char*>> entries) {
  std::string metadata;
  AppendVarint(static_cast<int64_t>(entries.size()), &metadata);
  for (const auto& [key, value] : entries) metadata += Text(key) + Text(value);
  return metadata + '\0';
}

TEST(ContainerHeader, RefusesWithReason) {
  const auto error_of = [](const std::string& file) {
    ContainerHeader header;
    return ParseContainerHeader(AsBytes(file), &header);
  };
  EXPECT_EQ(error_of("").message, "the file is empty");
  EXPECT_EQ(error_of("PK\3\4rest").kind, ErrorKind::BadMagic);
  EXPECT_EQ(error_of("O").kind, ErrorKind::Cut);
  EXPECT_EQ(error_of("Obj\2").kind, ErrorKind::BadMagic);
  EXPECT_EQ(error_of(Header(Entries({{"avro.codec", "null"}}))).message, "the header has no `avro.schema`");
  const ContainerError codec = error_of(Header(Entries({{"avro.schema", "\"int\""}, {"avro.codec", "zstandard"}})));
  EXPECT_EQ(codec.kind, ErrorKind::UnknownCodec);
  EXPECT_EQ(codec.message, "the blocks are compressed with `zstandard`; `null` and `deflate` are read");
  ContainerHeader header;
  const std::string lzo = Header(Entries({{"avro.schema", "\"int\""}, {"avro.codec", "lzo"}}));
  EXPECT_EQ(
      ParseContainerHeader(AsBytes(lzo), &header, KnownCodecs::All).message,
      "the blocks are compressed with `lzo`; `null`, `deflate`, `snappy`, `zstandard`, `bzip2` and `xz` are read");
  const ContainerError schema = error_of(Header(Entries({{"avro.schema", "{\n\"type\":\"itn\"}"}})));
  EXPECT_EQ(schema.kind, ErrorKind::BadSchema);
  EXPECT_THAT(schema.message, HasSubstr("wrong in line 2, column 8: there is no type `itn`; did you mean `int`?"));
  std::string huge;
  AppendVarint(1, &huge);
  AppendVarint(10'000'000'000, &huge);
  const ContainerError length = error_of("Obj\1" + huge);
  EXPECT_EQ(length.kind, ErrorKind::TooLarge);
  EXPECT_EQ(length.byte, 5U);
  EXPECT_THAT(length.message, HasSubstr("a text of 10,000,000,000 bytes at byte 5"));
  EXPECT_EQ(error_of("Obj\1" + std::string(11, '\xFF')).kind, ErrorKind::BadBlock);
}

TEST(ContainerHeader, EveryCutAsksForMore) {
  const std::string file = Container(Codec::Null, 0, 1);
  for (size_t cut = 0; cut < file.size(); ++cut) {
    ContainerHeader header;
    const ContainerError error = ParseContainerHeader(AsBytes(file).first(cut), &header);
    ASSERT_EQ(error.kind, ErrorKind::Cut) << cut;
    ASSERT_EQ(error.byte, cut);
  }
}

TEST(ParseBlockHead, RefusesWithReason) {
  const auto error_of = [](int64_t records, int64_t size) {
    Bytes bytes;
    AppendVarint(records, &bytes);
    AppendVarint(size, &bytes);
    BlockHead head;
    return ParseBlockHead(bytes, 81'022, &head);
  };
  EXPECT_FALSE(error_of(10, 100));
  EXPECT_EQ(error_of(1, 10'000'000'000).message,
            "the block at byte 81,022 says that it has 10,000,000,000 bytes; at most 268,435,456 are read");
  EXPECT_EQ(error_of(1, -1).kind, ErrorKind::BadBlock);
  EXPECT_EQ(error_of(-1, 1).kind, ErrorKind::BadBlock);
  EXPECT_EQ(error_of(INT64_MAX, 0).kind, ErrorKind::TooLarge);
  BlockHead head;
  const ContainerError cut = ParseBlockHead(Bytes{0x80}, 10, &head);
  EXPECT_EQ(cut.kind, ErrorKind::Cut);
  EXPECT_EQ(cut.byte, 11U);
}

TEST(ContainerReader, SaysWhereTheFileIsWrong) {
  const std::string file = Container(Codec::Null, 20, 10);
  ContainerHeader header;
  ASSERT_FALSE(ParseContainerHeader(AsBytes(file), &header));
  // Each block: 1 byte of count, 1 byte of size, ten records of 6 bytes, the marker.
  const size_t second = header.size + 2 + 60 + kSyncSize;
  const ReadBack cut = ReadAll(file.substr(0, second + 30));
  EXPECT_EQ(cut.records.size(), 10U);
  EXPECT_EQ(cut.error.kind, ErrorKind::Cut);
  EXPECT_EQ(cut.error.message,
            "the file ends inside block 2 (byte " + std::to_string(second) + "): 30 of 78 bytes are there");
  std::string wrong = file;
  wrong[second - 1] ^= 1;
  const ReadBack sync = ReadAll(wrong);
  EXPECT_EQ(sync.error.kind, ErrorKind::BadSync);
  EXPECT_EQ(sync.error.byte, second - kSyncSize);
  EXPECT_EQ(sync.records.size(), 0U);
  std::string lying = file;
  lying[header.size + 1] = 2 * 59;
  EXPECT_EQ(ReadAll(lying).error.kind, ErrorKind::BadSync);
}

TEST(ContainerReader, DamageAnywhereIsAnErrorOrARead) {
  for (const Codec codec : kCodecs) {
    const std::string file = Container(codec, 40, 20);
    for (size_t cut = 0; cut < file.size(); ++cut) {
      const ReadBack back = ReadAll(file.substr(0, cut));
      ASSERT_TRUE(back.error || back.records.size() < 40) << cut;
    }
    for (size_t at = 0; at < file.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string flipped = file;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
        ASSERT_LE(ReadAll(flipped).records.size(), 80U) << at;
      }
    }
  }
}

// Deflate's stored form: 1 byte of flags, the length, its complement, the bytes.
Bytes Stored(const std::string& text) {
  Bytes bytes{1, static_cast<uint8_t>(text.size()), 0, static_cast<uint8_t>(~text.size()), 0xFF};
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

TEST(Inflater, LeavesZeroedSlack) {
  Inflater inflater;
  Bytes out(5000, 0xAA);
  size_t size = 0;
  ASSERT_FALSE(inflater.Inflate(Stored("hello"), 0, 32, &out, &size));
  ASSERT_EQ(size, 5U);
  ASSERT_GE(out.size(), 37U);
  for (size_t i = 5; i < 37; ++i) EXPECT_EQ(out[i], 0) << i;
  Bytes with_tail = Stored("hello");
  with_tail.insert(with_tail.end(), {1, 2, 3});
  EXPECT_FALSE(inflater.Inflate(with_tail, 0, 0, &out, &size)) << "part of a checksum may follow";
  EXPECT_EQ(size, 5U);
}

TEST(Inflater, RefusesDamage) {
  Inflater inflater;
  Bytes out;
  size_t size = 0;
  const ContainerError damaged = inflater.Inflate(Bytes{0xFF, 0xFF, 0xFF}, 77, 0, &out, &size);
  EXPECT_EQ(damaged.kind, ErrorKind::BadCompression);
  EXPECT_EQ(damaged.message, "the 3 bytes of deflate data at byte 77 are damaged");
  EXPECT_EQ(inflater.Inflate(Bytes{}, 0, 0, &out, &size).kind, ErrorKind::BadCompression);
}

TEST(Inflater, GrowsToTheLimitAndNoFurther) {
  ContainerWriter writer("\"bytes\"", Codec::Deflate, kSync);
  const size_t header = writer.bytes().size();
  const auto payload_of = [&](size_t size) {
    writer.bytes().resize(header);
    writer.Append(Bytes(size, 0), 1);
    BlockHead head;
    const auto block = AsBytes(writer.bytes()).subspan(header);
    EXPECT_FALSE(ParseBlockHead(block, 0, &head));
    const auto payload = block.subspan(head.head_size, static_cast<size_t>(head.size));
    return Bytes(payload.begin(), payload.end());
  };
  Inflater inflater;
  Bytes out;
  size_t size = 0;
  const Bytes fits = payload_of(30'000'000);
  EXPECT_FALSE(inflater.Inflate(fits, 0, 64, &out, &size));
  EXPECT_EQ(size, 30'000'000U);
  const Bytes over = payload_of(static_cast<size_t>(kMaxBlockBytes) + 1);
  EXPECT_EQ(inflater.Inflate(over, 0, 64, &out, &size).kind, ErrorKind::TooLarge);
}

// Containers and schemas that other programs wrote, where they are found.
TEST(ContainerReader, SharedDataAreRead) {
  const char* given = std::getenv("RULEC_SHARED");
  const std::filesystem::path shared =
      given != nullptr ? given : std::filesystem::path(RULEC_SOURCE_DIR) / ".." / "shared";
  if (!std::filesystem::exists(shared / "data")) GTEST_SKIP() << "no data in " << shared << "; set RULEC_SHARED";
  size_t containers = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / "data")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".avro" && path.extension() != ".avsc") continue;
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (path.extension() == ".avsc") {
      EXPECT_NE(ParseSchema(text).document, nullptr) << path;
      continue;
    }
    ContainerReader reader({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    ASSERT_FALSE(reader.Open()) << path;
    ++containers;
    for (bool end = false; !end;) {
      ContainerReader::Block block;
      const ContainerError error = reader.Next(&block, &end);
      ASSERT_FALSE(error) << path << ": " << error.message;
      for (uint64_t i = 0; i < block.records; ++i) {
        Datum datum;
        size_t used = 0;
        const DecodeError decode_error = DecodeDatum(reader.header().schema->root(), block.bytes, &datum, &used);
        ASSERT_FALSE(decode_error) << path << ": " << decode_error.message;
        block.bytes = block.bytes.subspan(used);
      }
      EXPECT_TRUE(block.bytes.empty()) << path;
    }
  }
  EXPECT_GT(containers, 0U);
}

}  // namespace
}  // namespace avro
