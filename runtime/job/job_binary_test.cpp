// The executable itself, with a job made of hand-written shared objects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>

#include "runtime/abi/abi.h"
#include "runtime/module/job_image.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

const std::string kBin = RULEC_BINARY_DIR "/bin/";

struct Finished {
  int code = -1;
  std::string out;
  std::string err;
};

class JobBinary : public testing::Test {
 protected:
  void SetUp() override {
    TradeProgram program = MakeTradeProgram(false);
    program.spec.encoders.clear();
    image_.abi_version = RULERT_ABI_VERSION;
    image_.manifest = ProgramToJson(program.spec);
    image_.modules = {{"decoder", ReadFile(kBin + "trade_decoder.so")}, {"rule", ReadFile(kBin + "large_trades.so")}};
  }

  // A job binary with these bytes in its section.
  std::string Make(const std::string& bytes) {
    const std::string section = directory_.Write("image", bytes);
    const std::string job = directory_.Path("job");
    const std::string command =
        "objcopy --add-section " + std::string(kJobSection) + "=" + section + " " + kBin + "rulec-job " + job;
    EXPECT_EQ(std::system(command.c_str()), 0);
    return job;
  }

  Finished Call(const std::string& job, const std::string& arguments) {
    const std::string out = directory_.Path("out");
    const std::string err = directory_.Path("err");
    const int status = std::system((job + " " + arguments + " >" + out + " 2>" + err).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadFile(out), ReadFile(err)};
  }

  TemporaryDirectory directory_;
  JobImage image_;
};

TEST_F(JobBinary, RunsItsRules) {
  const std::string job = Make(WriteJobImage(image_));
  const auto trades = MakeTrades(5000, 1);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 900));
  const Finished ran = Call(job, "--in " + in);
  EXPECT_EQ(ran.code, 0) << ran.err;
  std::string expected;
  const std::string alerts = ExpectedAlerts(trades, 990);
  for (size_t at = 0; at < alerts.size();) {
    const size_t end = alerts.find('\n', at);
    expected += "{\"alerts\":" + alerts.substr(at, end - at) + "}\n";
    at = end + 1;
  }
  EXPECT_EQ(WithoutMeta(ran.out), expected);
  EXPECT_THAT(ran.err, HasSubstr("5,000 events"));
  const Finished piped = Call("cat " + in + " | " + job, "--in '-?format=avro' --param least=1000");
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(piped.out, "");
  const std::string log = directory_.Path("log");
  const Finished head = Call(job, "--in " + in + " --param least=0 2>" + log + " | head -n 1 | wc -l");
  EXPECT_EQ(head.out, "1\n");
  EXPECT_THAT(ReadFile(log), testing::Not(HasSubstr("error:"))) << "a reader that goes away is no error";
}

TEST_F(JobBinary, ModulesFindTheLibrarysFunctions) {
  image_.modules[1].shared_object = ReadFile(kBin + "library_trades.so");
  ASSERT_FALSE(image_.modules[1].shared_object.empty());
  const std::string job = Make(WriteJobImage(image_));
  const auto in = directory_.Write("trades.avro", MakeContainer({{"S1", 1}, {"S2", 2}, {"S1", 3}}, 10));
  const Finished ran = Call(job, "--in " + in);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(WithoutMeta(ran.out),
            "{\"alerts\":{\"symbol\":\"S1\",\"price\":1.0}}\n"
            "{\"alerts\":{\"symbol\":\"S1\",\"price\":3.0}}\n");
}

TEST_F(JobBinary, AReaderThatGoesAwayTakesNoOtherOutputAlong) {
  TradeProgram program = MakeTradeProgram(false);
  program.spec.encoders.clear();
  OutputSpec second = program.spec.outputs[0];
  second.name = "others";
  program.spec.outputs.push_back(second);
  program.spec.rules.push_back(LargeRule("other", 0));
  program.spec.rules[1].emits = {{1}};
  image_.manifest = ProgramToJson(program.spec);
  const std::string job = Make(WriteJobImage(image_));
  const auto trades = MakeTrades(200'000, 1);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 900));
  const std::string other = directory_.Path("others.jsonl");
  const std::string log = directory_.Path("log");
  const Finished head = Call("( " + job, "--in " + in + " --param least=0 --out others=" + other + " 2>" + log +
                                             "; echo $? >" + directory_.Path("code") + " ) | head -n 1 | wc -l");
  EXPECT_EQ(head.out, "1\n");
  EXPECT_EQ(ReadFile(directory_.Path("code")), "0\n");
  EXPECT_THAT(ReadFile(log), HasSubstr("the reader of `standard output` went away; all else is written"));
  EXPECT_EQ(WithoutMeta(ReadFile(other)), ExpectedAlerts(trades, 0));
}

TEST_F(JobBinary, RunsWithoutStandardStreams) {
  const std::string job = Make(WriteJobImage(image_));
  const auto trades = MakeTrades(5000, 1);
  const auto in = directory_.Write("trades.avro", MakeContainer(trades, 900));
  const std::string out = directory_.Path("alerts.jsonl");
  const std::string code = directory_.Path("code");
  Call("( " + job, "--in " + in + " --out " + out + " <&- >&- 2>&-; echo $? >" + code + " )");
  EXPECT_EQ(ReadFile(code), "0\n");
  EXPECT_EQ(WithoutMeta(ReadFile(out)), ExpectedAlerts(trades, 990)) << "nothing else is written into it";
  EXPECT_EQ(Call("( " + job, "--in " + in + " >&- ; test $? -eq 3 )").code, 0);
}

TEST_F(JobBinary, ExplainsWrongFlags) {
  const std::string job = Make(WriteJobImage(image_));
  const auto in = directory_.Write("trades.avro", MakeContainer(MakeTrades(10, 1), 10));
  const auto message = [&](const std::string& flags) {
    const Finished ran = Call(job, "--in " + in + " " + flags);
    EXPECT_EQ(ran.code, 3) << flags;
    return ran.err;
  };
  EXPECT_THAT(message("--parallelism 0"), HasSubstr("--parallelism 0: a number of shards from 1 on is expected"));
  EXPECT_THAT(message("--parallelism x"), HasSubstr("--parallelism x: a number of shards from 1 on is expected"));
  EXPECT_THAT(message("--limit lines=3"),
              HasSubstr("there is no limit `lines`; there are: block-bytes, line-bytes, string-bytes"));
  EXPECT_THAT(message("--limit line-bytes"), HasSubstr("a size is expected, as in line-bytes=1MiB"));
  EXPECT_THAT(message("--limit line-bytes=-1"), HasSubstr("a size is expected"));
  EXPECT_THAT(message("--limit block-bytes=1GiB"), HasSubstr("it can be 256MiB at most"));
  EXPECT_THAT(message("--limit datum-depth=1001"), HasSubstr("it can be 1000 at most"));
  EXPECT_THAT(message("--limit schema-nesting=0"), HasSubstr("a number from 1 on is expected"));
  EXPECT_THAT(message("--limit schema-nesting=1"), HasSubstr("nest"));
  EXPECT_THAT(message("--out /dev/full?format=jsonl --param least=0"),
              HasSubstr("cannot write `/dev/full`: No space left on device"));
}

TEST_F(JobBinary, TellsWhatItWasBuiltFrom) {
  const std::string job = Make(WriteJobImage(image_));
  const Finished text = Call(job, "--info");
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("rule       market.large version 3, severity high, on trades, from large.rule"));
  EXPECT_THAT(text.out, HasSubstr("compiler   rulec 0.1.0"));
  EXPECT_THAT(Call(job, "--info --format json").out, HasSubstr("\"name\":\"market.large\""));
  const Finished help = Call(job, "--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--in"));
  EXPECT_EQ(Call(job, "--no-such-flag").code, 3);
  EXPECT_EQ(Call(job, "--in").code, 3);
}

TEST_F(JobBinary, RefusesWhatItCannotRun) {
  EXPECT_THAT(Call(kBin + "rulec-job", "--info").err, HasSubstr("carries no job"));
  std::string damaged = WriteJobImage(image_);
  damaged[damaged.size() / 2] ^= 1;
  const Finished refused = Call(Make(damaged), "--info");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("the job image is damaged"));
  image_.modules[1].shared_object = ReadFile(kBin + "wrong_version.so");
  const Finished version = Call(Make(WriteJobImage(image_)), "--in x.avro");
  EXPECT_EQ(version.code, 3);
  EXPECT_THAT(version.err, HasSubstr("module `rule` was compiled for version " +
                                     std::to_string(RULERT_ABI_VERSION + 1) + " of the runtime's interface"));
}

TEST_F(JobBinary, StartsWithinTwentyMillisecondsOfCpu) {
  const std::string job = Make(WriteJobImage(image_));
  const auto in = directory_.Write("trades.avro", MakeContainer(MakeTrades(1, 1), 1));
  const auto child_micros = [] {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000L + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  };
  int64_t best = 1'000'000;
  for (int i = 0; i < 5; ++i) {
    const int64_t before = child_micros();
    ASSERT_EQ(Call(job, "--in " + in).code, 0);
    best = std::min<int64_t>(best, child_micros() - before);
  }
  RecordProperty("start_micros", std::to_string(best));
  if (!kSanitized) {
    EXPECT_LT(best, 20'000);
  }
}

}  // namespace
}  // namespace rulert
