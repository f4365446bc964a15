#include "runtime/source/text_file_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <fcntl.h>
#include <unistd.h>

#include <random>

#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

std::string Gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 100, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstandard(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()) + 100, '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

// What a source hands out, taken by someone who knows no more of a record than that it ends outside of quotes.
struct Taken {
  std::vector<std::string> records;
  std::vector<std::string> headers;  // of each record
  std::vector<std::string> problems;
  std::string failure;
  size_t blocks = 0;
};

size_t CsvRecordEnd(std::string_view text, bool whole) {
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) return i + 1;
  }
  return whole ? text.size() : 0;
}

Taken TakeAll(TextFileSource& source, bool csv, int most_waits = 0, size_t before = 0) {
  Taken taken;
  ReadResult read;
  while (true) {
    source.Read(&read);
    if (read.kind == ReadKind::End) return taken;
    if (read.kind == ReadKind::FileFailed) {
      taken.failure = read.problem.message;
      continue;
    }
    if (read.kind == ReadKind::Failed) {
      taken.failure = read.error.message();
      return taken;
    }
    if (read.kind == ReadKind::Wait) {
      if (most_waits-- <= 0) return taken;
      continue;
    }
    if (read.kind == ReadKind::Problem) {
      taken.problems.push_back(read.problem.message);
      continue;
    }
    ++taken.blocks;
    const Block& block = read.block;
    EXPECT_EQ(block.records, kUnknownRecords);
    EXPECT_EQ(block.first_offset, static_cast<int64_t>(before + taken.records.size() + taken.problems.size()));
    std::string_view text(reinterpret_cast<const char*>(block.bytes), block.size);
    uint64_t records = 0;
    while (!text.empty()) {
      const size_t size = csv ? CsvRecordEnd(text, !block.open) : std::min(text.find('\n'), text.size() - 1) + 1;
      if (size == 0) break;
      taken.records.emplace_back(text.substr(0, size));
      taken.headers.push_back(block.header != nullptr ? *block.header : "");
      text.remove_prefix(size);
      ++records;
    }
    source.Decoded(block.size - text.size(), records);
  }
}

Taken TakeFiles(std::vector<std::string> paths, const TextForm& form, const InputLimits& limits = {}) {
  auto source = TextFileSource::Open(std::move(paths), form, limits);
  EXPECT_TRUE(source.ok()) << source.error().message();
  return TakeAll(**source, form.format == BlockFormat::Csv);
}

class TextFiles : public testing::Test {
 protected:
  TemporaryDirectory directory_;
  TextForm json_;
  TextForm csv_{BlockFormat::Csv, true, std::nullopt};
};

TEST_F(TextFiles, LinesComeInOrderAndWhole) {
  std::mt19937 random(1);
  std::string text;
  std::vector<std::string> lines;
  for (int i = 0; i < 100'000; ++i) {
    lines.push_back(std::to_string(i) + std::string(random() % 100, 'x') + "\n");
    text += lines.back();
  }
  for (const auto& [name, content] : {std::pair<std::string, std::string>{"a.jsonl", text},
                                      {"a.jsonl.gz", Gzip(text)},
                                      {"b.jsonl.gz", Gzip(text.substr(0, 1000)) + Gzip("") + Gzip(text.substr(1000))},
                                      {"padded.jsonl.gz", Gzip(text) + std::string(512, '\0')},
                                      {"a.jsonl.zst", Zstandard(text)},
                                      {"b.jsonl.zst", Zstandard(text.substr(0, 77)) + Zstandard(text.substr(77))}}) {
    const Taken taken = TakeFiles({directory_.Write(name, content)}, json_);
    EXPECT_EQ(taken.records, lines) << name;
    EXPECT_EQ(taken.failure, "") << name;
    EXPECT_GT(taken.blocks, 1u) << name;
  }
}

TEST_F(TextFiles, TheLastLineMayLackItsEndAndAMarkIsLeftOut) {
  const auto first = directory_.Write("1.jsonl", "\xEF\xBB\xBF{}\n{\"a\":1}");
  const auto second = directory_.Write("2.jsonl", "x\n");
  const auto empty = directory_.Write("3.jsonl", "");
  EXPECT_THAT(TakeFiles({first, empty, second}, json_).records, testing::ElementsAre("{}\n", "{\"a\":1}", "x\n"));
}

TEST_F(TextFiles, CsvRecordsMayHoldLineEndsAndEachFileHasItsHeader) {
  const auto first = directory_.Write("1.csv",
                                      "\xEF\xBB\xBF"
                                      "a,\"b\nc\"\r\n1,\"x\ny\"\r\n2,z");
  const auto second = directory_.Write("2.csv", "d\n3\n");
  const Taken taken = TakeFiles({first, second}, csv_);
  EXPECT_THAT(taken.records, testing::ElementsAre("1,\"x\ny\"\r\n", "2,z", "3\n"));
  EXPECT_THAT(taken.headers, testing::ElementsAre("a,\"b\nc\"", "a,\"b\nc\"", "d"));
  csv_.header = false;
  EXPECT_THAT(TakeFiles({second}, csv_).records, testing::ElementsAre("d\n", "3\n"));
}

// A quoted field of several megabytes: blocks grow until the record is whole.
TEST_F(TextFiles, ARecordMayBeLongerThanABlock) {
  const std::string field = "\"" + std::string(5 << 20, '\n') + "\"\n";
  const auto file = directory_.Write("1.csv", "h\n1\n" + field + "2\n");
  const Taken taken = TakeFiles({file}, csv_);
  ASSERT_EQ(taken.records.size(), 3u);
  EXPECT_EQ(taken.records[1], field);
  const std::string line = std::string(5 << 20, 'x') + "\n";
  EXPECT_THAT(TakeFiles({directory_.Write("1.jsonl", "1\n" + line + "2\n")}, json_).records,
              testing::ElementsAre("1\n", line, "2\n"));
}

TEST_F(TextFiles, ALineBeyondTheLimitIsLeftOutAndToldOf) {
  InputLimits limits;
  limits.line_bytes = 2 << 20;
  const std::string fits = std::string((2 << 20) - 1, 'x') + "\n";
  const std::string beyond = std::string((2 << 20) + 1, 'y') + "\n";
  const auto file = directory_.Write("1.jsonl", "1\n" + fits + beyond + "2\n" + beyond + "3");
  const Taken taken = TakeFiles({file}, json_, limits);
  EXPECT_THAT(taken.records, testing::ElementsAre("1\n", fits, "2\n", "3"));
  ASSERT_EQ(taken.problems.size(), 2u);
  EXPECT_EQ(taken.problems[0], "`" + file + "` at byte " + std::to_string(2 + fits.size()) +
                                   ": a line has more than 2,097,152 bytes; it is left out");
}

TEST_F(TextFiles, ALimitHoldsForLinesThatAreShorterThanABlock) {
  InputLimits limits;
  limits.line_bytes = 4;
  const auto json = directory_.Write("1.jsonl", "1\n1234\n12345\n2\n12345678901\n3\n12345");
  const Taken lines = TakeFiles({json}, json_, limits);
  EXPECT_THAT(lines.records, testing::ElementsAre("1\n", "1234\n", "2\n", "3\n"));
  EXPECT_EQ(lines.problems.size(), 3u);
  const Taken records = TakeFiles({directory_.Write("1.csv", "header\n1\n12345\n1234\n12345")}, csv_, limits);
  EXPECT_THAT(records.records, testing::ElementsAre("1\n", "1234\n"));
  EXPECT_EQ(records.problems.size(), 2u);
}

TEST_F(TextFiles, WhatPrecedesACutOrDamageOfCompressedDataCounts) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919) + "\n";
  for (const auto& [name, content] :
       {std::pair<std::string, std::string>{"a.jsonl.gz", Gzip(text)}, {"a.jsonl.zst", Zstandard(text)}}) {
    for (const size_t size : {size_t{0}, size_t{1}, content.size() / 2, content.size() - 9, content.size() - 1}) {
      const auto file = directory_.Write(name, content.substr(0, size));
      const Taken taken = TakeFiles({file}, json_);
      EXPECT_THAT(taken.failure, HasSubstr("`" + file + "` at byte ")) << name << " " << size;
      EXPECT_THAT(taken.failure, HasSubstr("the file ends inside its compressed data")) << name << " " << size;
      std::string got;
      for (const std::string& record : taken.records) got += record;
      EXPECT_EQ(text.substr(0, got.size()), got);
      EXPECT_TRUE(got.empty() || got.back() == '\n') << "a part of a line is no line";
      if (size > content.size() / 3 && name == "a.jsonl.gz") {
        EXPECT_GT(got.size(), text.size() / 4);
      }
    }
    std::string damaged = content;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    EXPECT_NE(TakeFiles({directory_.Write(name, damaged)}, json_).failure, "") << name;
    EXPECT_THAT(TakeFiles({directory_.Write(name, content + "garbage")}, json_).failure,
                HasSubstr("the compressed data are damaged"))
        << name;
  }
}

TEST_F(TextFiles, AWindowThatIsTooWideIsNoDamage) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 28);
  std::string packed(1000, '\0');
  ZSTD_inBuffer in{"1\n", 2, 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  // In parts, so that the frame does not tell its size, which would bound the window.
  ASSERT_EQ(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush), 0u);
  ASSERT_EQ(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  EXPECT_THAT(TakeFiles({directory_.Write("a.jsonl.zst", packed)}, json_).failure, HasSubstr("more than 128 MiB"));
}

TEST_F(TextFiles, EveryDamagedByteEndsInARefusalOrTheTruth) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += std::to_string(i * 7919) + "\n";
  std::mt19937 random(7);
  for (const auto& [name, content] :
       {std::pair<std::string, std::string>{"a.jsonl.gz", Gzip(text)}, {"a.jsonl.zst", Zstandard(text)}}) {
    for (size_t at = 0; at < content.size(); at += 3) {
      std::string damaged = content;
      damaged[at] = static_cast<char>(random());
      TakeFiles({directory_.Write(name, damaged)}, json_);
    }
  }
}

TEST_F(TextFiles, APipeIsReadAsItComes) {
  const std::string fifo = directory_.Path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  auto source = TextFileSource::Open({fifo}, json_, {});
  ASSERT_TRUE(source.ok());
  EXPECT_TRUE(TakeAll(**source, false).records.empty()) << "no one writes yet, and no one is waited for";
  const int fd = open(fifo.c_str(), O_WRONLY);
  ASSERT_GE(fd, 0);
  const auto write_text = [fd](const std::string& text) {
    ASSERT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  ReadResult read;
  write_text("1\n2\n3");
  (*source)->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Block);
  EXPECT_EQ(read.block.size, 4u);
  (*source)->Decoded(4, 2);
  (*source)->Read(&read);
  EXPECT_EQ(read.kind, ReadKind::Wait) << "a part of a line waits for its rest";
  EXPECT_GE((*source)->wait_descriptor(), 0);
  write_text("3\n4");
  close(fd);
  std::string rest;
  for ((*source)->Read(&read); read.kind == ReadKind::Block; (*source)->Read(&read)) {
    rest.append(reinterpret_cast<const char*>(read.block.bytes), read.block.size);
    (*source)->Decoded(read.block.size, 1);
  }
  EXPECT_EQ(rest, "33\n4");
  EXPECT_EQ(read.kind, ReadKind::End);
}

// Parts that end anywhere: in the header, behind a line end inside quotes, in a last line without its end.
TEST_F(TextFiles, ThePartsOfAPipeMakeNoDifference) {
  const std::string text = "abcdefgh,i\n1,x\n2,\"y\nz\"";
  for (size_t first = 1; first < text.size(); ++first) {
    for (const size_t second : {first, (first + text.size()) / 2}) {
      const std::string fifo = directory_.Path("fifo");
      ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
      auto source = TextFileSource::Open({fifo}, csv_, {});
      ASSERT_TRUE(source.ok());
      TakeAll(**source, true);
      const int fd = open(fifo.c_str(), O_WRONLY);
      ASSERT_GE(fd, 0);
      std::vector<std::string> records;
      std::string failure;
      size_t from = 0;
      for (const size_t to : {first, second, text.size(), text.size()}) {
        if (from == text.size()) {
          close(fd);
        } else {
          ASSERT_EQ(write(fd, text.data() + from, to - from), static_cast<ssize_t>(to - from));
        }
        from = to;
        const Taken taken = TakeAll(**source, true, 0, records.size());
        records.insert(records.end(), taken.records.begin(), taken.records.end());
        failure += taken.failure;
      }
      EXPECT_THAT(records, testing::ElementsAre("1,x\n", "2,\"y\nz\"")) << first << " " << second;
      EXPECT_EQ(failure, "") << first << " " << second;
      ASSERT_EQ(unlink(fifo.c_str()), 0);
    }
  }
}

// How far the record was tried that a file was cut in says nothing of the next file.
TEST_F(TextFiles, AFileBehindACutOneIsReadWhole) {
  std::string packed = Gzip("h\n1,\"" + std::string(1000, '\n'));
  packed.resize(packed.size() - 1);
  const auto cut = directory_.Write("1.csv.gz", packed);
  const Taken taken = TakeFiles({cut, directory_.Write("2.csv", "h\n1\n")}, csv_);
  EXPECT_THAT(taken.records, testing::ElementsAre("1\n"));
  EXPECT_THAT(taken.failure, HasSubstr("the file ends inside its compressed data"));
}

TEST_F(TextFiles, AQuoteInsideANameIsPartOfIt) {
  const auto file = directory_.Write("1.csv", "a,6\" pipe,\"say \"\"x\ny\"\n1,2,3\n");
  const Taken taken = TakeFiles({file}, csv_);
  EXPECT_THAT(taken.records, testing::ElementsAre("1,2,3\n"));
  EXPECT_THAT(taken.headers, testing::ElementsAre("a,6\" pipe,\"say \"\"x\ny\""));
  csv_.delimiter = ';';
  EXPECT_THAT(TakeFiles({directory_.Write("2.csv", "a,\"b;\"c\nd\"\n1\n")}, csv_).records, testing::ElementsAre("1\n"));
}

// Nothing but a header is no failure; a file that looks like that only is one.
TEST_F(TextFiles, AHeaderThatDoesNotEndIsToldOf) {
  EXPECT_EQ(TakeFiles({directory_.Write("1.csv", "a,b")}, csv_).failure, "");
  EXPECT_EQ(TakeFiles({directory_.Write("2.csv", "a,b\r")}, csv_).failure, "");
  EXPECT_THAT(TakeFiles({directory_.Write("3.csv", "a,\"b\n1,2\n")}, csv_).failure,
              HasSubstr("3.csv` at byte 0: a quote in the header is not closed"));
  EXPECT_THAT(TakeFiles({directory_.Write("4.csv",
                                          "\xEF\xBB\xBF"
                                          "a,b\r1,2\r")},
                        csv_)
                  .failure,
              HasSubstr("4.csv` at byte 3: the header ends in a carriage return alone"));
}

TEST_F(TextFiles, WhatIsNoTextIsRefusedAtOnce) {
  const std::string text = "{\"a\":1}\n";
  EXPECT_THAT(TakeFiles({directory_.Write("1.jsonl", Gzip(text))}, json_).failure,
              HasSubstr("1.jsonl`: the file is compressed; say `?compression=gzip` behind its name"));
  EXPECT_THAT(TakeFiles({directory_.Write("2.jsonl", Zstandard(text))}, json_).failure, HasSubstr("?compression=zstd"));
  EXPECT_THAT(TakeFiles({directory_.Write("3.jsonl", std::string("\xFF\xFE{\0}\0", 6))}, json_).failure,
              HasSubstr("UTF-16"));
  EXPECT_THAT(TakeFiles({directory_.Write("4.csv", std::string("\xFE\xFF\0a\0\n", 6))}, csv_).failure,
              HasSubstr("UTF-16"));
  EXPECT_EQ(TakeFiles({directory_.Write("5.jsonl", "\xFF\xFE\n" + text)}, json_).records.size(), 2u) << "a bad line";
}

TEST_F(TextFiles, SeekGoesOnAtARecordAndKnowsTheHeader) {
  const auto file = directory_.Write("1.csv", "h\n1\n2\n3\n");
  auto source = TextFileSource::Open({file}, csv_, {});
  ASSERT_TRUE(source.ok());
  ReadResult read;
  (*source)->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Block);
  (*source)->Decoded(2, 1);
  const SourcePosition position = (*source)->position();
  EXPECT_EQ(position.byte, 4u);
  EXPECT_EQ(position.offset, 1);
  auto other = TextFileSource::Open({file}, csv_, {});
  ASSERT_FALSE((*other)->Seek(position));
  (*other)->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Block);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(read.block.bytes), read.block.size), "2\n3\n");
  EXPECT_EQ(*read.block.header, "h");
  EXPECT_EQ(read.block.first_offset, 1);
}

TEST_F(TextFiles, AHugeHeaderIsRefused) {
  const auto file = directory_.Write("1.csv", std::string(3 << 20, 'x'));
  EXPECT_THAT(TakeFiles({file}, csv_).failure, HasSubstr("the header has more than 1 MiB"));
}

}  // namespace
}  // namespace rulert
