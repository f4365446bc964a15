#include "runtime/execute/params.h"

#include <gtest/gtest.h>

#include <cstring>

#include "runtime/base/text.h"
#include "runtime/execute/time_text.h"

namespace rulert {
namespace {

ParamSpec Param(ColumnKind kind, std::vector<std::string> symbols = {}) {
  ParamSpec param;
  param.name = "p";
  param.column = {kind, false, std::move(symbols)};
  return param;
}

TEST(Params, ValuesAreReadAsTheLanguageSpellsThem) {
  ParamSpec number = Param(ColumnKind::Double);
  ASSERT_FALSE(ParseParam("5%", &number));
  EXPECT_EQ(number.number, 0.05);
  ASSERT_FALSE(ParseParam("0.3%", &number));
  EXPECT_EQ(number.number, 0.003);
  ASSERT_FALSE(ParseParam("-2.5e3", &number));
  EXPECT_EQ(number.number, -2500);
  ParamSpec symbol = Param(ColumnKind::Enum, {"BUY", "SELL"});
  ASSERT_FALSE(ParseParam("SELL", &symbol));
  EXPECT_EQ(symbol.integer, 1);
  EXPECT_EQ(ParseParam("HOLD", &symbol).message(), "param `p`: `HOLD` is not one of BUY, SELL");
  ParamSpec small = Param(ColumnKind::Int);
  EXPECT_FALSE(ParseParam("-2147483648", &small));
  EXPECT_TRUE(ParseParam("2147483648", &small));
  ParamSpec flag = Param(ColumnKind::Bool);
  EXPECT_FALSE(ParseParam("true", &flag));
  EXPECT_TRUE(ParseParam("yes", &flag));
  ParamSpec text = Param(ColumnKind::String);
  EXPECT_FALSE(ParseParam("any = thing", &text));
  EXPECT_TRUE(ParseParam("\xFF", &text));
  for (const char* bad : {"", "%", "5%%", "x", "1e5%"}) EXPECT_TRUE(ParseParam(bad, &number)) << bad;
}

TEST(Params, DurationsAndTimes) {
  EXPECT_EQ(ParseDuration("1h30m"), 5'400'000'000);
  EXPECT_EQ(ParseDuration("500us"), 500);
  EXPECT_EQ(ParseDuration("20ms"), 20'000);
  EXPECT_EQ(ParseDuration("-2s"), -2'000'000);
  EXPECT_EQ(ParseDuration("30d"), 2'592'000'000'000);
  EXPECT_EQ(ParseDuration("17"), 17);
  for (const char* bad : {"", "-", "1x", "m", "1m1h", "1h1h", "h1", "99999999999999999d", "1h30"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
  EXPECT_EQ(ParseTimestamp("1970-01-02"), 86'400'000'000);
  EXPECT_EQ(ParseTimestamp("2013-10-07T13:30:00.25Z"), 1'381'152'600'250'000);
  EXPECT_EQ(ParseTimestamp("2013-10-07T15:30:00+02:00"), 1'381'152'600'000'000);
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:59:59Z"), -1'000'000);
  EXPECT_EQ(ParseTimestamp("-5"), -5);
  for (const char* bad :
       {"", "2013-02-30", "2013-10-07T25:00:00Z", "2013-10-07T13:30:00", "2013-10-07T13:30:00Zx", "2013-1-1"}) {
    EXPECT_FALSE(ParseTimestamp(bad)) << bad;
  }
}

TEST(Params, TheBlockHoldsValuesAtTheirOffsets) {
  RuleSpec rule;
  rule.package = "m";
  ParamSpec number = Param(ColumnKind::Double);
  number.number = 1.5;
  ParamSpec text = Param(ColumnKind::String);
  text.name.clear();
  text.offset = 16;
  text.text = "a literal of more than twelve bytes";
  ParamSpec symbol = Param(ColumnKind::Enum, {"A", "B"});
  symbol.name = "side";
  symbol.offset = 8;
  rule.params = {number, symbol, text};
  rule.params_size = 32;
  auto block = ParamsBlock::Build(rule, {{"side", "B"}, {"m.p", "2.5"}});
  ASSERT_TRUE(block.ok()) << block.error().message();
  const ParamsBlock moved = std::move(*block);
  double value = 0;
  std::memcpy(&value, moved.data(), sizeof value);
  EXPECT_EQ(value, 2.5);
  int32_t ordinal = 0;
  std::memcpy(&ordinal, moved.data() + 8, sizeof ordinal);
  EXPECT_EQ(ordinal, 1);
  rulert_string string;
  std::memcpy(&string, moved.data() + 16, sizeof string);
  EXPECT_EQ(View(string), text.text);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(moved.data()) % 16, 0u);
  EXPECT_FALSE(CheckOverrides({rule}, {{"side", "B"}}));
  EXPECT_TRUE(CheckOverrides({rule}, {{"", "B"}})) << "a literal is no param";
}

TEST(Params, EveryScalarTypeStandsAsItsCell) {
  const auto cell = [](ParamSpec param, std::string_view text) {
    param.offset = 0;
    if (Error error = ParseParam(text, &param)) return std::string(error.message());
    RuleSpec rule;
    rule.params = {param};
    rule.params_size = 17;
    auto block = ParamsBlock::Build(rule, {});
    if (!block.ok()) return std::string(block.error().message());
    std::string hex;
    for (int i = 0; i < 17; ++i) {
      constexpr const char* digits = "0123456789abcdef";
      hex += digits[block->data()[i] >> 4];
      hex += digits[block->data()[i] & 15];
    }
    return hex;
  };
  const std::string zero(34, '0');
  const auto starts = [&](const std::string& head) { return head + zero.substr(head.size()); };
  ParamSpec decimal = Param(ColumnKind::Decimal);
  decimal.column.precision = 5;
  decimal.column.scale = 2;
  EXPECT_EQ(cell(decimal, "1.5"), starts("96"));
  EXPECT_EQ(cell(decimal, "1_0.0_1"), starts("e903"));
  EXPECT_EQ(cell(Param(ColumnKind::Long), "6_5_5_3_6"), starts("000001"));
  EXPECT_EQ(cell(Param(ColumnKind::Int), "_1"), "param `p`: `_1` is not an integer of 32 bits");
  EXPECT_EQ(cell(Param(ColumnKind::Int), "1__0"), "param `p`: `1__0` is not an integer of 32 bits");
  EXPECT_EQ(cell(Param(ColumnKind::Float), "0_1.0"), starts("0000803f"));
  EXPECT_EQ(cell(decimal, "-0.01"), std::string(32, 'f') + "00");
  EXPECT_EQ(cell(decimal, "1000"),
            "param `p`: `1000` is not a decimal of at most 5 digits, 2 of them behind the point");
  EXPECT_EQ(cell(decimal, "0.001"),
            "param `p`: `0.001` is not a decimal of at most 5 digits, 2 of them behind the point");
  EXPECT_EQ(cell(Param(ColumnKind::Date), "1970-01-03"), starts("02"));
  EXPECT_EQ(cell(Param(ColumnKind::Date), "3"), "param `p`: `3` is not a date, as `2024-05-01`");
  EXPECT_EQ(cell(Param(ColumnKind::TimeOfDay), "00:00:00.000256"), starts("0001"));
  EXPECT_EQ(cell(Param(ColumnKind::Float), "1"), starts("0000803f"));
  EXPECT_EQ(cell(Param(ColumnKind::Uuid), "00112233-4455-6677-8899-aabbccddeeff"),
            "00112233445566778899aabbccddeeff00");
  EXPECT_EQ(cell(Param(ColumnKind::Bytes), "hi"), starts("020000006869"));
  ParamSpec maybe = Param(ColumnKind::Long);
  EXPECT_EQ(cell(maybe, "null"), "param `p`: `null` is not an integer of 64 bits");
  maybe.column.nullable = true;
  EXPECT_EQ(cell(maybe, "null"), zero);
  EXPECT_EQ(cell(maybe, "7"), "07" + std::string(14, '0') + "01" + std::string(16, '0'));
  ParamSpec text = Param(ColumnKind::String);
  text.column.nullable = true;
  EXPECT_EQ(cell(text, "null"), "040000006e756c6c" + std::string(16, '0') + "01");
}

TEST(Params, PreparedOnesAreMadeOnceAndSayWhatIsWrong) {
  RuleSpec rule;
  ParamSpec pattern = Param(ColumnKind::String);
  pattern.prepared = Prepared::Regex;
  pattern.text = "a+";
  rule.params = {pattern};
  rule.params_size = 8;
  auto block = ParamsBlock::Build(rule, {});
  ASSERT_TRUE(block.ok()) << block.error().message();
  const void* made = nullptr;
  std::memcpy(&made, block->data(), sizeof made);
  EXPECT_NE(made, nullptr);
  auto wrong = ParamsBlock::Build(rule, {{"p", "("}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message().rfind("param `p`: `(` can not be used as a regex: ", 0), 0u)
      << wrong.error().message();
}

}  // namespace
}  // namespace rulert
