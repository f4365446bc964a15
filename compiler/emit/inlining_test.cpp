// Small functions of the library are part of the code that calls them (`explain --stage asm` shows it).
#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"
#include "compiler/emit/codegen_fixture.h"
#include "compiler/emit/expression_writer_test.h"
#include "compiler/planner/typed_to_plan.h"
#include "stdlib/bitcode.h"

namespace rulec {
namespace {

// Of a rule that emits the expression.
std::string AssemblyOf(Codegen& codegen, const std::string& expression) {
  check::CheckedText checked;
  checked.store.Add("gen.Event", 1, "1.avsc", kEventSchema);
  checked.Add(std::string(kExpressionHead) + "rule r {\n  from events\n  emit o { v: " + expression + " }\n}\n")
      .Check();
  EXPECT_FALSE(checked.diagnostics.has_errors()) << checked.Rendered();
  plan::Program program;
  EXPECT_EQ(PlanProgram(checked.sources, checked.program, &program), "");
  std::string text;
  codegen.PrintTo(CodeStage::Asm, &text);
  codegen.CompileRule(program, program.rules[0]);
  codegen.PrintTo(CodeStage::Asm, nullptr);
  EXPECT_NE(text.find("process:"), std::string::npos);
  return text;
}

class InliningTest : public testing::Test {
 protected:
  LoadedCodegen made_ = LoadCodegen({"x86-64-v3", {}});
};

TEST_F(InliningTest, WhatHasBitcodeIsNotCalled) {
  ASSERT_NE(made_.codegen, nullptr) << made_.error;
  size_t inlined = 0;
  for (const rulelib::FunctionRow& row : rulelib::Functions()) {
    if (rulelib::BitcodeFor(row.symbol).empty()) continue;
    // Of fields alone, so that nothing is computed by the compiler.
    std::string call = std::string(row.name) + "(";
    for (size_t i = 0; i < row.parameters.size(); ++i) {
      using rulelib::Kind;
      static const std::map<Kind, std::string> fields = {
          {Kind::Bool, "b"},   {Kind::Int, "i"},        {Kind::Long, "l"},       {Kind::Float, "f"},
          {Kind::Double, "d"}, {Kind::Decimal, "m"},    {Kind::String, "s"},     {Kind::Bytes, "y"},
          {Kind::Date, "da"},  {Kind::TimeOfDay, "td"}, {Kind::Timestamp, "ts"}, {Kind::Duration, "(ts - at)"},
          {Kind::Uuid, "u"},   {Kind::List, "ll"},      {Kind::Map, "ml"}};
      call += (i ? ", " : "") + fields.at(row.parameters[i].kind);
    }
    call += ")";
    if (row.parameters.empty()) continue;
    const std::string text = AssemblyOf(*made_.codegen, call);
    EXPECT_EQ(text.find(row.symbol), std::string::npos) << call << "\n" << text;
    ++inlined;
  }
  EXPECT_GE(inlined, 60u);
}

TEST_F(InliningTest, LargeFunctionsAreCalled) {
  ASSERT_NE(made_.codegen, nullptr) << made_.error;
  const std::string text = AssemblyOf(*made_.codegen, "lower(s)");
  EXPECT_NE(text.find("rule_lower"), std::string::npos) << text;
}

TEST_F(InliningTest, AnHourIsAMultiplication) {
  ASSERT_NE(made_.codegen, nullptr) << made_.error;
  const std::string text = AssemblyOf(*made_.codegen, "hour(ts) >= 22 and day_of_week(ts) == 6");
  EXPECT_EQ(text.find("rule_"), std::string::npos) << text;
  EXPECT_EQ(text.find("idiv"), std::string::npos) << text;
  EXPECT_NE(text.find("mul"), std::string::npos) << text;
}

}  // namespace
}  // namespace rulec
