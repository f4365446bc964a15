// For tests: rule texts that are parsed and checked in memory, with what was told of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compiler/check/ast_to_typed.h"
#include "compiler/check/schema_store.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/source/source.h"
#include "compiler/typed/typed.h"

namespace rulec::check {

inline constexpr const char* kTradeSchema = R"({"type": "record", "namespace": "market", "name": "Trade", "fields": [
  {"name": "symbol", "type": "string"},
  {"name": "trade_id", "type": "long"},
  {"name": "executed_at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
  {"name": "settled_at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
  {"name": "received", "type": "long"},
  {"name": "price", "type": "double"},
  {"name": "size", "type": "int"},
  {"name": "lot", "type": ["int", "null"]},
  {"name": "fee", "type": ["null", "double"]},
  {"name": "volume", "type": ["null", "long"]},
  {"name": "suspicious", "type": "boolean"},
  {"name": "checked", "type": ["null", "boolean"]},
  {"name": "venue", "type": ["null", "string"]},
  {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}},
  {"name": "kind", "type": ["null", {"type": "enum", "name": "Kind", "symbols": ["LIT", "DARK"]}]},
  {"name": "buyer", "type": {"type": "record", "name": "Party", "fields": [
    {"name": "country", "type": "string"},
    {"name": "tier", "type": ["null", "int"]},
    {"name": "home", "type": {"type": "record", "name": "Address", "fields": [{"name": "city", "type": "string"}]}}
  ]}},
  {"name": "broker", "type": ["null", "Party"]},
  {"name": "ratio", "type": "float"},
  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
  {"name": "raw", "type": "bytes"}
]})";

inline constexpr const char* kAlertSchema = R"({"type": "record", "namespace": "market", "name": "Alert", "fields": [
  {"name": "symbol", "type": "string"},
  {"name": "count", "type": "long"},
  {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}, "default": "SELL"},
  {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": null},
  {"name": "note", "type": ["string", "null"], "default": "none"},
  {"name": "share", "type": "double", "default": 0.5}
]})";

// Declarations that most tests begin with: stream `trades` of kTradeSchema.
inline constexpr const char* kTrades =
    "schema Trade = avro \"market.Trade\"\nstream trades : Trade { time executed_at }\n";

struct CheckedText {
  SourceSet sources;
  SchemaStore store;
  Diagnostics diagnostics;
  std::vector<ast::File> files;
  typed::Program program;

  CheckedText() {
    store.Add("market.Trade", 1, "schemas/market.Trade/1.avsc", kTradeSchema);
    store.Add("market.Alert", 1, "schemas/market.Alert/1.avsc", kAlertSchema);
  }

  CheckedText& Add(const std::string& text, const std::string& path = "test.rule") {
    files.push_back(ParseText(sources, sources.Add(path, text), diagnostics));
    return *this;
  }
  CheckedText& Check() {
    program = rulec::Check(sources, files, store, diagnostics);
    return *this;
  }

  // "R0201 `prize`": code and text under the caret, in the order told.
  std::vector<std::string> Told() const {
    std::vector<std::string> told;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      told.push_back(std::string(diagnostic.kind->code) + " `" + std::string(sources.Text(diagnostic.primary.span)) +
                     "`");
    }
    return told;
  }
  // Everything told, as a user reads it.
  std::string Rendered() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.all()) text += RenderText(sources, diagnostic, false) + "\n";
    return text;
  }
};

inline std::unique_ptr<CheckedText> CheckText(const std::string& text) {
  auto checked = std::make_unique<CheckedText>();
  checked->Add(text).Check();
  return checked;
}

// A rule over `trades` with `body` behind `from trades`.
inline std::unique_ptr<CheckedText> CheckBody(const std::string& body) {
  return CheckText(std::string(kTrades) + "rule r {\nfrom trades " + body + "\n}\n");
}

// `expr` as the only field of an emit: its typed form, or what was told.
inline std::string CheckExpr(const std::string& expr, const std::string& where = "") {
  const auto checked = CheckBody(where + "\nemit out { x: " + expr + " }");
  if (checked->diagnostics.has_errors() || checked->program.rules.empty()) {
    std::string all;
    for (const std::string& told : checked->Told()) all += (all.empty() ? "" : "; ") + told;
    return all;
  }
  const typed::Rule& rule = checked->program.rules.front();
  return typed::PrintExpr(checked->program, &rule, *rule.emits.front().fields.front());
}

}  // namespace rulec::check
