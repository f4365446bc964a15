#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

using List = std::vector<std::string>;

List Told(const std::string& text) { return CheckText(text)->Told(); }

TEST(Schemas, AreFoundByFullNameAndVersion) {
  CheckedText checked;
  checked.store.Add("market.Trade", 3, "3.avsc",
                    R"({"type": "record", "namespace": "market", "name": "Trade", "fields": []})");
  checked
      .Add(
          "schema A = avro \"market.Trade\"\nschema B = avro \"market.Trade\" version 1\n"
          "schema C = avro \"market.Trade\" version 1..2\nschema D = avro \"market.Trade\" version 2..\n")
      .Check();
  EXPECT_EQ(checked.Rendered(), "");
  EXPECT_EQ(typed::Print(checked.program),
            "schema A = market.Trade version 3 of 1, 3 and later\n"
            "schema B = market.Trade version 1 of 1\n"
            "schema C = market.Trade version 1 of 1\n"
            "schema D = market.Trade version 3 of 3 and later\n");
}

TEST(Schemas, WhatIsMissingIsNamed) {
  const auto checked = CheckText("schema T = avro \"market.Trades\"\n");
  EXPECT_EQ(checked->Told(), List{"R0209 `\"market.Trades\"`"});
  ASSERT_EQ(checked->diagnostics.all().front().edits.size(), 1u);
  EXPECT_EQ(checked->diagnostics.all().front().edits.front().replacement, "\"market.Trade\"");
  EXPECT_EQ(Told("schema T = avro \"market.Trade\" version 2..\n").front().substr(0, 5), "R0210");
  EXPECT_EQ(Told("schema T = avro \"../../etc\"\n"), List{"R0225 `\"../../etc\"`"});
  EXPECT_EQ(Told("schema T = avro \"\"\n"), List{"R0225 `\"\"`"});
}

TEST(Schemas, ErrorsPointIntoTheFile) {
  CheckedText checked;
  checked.store.Add("a.B", 1, "schemas/a.B/1.avsc", "{\"type\": \"record\",\n \"name\": \"a.B\",\n \"fields\": oops}");
  checked.Add("schema B = avro \"a.B\"\nstream s : B\nrule r { from s where x > 1 emit out { y } }\n").Check();
  ASSERT_EQ(checked.diagnostics.all().size(), 1u) << checked.Rendered();
  const Diagnostic& told = checked.diagnostics.all().front();
  EXPECT_EQ(told.kind->code, "R0211");
  EXPECT_EQ(checked.sources.file(told.primary.span.file).path(), "schemas/a.B/1.avsc");
  EXPECT_EQ(checked.sources.file(told.primary.span.file).Locate(told.primary.span.begin).line, 3u);
  ASSERT_EQ(told.labels.size(), 1u);
  EXPECT_EQ(checked.sources.Text(told.labels.front().span), "\"a.B\"");
}

TEST(Schemas, MustBeWhatTheyAreCalled) {
  CheckedText checked;
  checked.store.Add("a.B", 1, "1.avsc", R"({"type": "record", "name": "a.C", "fields": []})");
  checked.Add("schema B = avro \"a.B\"\n").Check();
  EXPECT_EQ(checked.Told(), List{"R0226 `\"a.B\"`"});
}

TEST(Streams, AreRecordsWithATime) {
  const std::string schema = "schema Trade = avro \"market.Trade\"\n";
  EXPECT_EQ(Told(schema + "stream s : Trades\n"), List{"R0204 `Trades`"});
  EXPECT_EQ(Told(schema + "stream s : Trade { time executed }\n"), List{"R0201 `executed`"});
  EXPECT_EQ(Told(schema + "stream s : Trade { time received }\n"), List{"R0401 `received`"});
  EXPECT_EQ(Told(schema + "stream s : Trade { time settled_at }\n"), List{"R0401 `settled_at`"});
  EXPECT_EQ(Told(schema + "stream s : Trade { time buyer.country }\n"), List{"R0401 `buyer.country`"});
  EXPECT_EQ(Told(schema + "stream s : Trade { watermark 5s }\n"), List{"R0403 `s`"});
  EXPECT_EQ(Told(schema + "stream s : Trade\n"), List{});
  CheckedText side;
  side.store.Add("market.Side", 1, "1.avsc",
                 R"({"type": "enum", "namespace": "market", "name": "Side", "symbols": ["A"]})");
  side.Add("schema Side = avro \"market.Side\"\nstream s : Side { time x }\nrule r { from s emit out { y } }").Check();
  EXPECT_EQ(side.Told(), List{"R0217 `Side`"});
}

TEST(Declarations, NamesAreDeclaredOnce) {
  EXPECT_EQ(Told("const a = 1\nconst a = 2\n"), List{"R0206 `a`"});
  EXPECT_EQ(Told("const a = 1\nparam a : long = 2\n"), List{"R0206 `a`"});
  EXPECT_EQ(Told(std::string(kTrades) + "stream trades : Trade\n"), List{"R0206 `trades`"});
  EXPECT_EQ(Told(std::string(kTrades) + "output trades : Trade\n"), List{"R0206 `trades`"});
  EXPECT_EQ(Told(std::string(kTrades) + "schema Trade = avro \"market.Alert\"\n"), List{"R0206 `Trade`"});
  CheckedText files;
  files.Add("const a = 1\n", "a.rule").Add("const a = 2\n", "b.rule").Check();
  ASSERT_EQ(files.Told(), List{"R0206 `a`"});
  EXPECT_EQ(files.sources.file(files.diagnostics.all().front().primary.span.file).path(), "b.rule");
}

TEST(Consts, AreComputedInAnyOrder) {
  const auto checked = CheckText(
      "const c = a + b\nconst a = 2\nconst b = a * 3\nconst d = 90s / 1m\nconst e = not true\n"
      "const f = \"x\"\nconst g = 1h - 1m\n");
  EXPECT_EQ(checked->Rendered(), "");
  EXPECT_EQ(typed::Print(checked->program),
            "const c : long = 8\nconst a : long = 2\nconst b : long = 6\nconst d : double = 1.5\n"
            "const e : bool = false\nconst f : string = \"x\"\nconst g : duration = 59m\n");
}

TEST(Consts, AreRefusedOnce) {
  EXPECT_EQ(Told("const a = b\nconst b = a\nconst c = a + b\n"), List{"R0216 `a`"});
  EXPECT_EQ(Told("const a = a\n"), List{"R0216 `a`"});
  EXPECT_EQ(Told("const a = b\n"), List{"R0202 `b`"});
  EXPECT_EQ(Told("const a = null\n"), List{"R0311 `null`"});
  EXPECT_EQ(Told("param p : long = 1\nconst a = p\n"), List{"R0222 `p`"});
  EXPECT_EQ(Told("const a = @time\n"), List{"R0222 `@time`"});
  EXPECT_EQ(Told("const a = 1 / 0\nconst b = a + 1\n"), List{"R0308 `1 / 0`"});
}

TEST(Consts, LongChainsTakeNoStack) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "const a" + std::to_string(i) + " = a" + std::to_string(i + 1) + " + 1\n";
  text += "const a5000 = 1\n";
  const auto checked = CheckText(text);
  EXPECT_EQ(checked->Rendered(), "");
  EXPECT_EQ(checked->program.consts.front().value.integer, 5001);
}

TEST(Params, HaveTypedValues) {
  const auto checked =
      CheckText(std::string(kTrades) +
                "param a : double = 5%\nparam b : double = 3\nparam c : int = -7\nparam d : string? = null\n"
                "param e : duration = 90s\nparam f : Side = SELL\nparam g : bool = true\n"
                "const base = 2\nparam h : long = base * 10\n");
  EXPECT_EQ(checked->Rendered(), "");
  const std::string printed = typed::Print(checked->program);
  EXPECT_NE(printed.find("param a : double = 0.05\nparam b : double = 3.0\nparam c : int = -7\n"
                         "param d : string? = null\nparam e : duration = 1m30s\nparam f : enum `market.Side` = SELL\n"
                         "param g : bool = true\nparam h : long = 20\n"),
            std::string::npos)
      << printed;
}

TEST(Params, RefuseWhatDoesNotFit) {
  EXPECT_EQ(Told("param a : long = 5%\n"), List{"R0312 `5%`"});
  EXPECT_EQ(Told("param a : int = 3000000000\n"), List{"R0312 `3000000000`"});
  EXPECT_EQ(Told("param a : long = null\n"), List{"R0312 `null`"});
  EXPECT_EQ(Told("param a : lang = 5\n"), List{"R0223 `lang`"});
  EXPECT_EQ(Told("param a : decimal(3, 1) = 1.25\n"), List{"R0312 `1.25`"});
  EXPECT_EQ(Told("param a : decimal(39, 1) = 1\n"), List{"R0334 `decimal(39, 1)`"});
  EXPECT_EQ(Told("param a : list<long> = [1, 2]\n"), List{"R0337 `list<long>`"});
  EXPECT_EQ(Told("param a : Party = record(country: \"CH\")\n").front().substr(0, 5), "R0223");
  EXPECT_EQ(Told("param a : string = b\n"), List{"R0202 `b`"});
}

// Two packages with the same names, and `text` in a third that has neither.
List ToldBesidePackages(const std::string& text) {
  CheckedText checked;
  checked.Add("package q\nconst k = 2\nconst wait = 1s\nconst of = record(n: 7)\nfn f(a: long) = a * k\n", "q.rule");
  checked.Add("package s.t\nconst k = 30\nconst wait = 2s\nparam most : long = 5\nfn f(a: long) = a\n", "s.rule");
  checked.Add("package p\n" + std::string(kTrades) + text, "p.rule");
  return checked.Check().Told();
}

std::string Rule(const std::string& value) { return "rule r { from trades t emit out { x: " + value + " } }\n"; }

TEST(Packages, ANameOfSeveralIsNotGuessed) {
  EXPECT_EQ(ToldBesidePackages(Rule("k")), List{"R0233 `k`"});
  EXPECT_EQ(ToldBesidePackages(Rule("f(1)")), List{"R0233 `f`"});
  EXPECT_EQ(ToldBesidePackages("const mine = f(1)\n" + Rule("mine")), List{"R0233 `f`"});
  EXPECT_EQ(ToldBesidePackages("stream late : Trade { time executed_at watermark wait }\n" + Rule("price")),
            List{"R0233 `wait`"});
}

TEST(Packages, TheirNamesCanStandBeforeTheirValues) {
  EXPECT_EQ(ToldBesidePackages(Rule("q.k + s.t.k + q.f(s.t.f(s.t.most)) + q.of.n")), List{});
  EXPECT_EQ(ToldBesidePackages("const mine = q.k + s.t.f(q.of.n)\nparam own : long = s.t.k\n" + Rule("mine + own")),
            List{});
  EXPECT_EQ(ToldBesidePackages(Rule("q.kk")), List{"R0202 `kk`"});
  EXPECT_EQ(ToldBesidePackages(Rule("q.g(1)")), List{"R0227 `q.g`"});
  EXPECT_EQ(ToldBesidePackages(Rule("q.k.n")), List{"R0316 `q.k`"});
  EXPECT_EQ(ToldBesidePackages(Rule("s.k")), List{"R0201 `s`"});
  EXPECT_EQ(ToldBesidePackages(Rule("symbol.upper()")), List{"R0227 `symbol.upper`"});
}

TEST(Packages, AConstantThatNeedsItselfByAQualifiedNameIsTold) {
  CheckedText checked;
  checked.Add("package q\nconst b = p.a + 1\n", "q.rule");
  checked.Add("package p\nconst a = q.b\n" + std::string(kTrades) + Rule("a"), "p.rule");
  EXPECT_EQ(checked.Check().Told(), List{"R0216 `b`"});
}

}  // namespace
}  // namespace rulec::check
