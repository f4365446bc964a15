// Format specifications: what Python's `format` gives for the same, but for names of what is not finite, and `%` of
// doubles, which goes by the shortest decimal form.
#include <gtest/gtest.h>

#include <limits>

#include "stdlib/example_evaluator.h"

namespace rulelib {
namespace {

std::string Shown(rulert_context* context, RuleString text) {
  return context->outcome == RULERT_ERROR ? "error: " + std::string(rule_cause_text(context->cause))
                                          : std::string(View(text));
}
std::string Long(int64_t value, std::string_view spec) {
  TestArena arena;
  return Shown(arena.context(), rule_format_long(arena.context(), value, arena.Text(spec)));
}
std::string Double(double value, std::string_view spec) {
  TestArena arena;
  return Shown(arena.context(), rule_format_double(arena.context(), value, arena.Text(spec)));
}
std::string Text(std::string_view value, std::string_view spec) {
  TestArena arena;
  return Shown(arena.context(), rule_format_string(arena.context(), arena.Text(value), arena.Text(spec)));
}
std::string Decimal(std::string_view digits, uint32_t form, std::string_view spec) {
  TestArena arena;
  Int128 value = 0;
  EXPECT_EQ(ParseDecimal(digits, form, false, &value), DecimalText::Ok);
  return Shown(arena.context(), rule_format_decimal(arena.context(), ToDecimal(value), form, arena.Text(spec)));
}

constexpr const char* kRefused = "error: not a format specification for this type";

TEST(FormatSpec, Longs) {
  EXPECT_EQ(Long(INT64_MIN, ""), "-9223372036854775808");
  EXPECT_EQ(Long(INT64_MIN, "x"), "-8000000000000000");
  EXPECT_EQ(Long(255, "X"), "FF");
  EXPECT_EQ(Long(5, "08b"), "00000101");
  EXPECT_EQ(Long(8, "+o"), "+10");
  EXPECT_EQ(Long(1234567, ","), "1,234,567");
  EXPECT_EQ(Long(999, ","), "999");
  EXPECT_EQ(Long(3131, "023,d"), "000,000,000,000,003,131");
  EXPECT_EQ(Long(-1020, "09,"), "-0,001,020");
  EXPECT_EQ(Long(7, "é^5"), "éé7éé");
  EXPECT_EQ(Long(7, "<3"), "7  ");
  EXPECT_EQ(Long(-7, "04"), "-007");
  EXPECT_EQ(Long(INT64_MAX, ".2f"), "9223372036854775807.00");
  EXPECT_EQ(Long(INT64_MAX, ".1%"), "922337203685477580700.0%");
  EXPECT_EQ(Long(12345, ".2e"), "1.23e+04");
  EXPECT_EQ(Long(1, ".2d"), kRefused);
  EXPECT_EQ(Long(1, "s"), kRefused);
  EXPECT_EQ(Long(1, ",x"), kRefused);
}

TEST(FormatSpec, Doubles) {
  EXPECT_EQ(Double(1e301, ".1%"), "1" + Double(1e301, ".0f").substr(1) + "00.0%");
  EXPECT_EQ(Double(-std::numeric_limits<double>::max(), "%"),
            Double(-std::numeric_limits<double>::max(), ".0f") + "00.000000%");
  EXPECT_EQ(Double(std::numeric_limits<double>::quiet_NaN(), ".1%"), "NaN%");
  EXPECT_EQ(Double(-std::numeric_limits<double>::infinity(), ".1%"), "-Infinity%");
  EXPECT_EQ(Double(123456.0, ",g"), "123,456");
  EXPECT_EQ(Double(1234.5, ",.3e"), "1.234e+03");
  EXPECT_EQ(Double(0.5, ".0f"), "0");
  EXPECT_EQ(Double(2.5, ".0f"), "2");  // exact ties go to even, as in C
  EXPECT_EQ(Double(2.675, ".2f"), "2.67");
  EXPECT_EQ(Double(1e300, ".1f").size(), 303u);
  EXPECT_EQ(Double(-0.0, ".2f"), "-0.00");
  EXPECT_EQ(Double(1234567.891, ",.2f"), "1,234,567.89");
  EXPECT_EQ(Double(0.285, ".1%"), "28.5%");
  EXPECT_EQ(Double(1e-5, ".2%"), "0.00%");
  EXPECT_EQ(Double(0.1, ""), "0.1");
  EXPECT_EQ(Double(1e22, "g"), "1e+22");
  EXPECT_EQ(Double(std::numeric_limits<double>::quiet_NaN(), "08.2f"), "     NaN");
  EXPECT_EQ(Double(-std::numeric_limits<double>::infinity(), "+012"), "   -Infinity");
  EXPECT_EQ(Double(std::numeric_limits<double>::max(), ".100f").size(), 410u);
  EXPECT_EQ(Double(1, "d"), kRefused);
}

TEST(FormatSpec, Decimals) {
  uint32_t greatest = MakeForm(38, 0), finest = MakeForm(38, 38);
  std::string nines(38, '9');
  EXPECT_EQ(Decimal("-12.345", MakeForm(5, 3), ".2f"), "-12.35");
  EXPECT_EQ(Decimal("12.3", MakeForm(5, 1), ".3f"), "12.300");
  EXPECT_EQ(Decimal(nines, greatest, ",").size(), 38u + 12);
  EXPECT_EQ(Decimal(nines, greatest, "%"), nines + "00%");
  EXPECT_EQ(Decimal(nines, greatest, ".2%"), nines + "00.00%");
  EXPECT_EQ(Decimal("0." + nines, finest, ".1f"), "1.0");
  EXPECT_EQ(Decimal("0." + nines, finest, ".37f"), "1." + std::string(37, '0'));
  EXPECT_EQ(Decimal("0.5", MakeForm(2, 1), "%"), "50%");
  EXPECT_EQ(Decimal("0.005", MakeForm(4, 3), ".0%"), "1%");
  EXPECT_EQ(Decimal("5", MakeForm(2, 0), ".2f"), "5.00");
  EXPECT_EQ(Decimal("5", MakeForm(2, 0), "e"), kRefused);
}

TEST(FormatSpec, Texts) {
  EXPECT_EQ(Text("日本語", ".2"), "日本");
  EXPECT_EQ(Text("日本", ">4"), "  日本");
  EXPECT_EQ(Text("日本", "👍^5"), "👍日本👍👍");
  EXPECT_EQ(Text("", "3"), "   ");
  EXPECT_EQ(Text("a", "1000").size(), 1000u);
  EXPECT_EQ(Text("a", "1001"), kRefused);
  EXPECT_EQ(Text("a", "+"), kRefused);
  EXPECT_EQ(Text("a", "05"), kRefused);
}

TEST(FormatSpec, WhatIsWrongIsTold) {
  for (Kind kind : {Kind::Long, Kind::Double, Kind::Decimal, Kind::String}) {
    for (const char* spec : {"99999999999999999999", ".", ".101f", "dd", "<", ">>>", "é", "1.2.3"}) {
      bool fits = std::string_view(spec) == "<";
      EXPECT_EQ(FormatSpecError(kind, spec).empty(), fits) << spec;
    }
    EXPECT_EQ(FormatSpecError(kind, ""), "");
  }
  EXPECT_EQ(FormatSpecError(Kind::String, "x"), "`x` is none of its types, `s`");
  EXPECT_EQ(FormatSpecError(Kind::Double, "d"), "`d` is none of its types, `f`, `e`, `g`, `%`");
  EXPECT_EQ(FormatSpecError(Kind::Long, ",x"), "`,` does not go with `x`");
  EXPECT_EQ(FormatSpecError(Kind::Long, ".2"), "a whole number has a precision only with `f`, `e`, `g` or `%`");
  EXPECT_EQ(FormatSpecError(Kind::String, "+"), "`+`, `,` and zeros before the width are for numbers");
}

}  // namespace
}  // namespace rulelib
