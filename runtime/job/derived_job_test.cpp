// Streams that are derived from outputs, and rules that expand lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "runtime/job/job.h"
#include "runtime/testing/memory_log.h"
#include "runtime/testing/trade_code.h"
#include "runtime/testing/trades.h"

namespace rulert {
namespace {

using testing::HasSubstr;

// Reads { symbol, price } of `alerts`; gives those whose price is at least 995 to output 1. Needs the identity of rows.
void Dearest(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    const double price = static_cast<const double*>(batch->columns[1].values)[row];
    if (price == 999) {
      rulert_error* error = &call->errors->items[call->errors->count++];
      *error = {};
      error->row = row;
    } else if (price >= 995) {
      trade::EmitAlert(&call->outputs[0], row, static_cast<const rulert_string*>(batch->columns[0].values)[row], price,
                       batch->times[row]);
    }
  }
}

// Each trade once for each of three items; an output takes 1,000 rows, so it stops in the middle of one.
void Thrice(rulert_rule_call* call) {
  const rulert_batch* batch = call->batch;
  rulert_rows* out = &call->outputs[0];
  for (; call->next < call->selected; ++call->next) {
    const uint32_t row = call->selection != nullptr ? call->selection[call->next] : call->next;
    for (; call->next_item < 3; ++call->next_item) {
      if (out->rows == 1000) return;
      out->source_items[out->rows] = call->next_item;
      trade::EmitAlert(out, row, trade::At<rulert_string>(batch, trade::kSymbol, row),
                       trade::At<double>(batch, trade::kPrice, row) + call->next_item,
                       trade::At<int64_t>(batch, trade::kAt, row));
    }
    call->next_item = 0;
  }
}

class DerivedJob : public testing::Test {
 protected:
  DerivedJob() : program_(MakeTradeProgram(true)) {
    OutputSpec dear = program_.spec.outputs[0];
    dear.name = "dear";
    program_.spec.outputs.push_back(dear);
    StreamSpec derived;
    derived.name = "alerts";
    derived.schema_json = program_.spec.outputs[0].schema_json;
    derived.slots = {{"symbol", {ColumnKind::String, false, {}}}, {"price", {ColumnKind::Double, false, {}}}};
    derived.output = 0;
    program_.spec.streams.push_back(derived);
    RuleSpec rule = LargeRule("dearest", 0);
    rule.stream = 1;
    rule.slots = {0, 1};
    rule.emits = {{1}};
    rule.params.clear();
    rule.module = "dearest";
    program_.spec.rules.push_back(rule);
    program_.modules.Add("dearest", CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(Dearest)));
    program_.modules.Add("thrice", CodeOf(RULERT_MODULE_RULE, reinterpret_cast<void*>(Thrice)));
  }

  void Run(const std::vector<Trade>& trades, uint64_t block_records = 100) {
    MemoryLog in(TradeSchemaJson());
    for (const Trade& trade : trades) in.Append(0, EncodeTrade(trade));
    in.Close();
    MemoryLog out(TradeSchemaJson(), 3);
    JobOptions options;
    options.log = nullptr;
    auto made = Job::Create(program_.spec, program_.modules, options);
    ASSERT_TRUE(made.ok()) << made.error().message();
    ASSERT_FALSE((*made)->AddSource("trades", in.Read(0, block_records)));
    if (!program_.spec.outputs[0].internal) {
      ASSERT_FALSE((*made)->SetSink("alerts", FileFormat::JsonLines, out.Write(0)));
    }
    ASSERT_FALSE((*made)->SetSink("dear", FileFormat::JsonLines, out.Write(1)));
    ASSERT_FALSE((*made)->SetSink("errors", FileFormat::JsonLines, out.Write(2)));
    ASSERT_EQ((*made)->Run(), 0);
    counters_ = (*made)->counters();
    alerts_ = out.Text(0);
    dear_ = out.Text(1);
    errors_ = out.Text(2);
  }

  static std::vector<std::string> IdsOf(const std::string& lines) {
    std::vector<std::string> ids;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) ids.push_back(nlohmann::json::parse(line)["_meta"]["id"]);
    return ids;
  }

  TradeProgram program_;
  Counters counters_;
  std::string alerts_, dear_, errors_;
};

TEST_F(DerivedJob, RowsOfAnOutputAreEventsOfTheStream) {
  const auto trades = MakeTrades(50'000, 1);
  Run(trades);
  EXPECT_EQ(WithoutMeta(alerts_), ExpectedAlerts(trades, 990));
  std::vector<Trade> other = trades;
  std::erase_if(other, [](const Trade& trade) { return trade.price == 999; });
  EXPECT_EQ(WithoutMeta(dear_), ExpectedAlerts(other, 995));
  EXPECT_EQ(counters_.events, trades.size()) << "derived rows are no events of a source";
  const auto ids = IdsOf(dear_);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  const std::string before = dear_;
  Run(trades, 7);
  EXPECT_EQ(dear_, before) << "ids do not depend on blocks";
}

TEST_F(DerivedJob, AnErrorNamesTheEventThatTheRowCameFrom) {
  Run({{"a", 1, 1, 10}, {"b", 995, 1, 11}, {"c", 999, 1, 12}});
  const auto entry = nlohmann::json::parse(errors_);
  EXPECT_EQ(entry["rule"], "market.dearest");
  EXPECT_EQ(entry["stream"], "alerts");
  EXPECT_EQ(entry["offset"], 2);
  EXPECT_EQ(entry["time"], 12);
}

TEST_F(DerivedJob, AnInternalOutputIsNotWritten) {
  program_.spec.outputs[0].internal = true;
  const auto trades = MakeTrades(5000, 2);
  Run(trades);
  EXPECT_EQ(alerts_, "");
  EXPECT_NE(dear_, "");
  EXPECT_EQ(counters_.matches[0], 0u);
}

TEST_F(DerivedJob, ItemsOfOneEventHaveIdsOfTheirOwn) {
  RuleSpec& rule = program_.spec.rules[0];
  rule.module = "thrice";
  rule.expands = true;
  program_.spec.scans.clear();
  std::vector<Trade> trades;
  for (int i = 0; i < 3000; ++i) trades.push_back({"s" + std::to_string(i), 994, 1, i});
  Run(trades, 1500);
  std::string expected;
  for (const Trade& trade : trades) {
    for (const double item : {0, 1, 2}) expected += ExpectedAlerts({{trade.symbol, trade.price + item}}, 0);
  }
  EXPECT_EQ(WithoutMeta(alerts_), expected);
  const auto ids = IdsOf(alerts_);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 9000u);
  const auto dear_ids = IdsOf(dear_);
  EXPECT_EQ(dear_ids.size(), 6000u) << "995 and 996 of each";
  EXPECT_EQ(std::set<std::string>(dear_ids.begin(), dear_ids.end()).size(), 6000u);
  const std::string before = alerts_ + dear_;
  Run(trades, 100);
  EXPECT_EQ(alerts_ + dear_, before);
}

TEST_F(DerivedJob, WhatDoesNotFitIsRefused) {
  const auto message = [&](const ProgramSpec& spec) {
    const auto job = Job::Create(spec, program_.modules, {});
    return job.ok() ? "" : job.error().message();
  };
  EXPECT_EQ(message(program_.spec), "");
  ProgramSpec spec = program_.spec;
  spec.streams[1].slots[0].path = "name";
  EXPECT_EQ(message(spec), "stream `alerts`: output `alerts` has no field `name`");
  spec = program_.spec;
  spec.streams[1].slots[0].column.kind = ColumnKind::Long;
  EXPECT_THAT(message(spec), HasSubstr("is of another type"));
  spec = program_.spec;
  spec.rules[1].emits = {{0}};
  EXPECT_THAT(message(spec), HasSubstr("leads back to itself"));
}

}  // namespace
}  // namespace rulert
