#include "runtime/testing/trades.h"

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "runtime/base/text.h"
#include "runtime/testing/trade_code.h"

namespace rulert {
namespace {

void AppendLong(int64_t value, std::vector<uint8_t>* out) {
  uint8_t bytes[10];
  trade::Writer writer{bytes};
  writer.Long(value);
  out->insert(out->end(), bytes, writer.at);
}

const std::vector<SlotSpec>& TradeSlots() {
  static const std::vector<SlotSpec> slots = {{"price", {ColumnKind::Double, false, {}}},
                                              {"at", {ColumnKind::Timestamp, false, {}}},
                                              {"symbol", {ColumnKind::String, false, {}}},
                                              {"size", {ColumnKind::Long, false, {}}}};
  return slots;
}

}  // namespace

const std::string& TradeSchemaJson() {
  static const std::string schema =
      R"({"type":"record","name":"Trade","namespace":"market","fields":[)"
      R"({"name":"symbol","type":"string"},{"name":"price","type":"double"},{"name":"size","type":"long"},)"
      R"({"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},)"
      R"({"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL"]}}]})";
  return schema;
}

std::vector<uint8_t> EncodeTrade(const Trade& trade) {
  std::vector<uint8_t> out;
  AppendLong(static_cast<int64_t>(trade.symbol.size()), &out);
  out.insert(out.end(), trade.symbol.begin(), trade.symbol.end());
  uint8_t price[sizeof trade.price];
  std::memcpy(price, &trade.price, sizeof price);
  out.insert(out.end(), price, price + sizeof price);
  AppendLong(trade.size, &out);
  AppendLong(trade.at, &out);
  AppendLong(trade.side, &out);
  return out;
}

std::vector<Trade> MakeTrades(size_t count, uint64_t seed, size_t symbols) {
  std::mt19937_64 random(seed);
  std::vector<Trade> trades;
  for (size_t i = 0; i < count; ++i) {
    trades.push_back({"S" + std::to_string(random() % symbols), static_cast<double>(random() % 10000) / 10,
                      static_cast<int64_t>(random() % 100 + 1), static_cast<int64_t>(1'000'000 * i),
                      static_cast<int32_t>(random() % 2)});
  }
  return trades;
}

std::string MakeContainer(const std::vector<Trade>& trades, size_t block_records, avro::Codec codec) {
  avro::ContainerWriter writer(TradeSchemaJson(), codec, kTestSync);
  for (size_t i = 0; i < trades.size(); ++i) {
    writer.Append(EncodeTrade(trades[i]), 1);
    if ((i + 1) % block_records == 0) writer.Flush();
  }
  writer.Flush();
  return writer.bytes();
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rulec-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::Write(const std::string& name, const std::string& content) const {
  const std::string path = Path(name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::vector<std::string> TemporaryDirectory::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

ModulePtr CodeOf(uint32_t kind, void* function, uint32_t flags) {
  return WrapModule({RULERT_ABI_VERSION, kind, flags, 0, function}, nullptr);
}

RuleSpec LargeRule(const std::string& name, double least) {
  RuleSpec rule;
  rule.package = "market";
  rule.name = name;
  rule.version = 3;
  rule.severity = "high";
  rule.file = "large.rule";
  rule.slots = {0, 1, 2, 3};
  rule.keys = {{ColumnKind::String, false, {}}};
  rule.emits = {{0}};
  ParamSpec param;
  param.name = "least";
  param.column.kind = ColumnKind::Double;
  param.number = least;
  rule.params = {param};
  rule.params_size = 8;
  rule.sites = {{"division by zero", 4, 9, "1000 div size", {{ColumnKind::Long}, {ColumnKind::Long}}}};
  rule.module = "rule";
  return rule;
}

RuleSpec CountRule() {
  RuleSpec rule = LargeRule("count", 0);
  rule.params.clear();
  rule.params_size = 0;
  rule.emits = {{1}};
  rule.module = "count";
  rule.key_slots = {2};
  rule.state_size = 8;
  return rule;
}

OutputSpec CountsOutput() {
  OutputSpec output;
  output.name = "counts";
  output.fields = {{"symbol", {ColumnKind::String, false, {}}}, {"n", {ColumnKind::Long, false, {}}}};
  output.schema_json = OutputSchemaJson("market", output.name, output.fields, true);
  return output;
}

TradeProgram MakeTradeProgram(bool with_scan) {
  TradeProgram program;
  program.spec.compiler = "0.1.0";
  program.spec.target_cpu = "x86-64";
  StreamSpec stream;
  stream.name = "trades";
  stream.schema_name = "market.Trade";
  stream.schema_json = TradeSchemaJson();
  stream.slots = TradeSlots();
  stream.time_slot = 1;
  stream.watermark_us = 5'000'000;
  program.spec.streams = {stream};
  OutputSpec output;
  output.name = "alerts";
  output.fields = {{"symbol", {ColumnKind::String, false, {}}}, {"price", {ColumnKind::Double, false, {}}}};
  output.schema_json = OutputSchemaJson("market", output.name, output.fields, true);
  program.spec.outputs = {output};
  program.spec.rules = {LargeRule("large", 990)};
  program.spec.decoders = {{0, TradeSchemaJson(), {0, 1, 2, 3}, {}, {"symbol"}, "decoder"}};
  program.spec.encoders = {{0, "encoder"}};
  program.modules.Add("decoder", CodeOf(RULERT_MODULE_DECODER, reinterpret_cast<void*>(trade::Decode<4>)));
  program.modules.Add("rule", CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(trade::Large)));
  program.modules.Add("encoder", CodeOf(RULERT_MODULE_ENCODER, reinterpret_cast<void*>(trade::EncodeAlerts)));
  program.modules.Add("count",
                      CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(trade::Count), RULERT_RULE_NEEDS_ENTRIES));
  if (with_scan) {
    program.spec.scans = {{0, 0, TradeSchemaJson(), {}, {"symbol"}, "scan"}};
    program.modules.Add("scan", CodeOf(RULERT_MODULE_SCAN, reinterpret_cast<void*>(trade::LargeScan)));
  }
  return program;
}

std::string ExpectedAlerts(const std::vector<Trade>& trades, double least) {
  std::string lines;
  for (const Trade& trade : trades) {
    if (trade.price < least || trade.size == 0) continue;
    lines += "{\"symbol\":";
    AppendJsonString(trade.symbol, &lines);
    lines += ",\"price\":";
    AppendDouble(trade.price, &lines);
    lines += "}\n";
  }
  return lines;
}

std::string WithoutMeta(const std::string& lines) {
  std::istringstream in(lines);
  std::string result;
  for (std::string line; std::getline(in, line); result += line + "\n") {
    const size_t begin = line.find("\"_meta\":{");
    if (begin != std::string::npos) line.erase(begin, line.find("},", begin) + 2 - begin);
  }
  return result;
}

}  // namespace rulert
