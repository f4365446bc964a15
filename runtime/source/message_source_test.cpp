#include "runtime/source/message_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "avro/datum.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

std::string BigEndian(uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

std::string WithLength(const std::string& message) {
  return BigEndian(static_cast<uint32_t>(message.size())) + message;
}

std::string Text(const Trade& trade) {
  const auto bytes = EncodeTrade(trade);
  return {bytes.begin(), bytes.end()};
}

std::string Single(uint64_t fingerprint, const std::string& datum) {
  std::string out = "\xC3\x01";
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(fingerprint >> shift);
  return out + datum;
}

struct Taken {
  std::vector<std::string> messages;
  std::vector<const avro::SchemaDocument*> writers;  // of each message
  std::vector<std::string> problems;
  std::string failure;
  size_t blocks = 0;
};

class Messages : public testing::Test {
 protected:
  Messages() {
    std::string other = TradeSchemaJson();
    other.replace(other.find("\"size\",\"type\":\"long\""), 20, "\"size\",\"type\":\"int\"");
    schemas_.only = avro::ParseSchema(TradeSchemaJson()).document;
    other_ = avro::ParseSchema(other).document;
    schemas_.by_fingerprint = {{avro::Fingerprint(schemas_.only->root()), schemas_.only},
                               {avro::Fingerprint(other_->root()), other_}};
    schemas_.by_id = {{7, schemas_.only}, {300, other_}};
    for (const auto& [fingerprint, schema] : schemas_.by_fingerprint) {
      (schema == other_ ? other_fingerprint_ : fingerprint_) = fingerprint;
    }
    for (const Trade& trade : MakeTrades(500, 3)) messages_.push_back(Text(trade));
  }

  Taken Take(Framing framing, const std::string& content, const InputLimits& limits = {}) {
    file_ = directory_.Write("messages", content);
    auto source = MessageSource::Open({file_}, std::nullopt, framing, schemas_, limits);
    EXPECT_TRUE(source.ok());
    Taken taken;
    ReadResult read;
    for ((*source)->Read(&read);; (*source)->Read(&read)) {
      if (read.kind == ReadKind::End) return taken;
      if (read.kind == ReadKind::FileFailed) {
        taken.failure = read.problem.message;
        continue;
      }
      if (read.kind == ReadKind::Failed) {
        taken.failure = read.error.message();
        return taken;
      }
      if (read.kind == ReadKind::Problem) {
        EXPECT_FALSE(read.problem.damage);
        taken.problems.push_back(read.problem.message);
        continue;
      }
      EXPECT_EQ(read.kind, ReadKind::Block);
      if (read.kind != ReadKind::Block) return taken;
      ++taken.blocks;
      const Block& block = read.block;
      EXPECT_EQ(block.first_offset, static_cast<int64_t>(taken.messages.size() + taken.problems.size()));
      EXPECT_EQ(block.starts[block.records], block.size);
      for (uint64_t i = 0; i < block.records; ++i) {
        taken.messages.emplace_back(reinterpret_cast<const char*>(block.bytes) + block.starts[i],
                                    block.starts[i + 1] - block.starts[i]);
        taken.writers.push_back(block.writer);
      }
    }
  }

  TemporaryDirectory directory_;
  std::string file_;
  MessageSchemas schemas_;
  avro::SchemaPtr other_;
  uint64_t fingerprint_ = 0;
  uint64_t other_fingerprint_ = 0;
  std::vector<std::string> messages_;
};

TEST_F(Messages, EveryFramingGivesTheSame) {
  std::string length, bare, single, length_single, confluent;
  for (const std::string& message : messages_) {
    length += WithLength(message);
    bare += message;
    single += Single(fingerprint_, message);
    length_single += WithLength(Single(fingerprint_, message));
    confluent += WithLength(std::string(1, '\0') + BigEndian(7) + message);
  }
  for (const auto& [framing, content] : {std::pair{Framing::Length, length},
                                         {Framing::Bare, bare},
                                         {Framing::Single, single},
                                         {Framing::LengthSingle, length_single},
                                         {Framing::Confluent, confluent}}) {
    const Taken taken = Take(framing, content);
    EXPECT_EQ(taken.messages, messages_) << FramingName(framing);
    EXPECT_EQ(taken.failure, "");
    EXPECT_EQ(taken.blocks, 1u);
    EXPECT_EQ(FramingNamed(FramingName(framing)), framing);
    // Cut anywhere, what precedes the cut counts.
    for (size_t size = content.size() - 100; size < content.size(); ++size) {
      const Taken cut = Take(framing, content.substr(0, size));
      ASSERT_LE(cut.messages.size(), messages_.size());
      EXPECT_TRUE(std::equal(cut.messages.begin(), cut.messages.end(), messages_.begin()));
      EXPECT_GE(cut.messages.size(), messages_.size() - 10);
      EXPECT_TRUE(cut.messages.size() < messages_.size());
    }
  }
}

TEST_F(Messages, ABlockHasOneSchema) {
  std::string content;
  for (int i = 0; i < 30; ++i) {
    content += WithLength(Single(i / 10 == 1 ? other_fingerprint_ : fingerprint_, messages_[0]));
  }
  const Taken taken = Take(Framing::LengthSingle, content);
  EXPECT_EQ(taken.messages.size(), 30u);
  EXPECT_EQ(taken.blocks, 3u);
  EXPECT_EQ(taken.writers[9], schemas_.by_fingerprint[fingerprint_].get());
  EXPECT_EQ(taken.writers[10], other_.get());
}

TEST_F(Messages, UnknownSchemasAreToldOfAndLeftOut) {
  const std::string good = messages_[0];
  const Taken single = Take(Framing::Single, Single(fingerprint_, good) + Single(1, good) + Single(fingerprint_, good) +
                                                 "rubbish" + Single(other_fingerprint_, good));
  EXPECT_EQ(single.messages.size(), 3u);
  ASSERT_EQ(single.problems.size(), 2u);
  EXPECT_THAT(single.problems[0], HasSubstr("no version that is known has the fingerprint 0000000000000001"));
  EXPECT_THAT(single.problems[1], HasSubstr("a message does not begin with C3 01"));
  const std::string zero(1, '\0');
  const Taken confluent = Take(Framing::Confluent, WithLength(zero + BigEndian(8) + good) + WithLength("x" + good) +
                                                       WithLength("") + WithLength(zero + BigEndian(300) + good));
  EXPECT_EQ(confluent.messages.size(), 1u);
  ASSERT_EQ(confluent.problems.size(), 3u);
  EXPECT_THAT(confluent.problems[0], HasSubstr("the registry id 8 is not in ids.json"));
  EXPECT_THAT(confluent.problems[0], HasSubstr("`" + file_ + "` at byte 0: "));
}

// Offsets, and with them the ids of what is found, must not depend on how much is seen at a time.
TEST_F(Messages, AStretchOfUnknownBytesIsOneHoweverItComes) {
  const std::string good = Single(fingerprint_, messages_[0]);
  const std::string rubbish = std::string(20, 'x') + Single(1, messages_[1]) + "\xC3";
  const Taken wide = Take(Framing::Single, good + std::string(3 << 20, 'x') + good + rubbish);
  EXPECT_EQ(wide.messages.size(), 2u);
  EXPECT_EQ(wide.problems.size(), 2u);
  EXPECT_EQ(wide.failure, "");
  const std::string fifo = directory_.Path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  auto source = MessageSource::Open({fifo}, std::nullopt, Framing::Single, schemas_, {});
  ASSERT_TRUE(source.ok());
  ReadResult read;
  (*source)->Read(&read);
  const int fd = open(fifo.c_str(), O_WRONLY);
  ASSERT_GE(fd, 0);
  std::vector<ReadKind> kinds;
  const auto take = [&] {
    for ((*source)->Read(&read); read.kind != ReadKind::Wait && read.kind != ReadKind::End; (*source)->Read(&read)) {
      kinds.push_back(read.kind);
    }
  };
  for (const char byte : good + rubbish + good + rubbish) {
    ASSERT_EQ(write(fd, &byte, 1), 1);
    take();
  }
  close(fd);
  take();
  EXPECT_EQ(read.kind, ReadKind::End);
  EXPECT_THAT(kinds, testing::ElementsAre(ReadKind::Block, ReadKind::Problem, ReadKind::Block, ReadKind::Problem));
  EXPECT_EQ((*source)->position().offset, 4);
}

TEST_F(Messages, AMarkAloneIsAMessageIfItsSchemaHasNoFields) {
  const auto empty = avro::ParseSchema(R"({"type":"record","name":"Empty","fields":[]})").document;
  const uint64_t fingerprint = avro::Fingerprint(empty->root());
  schemas_.by_fingerprint[fingerprint] = empty;
  const Taken taken = Take(Framing::Single, Single(fingerprint, "") + Single(fingerprint, ""));
  EXPECT_EQ(taken.messages.size(), 2u);
  EXPECT_EQ(taken.failure, "");
}

TEST_F(Messages, LengthsAreBelievedUpToTheLimit) {
  InputLimits limits;
  limits.block_bytes = 1000;
  const std::string most(1000, 'x');
  EXPECT_EQ(Take(Framing::Length, WithLength(most), limits).messages.size(), 1u);
  EXPECT_THAT(Take(Framing::Length, WithLength(most + "x"), limits).failure,
              HasSubstr("a message claims 1,001 bytes, more than the 1,000 that are read"));
  EXPECT_THAT(Take(Framing::Length, "\xFF\xFF\xFF\xFFx").failure, HasSubstr("a message claims 4,294,967,295 bytes"));
}

TEST_F(Messages, ABareDatumThatIsWrongEndsTheInput) {
  std::string bad = messages_[1];
  bad[bad.size() - 1] = 8;  // symbol 4
  const Taken taken = Take(Framing::Bare, messages_[0] + bad + messages_[2]);
  EXPECT_EQ(taken.messages.size(), 1u);
  EXPECT_THAT(taken.failure, HasSubstr("at byte " + std::to_string(messages_[0].size()) + ": "));
}

TEST_F(Messages, AnyBytesEndInBoundedTime) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    std::string content;
    const size_t size = random() % 300;
    for (size_t i = 0; i < size; ++i) content += static_cast<char>(random() % 4 == 0 ? random() : random() % 4);
    Take(static_cast<Framing>(round % 5), content);
  }
}

}  // namespace
}  // namespace rulert
