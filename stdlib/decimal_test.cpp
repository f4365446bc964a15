// Operators on decimals against arithmetic on digits, as on paper.
#include "stdlib/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "stdlib/example_evaluator.h"

namespace rulelib {
namespace {

// A natural number: its digits from the last to the first, without leading zeros.
using Digits = std::vector<int>;

void Trim(Digits* digits) {
  while (!digits->empty() && digits->back() == 0) digits->pop_back();
}

Digits Of(UInt128 value) {
  Digits digits;
  for (; value != 0; value /= 10) digits.push_back(static_cast<int>(value % 10));
  return digits;
}

Digits Shifted(Digits digits, uint32_t zeros) {
  digits.insert(digits.begin(), zeros, 0);
  Trim(&digits);
  return digits;
}

bool Less(const Digits& a, const Digits& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

Digits Plus(const Digits& a, const Digits& b) {
  Digits sum(std::max(a.size(), b.size()) + 1, 0);
  for (size_t i = 0; i + 1 < sum.size(); ++i) {
    int digit = sum[i] + (i < a.size() ? a[i] : 0) + (i < b.size() ? b[i] : 0);
    sum[i] = digit % 10;
    sum[i + 1] += digit / 10;
  }
  Trim(&sum);
  return sum;
}

// a - b, which is not negative.
Digits Minus(Digits a, const Digits& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] -= i < b.size() ? b[i] : 0;
    if (a[i] < 0) a[i] += 10, --a[i + 1];
  }
  Trim(&a);
  return a;
}

Digits Times(const Digits& a, const Digits& b) {
  Digits product;
  for (size_t i = 0; i < b.size(); ++i) {
    for (int n = 0; n < b[i]; ++n) product = Plus(product, Shifted(a, static_cast<uint32_t>(i)));
  }
  return product;
}

Digits Divided(const Digits& a, const Digits& b, Digits* rest) {
  Digits quotient(a.size(), 0);
  rest->clear();
  for (size_t i = a.size(); i-- > 0;) {
    rest->insert(rest->begin(), a[i]);
    Trim(rest);
    while (!Less(*rest, b)) *rest = Minus(*rest, b), ++quotient[i];
  }
  Trim(&quotient);
  return quotient;
}

// Half away from zero.
Digits Rounded(const Digits& a, const Digits& b) {
  Digits rest;
  Digits quotient = Divided(a, b, &rest);
  return Less(Plus(rest, rest), b) ? quotient : Plus(quotient, Of(1));
}

struct Number {
  Int128 unscaled;
  uint32_t precision, scale;
  uint32_t form() const { return MakeForm(precision, scale); }
  Digits digits() const { return Of(Magnitude(unscaled)); }
};

// Digits without a sign, or what went wrong.
std::string TextOf(const Digits& digits, bool negative, uint32_t precision) {
  if (digits.size() > precision) return "decimal beyond its precision";
  std::string text(negative && !digits.empty() ? "-" : "");
  for (size_t i = digits.size(); i-- > 0;) text += static_cast<char>('0' + digits[i]);
  return digits.empty() ? "0" : text;
}

using Operator = RuleDecimal (*)(rulert_context*, RuleDecimal, uint32_t, RuleDecimal, uint32_t, uint32_t);

std::string Apply(Operator apply, const Number& a, const Number& b, uint32_t form) {
  TestArena arena;
  RuleDecimal result = apply(arena.context(), ToDecimal(a.unscaled), a.form(), ToDecimal(b.unscaled), b.form(), form);
  if (arena.context()->outcome == RULERT_ERROR) return rule_cause_text(arena.context()->cause);
  std::string text;
  AppendDecimal(Unscaled(result), 0, &text);
  return text;
}

class Decimals : public testing::Test {
 protected:
  Number Any() {
    uint32_t precision = Below(38) + 1;
    uint32_t digits = Below(precision + 1);
    UInt128 value = 0;
    for (uint32_t i = 0; i < digits; ++i) value = value * 10 + (Below(4) == 0 ? 9 : Below(10));
    return {Signed(value, Below(2) == 0), precision, Below(precision + 1)};
  }
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

 private:
  std::mt19937 random_{17};
};

TEST_F(Decimals, SumsAreExact) {
  for (int i = 0; i < 5000; ++i) {
    Number a = Any(), b = Any();
    uint32_t scale = std::max(a.scale, b.scale), precision = std::max(Below(38) + 1, scale);
    Digits x = Shifted(a.digits(), scale - a.scale), y = Shifted(b.digits(), scale - b.scale);
    for (bool minus : {false, true}) {
      bool a_negative = a.unscaled < 0, b_negative = (b.unscaled < 0) != minus;
      bool same = a_negative == b_negative, first = Less(y, x);
      Digits sum = same ? Plus(x, y) : first ? Minus(x, y) : Minus(y, x);
      bool negative = same || first ? a_negative : b_negative;
      // Each operand by itself may be too great for its new scale.
      std::string wanted =
          x.size() > 38 || y.size() > 38 ? "decimal beyond its precision" : TextOf(sum, negative, precision);
      EXPECT_EQ(Apply(minus ? rule_decimal_subtract : rule_decimal_add, a, b, MakeForm(precision, scale)), wanted);
    }
  }
}

TEST_F(Decimals, ProductsAreRoundedOnce) {
  for (int i = 0; i < 3000; ++i) {
    Number a = Any(), b = Any();
    uint32_t precision = Below(38) + 1, scale = Below(std::min(precision, a.scale + b.scale) + 1);
    Digits product = Rounded(Times(a.digits(), b.digits()), Shifted(Of(1), a.scale + b.scale - scale));
    EXPECT_EQ(Apply(rule_decimal_multiply, a, b, MakeForm(precision, scale)),
              TextOf(product, (a.unscaled < 0) != (b.unscaled < 0), precision));
  }
}

TEST_F(Decimals, QuotientsAndWhatTheyLeave) {
  for (int i = 0; i < 3000; ++i) {
    Number a = Any(), b = Any();
    uint32_t precision = Below(38) + 1, scale = Below(precision + 1), finer = std::max(a.scale, b.scale);
    if (b.unscaled == 0) {
      EXPECT_EQ(Apply(rule_decimal_divide, a, b, MakeForm(precision, scale)), "division by zero");
      EXPECT_EQ(Apply(rule_decimal_modulo, a, b, MakeForm(38, finer)), "division by zero");
      continue;
    }
    Digits quotient = Rounded(Shifted(a.digits(), scale + b.scale), Shifted(b.digits(), a.scale)), rest;
    EXPECT_EQ(Apply(rule_decimal_divide, a, b, MakeForm(precision, scale)),
              TextOf(quotient, (a.unscaled < 0) != (b.unscaled < 0), precision));
    Divided(Shifted(a.digits(), finer - a.scale), Shifted(b.digits(), finer - b.scale), &rest);
    EXPECT_EQ(Apply(rule_decimal_modulo, a, b, MakeForm(38, finer)), TextOf(rest, a.unscaled < 0, 38));
  }
}

TEST_F(Decimals, CompareAcrossScales) {
  for (int i = 0; i < 5000; ++i) {
    Number a = Any(), b = Any();
    if (Below(3) == 0 && a.scale > b.scale) Rescale(a.unscaled, a.scale, b.scale, &b.unscaled);
    Digits x = Shifted(a.digits(), b.scale), y = Shifted(b.digits(), a.scale);
    int size = Less(x, y) ? -1 : Less(y, x) ? 1 : 0;
    int sign_a = a.unscaled < 0 ? -1 : 1, sign_b = b.unscaled < 0 ? -1 : 1;
    int wanted = x.empty() && y.empty() ? 0 : sign_a == sign_b ? sign_a * size : x.empty() ? -sign_b : sign_a;
    EXPECT_EQ(rule_decimal_compare(ToDecimal(a.unscaled), a.form(), ToDecimal(b.unscaled), b.form()), wanted);
  }
}

// A double and the decimal next to it on either side differ by less than doubles can tell.
TEST_F(Decimals, CompareWithDoublesExactly) {
  std::mt19937 random(19);
  for (int i = 0; i < 3000; ++i) {
    uint32_t scale = Below(20);
    double x = std::ldexp(static_cast<double>(random()) + 0.5, static_cast<int>(Below(40)) - 20);
    Int128 floor = 0;
    char text[512];
    int size = std::snprintf(text, sizeof text, "%.60f", x);  // all digits of a double of this size
    ASSERT_EQ(ParseDecimal({text, static_cast<size_t>(size)}, MakeForm(38, scale), true, &floor), DecimalText::Ok);
    std::string digits(text);
    digits.erase(digits.find('.') + 1 + scale);
    bool exact = std::string_view(text).substr(digits.size()).find_first_not_of('0') == std::string_view::npos;
    ASSERT_EQ(ParseDecimal(digits.ends_with('.') ? digits + "0" : digits, MakeForm(38, scale), false, &floor),
              DecimalText::Ok);
    EXPECT_EQ(rule_decimal_compare_double(ToDecimal(floor), MakeForm(38, scale), x), exact ? 0 : -1) << text;
    EXPECT_EQ(rule_decimal_compare_double(ToDecimal(floor + 1), MakeForm(38, scale), x), 1) << text;
    EXPECT_EQ(rule_decimal_compare_double(ToDecimal(-floor), MakeForm(38, scale), -x), exact ? 0 : 1) << text;
  }
  auto compare = [](Int128 value, double x) {
    return rule_decimal_compare_double(ToDecimal(value), MakeForm(38, 2), x);
  };
  EXPECT_EQ(compare(5, std::nan("")), 2);
  EXPECT_EQ(compare(5, INFINITY), -1);
  EXPECT_EQ(compare(5, -INFINITY), 1);
  EXPECT_EQ(compare(0, -0.0), 0);
  EXPECT_EQ(compare(0, 5e-324), -1);
}

TEST_F(Decimals, OfOtherTypes) {
  TestArena arena;
  rulert_context* context = arena.context();
  auto text = [&](RuleDecimal value, uint32_t scale) {
    std::string shown;
    AppendDecimal(Unscaled(value), scale, &shown);
    if (context->outcome == RULERT_ERROR) shown = rule_cause_text(context->cause);
    context->outcome = RULERT_VALUE;
    return shown;
  };
  EXPECT_EQ(text(rule_decimal_of_long(context, INT64_MIN, MakeForm(38, 19)), 19),
            "-9223372036854775808.0000000000000000000");
  EXPECT_EQ(text(rule_decimal_of_long(context, INT64_MIN, MakeForm(38, 20)), 20), "decimal beyond its precision");
  EXPECT_EQ(text(rule_decimal_of_long(context, 100, MakeForm(4, 2)), 2), "decimal beyond its precision");
  EXPECT_EQ(text(rule_decimal_of_double(context, 2.675, MakeForm(5, 2)), 2), "2.68");
  EXPECT_EQ(text(rule_decimal_of_double(context, 1e37, MakeForm(38, 0)), 0), "1" + std::string(37, '0'));
  EXPECT_EQ(text(rule_decimal_of_double(context, 1e38, MakeForm(38, 0)), 0), "decimal beyond its precision");
  EXPECT_EQ(text(rule_decimal_of_double(context, std::nan(""), MakeForm(38, 0)), 0), "number out of range");
  EXPECT_EQ(text(rule_decimal_of_double(context, INFINITY, MakeForm(38, 0)), 0), "number out of range");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("-1.005"), MakeForm(5, 2)), 2), "-1.01");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("1e-9999"), MakeForm(5, 2)), 2), "0.00");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("1e999999"), MakeForm(5, 2)), 2),
            "decimal beyond its precision");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("0e99999999"), MakeForm(5, 2)), 2), "0.00");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("1.2.3"), MakeForm(5, 2)), 2), "not a number");
  EXPECT_EQ(text(rule_decimal_of_string(context, Borrow("１"), MakeForm(5, 2)), 2), "not a number");
}

}  // namespace
}  // namespace rulelib
