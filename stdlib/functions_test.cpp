#include "stdlib/functions.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "stdlib/example_evaluator.h"
#include "stdlib/symbols.h"

namespace rulelib {
namespace {

TEST(Functions, ThereAreManyAndAreFoundByName) {
  EXPECT_GE(FunctionNames().size(), 200u);
  size_t rows = 0;
  for (std::string_view name : FunctionNames()) {
    for (const FunctionRow* row : FunctionsNamed(name)) {
      EXPECT_EQ(row->name, name);
      ++rows;
    }
  }
  EXPECT_EQ(rows, Functions().size());
  EXPECT_TRUE(FunctionsNamed("no_such_function").empty());
  EXPECT_EQ(FunctionsNamed("abs").size(), 4u);
}

TEST(Functions, EverySymbolIsInTheLibrary) {
  for (const FunctionRow& row : Functions()) EXPECT_NE(FindLibrarySymbol(row.symbol), nullptr) << row.symbol;
  EXPECT_EQ(FindLibrarySymbol("rule_nothing"), nullptr);
  const char* last = "";
  for (const LibrarySymbol& symbol : LibrarySymbols()) {
    EXPECT_LT(std::strcmp(last, symbol.name), 0) << symbol.name;
    EXPECT_TRUE(std::string_view(symbol.name).starts_with("rule_")) << symbol.name;
    last = symbol.name;
  }
}

TEST(Functions, NoTwoOverloadsTakeTheSame) {
  for (std::string_view name : FunctionNames()) {
    auto rows = FunctionsNamed(name);
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        auto a = rows[i]->parameters, b = rows[j]->parameters;
        EXPECT_FALSE(std::equal(a.begin(), a.end(), b.begin(), b.end())) << name;
      }
    }
  }
}

TEST(Functions, RowsAgreeWithThemselves) {
  for (const FunctionRow& row : Functions()) {
    EXPECT_FALSE(row.documentation.empty()) << row.name;
    EXPECT_TRUE(row.documentation.ends_with('.') || row.documentation.ends_with('?')) << row.documentation;
    EXPECT_NE(row.example.find(std::string(row.name) + "("), std::string_view::npos) << row.example;
    EXPECT_EQ(row.result.nullable, (row.effects & MayNull) != 0) << row.name;
    bool takes_null = std::any_of(row.parameters.begin(), row.parameters.end(), [](auto& p) { return p.nullable; });
    EXPECT_EQ(takes_null, row.nulls == Nulls::TakesNull) << row.name;
    if (row.result.kind == Kind::Decimal) {
      EXPECT_EQ(row.parameters[0].kind, Kind::Decimal) << row.name;
    }
  }
}

TEST(Functions, EveryExampleGivesItsResult) {
  for (const FunctionRow& row : Functions()) {
    EXPECT_EQ(Evaluate(row.example), Evaluate(row.result_of_example)) << row.example;
    EXPECT_FALSE(Evaluate(row.example).starts_with("error")) << row.example << ": " << Evaluate(row.example);
  }
}

TEST(Functions, NullGivesNullUnlessItIsTaken) {
  for (const FunctionRow& row : Functions()) {
    for (size_t i = 0; i < row.parameters.size(); ++i) {
      if (IsPrepared(row.parameters[i].kind)) continue;
      TestArena arena;
      std::vector<Cell> cells(row.parameters.size());
      std::vector<uint8_t> valid(row.parameters.size(), 1);
      std::vector<uint32_t> forms(row.parameters.size(), MakeForm(5, 2));
      valid[i] = 0;
      // The others are never looked at, so that zeros will do for them.
      if (row.nulls == Nulls::TakesNull) continue;
      EXPECT_EQ(InvokeWithNulls(row, arena.context(), cells, valid, forms), Cell{}) << row.name;
      EXPECT_EQ(arena.context()->outcome, uint32_t{RULERT_NULL}) << row.name;
    }
  }
  EXPECT_EQ(Evaluate("is_blank(null)"), "true");
}

TEST(Functions, WithoutMemoryThereIsAnErrorAndNoCrash) {
  // Results beyond what stands in a string itself.
  for (const char* expression :
       {"upper(\"a text of some length\")", "split(\"a,b\", \",\")", "sha256(\"a\")", "repeat(\"abcdef\", 10)",
        "normalize(\"u\\u{308} and more than twelve\")", "sort([2, 1])", "keys(map(\"b\": 1, \"a\": 2))",
        "regex_extract_all(\"a1b2\", \"[0-9]\")", "json_keys(\"{\\\"a\\\": 1}\", \"$\")", "words(\"a b\")",
        "replace(\"a-b-c-d-e-f-g-h\", \"-\", \"more\")", "geohash(1.0, 2.0, 12)", "string(1e-300)"}) {
    std::string result = Evaluate(expression, 200);
    std::string without = Evaluate(expression, 40);
    EXPECT_TRUE(without == "error: no memory left for this batch" || without == result)
        << expression << ": " << without;
  }
  EXPECT_EQ(Evaluate("upper(\"a text of some length\")", 0), "error: no memory left for this batch");
}

}  // namespace
}  // namespace rulelib
