#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "generate/generated_events.h"

namespace rulec::generate {
namespace {

using avro::Datum;
using testing::Events;
using testing::kTrade;
using testing::kTradeShape;
using testing::Options;
using testing::Values;

TEST(Shapes, UniformNumbers) {
  double sum = 0;
  for (const Datum& value : Values("\"int\"", "distribution = \"uniform\"\nmin = -10\nmax = 10", 20'000)) {
    ASSERT_GE(value.integer, -10);
    ASSERT_LE(value.integer, 10);
    sum += static_cast<double>(value.integer);
  }
  EXPECT_NEAR(sum / 20'000, 0, 0.2);
  for (const Datum& value : Values("\"double\"", "distribution = \"uniform\"\nmin = 1\nmax = 2\nstep = 0.25", 1'000)) {
    ASSERT_EQ(value.number * 4, std::floor(value.number * 4));
  }
  std::set<int64_t> all;
  for (const Datum& value :
       Values("\"long\"", "distribution = \"uniform\"\nmin = -9223372036854775808\nmax = 9223372036854775807", 100)) {
    all.insert(value.integer);
  }
  EXPECT_EQ(all.size(), 100U);
}

TEST(Shapes, ZipfIsSkewed) {
  std::map<std::string, int> counts;
  for (const Datum& value :
       Values("\"string\"", "distribution = \"zipf\"\ncount = 1000\nskew = 1.0\npattern = \"S{0000}\"", 50'000)) {
    ++counts[value.text];
  }
  // 1 / H(1000) = 0.1336
  EXPECT_NEAR(counts["S0001"], 6'680, 400);
  EXPECT_NEAR(counts["S0010"], 668, 130);
  EXPECT_EQ(counts.count("S0000"), 0U);
}

TEST(Shapes, ContinuousDistributions) {
  const auto mean_of = [](const std::string& settings) {
    double sum = 0;
    for (const Datum& value : Values("\"double\"", settings, 50'000)) sum += value.number;
    return sum / 50'000;
  };
  EXPECT_NEAR(mean_of("distribution = \"normal\"\nmean = 50\ndeviation = 10"), 50, 0.3);
  EXPECT_NEAR(mean_of("distribution = \"exponential\"\nmean = 7"), 7, 0.2);
  EXPECT_NEAR(mean_of("distribution = \"lognormal\"\nmedian = 10\nsigma = 0.5"), 10 * std::exp(0.125), 0.2);
  EXPECT_NEAR(mean_of("distribution = \"pareto\"\nmin = 2\nalpha = 3"), 3, 0.1);
}

TEST(Shapes, BoundsAndLots) {
  int odd = 0;
  for (const Datum& value :
       Values("\"long\"", "distribution = \"pareto\"\nmin = 20\nalpha = 1.1\nmax = 5000\nstep = 100\nunrounded = 0.3",
              20'000)) {
    ASSERT_GE(value.integer, 20);
    ASSERT_LE(value.integer, 5000);
    if (value.integer % 100 != 0) ++odd;
  }
  EXPECT_NEAR(odd, 6'000, 400);
}

TEST(Shapes, ChoicesAndConstants) {
  std::map<int64_t, int> counts;
  const std::string symbols = R"({"type":"enum","name":"E","symbols":["A","B","C"]})";
  for (const Datum& value : Values(symbols, "distribution = \"choice\"\nweights = [1, 0, 3]", 20'000))
    ++counts[value.integer];
  EXPECT_NEAR(counts[0], 5'000, 300);
  EXPECT_EQ(counts[1], 0);
  for (const Datum& value : Values("\"string\"", "distribution = \"choice\"\nvalues = [\"x\", \"y\"]", 10)) {
    ASSERT_TRUE(value.text == "x" || value.text == "y");
  }
  EXPECT_EQ(Values("\"double\"", "distribution = \"constant\"\nvalue = 2", 1)[0].number, 2);
  EXPECT_EQ(Values("\"boolean\"", "distribution = \"constant\"\nvalue = true", 1)[0].boolean, true);
  const std::string date = R"({"type":"int","logicalType":"date"})";
  EXPECT_EQ(Values(date, "distribution = \"constant\"\nvalue = 1970-01-11", 1)[0].integer, 10);
}

TEST(Shapes, SequencesAndPatterns) {
  const std::vector<Datum> ids =
      Values("\"string\"", "distribution = \"sequence\"\nstart = 8\nstep = 2\npattern = \"ACC-{0000}\"", 3);
  EXPECT_EQ(ids[0].text, "ACC-0008");
  EXPECT_EQ(ids[2].text, "ACC-0012");
  for (const Datum& value : Values("\"string\"", "pattern = \"{A*2}-{9*3}{{\"", 100)) {
    ASSERT_THAT(value.text, ::testing::MatchesRegex("[A-Z][A-Z]-[0-9][0-9][0-9]\\{"));
  }
}

TEST(Shapes, NullsAndBranches) {
  int nulls = 0;
  for (const Datum& value : Values(R"(["null","int"])", "null = 0.1\ndistribution = \"uniform\"\nmax = 5", 20'000)) {
    if (value.kind == avro::Kind::Null) ++nulls;
    ASSERT_LE(value.integer, 5);
  }
  EXPECT_NEAR(nulls, 2'000, 200);
  const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"u","type":["null","long",
    {"type":"record","name":"a.Card","fields":[{"name":"number","type":"long"}]}]}]})";
  const std::string shape =
      "[fields.u]\nbranches = { long = 1, \"a.Card\" = 1 }\n"
      "[fields.\"u<a.Card>.number\"]\ndistribution = \"constant\"\nvalue = 42\n";
  int cards = 0;
  for (const Datum& event : Events(Options(schema, shape, 1'000))) {
    ASSERT_NE(event.items[0].branch, 0);
    if (event.items[0].branch != 2) continue;
    ++cards;
    ASSERT_EQ(event.items[0].items[0].integer, 42);
  }
  EXPECT_NEAR(cards, 500, 80);
}

TEST(Shapes, TimesGoForwardWithBoundedDisorder) {
  const std::string stamp = R"({"type":"long","logicalType":"timestamp-millis"})";
  const std::vector<Datum> ordered =
      Values(stamp, "distribution = \"time\"\nstart = 2026-01-05T14:30:00Z\ngap = \"20ms\"", 20'000);
  EXPECT_EQ(ordered[0].integer, 1'767'623'400'000);
  for (size_t i = 1; i < ordered.size(); ++i) ASSERT_GE(ordered[i].integer, ordered[i - 1].integer);
  EXPECT_NEAR(static_cast<double>(ordered.back().integer - ordered[0].integer), 400'000, 12'000);
  int late = 0;
  int64_t greatest = 0;
  for (const Datum& value :
       Values(stamp, "distribution = \"time\"\ngap = \"1ms\"\ndisorder = \"500ms\"\nlate = 0.2", 20'000)) {
    ASSERT_GE(value.integer, greatest - 501);
    if (value.integer < greatest) ++late;
    greatest = std::max(greatest, value.integer);
  }
  EXPECT_NEAR(late, 4'000, 300);
  const std::string of_day = R"({"type":"int","logicalType":"time-millis"})";
  for (const Datum& value : Values(of_day, "distribution = \"time\"\ngap = \"3h\"", 100))
    ASSERT_LT(value.integer, 86'400'000);
}

TEST(Shapes, TimeFieldIsTheGivenOne) {
  GenerateOptions options = Options(
      R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"long","logicalType":"timestamp-micros"}},
          {"name":"b","type":{"type":"long","logicalType":"timestamp-micros"}}]})",
      "", 1'000);
  const auto ascends = [&](size_t field) {
    const std::vector<Datum> events = Events(options);
    return std::is_sorted(events.begin(), events.end(), [field](const Datum& x, const Datum& y) {
      return x.items[field].integer < y.items[field].integer;
    });
  };
  EXPECT_TRUE(ascends(0));
  EXPECT_FALSE(ascends(1));
  options.time_field = "b";
  EXPECT_FALSE(ascends(0));
  EXPECT_TRUE(ascends(1));
}

// Price stands before the symbol that it depends on.
TEST(Shapes, WalksGoByKey) {
  std::map<std::string, double> last;
  int jumps = 0;
  for (const Datum& event : Events(Options(kTrade, kTradeShape, 50'000))) {
    const double price = event.items[0].number;
    ASSERT_EQ(std::round(price * 100) / 100, price) << "rounded to the tick";
    const auto [before, fresh] = last.emplace(event.items[1].text, price);
    if (fresh) {
      ASSERT_GE(price, 4.99);
      ASSERT_LE(price, 500.01);
      continue;
    }
    const double move = std::fabs(std::log(price / before->second));
    if (move > 0.02) ++jumps;
    ASSERT_LT(move, 0.09);
    before->second = price;
  }
  EXPECT_EQ(last.size(), 100U);
  EXPECT_NEAR(jumps, 50, 25);
}

TEST(Shapes, ValuesFollowTheirKey) {
  const std::string schema = R"({"type":"record","name":"R","fields":[
    {"name":"venue","type":"string"},{"name":"symbol","type":["null","string"]},{"name":"n","type":"long"}]})";
  const std::string shape =
      "[fields.symbol]\ndistribution = \"uniform\"\ncount = 20\n[fields.venue]\ndistribution = "
      "\"uniform\"\ncount = 1000\nby = \"symbol\"\nkeep = KEEP\n"
      "[fields.n]\ndistribution = \"sequence\"\nby = \"symbol\"\n";
  const auto shape_with = [&](const std::string& keep) {
    return std::string(shape).replace(shape.find("KEEP"), 4, keep);
  };
  std::map<std::string, std::string> venues;
  std::map<std::string, int64_t> runs;
  for (const Datum& event : Events(Options(schema, shape_with("1"), 2'000))) {
    const std::string& symbol = event.items[1].text;
    const auto [venue, fresh] = venues.emplace(symbol, event.items[0].text);
    ASSERT_EQ(venue->second, event.items[0].text);
    ASSERT_EQ(event.items[2].integer, ++runs[symbol]);
  }
  EXPECT_EQ(venues.size(), 20U);
  int other = 0;
  for (const Datum& event : Events(Options(schema, shape_with("0.9"), 2'000))) {
    if (venues[event.items[1].text] != event.items[0].text) ++other;
  }
  EXPECT_NEAR(other, 200, 60);
}

TEST(Shapes, LengthsAndNestedPaths) {
  const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"lines","type":{"type":"array","items":
    {"type":"record","name":"L","fields":[{"name":"n","type":"int"}]}}},{"name":"tags","type":{"type":"map","values":"int"}},
    {"name":"b","type":"bytes"}]})";
  const std::string shape =
      "[fields.lines]\ndistribution = \"uniform\"\nmin = 2\nmax = 3\n[fields.\"lines[].n\"]\ndistribution = "
      "\"constant\"\nvalue = 7\n[fields.\"tags{}\"]\ndistribution = \"constant\"\nvalue = 8\n"
      "[fields.b]\ndistribution = \"uniform\"\nmin = 5\nmax = 5\n";
  for (const Datum& event : Events(Options(schema, shape, 200))) {
    ASSERT_TRUE(event.items[0].items.size() == 2 || event.items[0].items.size() == 3);
    for (const Datum& line : event.items[0].items) ASSERT_EQ(line.items[0].integer, 7);
    for (const Datum& tag : event.items[1].items) ASSERT_EQ(tag.integer, 8);
    ASSERT_EQ(event.items[2].text.size(), 5U);
  }
}

TEST(Shapes, Decimals) {
  const std::string decimal = R"({"type":"bytes","logicalType":"decimal","precision":6,"scale":2})";
  const auto bytes_of = [&](const std::string& value) {
    return Values(decimal, "distribution = \"constant\"\nvalue = " + value, 1)[0].text;
  };
  EXPECT_EQ(bytes_of("1.27"), "\x7F");
  EXPECT_EQ(bytes_of("1.28"), std::string("\x00\x80", 2));
  EXPECT_EQ(bytes_of("-1.28"), "\x80");
  EXPECT_EQ(bytes_of("0"), std::string("\x00", 1));
  const std::string fixed = R"({"type":"fixed","name":"F","size":10,"logicalType":"decimal","precision":6,"scale":2})";
  EXPECT_EQ(Values(fixed, "distribution = \"constant\"\nvalue = -0.01", 1)[0].text, std::string(10, '\xFF'));
}

std::string Section(const std::string& text, const std::string& fence) {
  const size_t begin = text.find(fence);
  EXPECT_NE(begin, std::string::npos) << fence;
  const size_t from = begin + fence.size();
  return text.substr(from, text.find("```", from) - from);
}

TEST(ShapeManual, ExampleGivesWhatItSays) {
  std::ifstream file(std::string(RULEC_SOURCE_DIR) + "/docs/formats/shape.md");
  std::ostringstream text;
  text << file.rdbuf();
  const GenerateOptions options = Options(Section(text.str(), "```json\n"), Section(text.str(), "```toml\n"), 4);
  std::string expected;
  for (const Datum& event : Events(options)) expected += DatumToJson(options.schema->root(), event) + "\n";
  EXPECT_EQ(Section(text.str(), "```jsonl\n"), expected);
}

}  // namespace
}  // namespace rulec::generate
