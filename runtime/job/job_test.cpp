#include "runtime/job/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "avro/datum.h"
#include "runtime/base/stop_signal.h"
#include "runtime/source/avro_file_source.h"
#include "runtime/testing/memory_log.h"
#include "runtime/testing/trade_code.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

// Standard error of a job, as text.
class Log {
 public:
  Log() : file_(open_memstream(&text_, &size_)) {}
  ~Log() {
    std::fclose(file_);
    std::free(text_);
  }
  std::FILE* file() { return file_; }
  std::string text() {
    std::fflush(file_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* file_;
};

struct Ran {
  int code = -1;
  std::string log;
};

Ran RunJob(const TradeProgram& program, std::vector<std::string> inputs, std::vector<std::string> outputs,
           ParamOverrides params = {}) {
  Log log;
  JobOptions options;
  options.inputs = std::move(inputs);
  options.outputs = std::move(outputs);
  options.params = std::move(params);
  options.log = log.file();
  auto job = Job::Create(program.spec, program.modules, options);
  if (!job.ok()) return {kExitEnvironment, job.error().message()};
  const int code = (*job)->Run();
  return {code, log.text()};
}

class JobOnFiles : public testing::TestWithParam<bool> {
 protected:
  TemporaryDirectory directory_;
  std::string out_ = directory_.Path("alerts.jsonl");
  std::string errors_ = directory_.Path("errors.jsonl");
  TradeProgram program_ = MakeTradeProgram(GetParam());
};
INSTANTIATE_TEST_SUITE_P(DecodedAndScanned, JobOnFiles, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Scan" : "Decode"; });

TEST_P(JobOnFiles, FindsWhatTheRuleSays) {
  for (const auto codec : {avro::Codec::Null, avro::Codec::Deflate, avro::Codec::Snappy, avro::Codec::Zstandard,
                           avro::Codec::Bzip2, avro::Codec::Xz}) {
    const auto trades = MakeTrades(20'000, 1);
    const auto in = directory_.Write("trades.avro", MakeContainer(trades, 1500, codec));
    const Ran ran = RunJob(program_, {in}, {out_});
    EXPECT_EQ(ran.code, 0) << ran.log;
    EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 990));
    EXPECT_THAT(ran.log, HasSubstr("20,000 events in "));
    EXPECT_THAT(ran.log, HasSubstr("0 errors"));
  }
}

TEST_P(JobOnFiles, MetaNamesRuleKeyTimeAndAnIdOfThePosition) {
  const std::vector<Trade> trades = {
      {"A", 999, 1, 5}, {"a long symbol name", 1, 1, 6}, {"a long symbol name", 995, 1, 7}};
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 2));
  ASSERT_EQ(RunJob(program_, {"trades=" + in}, {"alerts=" + out_}).code, 0);
  const std::string first = ReadFile(out_);
  const auto line = nlohmann::json::parse(first.substr(0, first.find('\n')));
  const auto& meta = line["_meta"];
  EXPECT_EQ(meta["rule"], "market.large");
  EXPECT_EQ(meta["version"], 3);
  EXPECT_EQ(meta["severity"], "high");
  EXPECT_EQ(meta["key"], "A");
  EXPECT_EQ(meta["time"], 5);
  EXPECT_THAT(meta["id"].get<std::string>(), testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(meta["id"].get<std::string>().size(), 32u);
  const auto second = nlohmann::json::parse(first.substr(first.find('\n') + 1));
  EXPECT_EQ(second["_meta"]["key"], "a long symbol name");
  EXPECT_NE(second["_meta"]["id"], meta["id"]);
  // A replay, blocks cut elsewhere, gives the same bytes.
  directory_.Write("trades.avro", MakeContainer(trades, 3));
  ASSERT_EQ(RunJob(program_, {in}, {out_}).code, 0);
  EXPECT_EQ(ReadFile(out_), first);
}

TEST_P(JobOnFiles, WritesAvroThatReadsBack) {
  const auto trades = MakeTrades(5000, 2);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 700));
  const std::string out = directory_.Path("alerts.avro");
  ASSERT_EQ(RunJob(program_, {in}, {out}).code, 0);
  const std::string bytes = ReadFile(out);
  const std::span<const uint8_t> all(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  avro::ContainerHeader header;
  ASSERT_FALSE(avro::ParseContainerHeader(all, &header));
  std::string lines;
  size_t at = header.size;
  while (at < all.size()) {
    avro::BlockHead head;
    ASSERT_FALSE(avro::ParseBlockHead(all.subspan(at), at, &head));
    size_t record = at + head.head_size;
    for (int64_t i = 0; i < head.records; ++i) {
      avro::Datum datum;
      size_t used = 0;
      ASSERT_FALSE(avro::DecodeDatum(header.schema->root(), all.subspan(record), &datum, &used));
      record += used;
      lines += avro::DatumToJson(header.schema->root(), datum) + "\n";
    }
    at = record + avro::kSyncSize;
  }
  const auto parse = [](const std::string& text) {
    std::vector<nlohmann::json> rows;
    std::istringstream in_lines(text);
    for (std::string line; std::getline(in_lines, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  };
  ASSERT_EQ(RunJob(program_, {in}, {out_}).code, 0);
  EXPECT_EQ(parse(lines), parse(ReadFile(out_)));
  EXPECT_GT(parse(lines).size(), 10u);
  ASSERT_EQ(RunJob(program_, {in}, {out}).code, 0);
  EXPECT_EQ(ReadFile(out), bytes) << "equal input gives equal files";
}

TEST_P(JobOnFiles, RuleErrorsAreCountedAndWrittenAndLeaveNoOutput) {
  std::vector<Trade> trades = MakeTrades(3000, 3);
  trades[1500] = {"Z", 995, 0, 77};
  const std::string container = MakeContainer(trades, 1000);
  const auto in = directory_.Write("trades.avro", container);
  const Ran ran = RunJob(program_, {in}, {"alerts=" + out_, "errors=" + errors_});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.log, HasSubstr("1 x division by zero in rule `market.large`"));
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 990));
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["kind"], "rule");
  EXPECT_EQ(entry["rule"], "market.large");
  EXPECT_EQ(entry["version"], 3);
  EXPECT_EQ(entry["cause"], "division by zero");
  EXPECT_EQ(entry["message"], "division by zero in `1000 div size`, with 1000 and 0");
  EXPECT_EQ(entry["file"], "large.rule");
  EXPECT_EQ(entry["line"], 4);
  EXPECT_EQ(entry["operands"], (std::vector<std::string>{"1000", "0"}));
  EXPECT_EQ(entry["offset"], 1500);
  EXPECT_EQ(entry["time"], 77);
  // The byte is that of the record.
  const auto encoded = EncodeTrade(trades[1500]);
  const std::string record(encoded.begin(), encoded.end());
  EXPECT_EQ(entry["byte"], container.find(record));
}

TEST_P(JobOnFiles, ARuleErrorTellsWhereItsMessageIs) {
  std::vector<Trade> trades = MakeTrades(3000, 3);
  trades[1500] = {"Z", 995, 0, 77};
  std::string content;
  size_t at = 0;
  for (size_t i = 0; i < trades.size(); ++i) {
    const auto bytes = EncodeTrade(trades[i]);
    content += std::string(3, '\0') + static_cast<char>(bytes.size());
    if (i == 1500) at = content.size();
    content.append(bytes.begin(), bytes.end());
  }
  const auto in = directory_.Write("messages", content) + "?format=avro-messages";
  EXPECT_EQ(RunJob(program_, {in}, {"alerts=" + out_, "errors=" + errors_}).code, 0);
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["kind"], "rule");
  EXPECT_EQ(entry["byte"], at);
}

TEST_P(JobOnFiles, ErrorsGoToAvroToo) {
  const auto in = directory_.Write("trades.avro", MakeContainer({{"Z", 995, 0, 77}}, 1));
  const std::string path = directory_.Path("errors.avro");
  ASSERT_EQ(RunJob(program_, {in}, {"alerts=" + out_, "errors=" + path}).code, 0);
  const std::string bytes = ReadFile(path);
  const std::span<const uint8_t> all(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  avro::ContainerHeader header;
  ASSERT_FALSE(avro::ParseContainerHeader(all, &header));
  avro::BlockHead head;
  ASSERT_FALSE(avro::ParseBlockHead(all.subspan(header.size), header.size, &head));
  ASSERT_EQ(head.records, 1);
  avro::Datum datum;
  size_t used = 0;
  ASSERT_FALSE(avro::DecodeDatum(header.schema->root(), all.subspan(header.size + head.head_size), &datum, &used));
  const auto entry = nlohmann::json::parse(avro::DatumToJson(header.schema->root(), datum));
  EXPECT_EQ(entry["cause"], "division by zero");
  EXPECT_EQ(entry["offset"], 0);
}

TEST_P(JobOnFiles, TextThatIsNotUtf8IsAnErrorAndNoOutput) {
  const std::vector<Trade> trades = {{"A", 991}, {"\xFF", 992}, {"\xC3", 1}, {"B", 993}, {"a longer text \x80", 994}};
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 1));
  const Ran ran = RunJob(program_, {in}, {"alerts=" + out_, "errors=" + errors_});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), "{\"symbol\":\"A\",\"price\":991.0}\n{\"symbol\":\"B\",\"price\":993.0}\n");
  const std::string errors = ReadFile(errors_);
  const auto first = nlohmann::json::parse(errors.substr(0, errors.find('\n')));
  EXPECT_EQ(first["kind"], "data");
  EXPECT_EQ(first["cause"], "invalid UTF-8");
  EXPECT_EQ(first["offset"], 1);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 3);
}

TEST_P(JobOnFiles, AFileCutAnywhereGivesWhatPrecedesTheCut) {
  const auto trades = MakeTrades(24, 4);
  const std::string container = MakeContainer(trades, 5);
  const std::string expected = ExpectedAlerts(trades, 500);
  const size_t header = container.find(std::string(kTestSync.begin(), kTestSync.end())) + avro::kSyncSize;
  size_t most = 0;
  for (size_t size = 0; size < container.size(); size += 1) {
    const auto in = directory_.Write("cut.avro", container.substr(0, size));
    std::remove(out_.c_str());
    const Ran ran = RunJob(program_, {in}, {out_}, {{"least", "500"}});
    const std::string got = WithoutMeta(ReadFile(out_));
    ASSERT_EQ(expected.substr(0, got.size()), got) << size;
    ASSERT_GE(got.size(), most) << size;
    most = got.size();
    // A file that ends between two blocks is whole.
    if (ran.code == 0) {
      ASSERT_GE(size, header);
      ASSERT_EQ(container.substr(size - avro::kSyncSize, avro::kSyncSize),
                std::string(kTestSync.begin(), kTestSync.end()));
    } else {
      ASSERT_EQ(ran.code, 1) << size << ran.log;
      ASSERT_THAT(ran.log, HasSubstr("error: `" + in + "` at byte ")) << size;
    }
  }
  EXPECT_EQ(most, expected.size());
}

TEST_P(JobOnFiles, ACutFileKeepsNoOtherFromBeingRead) {
  const auto trades = MakeTrades(60, 4);
  const std::vector<Trade> a(trades.begin(), trades.begin() + 30), b(trades.begin() + 30, trades.end());
  const std::string container = MakeContainer(a, 10);
  const auto cut = directory_.Write("a.avro", container.substr(0, container.size() - 40));
  directory_.Write("b.avro", MakeContainer(b, 10));
  const Ran ran =
      RunJob(program_, {directory_.Path("*.avro")}, {"alerts=" + out_, "errors=" + errors_}, {{"least", "0"}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.log, HasSubstr("error: `" + cut + "` at byte "));
  const std::string got = WithoutMeta(ReadFile(out_));
  const std::string of_a = ExpectedAlerts(a, 0), of_b = ExpectedAlerts(b, 0);
  ASSERT_GT(got.size(), of_b.size());
  EXPECT_EQ(got.substr(got.size() - of_b.size()), of_b);
  EXPECT_TRUE(of_a.starts_with(got.substr(0, got.size() - of_b.size())));
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["cause"], "cut file");
  EXPECT_EQ(entry["input"], cut);
  EXPECT_EQ(entry["byte"], container.size() - 40);
}

// Of events that no rule keeps as well.
TEST_P(JobOnFiles, EveryEventMovesTheWatermark) {
  std::vector<Trade> trades(3000, Trade{"Z", 1});
  for (size_t i = 0; i < trades.size(); ++i) trades[i].at = static_cast<int64_t>(i) * 1'000'000;
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 700));
  JobOptions options;
  options.inputs = {in};
  options.outputs = {out_};
  options.log = nullptr;
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  EXPECT_EQ((*job)->Run(), 0);
  EXPECT_EQ(ReadFile(out_), "");
  EXPECT_EQ((*job)->runner(0).watermark(0), 2'999'000'000 - program_.spec.streams[0].watermark_us - 1);
}

TEST_P(JobOnFiles, DamageCostsItsBlockAndIsReported) {
  const auto trades = MakeTrades(3000, 5);
  std::string container = MakeContainer(trades, 1000);
  const std::string sync(kTestSync.begin(), kTestSync.end());
  const size_t header_end = container.find(sync) + sync.size();
  const size_t first_end = container.find(sync, header_end);
  container[first_end] = 'x';
  const auto in = directory_.Write("trades.avro", container);
  const Ran ran = RunJob(program_, {in}, {"alerts=" + out_, "errors=" + errors_});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.log, HasSubstr("at byte " + std::to_string(first_end) + ": the sync marker behind a block is wrong"));
  // The marker of the second block is the next one there is, so that block is lost as well.
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts({trades.begin() + 2000, trades.end()}, 990));
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["cause"], "damaged block");
  EXPECT_EQ(entry["byte"], first_end);
}

TEST_P(JobOnFiles, AMalformedRecordCostsTheRestOfItsBlock) {
  const auto trades = MakeTrades(30, 6);
  avro::ContainerWriter writer(TradeSchemaJson(), avro::Codec::Null, kTestSync);
  std::vector<Trade> kept;
  for (size_t i = 0; i < trades.size(); ++i) {
    auto record = EncodeTrade(trades[i]);
    if (i == 14) record[record.size() - 1] = 8;  // enum symbol 4
    if (i < 14 || i >= 20) kept.push_back(trades[i]);
    writer.Append(record, 1);
    if (i % 10 == 9) writer.Flush();
  }
  const auto in = directory_.Write("trades.avro", writer.bytes());
  const Ran ran = RunJob(program_, {in}, {"alerts=" + out_, "errors=" + errors_}, {{"least", "0"}});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.log,
              HasSubstr("an enum symbol that the schema lacks, in field `symbol`; 6 records of its block are lost"));
  EXPECT_THAT(ran.log, HasSubstr("6 bad records lost"));
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(kept, 0));
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["kind"], "data");
  EXPECT_EQ(entry["offset"], 14);
}

TEST_P(JobOnFiles, LyingHeadsEndInBoundedTimeWithAMessage) {
  const auto trades = MakeTrades(20, 7);
  const std::string container = MakeContainer(trades, 10);
  const std::string sync(kTestSync.begin(), kTestSync.end());
  const size_t head = container.find(sync) + sync.size();
  const auto varint = [](int64_t value) {
    uint8_t bytes[10];
    trade::Writer writer{bytes};
    writer.Long(value);
    return std::string(bytes, writer.at);
  };
  for (const auto& [records, size] : std::vector<std::pair<int64_t, int64_t>>{
           {10, int64_t{10} << 30}, {10, -1}, {-5, 10}, {int64_t{1} << 60, 0}, {10, 100 << 20}, {10, 3}, {1, 100}}) {
    const auto in = directory_.Write(
        "lie.avro", container.substr(0, head) + varint(records) + varint(size) + container.substr(head + 2));
    const Ran ran = RunJob(program_, {in}, {out_}, {{"least", "0"}});
    EXPECT_EQ(ran.code, 1) << records << " " << size << ran.log;
    EXPECT_THAT(ran.log, HasSubstr("`" + in + "` at byte ")) << records << " " << size;
    EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts({trades.begin() + 10, trades.end()}, 0))
        << records << " " << size;
  }
}

TEST_P(JobOnFiles, AFileThatShrinksWhileItIsReadIsAnError) {
  const auto trades = MakeTrades(400'000, 8);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 1000));
  Log log;
  JobOptions options;
  options.inputs = {in};
  options.outputs = {out_};
  options.log = log.file();
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE((*job)->Step().ok());
  ASSERT_EQ(truncate(in.c_str(), 100'000), 0);
  EXPECT_EQ((*job)->Run(), 1);
  EXPECT_THAT(log.text(), HasSubstr("became shorter while it was read"));
  const std::string got = WithoutMeta(ReadFile(out_));
  EXPECT_EQ(got, ExpectedAlerts(trades, 990).substr(0, got.size()));
}

TEST_P(JobOnFiles, SeveralFilesArePartitionsOrOnePartitionInNameOrder) {
  const auto trades = MakeTrades(3000, 9);
  const std::vector<Trade> a(trades.begin(), trades.begin() + 1000), b(trades.begin() + 1000, trades.end());
  directory_.Write("part.2.avro", MakeContainer(b, 300));
  directory_.Write("part.1.avro", MakeContainer(a, 300));
  ASSERT_EQ(RunJob(program_, {directory_.Path("part.*.avro")}, {out_}).code, 0);
  const std::string one = ReadFile(out_);
  EXPECT_EQ(WithoutMeta(one), ExpectedAlerts(trades, 990));
  const Ran mixed = RunJob(program_, {directory_.Path("")}, {out_});
  EXPECT_EQ(mixed.code, 3);
  EXPECT_THAT(mixed.log, HasSubstr("differ in format: jsonl and avro"));
  ASSERT_EQ(RunJob(program_, {directory_.Path("") + "?format=avro"}, {out_}).code, 0);
  EXPECT_EQ(ReadFile(out_), one);
  std::remove(out_.c_str());
  TemporaryDirectory other;
  ASSERT_EQ(RunJob(program_, {directory_.Path("")}, {other.Path("alerts.jsonl")}).code, 0);
  EXPECT_EQ(ReadFile(other.Path("alerts.jsonl")), one);
  const std::vector<std::string> two = {"trades=" + directory_.Path("part.1.avro"),
                                        "trades=" + directory_.Path("part.2.avro")};
  ASSERT_EQ(RunJob(program_, two, {out_}).code, 0);
  const std::string round_robin = ReadFile(out_);
  EXPECT_NE(round_robin, one);
  EXPECT_EQ(std::count(round_robin.begin(), round_robin.end(), '\n'), std::count(one.begin(), one.end(), '\n'));
  ASSERT_EQ(RunJob(program_, two, {out_}).code, 0);
  EXPECT_EQ(ReadFile(out_), round_robin);
}

TEST_P(JobOnFiles, PipesAreRead) {
  const auto trades = MakeTrades(5000, 10);
  const std::string fifo = directory_.Path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const auto codec : {avro::Codec::Null, avro::Codec::Deflate}) {
    const std::string container = MakeContainer(trades, 900, codec);
    std::thread writer([&] { std::ofstream(fifo, std::ios::binary) << container; });
    const Ran ran = RunJob(program_, {fifo + "?format=avro"}, {out_});
    writer.join();
    EXPECT_EQ(ran.code, 0) << ran.log;
    EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 990));
  }
}

// Trades in a container by another schema, which writes sizes and sides as `size_type` and `sides` tell.
std::string OtherContainer(const std::vector<Trade>& trades, const std::string& from, const std::string& to) {
  std::string schema = TradeSchemaJson();
  schema.replace(schema.find(from), from.size(), to);
  avro::ContainerWriter writer(schema, avro::Codec::Null, kTestSync);
  for (const Trade& trade : trades) writer.Append(EncodeTrade(trade), 1);
  writer.Flush();
  return writer.bytes();
}

TEST_P(JobOnFiles, AVersionWithoutCompiledDecoderIsReadAllTheSame) {
  const auto trades = MakeTrades(3000, 12);
  const auto in = directory_.Write(
      "trades.avro", OtherContainer(trades, R"({"name":"size","type":"long"})", R"({"name":"size","type":"int"})"));
  const Ran ran = RunJob(program_, {in}, {out_});
  EXPECT_EQ(ran.code, 0) << ran.log;
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 990));
}

TEST_P(JobOnFiles, AVersionThatDoesNotResolveIsReportedAndTheNextFileIsRead) {
  const auto trades = MakeTrades(300, 13);
  directory_.Write("a.avro", OtherContainer(trades, R"("name":"price","type":"double")",
                                            R"("name":"price","type":{"type":"fixed","name":"F","size":8})"));
  directory_.Write("b.avro", MakeContainer(trades, 100));
  const Ran ran = RunJob(program_, {directory_.Path("*.avro")}, {"alerts=" + out_, "errors=" + errors_});
  EXPECT_EQ(ran.code, 0) << ran.log;
  EXPECT_THAT(ran.log,
              HasSubstr("`" + directory_.Path("a.avro") +
                        "` was not written with a schema that stream `trades` reads, `market.Trade`: `price`"));
  EXPECT_THAT(ran.log, HasSubstr("300 bad records lost"));
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 990));
  const auto entry = nlohmann::json::parse(ReadFile(errors_));
  EXPECT_EQ(entry["cause"], "unreadable version");
  EXPECT_EQ(entry["offset"], 0);
}

TEST_P(JobOnFiles, AVersionThatTheRulesDoNotAcceptIsRefused) {
  const auto trades = MakeTrades(10, 14);
  const std::string from = R"({"name":"size","type":"long"})";
  const std::string to = R"({"name":"size","type":"int"})";
  std::string old = TradeSchemaJson();
  old.replace(old.find(from), from.size(), to);
  const auto in = directory_.Write("trades.avro", OtherContainer(trades, from, to));
  Log log;
  JobOptions options;
  options.inputs = {in};
  options.outputs = {out_};
  options.params = {{"least", "0"}};
  options.log = log.file();
  ProgramSpec spec = program_.spec;
  spec.streams[0].not_accepted = {{1, old}};
  auto job = Job::Create(spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  EXPECT_EQ((*job)->Run(), 0);
  EXPECT_THAT(log.text(), HasSubstr("that is version 1 of `market.Trade`, which the rules do not accept"));
  EXPECT_EQ(ReadFile(out_), "");
}

TEST_P(JobOnFiles, ADecoderIsCompiledAtFirstSight) {
  const auto trades = MakeTrades(100, 15);
  const std::string from = R"({"name":"size","type":"long"})";
  const std::string to = R"({"name":"size","type":"int"})";
  const auto in = directory_.Write("trades.avro", OtherContainer(trades, from, to));
  JobOptions options;
  options.inputs = {in, in};
  options.outputs = {out_};
  options.params = {{"least", "0"}};
  options.log = nullptr;
  int asked = 0;
  options.decoders.compile = [&](int32_t stream, const StreamSpec& spec, const avro::SchemaPtr& writer,
                                 const std::vector<int32_t>& slots) -> Result<CodecModule> {
    ++asked;
    EXPECT_EQ(stream, 0);
    EXPECT_EQ(spec.name, "trades");
    CodecModule code;
    code.module = CodeOf(RULERT_MODULE_DECODER, reinterpret_cast<void*>(trade::Decode<4>));
    code.writer = writer;
    code.slots = slots;
    return code;
  };
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  EXPECT_EQ((*job)->Run(), 0);
  EXPECT_EQ(asked, 1) << "once for each version, not for each file";
  EXPECT_EQ(WithoutMeta(ReadFile(out_)), ExpectedAlerts(trades, 0) + ExpectedAlerts(trades, 0));
}

TEST_P(JobOnFiles, WrongUseIsExplained) {
  const auto in = directory_.Write("trades.avro", MakeContainer(MakeTrades(10, 1), 10));
  const auto message = [&](std::vector<std::string> inputs, std::vector<std::string> outputs,
                           ParamOverrides params = {}) {
    const Ran ran = RunJob(program_, std::move(inputs), std::move(outputs), std::move(params));
    EXPECT_EQ(ran.code, 3);
    return ran.log;
  };
  EXPECT_THAT(message({}, {out_}), HasSubstr("stream `trades` has no input: add `--in trades=FILE`"));
  EXPECT_THAT(message({"quotes=" + in}, {out_}), HasSubstr("there is no stream `quotes`; there are: `trades`"));
  EXPECT_THAT(message({directory_.Path("none.avro")}, {out_}), HasSubstr("No such file"));
  EXPECT_THAT(message({directory_.Path("none*.avro")}, {out_}), HasSubstr("no file matches"));
  EXPECT_THAT(message({directory_.Path("x.txt")}, {out_}), HasSubstr("the ending tells no format"));
  EXPECT_THAT(message({in + "?format=xml"}, {out_}), HasSubstr("unknown format `xml`; there are: avro, jsonl, csv"));
  EXPECT_THAT(message({in + "?formt=avro"}, {out_}), HasSubstr("unknown option `formt`"));
  EXPECT_THAT(message({in}, {"alerts=" + directory_.Path("x.txt")}), HasSubstr("the ending tells no format"));
  EXPECT_THAT(message({in}, {directory_.Path("no/such/x.jsonl")}), HasSubstr("No such file"));
  EXPECT_THAT(message({in}, {out_, out_}), HasSubstr("given twice"));
  EXPECT_THAT(message({in}, {out_, "errors=" + out_}), HasSubstr("two outputs are written to"));
  EXPECT_THAT(message({in}, {"alerts=" + in}), HasSubstr("would replace the input"));
  EXPECT_THAT(message({in}, {"kafka://broker/x"}), HasSubstr("files only"));
  EXPECT_THAT(message({in}, {out_}, {{"most", "1"}}), HasSubstr("no rule has a param `most`: there are least"));
  EXPECT_THAT(message({in}, {out_}, {{"least", "many"}}), HasSubstr("`many` is not a number"));
  directory_.Write("text.avro", "not a container at all");
  EXPECT_THAT(message({directory_.Path("text.avro")}, {out_}), HasSubstr("text.avro` at byte 0"));
  EXPECT_THAT(message({in}, {"/dev/full?format=jsonl"}, {{"least", "0"}}), HasSubstr("No space left on device"));
  EXPECT_THAT(directory_.Names(), testing::ElementsAre("text.avro", "trades.avro"));
}

TEST_P(JobOnFiles, AStopSignalEndsCleanlyWithItsCode) {
  const auto in = directory_.Write("trades.avro", MakeContainer(MakeTrades(10, 1), 10));
  RequestStop(15);
  const Ran ran = RunJob(program_, {in}, {out_});
  RequestStop(0);
  EXPECT_EQ(ran.code, 143);
  EXPECT_EQ(ReadFile(out_), "");
}

TEST_P(JobOnFiles, SeekGoesOnInTheMiddleOfABlock) {
  const auto trades = MakeTrades(100, 11);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 40));
  auto source = AvroFileSource::Open({in});
  ASSERT_TRUE(source.ok());
  ReadResult read;
  (*source)->Read(&read);
  ASSERT_EQ(read.kind, ReadKind::Block);
  SourcePosition position = (*source)->position();
  EXPECT_EQ(position.offset, 40);
  position.skip = 15;
  position.offset = 55;
  ASSERT_FALSE((*source)->Seek(position));
  MemoryLog out(TradeSchemaJson());
  JobOptions options;
  options.log = nullptr;
  options.params = {{"least", "0"}};
  auto job = Job::Create(program_.spec, program_.modules, options);
  ASSERT_TRUE(job.ok());
  ASSERT_FALSE((*job)->AddSource("trades", std::move(*source)));
  ASSERT_FALSE((*job)->SetSink("alerts", FileFormat::JsonLines, out.Write(0)));
  EXPECT_EQ((*job)->Run(), 0);
  EXPECT_EQ(WithoutMeta(out.Text(0)), ExpectedAlerts({trades.begin() + 55, trades.end()}, 0));
}

}  // namespace
}  // namespace rulert
