#include "runtime/abi/program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace rulert {
namespace {

ProgramSpec Example() {
  ProgramSpec program;
  program.compiler = "0.1.0";
  program.target_cpu = "x86-64-v3";
  StreamSpec stream;
  stream.name = "trades";
  stream.schema_name = "market.Trade";
  stream.schema_json = R"({"type":"record","name":"Trade","fields":[]})";
  stream.slots = {{"price", {ColumnKind::Double, false, {}}},
                  {"at", {ColumnKind::Timestamp, true, {}}},
                  {"side", {ColumnKind::Enum, false, {"BUY", "SELL"}}}};
  stream.time_slot = 1;
  stream.watermark_us = 5'000'000;
  program.streams.push_back(stream);
  OutputSpec output;
  output.name = "alerts";
  output.schema_json = "{}";
  output.fields = {{"price", {ColumnKind::Double, false, {}}}};
  program.outputs.push_back(output);
  RuleSpec rule;
  rule.package = "market";
  rule.name = "large";
  rule.severity = "high";
  rule.file = "large.rule";
  rule.slots = {0};
  rule.keys = {{ColumnKind::String, false, {}}};
  rule.emits = {{0}};
  ParamSpec number;
  number.name = "least";
  number.column.kind = ColumnKind::Double;
  number.number = 0.1;
  ParamSpec text;
  text.column = {ColumnKind::String, false, {}};
  text.offset = 16;
  text.text = "h\xC3\xA9";
  ParamSpec endless = number;
  endless.number = -HUGE_VAL;
  endless.offset = 8;
  rule.params = {number, endless, text};
  rule.params_size = 32;
  rule.sites = {{"integer overflow", 3, 7, "a * b", {{ColumnKind::Long}, {ColumnKind::Double}}}};
  rule.module = "rule_large";
  rule.active_from = -5;
  rule.key_slots = {2};
  rule.state_size = 8;
  program.rules.push_back(rule);
  program.decoders = {{0, "{}", {0, 1}, {"price", "at"}, "decoder_0"}};
  program.scans = {{0, 0, "{}", {"price"}, "scan_0"}};
  program.encoders = {{0, "encoder_0"}};
  return program;
}

TEST(Program, JsonComesBackAsItWas) {
  const std::string json = ProgramToJson(Example());
  ProgramSpec read;
  ASSERT_EQ(ParseProgram(json, &read), "");
  EXPECT_EQ(ProgramToJson(read), json);
  ASSERT_EQ(read.rules.size(), 1u);
  EXPECT_EQ(read.rules[0].params[0].number, 0.1);
  EXPECT_EQ(read.rules[0].params[1].number, -HUGE_VAL);
  EXPECT_EQ(read.rules[0].params[2].text, "h\xC3\xA9");
  EXPECT_EQ(read.rules[0].active_from, -5);
  EXPECT_FALSE(read.rules[0].active_to);
  EXPECT_EQ(read.rules[0].severity, "high");
  EXPECT_EQ(read.streams[0].slots[2].column.symbols, (std::vector<std::string>{"BUY", "SELL"}));
}

TEST(Program, IndicesOutOfRangeAreNamed) {
  const auto refused = [](auto change) {
    ProgramSpec program = Example();
    change(program);
    ProgramSpec read;
    return ParseProgram(ProgramToJson(program), &read);
  };
  EXPECT_EQ(refused([](ProgramSpec& p) { p.rules[0].stream = 1; }), "program.rules[0].stream is 1, of 1 there are");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].slots = {-1}; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].key_slots = {3}; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].emits = {{7}}; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].params_size = 31; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].params[0].offset = 4; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.rules[0].params[0].offset = 0xFFFFFFF8; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.streams[0].time_slot = 0; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.decoders[0].slots = {9}; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.scans[0].rule = -1; }), "");
  EXPECT_NE(refused([](ProgramSpec& p) { p.encoders[0].output = 1; }), "");
}

// Every member in turn is replaced by a value of another type, or taken away.
TEST(Program, AWrongTypeAnywhereIsRefusedAndNamed) {
  const nlohmann::json good = nlohmann::json::parse(ProgramToJson(Example()));
  const nlohmann::json flat = good.flatten();
  int tried = 0;
  for (const auto& [pointer, value] : flat.items()) {
    nlohmann::json bad = good;
    bad[nlohmann::json::json_pointer(pointer)] = nlohmann::json::array({nlohmann::json::object()});
    ProgramSpec read;
    EXPECT_NE(ParseProgram(bad.dump(), &read), "") << pointer;
    ++tried;
  }
  EXPECT_GT(tried, 50);
  for (const char* text : {"", "[]", "{", "{\"compiler\":1}", "null", "\"\\ud800\""}) {
    ProgramSpec read;
    EXPECT_NE(ParseProgram(text, &read), "") << text;
  }
  ProgramSpec read;
  EXPECT_EQ(ParseProgram("{\"compiler\":\"x\"}", &read), "program.target_cpu is missing");
}

TEST(Program, ColumnKindsHaveNamesAndWidths) {
  for (int i = 0; i < 8; ++i) {
    const auto kind = static_cast<ColumnKind>(i);
    EXPECT_EQ(ColumnKindNamed(ColumnKindName(kind)), kind);
    EXPECT_GT(ColumnWidth(kind), 0u);
  }
  EXPECT_FALSE(ColumnKindNamed("float"));
}

TEST(OutputSchema, HasMetaFirstAndValidNames) {
  const std::vector<OutputField> fields = {{"symbol", {ColumnKind::String, false, {}}},
                                           {"my field", {ColumnKind::Long, true, {}}},
                                           {"my_field", {ColumnKind::Timestamp, false, {}}},
                                           {"side", {ColumnKind::Enum, false, {"BUY", "SELL"}}}};
  const auto json = nlohmann::json::parse(OutputSchemaJson("a.b", "big_trades", fields, true));
  EXPECT_EQ(json["name"], "BigTrades");
  EXPECT_EQ(json["namespace"], "a.b");
  EXPECT_EQ(json["fields"][0]["name"], "_meta");
  EXPECT_EQ(json["fields"][0]["type"]["fields"].size(), MetaFields().size());
  EXPECT_EQ(json["fields"][2]["name"], "my_field");
  EXPECT_EQ(json["fields"][2]["type"][0], "null");
  EXPECT_EQ(json["fields"][3]["name"], "my_field_2");
  EXPECT_EQ(json["fields"][4]["type"]["symbols"][1], "SELL");
  const auto plain = nlohmann::json::parse(OutputSchemaJson("", "9", fields, false));
  EXPECT_EQ(plain["name"], "_9");
  EXPECT_EQ(plain.count("namespace"), 0u);
  EXPECT_EQ(plain["fields"].size(), 4u);
}

}  // namespace
}  // namespace rulert
