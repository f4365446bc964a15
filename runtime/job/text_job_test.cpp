// Jobs over JSON lines and single messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/base/text.h"
#include "runtime/job/job.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

struct Ran {
  int code = -1;
  std::string log;
};

std::string LineOf(const Trade& trade) {
  std::string line = "{\"symbol\":";
  AppendJsonString(trade.symbol, &line);
  line += ",\"price\":";
  AppendDouble(trade.price, &line);
  return line + ",\"size\":" + std::to_string(trade.size) + ",\"at\":" + std::to_string(trade.at) + ",\"side\":\"" +
         (trade.side == 0 ? "BUY" : "SELL") + "\"}\n";
}

std::string LinesOf(const std::vector<Trade>& trades) {
  std::string lines;
  for (const Trade& trade : trades) lines += LineOf(trade);
  return lines;
}

class TextJob : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> inputs, const std::string& least = "990", InputLimits limits = {}) {
    char* text = nullptr;
    size_t size = 0;
    std::FILE* log = open_memstream(&text, &size);
    JobOptions options;
    options.inputs = std::move(inputs);
    options.outputs = {"alerts=" + out_, "errors=" + errors_};
    options.params = {{"least", least}};
    options.log = log;
    options.limits = limits;
    auto job = Job::Create(program_.spec, program_.modules, options);
    EXPECT_TRUE(job.ok()) << job.error().message();
    Ran ran;
    ran.code = (*job)->Run();
    std::fclose(log);
    ran.log.assign(text, size);
    std::free(text);
    return ran;
  }

  std::vector<nlohmann::json> Errors() {
    std::vector<nlohmann::json> errors;
    std::istringstream lines(ReadFile(errors_));
    for (std::string line; std::getline(lines, line);) errors.push_back(nlohmann::json::parse(line));
    return errors;
  }

  std::string Output() { return WithoutMeta(ReadFile(out_)); }

  TemporaryDirectory directory_;
  TemporaryDirectory results_;
  std::string out_ = results_.Path("alerts.jsonl");
  std::string errors_ = results_.Path("errors.jsonl");
  TradeProgram program_ = MakeTradeProgram(false);
};

TEST_F(TextJob, JsonLinesGiveWhatAvroGives) {
  const auto trades = MakeTrades(20'000, 1);
  ASSERT_EQ(Run({directory_.Write("a.avro", MakeContainer(trades, 1000))}).code, 0);
  const std::string of_avro = ReadFile(out_);
  const Ran ran = Run({directory_.Write("a.jsonl", LinesOf(trades))});
  EXPECT_EQ(ran.code, 0) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("20,000 events"));
  EXPECT_EQ(ReadFile(out_), of_avro) << "with the same ids";
  EXPECT_EQ(Output(), ExpectedAlerts(trades, 990));
}

TEST_F(TextJob, NamesOfFilesAreAnyBytes) {
  const auto in = directory_.Write("a\xFF\xE2\x82.jsonl", "not JSON\n");
  EXPECT_EQ(Run({in}).code, 0);
  const auto errors = Errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0]["input"], testing::EndsWith("/a\uFFFD\uFFFD\uFFFD.jsonl"));
  EXPECT_THAT(errors[0]["message"], HasSubstr("/a\uFFFD\uFFFD\uFFFD.jsonl` at byte 0: "));
}

TEST_F(TextJob, ABadLineCostsItself) {
  const auto trades = MakeTrades(3000, 2);
  std::string text;
  std::vector<Trade> kept;
  std::vector<int64_t> bad_offsets, bad_bytes;
  for (size_t i = 0; i < trades.size(); ++i) {
    if (i % 500 == 250) {
      bad_offsets.push_back(static_cast<int64_t>(i));
      bad_bytes.push_back(static_cast<int64_t>(text.size()));
      const char* const bad[] = {"{\"symbol\":\n", "not JSON\n",
                                 "{\"symbol\":\"A\",\"price\":\"x\",\"size\":1,\"at\":1,\"side\":\"BUY\"}\n"};
      text += bad[i / 500 % 3];
    } else {
      text += LineOf(trades[i]);
      kept.push_back(trades[i]);
    }
  }
  const auto in = directory_.Write("a.jsonl", text);
  const Ran ran = Run({in}, "0");
  EXPECT_EQ(ran.code, 0) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("6 bad records lost"));
  EXPECT_EQ(Output(), ExpectedAlerts(kept, 0));
  const auto errors = Errors();
  ASSERT_EQ(errors.size(), bad_offsets.size());
  for (size_t i = 0; i < errors.size(); ++i) {
    EXPECT_EQ(errors[i]["kind"], "data");
    EXPECT_EQ(errors[i]["stream"], "trades");
    EXPECT_EQ(errors[i]["input"], in);
    EXPECT_EQ(errors[i]["offset"], bad_offsets[i]);
    EXPECT_GE(errors[i]["byte"], bad_bytes[i]);
    EXPECT_LT(errors[i]["byte"], bad_bytes[i] + 60);
  }
  EXPECT_EQ(errors[2]["path"], "price");
}

TEST_F(TextJob, CsvGivesWhatJsonGives) {
  const auto trades = MakeTrades(30'000, 8);
  ASSERT_EQ(Run({directory_.Write("a.jsonl", LinesOf(trades))}).code, 0);
  const std::string of_json = ReadFile(out_);
  for (const std::string delimiter : {",", ";"}) {
    std::string text = "side" + delimiter + "symbol" + delimiter + "price" + delimiter + "size" + delimiter + "at\n";
    for (const Trade& trade : trades) {
      text += (trade.side == 0 ? "BUY" : "SELL") + delimiter + "\"" + trade.symbol + "\"" + delimiter;
      AppendDouble(trade.price, &text);
      text += delimiter + std::to_string(trade.size) + delimiter + std::to_string(trade.at) + "\r\n";
    }
    const auto in = directory_.Write("a.csv", text);
    const Ran ran = Run({in + "?delimiter=" + delimiter});
    EXPECT_EQ(ran.code, 0) << ran.log;
    EXPECT_EQ(ReadFile(out_), of_json) << delimiter;
  }
}

TEST_F(TextJob, ACsvRecordThatIsWrongCostsItself) {
  const auto in = directory_.Write(
      "a.csv", "symbol,price,size,at,side\n\"a\nb\",1,1,1,BUY\nb,x,1,1,BUY\nc,2,1,1,SELL\nd,3\ne,4,1,1,BUY");
  const Ran ran = Run({in}, "0");
  EXPECT_EQ(ran.code, 0) << ran.log;
  EXPECT_EQ(Output(),
            "{\"symbol\":\"a\\nb\",\"price\":1.0}\n{\"symbol\":\"c\",\"price\":2.0}\n"
            "{\"symbol\":\"e\",\"price\":4.0}\n");
  const auto errors = Errors();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0]["offset"], 1);
  EXPECT_EQ(errors[0]["path"], "price");
  EXPECT_EQ(errors[1]["offset"], 3);
}

TEST_F(TextJob, AQuoteThatIsNotClosedCostsItsLine) {
  std::string text = "symbol,price,size,at,side\na,1,1,1,BUY\n\"b,1,1,1,BUY\n";
  for (int i = 0; i < 200'000; ++i) text += "c,1,1,1,BUY\n";
  const Ran ran = Run({directory_.Write("a.csv", text)}, "0");
  EXPECT_EQ(ran.code, 0) << ran.log;
  const std::string output = Output();
  EXPECT_TRUE(output.starts_with("{\"symbol\":\"a\",\"price\":1.0}\n{\"symbol\":\"c\"")) << output.substr(0, 80);
  EXPECT_EQ(std::ranges::count(output, '\n'), 200'001);
  ASSERT_EQ(Errors().size(), 1u);
  EXPECT_EQ(Errors()[0]["offset"], 1);
}

TEST_F(TextJob, OutputsAreWrittenAsCsv) {
  const auto trades = MakeTrades(2000, 9);
  const std::string csv = results_.Path("alerts.csv");
  JobOptions options;
  options.log = nullptr;
  options.inputs = {directory_.Write("a.jsonl", LinesOf(trades))};
  options.outputs = {"alerts=" + csv};
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  ASSERT_EQ((*job)->Run(), 0);
  std::istringstream lines(ReadFile(csv));
  std::string header;
  std::getline(lines, header);
  EXPECT_EQ(header, "_meta.id,_meta.rule,_meta.version,_meta.severity,_meta.key,_meta.time,symbol,price");
  std::string got;
  for (std::string line; std::getline(lines, line);) {
    const size_t price = line.rfind(',');
    const size_t symbol = line.rfind(',', price - 1);
    got += "{\"symbol\":\"" + line.substr(symbol + 1, price - symbol - 1) + "\",\"price\":" + line.substr(price + 1) +
           "}\n";
  }
  EXPECT_EQ(got, ExpectedAlerts(trades, 990));
}

TEST_F(TextJob, ADirectoryIsOnePartitionInNameOrder) {
  const auto trades = MakeTrades(300, 3);
  directory_.Write("b.ndjson", LinesOf({trades.begin() + 100, trades.begin() + 200}));
  directory_.Write("a.jsonl", LinesOf({trades.begin(), trades.begin() + 100}));
  directory_.Write("c.json", LinesOf({trades.begin() + 200, trades.end()}));
  directory_.Write("README", "not data");
  EXPECT_EQ(Run({directory_.Path("")}, "0").code, 0);
  EXPECT_EQ(Output(), ExpectedAlerts(trades, 0));
  directory_.Write("d.csv", "x\n");
  EXPECT_THAT(Run({directory_.Path("")}).log, HasSubstr("differ in format"));
}

TEST_F(TextJob, ALineAtTheLimitIsReadAndOneBeyondIsNot) {
  std::string line = LineOf({std::string(3 << 20, 'a'), 995});
  InputLimits limits;
  limits.line_bytes = line.size();
  const auto in = directory_.Write("a.jsonl", line + LineOf({"b", 996}));
  EXPECT_EQ(Run({in}, "0", limits).code, 0);
  EXPECT_EQ(std::ranges::count(Output(), '\n'), 2);
  limits.line_bytes = line.size() - 2;
  EXPECT_EQ(Run({in}, "0", limits).code, 0) << "bad records leave the code at 0";
  EXPECT_EQ(Output(), "{\"symbol\":\"b\",\"price\":996.0}\n");
  ASSERT_EQ(Errors().size(), 1u);
  EXPECT_EQ(Errors()[0]["cause"], "line too long");
}

TEST_F(TextJob, ABlockAtTheLimitIsReadAndOneBeyondIsNot) {
  for (const auto codec : {avro::Codec::Null, avro::Codec::Deflate, avro::Codec::Snappy, avro::Codec::Zstandard,
                           avro::Codec::Bzip2, avro::Codec::Xz}) {
    const std::vector<Trade> trades = {{std::string(100'000, 'a'), 995}, {"b", 996}};
    const uint64_t size = EncodeTrade(trades[0]).size();
    const auto in = directory_.Write("a.avro", MakeContainer(trades, 1, codec));
    InputLimits limits;
    limits.block_bytes = size;
    EXPECT_EQ(Run({in}, "0", limits).code, 0) << avro::CodecName(codec);
    EXPECT_EQ(Output(), ExpectedAlerts(trades, 0)) << avro::CodecName(codec);
    limits.block_bytes = size - 1;
    EXPECT_EQ(Run({in}, "0", limits).code, 1) << avro::CodecName(codec);
    EXPECT_EQ(Output(), ExpectedAlerts({trades[1]}, 0)) << avro::CodecName(codec);
  }
}

std::string Framed(const std::string& message) {
  const auto size = static_cast<uint32_t>(message.size());
  return {static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
          static_cast<char>(size)};
}

TEST_F(TextJob, MessagesThatAreWrongCostThemselves) {
  const auto trades = MakeTrades(2000, 4);
  std::string content;
  std::vector<Trade> kept;
  std::vector<uint64_t> bad_bytes;
  for (size_t i = 0; i < trades.size(); ++i) {
    const auto bytes = EncodeTrade(trades[i]);
    std::string message(bytes.begin(), bytes.end());
    if (i % 300 == 100) message.back() = 8;           // enum symbol 4
    if (i % 300 == 150) message.pop_back();           // the record goes on in the next message
    if (i % 300 == 200) message += "more than that";  // bytes behind the record
    if (i % 300 != 100 && i % 300 != 150 && i % 300 != 200) {
      kept.push_back(trades[i]);
    } else {
      bad_bytes.push_back(content.size() + 4);
    }
    content += Framed(message) + message;
  }
  const auto in = directory_.Write("messages", content);
  for (const bool scan : {false, true}) {
    program_ = MakeTradeProgram(scan);
    const Ran ran = Run({in + "?format=avro-messages"}, "0");
    EXPECT_EQ(ran.code, 0) << ran.log;
    EXPECT_EQ(Output(), ExpectedAlerts(kept, 0)) << scan;
    const auto errors = Errors();
    ASSERT_EQ(errors.size(), trades.size() - kept.size());
    EXPECT_EQ(errors[0]["offset"], 100);
    EXPECT_EQ(errors[1]["offset"], 150);
    EXPECT_EQ(errors[2]["offset"], 200);
    for (size_t i = 0; i < errors.size(); ++i) EXPECT_EQ(errors[i]["byte"], bad_bytes[i]) << i;
  }
}

TEST_F(TextJob, RegistryIdsAreThoseOfIdsJson) {
  std::string old = TradeSchemaJson();
  old.replace(old.find("\"size\",\"type\":\"long\""), 20, "\"size\",\"type\":\"int\"");
  ASSERT_EQ(std::system(("mkdir '" + directory_.Path("market.Trade") + "'").c_str()), 0);
  directory_.Write("market.Trade/1.avsc", old);
  directory_.Write("market.Trade/2.avsc", TradeSchemaJson());
  const auto ids = directory_.Write("ids.json", R"({"5":"market.Trade/1","6":"market.Trade/2","7":"bank.Account/9"})");
  const auto trades = MakeTrades(90, 5);
  std::string content;
  for (size_t i = 0; i < trades.size(); ++i) {
    const auto bytes = EncodeTrade(trades[i]);
    const char id = i % 3 == 2 ? 7 : i % 3 == 1 ? 6 : 5;
    const std::string message = std::string{0, 0, 0, 0, id} + std::string(bytes.begin(), bytes.end());
    content += Framed(message) + message;
  }
  const auto in = directory_.Write("messages", content);
  const Ran ran = Run({in + "?format=avro-messages&framing=confluent&ids=" + ids}, "0");
  EXPECT_EQ(ran.code, 0) << ran.log;
  std::vector<Trade> kept;
  for (size_t i = 0; i < trades.size(); ++i) {
    if (i % 3 != 2) kept.push_back(trades[i]);
  }
  EXPECT_EQ(Output(), ExpectedAlerts(kept, 0));
  EXPECT_EQ(Errors().size(), 30u);
  EXPECT_EQ(Errors()[0]["cause"], "unknown schema");
  EXPECT_THAT(Run({in + "?format=avro-messages&framing=confluent"}).log, HasSubstr("where are the registry's ids?"));
  EXPECT_THAT(Run({in + "?format=avro-messages&version=9"}).log, HasSubstr("version 9 of `market.Trade` is not one"));
  for (const char* wrong : {"[]", "{\"5\":1}", "{\"x\":\"market.Trade/1\"}", "{\"5\":\"market.Trade\"}", "{",
                            "{\"5\":\"../market.Trade/1\"}", "{\"5\":\"bank.Account/1\"}"}) {
    directory_.Write("ids.json", wrong);
    EXPECT_EQ(Run({in + "?format=avro-messages&framing=confluent&ids=" + ids}).code, 3) << wrong;
  }
}

// An input that waits keeps no other from being read, nor does it take time from it.
TEST_F(TextJob, AnIdlePipeDoesNotHoldOthersBack) {
  const auto trades = MakeTrades(200'000, 6);
  const auto in = directory_.Write("a.avro", MakeContainer(trades, 100));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  JobOptions options;
  options.log = nullptr;
  options.outputs = {out_};
  options.inputs = {in, "/proc/self/fd/" + std::to_string(ends[0]) + "?format=avro"};
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  const SystemClock clock;
  const int64_t start = clock.SteadyMicros();
  while (true) {
    const auto step = (*job)->Step();
    ASSERT_TRUE(step.ok()) << step.error().message();
    if (*step == Job::Progress::Wait) break;
  }
  EXPECT_EQ((*job)->counters().events, trades.size());
  // 2,000 blocks: with a wait in each turn it would be minutes.
  EXPECT_LT(clock.SteadyMicros() - start, 20'000'000);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace rulert
