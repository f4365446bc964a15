// Format specifications of f-strings: [[fill]align][sign][0][width][,][.precision][type], as in Python.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "stdlib/decimal.h"
#include "stdlib/result.h"
#include "stdlib/support.h"
#include "stdlib/text_of_values.h"
#include "stdlib/utf8.h"

namespace rulelib {
namespace {

constexpr int64_t kMaxWidth = 1000, kMaxPrecisionOfText = 100;

struct Spec {
  std::string_view fill = " ";
  char align = 0;  // < > ^ or 0: by the kind
  char sign = '-';
  bool zeros = false;
  int64_t width = 0;
  bool grouped = false;
  int64_t precision = -1;
  char type = 0;
};

bool IsAlign(char c) { return c == '<' || c == '>' || c == '^'; }

bool TakeNumber(std::string_view* text, int64_t limit, int64_t* out) {
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *out);
  if (error != std::errc{} || *out < 0 || *out > limit) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

bool StartsWithDigit(std::string_view text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; }

bool ParseSpec(std::string_view text, Spec* out) {
  if (!text.empty()) {
    size_t fill = std::min<size_t>(LengthOfLead(static_cast<uint8_t>(text[0])), text.size());
    if (fill < text.size() && IsAlign(text[fill])) {
      out->fill = text.substr(0, fill);
      text.remove_prefix(fill);
    }
  }
  auto take = [&](char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  };
  if (!text.empty() && IsAlign(text[0])) out->align = text[0], text.remove_prefix(1);
  if (take('+')) {
    out->sign = '+';
  } else {
    take('-');
  }
  out->zeros = take('0');
  if (StartsWithDigit(text) && !TakeNumber(&text, kMaxWidth, &out->width)) return false;
  out->grouped = take(',');
  if (take('.') && (!StartsWithDigit(text) || !TakeNumber(&text, kMaxPrecisionOfText, &out->precision))) return false;
  if (!text.empty()) out->type = text[0], text.remove_prefix(1);
  return text.empty();
}

std::string_view TypesOf(Kind kind) {
  switch (kind) {
    case Kind::Long: return "dxXbofeg%";
    case Kind::Double: return "feg%";
    case Kind::Decimal: return "f%";
    default: return "s";
  }
}

// Why a specification is not for values of a kind; "" if it is.
std::string Misfit(Kind kind, const Spec& spec) {
  const std::string_view types = TypesOf(kind);
  if (spec.type != 0 && types.find(spec.type) == std::string_view::npos) {
    std::string all;
    for (const char type : types) all += (all.empty() ? "`" : ", `") + std::string(1, type) + "`";
    return "`" + std::string(1, spec.type) + "` is none of its types, " + all;
  }
  if (kind == Kind::String) {
    const bool of_numbers = spec.grouped || spec.sign != '-' || spec.zeros;
    return of_numbers ? "`+`, `,` and zeros before the width are for numbers" : "";
  }
  const bool whole = kind == Kind::Long && (spec.type == 0 || std::string_view("dxXbo").find(spec.type) != types.npos);
  if (whole && spec.precision >= 0) return "a whole number has a precision only with `f`, `e`, `g` or `%`";
  if (spec.grouped && std::string_view("xXbo").find(spec.type) != types.npos)
    return "`,` does not go with `" + std::string(1, spec.type) + "`";
  return "";
}

bool Fits(Kind kind, const Spec& spec) { return Misfit(kind, spec).empty(); }

// Puts commas between groups of three digits before the point.
std::string Grouped(std::string_view digits) {
  size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
  std::string out;
  for (size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  out += digits.substr(whole);
  return out;
}

RuleString Padded(rulert_context* context, const Spec& spec, std::string_view text, char usual_align) {
  auto length = static_cast<int64_t>(CountCodePoints(text));
  if (length >= spec.width) return Copy(context, text);
  int64_t missing = spec.width - length;
  char align = spec.align != 0 ? spec.align : usual_align;
  int64_t before = align == '<' ? 0 : align == '>' ? missing : missing / 2;
  TextBuilder out(context);
  for (int64_t i = 0; i < before; ++i) out.Append(spec.fill);
  out.Append(text);
  for (int64_t i = before; i < missing; ++i) out.Append(spec.fill);
  return out.Finish();
}

// `digits` without a sign.
RuleString Number(rulert_context* context, const Spec& spec, bool negative, std::string digits) {
  std::string sign = negative ? "-" : spec.sign == '+' ? "+" : "";
  auto missing = [&] {
    std::string_view shown = digits;
    size_t whole = std::min(shown.find_first_not_of("0123456789"), shown.size());
    size_t commas = spec.grouped && whole > 0 ? (whole - 1) / 3 : 0;
    return spec.width - static_cast<int64_t>(sign.size() + digits.size() + commas);
  };
  // Zeros are grouped as well: where a comma would be the first character, there is one zero more.
  while (spec.zeros && spec.align == 0 && missing() > 0) {
    digits.insert(0, spec.grouped ? 1 : static_cast<size_t>(missing()), '0');
  }
  if (spec.grouped) digits = Grouped(digits);
  return Padded(context, spec, sign + digits, '>');
}

std::string DoubleDigits(double value, const Spec& spec) {
  if (std::isnan(value)) return spec.type == '%' ? "NaN%" : "NaN";
  if (std::isinf(value)) return spec.type == '%' ? "Infinity%" : "Infinity";
  bool percent = spec.type == '%';
  char text[512];
  char* end = nullptr;
  auto precision = static_cast<int>(spec.precision < 0 ? 6 : spec.precision);
  if (spec.type == 0 && spec.precision < 0) return std::string(text, WriteDouble(value, text));
  if (percent && value > 1e300) {
    // A whole number, a hundred times of which may be none.
    std::string whole(text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 0).ptr);
    return whole + "00" + (precision > 0 ? "." + std::string(static_cast<size_t>(precision), '0') : "") + "%";
  }
  if (percent) {
    // By its shortest decimal form, so that 0.285 is 28.5% and not 28.4999…%.
    char shortest[32];
    double scaled = value * 100;
    char* digits_end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
    std::string number(shortest, digits_end);
    size_t exponent = number.find('e');
    int power = std::atoi(number.c_str() + exponent + 1) + 2;
    number = number.substr(0, exponent) + "e" + std::to_string(power);
    std::from_chars(number.data(), number.data() + number.size(), scaled);
    value = scaled;
  }
  auto form = spec.type == 'e'                     ? std::chars_format::scientific
              : spec.type == 'g' || spec.type == 0 ? std::chars_format::general
                                                   : std::chars_format::fixed;
  end = std::to_chars(text, text + sizeof text, value, form, precision).ptr;
  return std::string(text, end) + (percent ? "%" : "");
}

std::string LongDigits(uint64_t magnitude, char type) {
  char text[72];
  int base = type == 'x' || type == 'X' ? 16 : type == 'b' ? 2 : type == 'o' ? 8 : 10;
  char* end = std::to_chars(text, text + sizeof text, magnitude, base).ptr;
  if (type == 'X') std::transform(text, end, text, [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return {text, end};
}

std::string DecimalDigits(UInt128 magnitude, uint32_t scale, const Spec& spec) {
  bool percent = spec.type == '%';
  if (percent) {
    if (scale >= 2) {
      scale -= 2;
    } else {
      // 10^38 * 100 fits into 128 bits unsigned only for fewer digits; a decimal of 37 digits and more shows none lost.
      std::string text;
      AppendDecimal(static_cast<Int128>(magnitude), 0, &text);
      if (magnitude != 0) text.append(2 - scale, '0');
      if (spec.precision > 0) text += "." + std::string(static_cast<size_t>(spec.precision), '0');
      return text + "%";
    }
  }
  uint32_t places = spec.precision < 0 ? scale : static_cast<uint32_t>(spec.precision);
  Int128 shown = static_cast<Int128>(magnitude);
  std::string text;
  if (places < scale) {
    Rescale(shown, scale, places, &shown);
    AppendDecimal(shown, places, &text);
  } else {
    AppendDecimal(shown, scale, &text);
    if (places > scale && scale == 0) text += '.';
    text.append(places - scale, '0');
  }
  return text + (percent ? "%" : "");
}

}  // namespace

std::string FormatSpecError(Kind kind, std::string_view spec) {
  Spec parsed;
  if (!ParseSpec(spec, &parsed)) {
    return "a format specification is [[fill]align][sign][0][width][,][.precision][type], width at most 1000, "
           "precision at most 100";
  }
  return Misfit(kind, parsed);
}

}  // namespace rulelib

using namespace rulelib;

RuleString rule_format_long(rulert_context* context, int64_t value, RuleString spec_text) {
  Spec spec;
  if (!ParseSpec(View(spec_text), &spec) || !Fits(Kind::Long, spec)) return Fail(context, Cause::FormatSpec);
  bool whole = spec.type == 0 || std::string_view("dxXbo").find(spec.type) != std::string_view::npos;
  uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  if (whole) return Number(context, spec, value < 0, LongDigits(magnitude, spec.type));
  if (spec.type == 'f' || spec.type == '%') {
    // Exactly, as a decimal without scale.
    if (spec.precision < 0) spec.precision = 6;
    return Number(context, spec, value < 0, DecimalDigits(magnitude, 0, spec));
  }
  return Number(context, spec, value < 0, DoubleDigits(static_cast<double>(magnitude), spec));
}

RuleString rule_format_double(rulert_context* context, double value, RuleString spec_text) {
  Spec spec;
  if (!ParseSpec(View(spec_text), &spec) || !Fits(Kind::Double, spec)) return Fail(context, Cause::FormatSpec);
  bool negative = std::signbit(value) && !std::isnan(value);
  if (!std::isfinite(value)) spec.zeros = false;
  return Number(context, spec, negative, DoubleDigits(std::fabs(value), spec));
}

RuleString rule_format_decimal(rulert_context* context, RuleDecimal value, uint32_t form, RuleString spec_text) {
  Spec spec;
  if (!ParseSpec(View(spec_text), &spec) || !Fits(Kind::Decimal, spec)) return Fail(context, Cause::FormatSpec);
  Int128 unscaled = Unscaled(value);
  return Number(context, spec, unscaled < 0, DecimalDigits(Magnitude(unscaled), FormScale(form), spec));
}

RuleString rule_format_string(rulert_context* context, RuleString value, RuleString spec_text) {
  Spec spec;
  if (!ParseSpec(View(spec_text), &spec) || !Fits(Kind::String, spec)) return Fail(context, Cause::FormatSpec);
  std::string_view text = View(value);
  if (spec.precision >= 0) text = text.substr(0, ByteOfCodePoint(text, static_cast<uint64_t>(spec.precision)));
  return Padded(context, spec, text, '<');
}
