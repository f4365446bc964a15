// Texts that are no rules at all: a clear message, and an end in bounded time.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "compiler/parse/text_checks.h"
#include "compiler/parse/text_to_ast.h"
#include "compiler/source/text_limit.h"

namespace rulec {
namespace {

std::string Repeat(std::string_view part, size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

struct Outcome {
  size_t errors = 0;
  std::string first;
  std::string tree;
  double seconds = 0;
};

Outcome Try(std::string text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const FileId id = sources.Add("t.rule", std::move(text));
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome;
  {
    const ast::File file = ParseText(sources, id, diagnostics);
    outcome.tree = ast::Print(file);
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  outcome.errors = diagnostics.errors();
  if (!diagnostics.all().empty()) outcome.first = diagnostics.all().front().message;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    EXPECT_LT(RenderText(sources, diagnostic, true).size(), 10'000U);
  }
  return outcome;
}

// Far above what they take, and far below what a quadratic mistake would.
constexpr double kSeconds = 20;

void ExpectOneError(const std::string& text, std::string_view message) {
  const Outcome outcome = Try(text);
  EXPECT_EQ(outcome.first, message) << text.substr(0, 60);
  EXPECT_EQ(outcome.errors, 1U) << text.substr(0, 60);
  EXPECT_LT(outcome.seconds, kSeconds) << text.substr(0, 60);
}

TEST(HostileText, NestingIsBounded) {
  constexpr std::string_view kDeep = "nested more than 256 levels deep";
  ExpectOneError(Repeat("(", 1'000'000), kDeep);
  ExpectOneError("rule r { from s where " + Repeat("(", 1'000'000), kDeep);
  ExpectOneError("const a = " + Repeat("[", 100'000), kDeep);
  ExpectOneError("const a = " + Repeat("f(", 300) + "1" + Repeat(")", 300), kDeep);
  ExpectOneError("rule r { from s where " + Repeat("not ", 100'000) + "a emit o { a } }", kDeep);
  ExpectOneError("const a = " + Repeat("-", 1'000'000), kDeep);
  ExpectOneError("const a = " + Repeat("!", 10'000), kDeep);
  ExpectOneError("const a = " + Repeat("if a then ", 100'000), kDeep);
  ExpectOneError("const a = " + Repeat("if let then ", 1'000), kDeep);
  ExpectOneError("const a = " + Repeat("if a = b then ", 1'000), kDeep);
  ExpectOneError("const a = " + Repeat("x => ", 100'000), kDeep);
  ExpectOneError("const a = " + Repeat("case when ", 50'000), kDeep);
  ExpectOneError("param a : " + Repeat("list<", 50'000), kDeep);
  ExpectOneError("param a : " + Repeat("map<a, ", 50'000), kDeep);
  ExpectOneError("const a = " + Repeat("(if a then ", 140) + "b" + Repeat(" else c)", 140), kDeep);
}

TEST(HostileText, NestingUpToTheBoundIsFine) {
  for (const std::string_view open : {"(", "f(", "-("}) {
    const Outcome outcome = Try("const a = " + Repeat(open, 255) + "1" + Repeat(")", 255));
    EXPECT_EQ(outcome.errors, 0U) << outcome.first;
  }
  EXPECT_EQ(Try("const a = " + Repeat("not ", 256) + "b").errors, 0U);
  EXPECT_EQ(Try("const a = " + Repeat("- ", 256) + "b").errors, 0U);
  // Side by side is not one in another.
  EXPECT_EQ(Try("rule r { from s emit o {" + Repeat(" a: -(b) * (-c),", 2'000) + " } }").errors, 0U);
  EXPECT_EQ(Try("rule r { from s " + Repeat(" where not -a < -b", 2'000) + " emit o { a } }").errors, 0U);
}

TEST(HostileText, LongExpressionsAreBounded) {
  constexpr std::string_view kLong = "more than 1000 operators in one expression";
  ExpectOneError("const a = x" + Repeat(".a.b.c", 30'000), kLong);
  ExpectOneError("const a = 1" + Repeat(" + 1", 60'000), kLong);
  ExpectOneError("rule r { from s where a" + Repeat(" or a", 1'000) + " emit o { a } }", kLong);
  EXPECT_EQ(Try("const a = 1" + Repeat(" + 1", 998)).errors, 0U);
  EXPECT_EQ(Try("const a = f(1" + Repeat(", 1", 50'000) + ")").errors, 0U);
  // Chains within brackets within chains are as high as their sum.
  std::string text = "1";
  for (int i = 0; i < 20; ++i) text = "(" + text + Repeat(" + 1", 100) + ")";
  ExpectOneError("const a = " + text, kLong);
}

TEST(HostileText, FloodsOfErrorsEnd) {
  for (const std::string_view part :
       {"#", ")", "( }", "{}", "\"\n", "`\n", "rule\n", "rule {\n", "é ", "a b\n", "= ", "/*", "@",
        "rule a { from b where c d\n", "emit o { ", "}\n", "const a = ~ ", "1.5h ", "0x "}) {
    const Outcome outcome = Try(Repeat(part, 300'000 / part.size()));
    EXPECT_GE(outcome.errors, 1U) << part;
    EXPECT_LE(outcome.errors, 101U) << part;
    EXPECT_LT(outcome.seconds, kSeconds) << part;
  }
  const Outcome fields = Try("rule r { from s\n emit o { " + Repeat(" a b,\n", 20'000) + " } }");
  EXPECT_EQ(fields.errors, 101U);
  EXPECT_EQ(Try("const a = \"" + Repeat("\\q", 100'000) + "\"").errors, 101U);
}

TEST(HostileText, SizeIsBounded) {
  const Outcome outcome = Try(std::string(kUsualTextBytes + 1, ' '));
  EXPECT_EQ(outcome.first, "the file has more than the 16777216 bytes that a rule file may have");
  EXPECT_EQ(outcome.errors, 1U);
  EXPECT_EQ(Try(std::string(kUsualTextBytes, ' ')).errors, 0U);
}

TEST(HostileText, InvalidUtf8NamesByteAndLine) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add("t.rule", "const a = 1\nconst b = \"\xFF\"\n"), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(RenderText(sources, diagnostics.all()[0], false), R"(error[R0104]: invalid UTF-8 at byte 23
 --> t.rule:2:12
  |
2 | const b = "�"
  |            ^ byte 0xff
  |
  = help: save the file as UTF-8
  = note: for more about this error, run `rulec explain R0104`
)");
}

TEST(HostileText, Utf8IsCheckedByTheStandard) {
  for (const std::string_view good :
       {"", "abc", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF", "12345678\xC3\xA9", "1234567\xC3\xA9 12345678"}) {
    EXPECT_EQ(FindInvalidUtf8(good), std::string_view::npos) << good;
  }
  const std::pair<std::string_view, size_t> bad[] = {{"\x80", 0},
                                                     {"a\xC1\xBF", 1},
                                                     {"\xC2", 0},
                                                     {"\xE0\x9F\xBF", 0},
                                                     {"\xED\xA0\x80", 0},
                                                     {"\xF0\x8F\xBF\xBF", 0},
                                                     {"\xF4\x90\x80\x80", 0},
                                                     {"\xF5\x80\x80\x80", 0},
                                                     {"12345678\xE2\x82", 8},
                                                     {"\xE2\x82z", 0}};
  for (const auto& [text, at] : bad) EXPECT_EQ(FindInvalidUtf8(text), at) << text;
}

TEST(HostileText, NulIsRefused) {
  const Outcome outcome = Try(std::string("const a\0 = 1", 12));
  EXPECT_EQ(outcome.first, "a NUL character at byte 7");
  EXPECT_EQ(outcome.errors, 1U);
}

constexpr std::string_view kSample = R"(package a.b
import "x.rule"
schema Trade = avro "market.Trade" version 2..7 // comment
stream trades : Trade { time executed_at watermark 5s }
param jump : list<double?> = 5%
/// doc
rule big @version(3) {
  from trades t partition by symbol, k = t.a
  where not (a == b) and `x` ?? 5 < 1h30m /* c */
  let y = f(a, "s\u{1F600}é")
      z = if a then b else case when c then d end
  expand t.lines as l partition by l.sku
  where l is market.Line and a not in [1, x[1..2]] and xs[..n] between -1 and 2 or any(q, (m, n) => m like f"{n:.1%}}}")
  match a{5,} then b
  emit alerts { symbol, at: t@time
    id: [1, x[1..2], m => m], f: f"a{{{b["x"]:%H:%M} {f"{c}"}" } where y is not null
}
fn f(a: list<map<long?>>, b: decimal(10, 2)) = record(a: a, b: map("k": b < 1))
derive d { from big emit { symbol } }
test "t" for big {
  given trades {
    @time | symbol | a.b
    0ms   | "A"    | 1     x5
    +1s   | "B"    | 1 ~ 2
  }
  given quotes = "q.csv"
  watermark 10s
  expect some alerts { symbol }
  expect none
}
)";

TEST(HostileText, CutAtAnyByte) {
  for (size_t length = 0; length <= kSample.size(); ++length) Try(std::string(kSample.substr(0, length)));
  for (size_t begin = 0; begin < kSample.size(); ++begin) Try(std::string(kSample.substr(begin)));
}

TEST(HostileText, ChangedAtRandom) {
  constexpr unsigned kSeed = 20240607;
  std::mt19937 random(kSeed);
  constexpr std::string_view kBytes = "(){}[]\"`@%.,:=<>?-+*/#\n \\a0\xC3\xA9";
  for (int round = 0; round < 3'000; ++round) {
    std::string text(kSample);
    for (unsigned change = 0; change < 1 + round % 8U; ++change) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = kBytes[random() % kBytes.size()]; break;
        case 1: text.erase(at, 1 + random() % 5); break;
        default: text.insert(at, text.substr(random() % text.size(), 1 + random() % 20));
      }
    }
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    EXPECT_LT(Try(text).seconds, kSeconds);
  }
}

TEST(HostileText, AMegabyteOfRulesIsFast) {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; ++i) {
    text += "/// doc\nrule rule_" + std::to_string(i) +
            " @version(1) {\n  from trades partition by symbol\n  where size >= 20_000 and exchange != D and not odd\n"
            "  let v = price * size + 1.5\n  emit out { trade_id, symbol, price: v, at: executed_at }\n}\n";
  }
  const Outcome outcome = Try(text);
  EXPECT_EQ(outcome.errors, 0U) << outcome.first;
  EXPECT_LT(outcome.seconds, kSeconds);
}

}  // namespace
}  // namespace rulec
