#include "runtime/sink/container_sink.h"

#include <gtest/gtest.h>

#include "avro/container_reader.h"
#include "runtime/job/stream_uri.h"
#include "runtime/sink/file_sink.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

TEST(ContainerSink, WritesEveryCodecThatTheUriNames) {
  const auto trades = MakeTrades(20'000, 1);
  std::string records;
  for (const Trade& trade : trades) {
    const auto bytes = EncodeTrade(trade);
    records.append(bytes.begin(), bytes.end());
  }
  TemporaryDirectory directory;
  for (const std::string name : {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"}) {
    const auto uri = ParseFileUri(directory.Path(name + ".avro") + "?codec=" + name);
    ASSERT_TRUE(uri.ok()) << uri.error().message();
    auto file = FileSink::Create(uri->path);
    ASSERT_TRUE(file.ok());
    ContainerSink sink(std::move(*file), TradeSchemaJson(), "alerts", uri->codec);
    for (const Trade& trade : trades) {
      const auto bytes = EncodeTrade(trade);
      ASSERT_FALSE(sink.Write({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, 1));
    }
    ASSERT_FALSE(sink.Prepare(1));
    ASSERT_FALSE(sink.Commit(1));
    const std::string written = ReadFile(uri->path);
    avro::ContainerReader reader({reinterpret_cast<const uint8_t*>(written.data()), written.size()});
    ASSERT_FALSE(reader.Open());
    EXPECT_EQ(avro::CodecName(reader.header().codec), name);
    EXPECT_EQ(name == "null", written.size() > records.size()) << name;
    std::string got;
    avro::ContainerReader::Block block;
    for (bool end = false; !end;) {
      ASSERT_FALSE(reader.Next(&block, &end));
      if (!end) got.append(reinterpret_cast<const char*>(block.bytes.data()), block.bytes.size());
    }
    EXPECT_EQ(got, records) << name;
  }
  EXPECT_FALSE(ParseFileUri("a.avro?codec=lzo").ok());
}

}  // namespace
}  // namespace rulert
