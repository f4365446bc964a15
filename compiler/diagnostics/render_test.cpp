#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/diagnostics/diagnostics.h"

namespace rulec {
namespace {

Span Find(const SourceSet& sources, FileId file, std::string_view what, size_t nth = 0) {
  const std::string_view text = sources.file(file).text();
  size_t at = text.find(what);
  for (; nth > 0; --nth) at = text.find(what, at + 1);
  EXPECT_NE(at, std::string_view::npos) << what;
  return {file, static_cast<uint32_t>(at), static_cast<uint32_t>(at + what.size())};
}

std::string RenderOnly(const SourceSet& sources, const Diagnostics& diagnostics, bool color = false) {
  EXPECT_EQ(diagnostics.all().size(), 1U);
  return RenderText(sources, diagnostics.all().front(), color);
}

TEST(RenderText, IsTheManualsExample) {
  SourceSet sources;
  const FileId file =
      sources.Add("rules/structuring.rule",
                  "package bank\n\nstream payments : Payment\n\n\n\n\n\n\n\n\n\n\n  where ammount > 9_000\n");
  Diagnostics diagnostics;
  const Span word = Find(sources, file, "ammount");
  diagnostics.Build(word, FieldNotInSchema, {"payments", "ammount"})
      .Under("not a field of `bank.Payment`")
      .Label(Find(sources, file, "Payment"), "`bank.Payment`, versions 2 to 7")
      .Suggest("a field with a similar name exists", word, NearestName("ammount", {"amount", "account", "mount"}))
      .Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(error[R0201]: stream `payments` has no field `ammount`
  --> rules/structuring.rule:14:9
   |
 3 | stream payments : Payment
   |                   ------- `bank.Payment`, versions 2 to 7
...
14 |   where ammount > 9_000
   |         ^^^^^^^ not a field of `bank.Payment`
   |
help: a field with a similar name exists
   |
14 |   where amount > 9_000
   |         ~~~~~~
   = note: for more about this error, run `rulec explain R0201`
)");
}

TEST(RenderText, ANameOfManyLettersIsCut) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "emit o { a }");
  Diagnostics diagnostics;
  diagnostics.Build({file, 9, 10}, FieldNotInSchema, {"trades", std::string(10'000, 'a')}).Emit();
  EXPECT_EQ(diagnostics.all().front().message, "stream `trades` has no field `" + std::string(100, 'a') + "…`");
  const std::string sentence = "a" + std::string(600, ' ') + "b";
  diagnostics.Build({file, 9, 10}, FieldNotInSchema, {"trades", sentence}).Emit();
  EXPECT_EQ(diagnostics.all().back().message, "stream `trades` has no field `" + sentence + "`");
}

TEST(RenderText, LabelsOfOneLineHaveTheirOwnRows) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "where a < b < c");
  Diagnostics diagnostics;
  diagnostics.Build(Find(sources, file, "<", 1), ChainedComparison)
      .Under("a second comparison")
      .Label(Find(sources, file, "<"), "the first one")
      .Help("join them with `and`")
      .Note("this is a note")
      .Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(error[R0114]: comparisons cannot be chained
 --> a.rule:1:13
  |
1 | where a < b < c
  |             ^ a second comparison
  |         - the first one
  |
  = help: join them with `and`
  = note: this is a note
  = note: for more about this error, run `rulec explain R0114`
)");
}

TEST(RenderText, WarningsSaySoAndAdjacentLinesStandTogether) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "let x = 1,\n    y = 2\n");
  Diagnostics diagnostics;
  const DiagnosticKind unused = {"Unused", "R0999", Severity::Warning, "`{0}` is never used"};
  diagnostics.Build(Find(sources, file, "y"), unused, {"y"}).Label(Find(sources, file, "x"), "").Emit();
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(warning[R0999]: `y` is never used
 --> a.rule:2:5
  |
1 | let x = 1,
  |     -
2 |     y = 2
  |     ^
  |
  = note: for more about this warning, run `rulec explain R0999`
)");
}

TEST(RenderText, NamesTheOtherFile) {
  SourceSet sources;
  const FileId first = sources.Add("a.rule", "schema T = avro \"x\"\n");
  const FileId second = sources.Add("b.rule", "\nschema T = avro \"y\"\n");
  Diagnostics diagnostics;
  diagnostics.Build(Find(sources, second, "T"), DuplicateClause, {"`T`"})
      .Label(Find(sources, first, "T"), "first here")
      .Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(error[R0116]: `T` is given twice
 --> b.rule:2:8
  |
2 | schema T = avro "y"
  |        ^
 ::: a.rule:1:8
  |
1 | schema T = avro "x"
  |        - first here
  |
  = note: for more about this error, run `rulec explain R0116`
)");
}

TEST(RenderText, CaretsStandUnderTabsAndWideLetters) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "\twhere \"\u4e2d\u6587e\u0301\" \x01x\n");
  Diagnostics diagnostics;
  diagnostics.Build(Find(sources, file, "x"), UnknownCharacter, {"`x`"}).Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics),
            "error[R0113]: `x` has no meaning here\n"
            " --> a.rule:1:21\n"
            "  |\n"
            "1 |     where \"\u4e2d\u6587e\u0301\" \uFFFDx\n"
            "  |                    ^\n"
            "  |\n"
            "  = note: for more about this error, run `rulec explain R0113`\n");
}

TEST(RenderText, EndOfFileHasOneCaret) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "const a =");
  Diagnostics diagnostics;
  diagnostics.Build({file, 9, 9}, UnexpectedToken, {"an expression", "the end of the file"}).Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(error[R0101]: expected an expression, found the end of the file
 --> a.rule:1:10
  |
1 | const a =
  |          ^
  |
  = note: for more about this error, run `rulec explain R0101`
)");
}

TEST(RenderText, CutsLongLinesAroundTheSpan) {
  SourceSet sources;
  const std::string text = std::string(500'000, 'a') + " here " + std::string(500'000, 'b');
  const FileId file = sources.Add("a.rule", text);
  Diagnostics diagnostics;
  diagnostics.Build(Find(sources, file, "here"), UnknownCharacter, {"`here`"}).Emit();
  const std::string shown = RenderOnly(sources, diagnostics);
  EXPECT_LT(shown.size(), 600U);
  const std::string line = "1 | ..." + std::string(39, 'a') + " here " + std::string(95, 'b') + "...\n";
  EXPECT_NE(shown.find(line), std::string::npos) << shown;
  EXPECT_NE(shown.find("  | " + std::string(43, ' ') + "^^^^\n"), std::string::npos) << shown;
}

TEST(RenderText, ASpanOverLinesIsUnderlinedOnItsFirst) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "emit o {\n  a\n}\n");
  Diagnostics diagnostics;
  diagnostics.Build({file, 7, 14}, DuplicateClause, {"it"}).Suggest("write", {file, 7, 14}, "{ a\n b }").Emit();
  EXPECT_EQ(RenderOnly(sources, diagnostics), R"(error[R0116]: it is given twice
 --> a.rule:1:8
  |
1 | emit o {
  |        ^
  |
help: write
  |
1 | emit o { a
  |        ~~~
  = note: for more about this error, run `rulec explain R0116`
)");
}

TEST(RenderText, ColourChangesNothingButEscapes) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "where a = 5\n");
  Diagnostics diagnostics;
  const Span sign = Find(sources, file, "=");
  diagnostics.Build(sign, ForeignOperator, {"="})
      .Under("here")
      .Label({file, 0, 5}, "w")
      .Suggest("x", sign, "==")
      .Emit();
  const std::string plain = RenderOnly(sources, diagnostics);
  const std::string colored = RenderOnly(sources, diagnostics, true);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  std::string stripped;
  size_t escapes = 0;
  for (size_t i = 0; i < colored.size(); ++i) {
    if (colored[i] == '\x1b') {
      i = colored.find('m', i);
      ++escapes;
    } else {
      stripped += colored[i];
    }
  }
  EXPECT_EQ(stripped, plain);
  EXPECT_GT(escapes, 10U);
}

TEST(RenderJson, HoldsEverything) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "where\n a = 5\n");
  Diagnostics diagnostics;
  const Span sign = Find(sources, file, "=");
  diagnostics.Build(sign, ForeignOperator, {"="})
      .Under("here")
      .Label({file, 0, 5}, "clause")
      .Note("n")
      .Help("h")
      .Suggest("s", sign, "==")
      .Emit();
  EXPECT_EQ(
      RenderJson(sources, diagnostics.all().front()),
      R"({"type":"diagnostic","code":"R0112","name":"ForeignOperator","severity":"error",)"
      R"("message":"`=` is not an operator of rules","arguments":["="],"file":"a.rule","spans":[)"
      R"({"file":"a.rule","line":2,"column":4,"end_line":2,"end_column":5,"begin":9,"end":10,"primary":true,"label":"here"},)"
      R"({"file":"a.rule","line":1,"column":1,"end_line":1,"end_column":6,"begin":0,"end":5,"primary":false,"label":"clause"}],)"
      R"("notes":["n"],"helps":["h"],"edits":[)"
      R"({"file":"a.rule","line":2,"column":4,"end_line":2,"end_column":5,"begin":9,"end":10,"message":"s","replacement":"==","certain":false}]})");
}

TEST(RenderJson, IsUtf8WhateverTheTextIs) {
  SourceSet sources;
  const FileId file = sources.Add("a.rule", "\xFF");
  Diagnostics diagnostics;
  diagnostics.Build({file, 0, 1}, UnknownCharacter, {"\xFF"}).Emit();
  EXPECT_TRUE(nlohmann::json::accept(RenderJson(sources, diagnostics.all().front())));
}

TEST(Diagnostics, AnEmptySuggestionIsNone) {
  Diagnostics diagnostics;
  diagnostics.Build({}, UnknownCharacter, {"x"}).Suggest("a similar name", {}, "").Emit();
  EXPECT_TRUE(diagnostics.all().front().edits.empty());
  EXPECT_EQ(diagnostics.errors(), 1U);
}

TEST(Diagnostics, KindsAreSortedAndTheirCodesUnique) {
  const auto& kinds = AllDiagnosticKinds();
  ASSERT_GT(kinds.size(), 20U);
  std::set<std::string_view> names;
  for (size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(kinds[i]->code.size(), 5U) << kinds[i]->code;
    EXPECT_EQ(kinds[i]->code.substr(0, 2), "R0") << kinds[i]->code;
    if (i > 0) {
      EXPECT_LT(kinds[i - 1]->code, kinds[i]->code);
    }
    EXPECT_TRUE(names.insert(kinds[i]->name).second) << kinds[i]->name;
  }
}

TEST(NearestName, FindsOneEditAndSwaps) {
  EXPECT_EQ(NearestName("ammount", {"account", "amount"}), "amount");
  EXPECT_EQ(NearestName("smybol", {"price", "symbol"}), "symbol");
  EXPECT_EQ(NearestName("SYMBOL", {"symbol"}), "symbol");
  EXPECT_EQ(NearestName("pric", {"prices", "price"}), "price");
  EXPECT_EQ(NearestName("ab", {"abc", "ab"}), "abc") << "never the word itself";
}

TEST(NearestName, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(NearestName("ammount", {"symbol", "price", "mount_everest"}), "");
  EXPECT_EQ(NearestName("x", {"y"}), "");
  EXPECT_EQ(NearestName("id", {"at", "price"}), "");
  EXPECT_EQ(NearestName("", {"a"}), "");
  EXPECT_EQ(NearestName(std::string(100'000, 'a'), {std::string(100'000, 'b')}), "");
}

}  // namespace
}  // namespace rulec
