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
  program.decoders = {{0, "{}", {0, 1}, {2}, {"price", "at"}, "decoder_0"}};
  program.scans = {{0, 0, "{}", {1}, {"price"}, "scan_0"}};
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
  for (int i = 0; i <= static_cast<int>(ColumnKind::Union); ++i) {
    const auto kind = static_cast<ColumnKind>(i);
    EXPECT_EQ(ColumnKindNamed(ColumnKindName(kind)), kind);
    EXPECT_GT(ColumnWidth(kind), 0u);
  }
  EXPECT_FALSE(ColumnKindNamed("number"));
}

// b: bool?, d: decimal?, i: int, s: string
ColumnSpec ExampleRecord() {
  ColumnSpec record{ColumnKind::Record};
  ColumnSpec decimal{ColumnKind::Decimal, true};
  decimal.precision = 12;
  decimal.scale = 2;
  record.names = {"b", "d", "i", "s"};
  record.children = {{ColumnKind::Bool, true}, decimal, {ColumnKind::Int}, {ColumnKind::String}};
  record.type_name = "shop.Line";
  return record;
}

TEST(Program, FieldsOfARecordStandAtMultiplesOfTheirWidth) {
  const RecordLayout layout = LayOutRecord(ExampleRecord());
  EXPECT_EQ(layout.offsets, (std::vector<uint32_t>{0, 8, 24, 32}));
  EXPECT_EQ(layout.null_bytes, (std::vector<int32_t>{48, 49, kNone, kNone}));
  EXPECT_EQ(layout.size, 56u);
  EXPECT_EQ(LayOutRecord({ColumnKind::Record}).size, 0u);
}

TEST(Program, NestedTypesComeBackAsTheyWere) {
  ProgramSpec program = Example();
  ColumnSpec list{ColumnKind::List, true};
  list.children = {ExampleRecord()};
  ColumnSpec either{ColumnKind::Union};
  either.names = {"string", "map"};
  ColumnSpec map{ColumnKind::Map};
  map.children = {{ColumnKind::Float, true}};
  either.children = {{ColumnKind::String}, map};
  ColumnSpec fixed{ColumnKind::Bytes};
  fixed.fixed_size = 12;
  fixed.type_name = "x.Span";
  for (const ColumnSpec& column : {list, either, fixed}) program.streams[0].slots.push_back({"s", column});
  ProgramSpec read;
  ASSERT_EQ(ParseProgram(ProgramToJson(program), &read), "");
  EXPECT_EQ(read.streams[0].slots, program.streams[0].slots);
}

TEST(Program, ChildrenThatATypeCannotHaveAreRefused) {
  ProgramSpec read;
  ProgramSpec program = Example();
  program.streams[0].slots[0].column = {ColumnKind::List};
  EXPECT_NE(ParseProgram(ProgramToJson(program), &read), "");
  program.streams[0].slots[0].column = ExampleRecord();
  program.streams[0].slots[0].column.names.pop_back();
  EXPECT_NE(ParseProgram(ProgramToJson(program), &read), "");
  program.streams[0].slots[0].column = {ColumnKind::Decimal};
  EXPECT_NE(ParseProgram(ProgramToJson(program), &read), "") << "a decimal without precision";
}

TEST(Program, VersionsAndPreparedLiteralsComeBackAsTheyWere) {
  ProgramSpec program = Example();
  program.streams[0].versions = {{1, "{}"}, {3, "[]"}};
  program.streams[0].versions_open = true;
  program.streams[0].not_accepted = {{2, "{}"}};
  program.streams[0].output = 0;
  program.outputs[0].internal = true;
  ParamSpec pattern;
  pattern.column.kind = ColumnKind::String;
  pattern.text = "^a+$";
  pattern.prepared = Prepared::Regex;
  ParamSpec set;
  set.column.kind = ColumnKind::String;
  set.offset = 8;
  set.prepared = Prepared::StringSet;
  set.texts = {"a", "b"};
  ParamSpec bytes;
  bytes.column.kind = ColumnKind::Bytes;
  bytes.offset = 16;
  bytes.text = std::string("\x00\xff\x7f\x80", 4);
  program.rules[0].params = {pattern, set, bytes};
  ProgramSpec read;
  ASSERT_EQ(ParseProgram(ProgramToJson(program), &read), "");
  EXPECT_EQ(ProgramToJson(read), ProgramToJson(program));
  EXPECT_EQ(read.rules[0].params[0].prepared, Prepared::Regex);
  EXPECT_EQ(read.rules[0].params[1].texts, set.texts);
  EXPECT_EQ(read.rules[0].params[2].text, bytes.text);
  EXPECT_EQ(read.streams[0].versions.size(), 2u);
  EXPECT_EQ(read.streams[0].output, 0);
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
