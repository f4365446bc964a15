#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

using List = std::vector<std::string>;

List Told(const std::string& body) { return CheckBody(body)->Told(); }
List ToldOf(const std::string& text) { return CheckText(text)->Told(); }
std::string Declared(const std::string& body) {
  return std::string(kTrades) + "schema Alert = avro \"market.Alert\"\noutput alerts : Alert\nrule r {\nfrom trades " +
         body + "\n}\n";
}

TEST(Rule, IsTyped) {
  const auto checked = CheckText("package market.watch\n" + std::string(kTrades) +
                                 "const minimum = 10 * 100\nparam jump : double = 5%\n/// Large ones.\n"
                                 "rule large @version(3) @severity(high) @owner(\"desk\") {\n"
                                 "  from trades t partition by symbol where t.size >= minimum\n"
                                 "  let value = price * t.size\n"
                                 "  where value > jump\n"
                                 "  emit alerts { t.symbol, value, at: t@time } where not suspicious\n}\n");
  EXPECT_EQ(checked->Rendered(), "");
  EXPECT_EQ(typed::Print(checked->program),
            "schema Trade = market.Trade version 1 of 1 and later\n"
            "stream trades : Trade time executed_at\n"
            "const minimum : long = 1000\n"
            "param jump : double = 0.05\n"
            "output alerts { symbol: string, value: double, at: timestamp } with _meta\n"
            "rule market.watch.large version 3 severity high owner desk\n"
            "  from trades\n"
            "  key symbol = symbol:string\n"
            "  let value = multiply(price:double, int_to_double(size:int):double):double\n"
            "  where greater_equal(int_to_long(size:int):long, 1000:long):bool\n"
            "  where greater(let value:double, param jump:double):bool\n"
            "  emit alerts\n"
            "    symbol = symbol:string\n"
            "    value = let value:double\n"
            "    at = @time:timestamp\n"
            "    where not(suspicious:bool):bool\n");
}

TEST(Rule, NamesAreFoundOnce) {
  EXPECT_EQ(Told("where prize > 1 emit out { size }"), List{"R0201 `prize`"});
  EXPECT_EQ(Told("t where t.prize > 1 emit out { size }"), List{"R0201 `prize`"});
  EXPECT_EQ(Told("t where u.price > 1 emit out { size }"), List{"R0201 `u`"});
  EXPECT_EQ(Told("t where t emit out { size }"), List{"R0224 `t`"});
  EXPECT_EQ(Told("t where u@time > @time emit out { size }"), List{"R0202 `u`"});
  EXPECT_EQ(Told("where later > 1\nlet later = price\nemit out { later }"), List{"R0201 `later`"});
}

// One mistake is one message, whatever depends on it.
TEST(Rule, WhatAMistakeSpoilsIsNotTold) {
  // What a wrong test would prove.
  EXPECT_EQ(Told("where venu is null or length(venue) < 3 emit out { size }"), List{"R0201 `venu`"});
  EXPECT_EQ(Told("where fe is not null where fee > 1.0 emit out { size }"), List{"R0201 `fe`"});
  EXPECT_EQ(Told("where fee is not null and prize > 1 emit out { double_fee: fee * 2 }"), List{"R0201 `prize`"});
  EXPECT_EQ(Told("partition by venue where venu is not null emit out { size }"), List{"R0201 `venu`"});
  EXPECT_EQ(Told("where prize > 1 and fee > 1.0 emit out { size }"), (List{"R0201 `prize`", "R0303 `fee`"}));
  // The symbols of an enum that is not known.
  EXPECT_EQ(Told("where sid == SELL emit out { size }"), List{"R0201 `sid`"});
  EXPECT_EQ(Told("where sid in [SELL, BUY] emit out { size }"), List{"R0201 `sid`"});
  // A function, a name: once in a rule.
  EXPECT_EQ(Told("where worht(1) > 1 emit out { a: worht(2) }"), List{"R0227 `worht`"});
  // What a stream or a rule has not: once in a rule.
  EXPECT_EQ(Told("where @foo > 1 emit out { a: @foo, b: @foo }"), List{"R0220 `@foo`"});
  EXPECT_EQ(Told("emit out { a: @key, b: @key }"), List{"R0243 `@key`"});
  EXPECT_EQ(ToldOf("schema Trade = avro \"market.Trade\"\nstream trades : Trade\n"
                   "rule a { from trades where @time > @time emit out { t: @time } }\n"),
            List{"R0402 `@time`"});
  EXPECT_EQ(Told("where trades.price > 1.0 emit out { a: trades.size }"), List{"R0224 `trades`"});
  // The name of an emitted field.
  EXPECT_EQ(ToldOf(std::string(kTrades) + "rule a { from trades emit out { simbol, size } }\n"
                                          "rule b { from trades emit out { symbol, size } }\n"
                                          "rule c { from out emit other { symbol } }\n"),
            List{"R0201 `simbol`"});
  EXPECT_EQ(ToldOf(std::string(kTrades) + "rule a { from trades emit out { simbol: symbol } }\n"
                                          "rule b { from trades emit out { symbol } }\n"
                                          "rule c { from trades emit out { symbol } }\n"),
            List{"R0702 `symbol`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { simbol, count: 1 }")), List{"R0201 `simbol`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { simbol: symbol, count: 1 }")), List{"R0704 `simbol`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, size + 1 }")), List{"R0707 `size + 1`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, sise + 1 }")), List{"R0201 `sise`"});
  // A derive that cannot be made sense of.
  EXPECT_EQ(ToldOf(std::string(kTrades) + "derive d { from trade emit { symbol, value: price } }\n"
                                          "rule a { from d where value > 1.0 emit out { symbol } }\n"),
            List{"R0205 `trade`"});
  EXPECT_EQ(ToldOf(std::string(kTrades) + "rule a { from trade emit out { symbol } }\n"
                                          "rule b { from out emit other { symbol } }\n"),
            List{"R0205 `trade`"});
  // A stream that no rule of the file finds.
  EXPECT_EQ(
      ToldOf(std::string(kTrades) + "rule a { from quotes emit out { x } }\nrule b { from quotes emit out { x } }\n")
          .front(),
      "R0205 `quotes`");
}

TEST(Rule, ShowsTheNearestFieldAndTheStream) {
  const auto checked = CheckBody("where prize > 1 emit out { size }");
  ASSERT_EQ(checked->diagnostics.all().size(), 1u);
  const Diagnostic& told = checked->diagnostics.all().front();
  EXPECT_EQ(told.message, "stream `trades` has no field `prize`");
  EXPECT_EQ(told.primary.text, "not a field of `market.Trade`");
  ASSERT_EQ(told.edits.size(), 1u);
  EXPECT_EQ(told.edits.front().replacement, "price");
  ASSERT_EQ(told.labels.size(), 1u);
  EXPECT_EQ(told.labels.front().text, "`market.Trade`, version 1");
  EXPECT_EQ(checked->sources.Text(told.labels.front().span), "Trade");
}

TEST(Rule, ASymbolWithoutItsEnumIsOffered) {
  const auto checked = CheckBody("emit out { way: DARK }");
  ASSERT_EQ(checked->diagnostics.all().size(), 1u);
  ASSERT_EQ(checked->diagnostics.all().front().edits.size(), 1u);
  EXPECT_EQ(checked->diagnostics.all().front().edits.front().replacement, "Kind.DARK");
}

TEST(Rule, NothingHidesAField) {
  EXPECT_EQ(Told("let price = 5\nemit out { price }"), List{"R0207 `price`"});
  EXPECT_EQ(Told("price where size > 1 emit out { size }"), List{"R0207 `price`"});
  EXPECT_EQ(Told("t\nlet t = 5\nemit out { size }"), List{"R0208 `t`"});
  EXPECT_EQ(Told("let a = 5, a = 6\nemit out { a }"), List{"R0208 `a`"});
  EXPECT_EQ(ToldOf("const price = 5\n" + std::string(kTrades) + "rule a { from trades emit out { price } }\n" +
                   "rule b { from trades emit out { price } }\n"),
            List{"R0207 `price`"});
  EXPECT_EQ(ToldOf("param jump : long = 5\n" + std::string(kTrades) +
                   "rule a { from trades let jump = 5 emit out { jump } }\n"),
            List{"R0208 `jump`"});
}

TEST(Rule, PointsIntoTheSchema) {
  const auto checked = CheckBody("let price = 5\nemit out { price }");
  ASSERT_EQ(checked->diagnostics.all().size(), 1u);
  const Diagnostic& told = checked->diagnostics.all().front();
  ASSERT_EQ(told.labels.size(), 1u);
  const Span span = told.labels.front().span;
  EXPECT_EQ(checked->sources.file(span.file).path(), "schemas/market.Trade/1.avsc");
  EXPECT_EQ(checked->sources.Text(span), "price");
  EXPECT_EQ(checked->sources.file(span.file).Locate(span.begin).line, 7u);
}

TEST(Rule, StreamsAndRules) {
  EXPECT_EQ(ToldOf(std::string(kTrades) + "rule r { from trade emit out { x: 1 } }\n"), List{"R0205 `trade`"});
  EXPECT_EQ(ToldOf(std::string(kTrades) +
                   "rule r { from trades emit out { x: 1 } }\nrule r { from trades emit out { x: 1 } }\n"),
            List{"R0206 `r`"});
  EXPECT_EQ(Told("emit out { size } where price > prize"), List{"R0201 `prize`"});
  EXPECT_EQ(ToldOf("schema Trade = avro \"market.Trade\"\nstream trades : Trade\nrule r { from trades emit out { at: "
                   "@time } }\n"),
            List{"R0402 `@time`"});
}

TEST(Rule, AnOutputWithTheNameOfAStreamIsToldOnce) {
  const std::string trades(kTrades);
  EXPECT_EQ(ToldOf(trades + "output trades : Trade\nrule r { from trades emit trades { size } }\n"),
            List{"R0206 `trades`"});
  EXPECT_EQ(ToldOf(trades + "rule r { from trades emit trades { size } }\n"), List{"R0242 `trades`"});
}

TEST(Rule, ANameThatIsTakenIsToldOnce) {
  const std::string trades(kTrades);
  EXPECT_EQ(ToldOf("const t = 5\n" + trades + "rule r { from trades t where t.price > 1 emit out { t.size, x: t } }\n"),
            List{"R0208 `t`"});
  EXPECT_EQ(Told("t expand [1, 2] as t emit out { t.size }"), List{"R0208 `t`"});
  EXPECT_EQ(Told("expand [1, 2] as a expand [3] as b emit out { a, b, c: b.d }"), List{"R0102 `expand [3] as b`"});
}

TEST(Rule, AKeyIsNotNullBehindWhatTheConditionsSayOfItsFields) {
  EXPECT_EQ(Told("partition by v = venue where venue is not null emit out { k: @key }"), List{});
  EXPECT_EQ(Told("partition by v = venue where v is not null emit out { k: @key }"), List{});
  EXPECT_EQ(Told("partition by v = venue where size > 1 emit out { k: @key }"), List{"R0314 `venue`"});
}

TEST(Rule, KeysAreARecordWhoseNamesDiffer) {
  EXPECT_EQ(Told("t partition by size, t.size emit out { price }"), List{});
  EXPECT_EQ(Told("t partition by size, t.size emit out { k: @key }"), List{"R0335 `@key`"});
  EXPECT_EQ(Told("t partition by size, other = t.size emit out { k: @key }"), List{});
}

TEST(Rule, TheEnvelopeIsNotSeen) {
  const auto checked = CheckText(std::string(kTrades) +
                                 "rule a { from trades emit o { size } }\n"
                                 "rule b { from o emit p { of: _meta.rule } }\n");
  EXPECT_EQ(checked->Told(), List{"R0201 `_meta`"});
  EXPECT_EQ(checked->diagnostics.all().front().helps,
            List{"the envelope is put on what is written, rules do not see it"});
}

TEST(Rule, AWrongTimeOfTheStreamIsNotToldAgainWhereItIsUsed) {
  const std::string schema = "schema Trade = avro \"market.Trade\"\n";
  const std::string rule = "rule r { from trades emit out { at: @time } }\n";
  EXPECT_EQ(ToldOf(schema + "stream trades : Trade { time size }\n" + rule), List{"R0401 `size`"});
  EXPECT_EQ(ToldOf(schema + "stream trades : Trade { time nowhere }\n" + rule), List{"R0201 `nowhere`"});
  EXPECT_EQ(ToldOf(schema + "stream trades : Trade { watermark 5s }\n" + rule), List{"R0403 `trades`"});
}

TEST(Rule, UnusedLetsAreWarnedAbout) {
  EXPECT_EQ(Told("let a = 5, _b = 6\nemit out { size }"), List{"R0221 `a`"});
  EXPECT_FALSE(CheckBody("let a = 5\nemit out { size }")->diagnostics.has_errors());
}

TEST(Rule, Annotations) {
  const auto with = [](const std::string& annotations) {
    return ToldOf(std::string(kTrades) + "rule r " + annotations + " { from trades emit out { size } }\n");
  };
  EXPECT_EQ(with("@sevrity(high)"), List{"R0218 `@sevrity`"});
  EXPECT_EQ(with("@version(0)"), List{"R0219 `@version(0)`"});
  EXPECT_EQ(with("@version(99999999999)"), List{"R0219 `@version(99999999999)`"});
  EXPECT_EQ(with("@version"), List{"R0219 `@version`"});
  EXPECT_EQ(with("@version(1) @version(2)"), List{"R0206 `@version(2)`"});
  EXPECT_EQ(with("@order(arrival) @on_change(drain) @severity(\"low\")"), List{});
  EXPECT_EQ(with("@order(random)"), List{"R0219 `@order(random)`"});
}

TEST(Emit, FieldsHaveNames) {
  EXPECT_EQ(Told("t emit out { t.price, buyer.home.city, x: 1 }"), List{});
  EXPECT_EQ(Told("emit out { price * 2 }"), List{"R0707 `price * 2`"});
  EXPECT_EQ(Told("t emit out { t.price, price }"), List{"R0706 `price`"});
  EXPECT_EQ(Told("emit out { _meta: 1 }"), List{"R0701 `_meta`"});
  EXPECT_EQ(Told("emit out { `a b`: 1 }"), List{"R0708 ``a b``"});
  EXPECT_EQ(Told("emit `a b` { size }"), List{"R0708 ``a b``"});
  EXPECT_EQ(Told("emit errors { size }"), List{"R0701 `errors`"});
  EXPECT_EQ(Told("emit trades { size }"), List{"R0242 `trades`"});
}

TEST(Emit, UndeclaredOutputsAgree) {
  const auto checked = CheckBody("emit out { symbol, n: size, f: price }\nemit out { symbol, n: trade_id, f: fee }\n");
  EXPECT_EQ(checked->Rendered(), "");
  ASSERT_EQ(checked->program.outputs.size(), 1u);
  EXPECT_EQ(TypeName(checked->program.outputs[0].fields[1].type), "long");
  EXPECT_EQ(TypeName(checked->program.outputs[0].fields[2].type), "double?");
  const typed::Rule& rule = checked->program.rules.front();
  EXPECT_EQ(typed::PrintExpr(checked->program, &rule, *rule.emits[0].fields[1]), "int_to_long(size:int):long");

  EXPECT_EQ(Told("emit out { symbol, n: null }\nemit out { symbol, n: 5 }"), List{});
  EXPECT_EQ(Told("emit out { symbol }\nemit out { size }"), List{"R0702 `size`"});
  EXPECT_EQ(Told("emit out { symbol }\nemit out { symbol, size }"), List{"R0702 `size`"});
  EXPECT_EQ(Told("emit out { symbol, size }\nemit out { symbol }"), List{"R0702 `out`"});
  EXPECT_EQ(Told("emit out { x: symbol }\nemit out { x: size }"), List{"R0702 `size`"});
  EXPECT_EQ(Told("emit out { s: side }\nemit out { s: SELL }"), List{});
}

TEST(Emit, DeclaredOutputsTakeWhatFits) {
  const auto checked = CheckText(Declared("emit alerts { at: @time, count: size, symbol }"));
  EXPECT_EQ(checked->Rendered(), "");
  ASSERT_EQ(checked->program.rules.size(), 1u);
  const typed::Rule& rule = checked->program.rules.front();
  std::string fields;
  for (const typed::ExprPtr& field : rule.emits[0].fields)
    fields += typed::PrintExpr(checked->program, &rule, *field) + "\n";
  EXPECT_EQ(fields,
            "symbol:string\nint_to_long(size:int):long\nSELL:enum `market.Side`\n@time:timestamp\n"
            "\"none\":string\n0.5:double\n");
  EXPECT_FALSE(checked->program.outputs[0].meta);

  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: @time - executed_at, side: BUY, note: null }")), List{});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol }")), List{"R0703 `alerts`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: 1, shares: 2 }")), List{"R0704 `shares`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: price }")), List{"R0705 `price`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: volume }")), List{"R0705 `volume`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: 1, side: SEL }")), List{"R0213 `SEL`"});
  EXPECT_EQ(ToldOf(Declared("emit alerts { symbol, count: null }")), List{"R0705 `null`"});
}

TEST(Emit, SchemasOfOutputsAreLimited) {
  CheckedText tree;
  tree.store.Add("market.Tree", 1, "tree.avsc",
                 R"({"type": "record", "namespace": "market", "name": "Tree", "fields": [
                   {"name": "parent", "type": ["null", "Tree"], "default": null}]})");
  tree.Add(std::string(kTrades) +
           "schema T = avro \"market.Tree\"\noutput o : T\nrule r { from trades emit o { x: 1 } }")
      .Check();
  EXPECT_EQ(tree.Told(), List{"R0710 `o`"});

  CheckedText meta;
  meta.store.Add("market.M", 1, "m.avsc", R"({"type": "record", "namespace": "market", "name": "M", "fields": [
    {"name": "_meta", "type": "string"}, {"name": "x", "type": "int"}]})");
  meta.Add(std::string(kTrades) + "schema M = avro \"market.M\"\noutput o : M\nrule r { from trades emit o { x: 1 } }")
      .Check();
  EXPECT_EQ(meta.Told(), List{"R0710 `o`"});
}

}  // namespace
}  // namespace rulec::check
