// Numbers of cards, accounts, banks and securities.
#include <algorithm>
#include <string>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool AllDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }
bool AllUpper(std::string_view text) { return std::all_of(text.begin(), text.end(), IsUpper); }
bool IsAlphanumeric(char c) { return IsDigit(c) || IsUpper(c); }

// A number as it is written without what stands between its parts, in upper case; empty if it is too long.
template <size_t kMost>
class Compact {
 public:
  Compact(std::string_view text, bool with_hyphens) {
    for (char c : text) {
      if (c == ' ' || (with_hyphens && c == '-')) continue;
      if (size_ == kMost) {
        size_ = 0;
        return;
      }
      bytes_[size_++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
  }
  std::string_view view() const { return {bytes_, size_}; }
  void Clear() { size_ = 0; }

 private:
  char bytes_[kMost];
  size_t size_ = 0;
};

// H. P. Luhn, US patent 2,950,048: every second digit from the right counts twice. Spaces and hyphens are passed over;
// -1 if there is anything else, or no digit. `digits`: how many there are.
int LuhnSum(std::string_view text, bool twice_last, size_t* digits) {
  int sum = 0;
  bool twice = twice_last;
  *digits = 0;
  for (size_t i = text.size(); i-- > 0;) {
    char c = text[i];
    if (c == ' ' || c == '-') continue;
    if (!IsDigit(c)) return -1;
    int value = (c - '0') * (twice ? 2 : 1);
    sum = (sum + value / 10 + value % 10) % 10;
    twice = !twice;
    ++*digits;
  }
  return *digits == 0 ? -1 : sum;
}

bool IsLuhn(std::string_view text) {
  size_t digits = 0;
  return LuhnSum(text, false, &digits) == 0 && digits >= 2;
}

// 12 to 19 digits; empty if it is not of that form.
class CardDigits : public Compact<19> {
 public:
  explicit CardDigits(std::string_view text) : Compact(text, true) {
    if (view().size() < 12 || !AllDigits(view())) Clear();
  }
};

struct Brand {
  std::string_view name;
  int64_t from, to;  // of the first `digits` digits
  size_t digits;
  size_t shortest, longest;
};
// ISO/IEC 7812 ranges as the schemes publish them; the first that fits.
constexpr Brand kBrands[] = {
    {"amex", 34, 34, 2, 15, 15},       {"amex", 37, 37, 2, 15, 15},           {"visa", 4, 4, 1, 13, 19},
    {"mastercard", 51, 55, 2, 16, 16}, {"mastercard", 2221, 2720, 4, 16, 16}, {"discover", 6011, 6011, 4, 16, 19},
    {"discover", 644, 649, 3, 16, 19}, {"discover", 65, 65, 2, 16, 19},       {"diners", 300, 305, 3, 14, 19},
    {"diners", 36, 36, 2, 14, 19},     {"diners", 38, 39, 2, 14, 19},         {"jcb", 3528, 3589, 4, 16, 19},
    {"unionpay", 62, 62, 2, 16, 19},   {"maestro", 50, 50, 2, 12, 19},        {"maestro", 56, 58, 2, 12, 19},
    {"maestro", 6, 6, 1, 12, 19}};

std::string_view BrandOf(std::string_view digits) {
  for (const Brand& brand : kBrands) {
    if (digits.size() < brand.shortest || digits.size() > brand.longest) continue;
    int64_t prefix = 0;
    for (char c : digits.substr(0, brand.digits)) prefix = prefix * 10 + (c - '0');
    if (prefix >= brand.from && prefix <= brand.to) return brand.name;
  }
  return {};
}

// The registry of IBAN formats (SWIFT): a country, and what stands behind its two check digits, in the registry's own
// letters: so many digits (n), letters (a), letters or digits (c).
struct IbanForm {
  std::string_view country, account;
};
constexpr IbanForm kIbanForms[] = {
    {"AD", "8n12c"},   {"AE", "19n"},    {"AL", "8n16c"},    {"AT", "16n"},      {"AZ", "4a20c"},    {"BA", "16n"},
    {"BE", "12n"},     {"BG", "4a6n8c"}, {"BH", "4a14c"},    {"BI", "23n"},      {"BR", "23n1a1c"},  {"BY", "4c4n16c"},
    {"CH", "5n12c"},   {"CR", "18n"},    {"CY", "8n16c"},    {"CZ", "20n"},      {"DE", "18n"},      {"DJ", "23n"},
    {"DK", "14n"},     {"DO", "4c20n"},  {"EE", "16n"},      {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},
    {"FK", "2a12n"},   {"FO", "14n"},    {"FR", "10n11c2n"}, {"GB", "4a14n"},    {"GE", "2a16n"},    {"GI", "4a15c"},
    {"GL", "14n"},     {"GR", "7n16c"},  {"GT", "24c"},      {"HN", "4a20n"},    {"HR", "17n"},      {"HU", "24n"},
    {"IE", "4a14n"},   {"IL", "19n"},    {"IQ", "4a15n"},    {"IS", "22n"},      {"IT", "1a10n12c"}, {"JO", "4a4n18c"},
    {"KW", "4a22c"},   {"KZ", "3n13c"},  {"LB", "4n20c"},    {"LC", "4a24c"},    {"LI", "5n12c"},    {"LT", "16n"},
    {"LU", "3n13c"},   {"LV", "4a13c"},  {"LY", "21n"},      {"MC", "10n11c2n"}, {"MD", "20c"},      {"ME", "18n"},
    {"MK", "3n10c2n"}, {"MN", "16n"},    {"MR", "23n"},      {"MT", "4a5n18c"},  {"MU", "4a19n3a"},  {"NI", "4a20n"},
    {"NL", "4a10n"},   {"NO", "11n"},    {"OM", "3n16c"},    {"PK", "4a16c"},    {"PL", "24n"},      {"PS", "4a21c"},
    {"PT", "21n"},     {"QA", "4a21c"},  {"RO", "4a16c"},    {"RS", "18n"},      {"RU", "14n15c"},   {"SA", "2n18c"},
    {"SC", "4a20n3a"}, {"SD", "14n"},    {"SE", "20n"},      {"SI", "15n"},      {"SK", "20n"},      {"SM", "1a10n12c"},
    {"SO", "19n"},     {"ST", "21n"},    {"SV", "4a20n"},    {"TL", "19n"},      {"TN", "20n"},      {"TR", "6n16c"},
    {"UA", "6n19c"},   {"VA", "18n"},    {"VG", "4a16n"},    {"XK", "16n"},      {"YE", "4a4n18c"}};

// ISO/IEC 7064 MOD 97-10: letters count as 10 to 35; 1 if the check digits are right. `rest`: of what stands before.
int Modulo97(std::string_view text, int rest = 0) {
  for (char c : text) {
    int value = IsDigit(c) ? c - '0' : c - 'A' + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

bool HasForm(std::string_view account, std::string_view form) {
  size_t count = 0;
  for (char c : form) {
    if (IsDigit(c)) {
      count = count * 10 + static_cast<size_t>(c - '0');
      continue;
    }
    auto fits = c == 'n' ? IsDigit : c == 'a' ? IsUpper : IsAlphanumeric;
    if (count > account.size() || !std::all_of(account.begin(), account.begin() + count, fits)) return false;
    account.remove_prefix(count);
    count = 0;
  }
  return account.empty();
}

// Without spaces, in upper case; empty if it is none.
class Iban : public Compact<34> {
 public:
  explicit Iban(std::string_view text) : Compact(text, false) {
    if (!IsRight(view())) Clear();
  }

 private:
  static bool IsRight(std::string_view iban) {
    if (iban.size() < 15 || !AllDigits(iban.substr(2, 2))) return false;
    auto known = std::find_if(std::begin(kIbanForms), std::end(kIbanForms),
                              [&](const IbanForm& row) { return iban.starts_with(row.country); });
    if (known == std::end(kIbanForms) || !HasForm(iban.substr(4), known->account)) return false;
    return Modulo97(iban.substr(0, 4), Modulo97(iban.substr(4))) == 1;
  }
};

// ISO 9362: four letters or digits, a country, two more, and three of a branch or none.
bool IsBic(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  return std::all_of(text.begin(), text.end(), IsAlphanumeric) && AllUpper(text.substr(4, 2));
}

// ISO 6166: country, nine characters, the Luhn digit over all with letters as two digits.
bool IsIsin(std::string_view text) {
  if (text.size() != 12 || !AllUpper(text.substr(0, 2)) || !IsDigit(text.back())) return false;
  if (!std::all_of(text.begin(), text.end(), IsAlphanumeric)) return false;
  std::string digits;
  for (char c : text) digits += IsDigit(c) ? std::string(1, c) : std::to_string(c - 'A' + 10);
  return IsLuhn(digits);
}

int CusipValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (IsUpper(c)) return c - 'A' + 10;
  return c == '*' ? 36 : c == '@' ? 37 : c == '#' ? 38 : -1;
}

bool IsCusip(std::string_view text) {
  if (text.size() != 9 || !IsDigit(text[8])) return false;
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) {
    int value = CusipValue(text[i]);
    if (value < 0) return false;
    if (i % 2 == 1) value *= 2;
    sum += value / 10 + value % 10;
  }
  return (10 - sum % 10) % 10 == text[8] - '0';
}

bool IsSedol(std::string_view text) {
  static constexpr int kWeights[] = {1, 3, 1, 7, 3, 9, 1};
  if (text.size() != 7 || !IsDigit(text[6])) return false;
  int sum = 0;
  for (size_t i = 0; i < 7; ++i) {
    if (!IsAlphanumeric(text[i]) || std::string_view("AEIOU").find(text[i]) != std::string_view::npos) return false;
    sum += kWeights[i] * (IsDigit(text[i]) ? text[i] - '0' : text[i] - 'A' + 10);
  }
  return sum % 10 == 0;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_luhn(RuleString text) { return IsLuhn(View(text)) ? 1 : 0; }

int64_t rule_luhn_digit(rulert_context* context, RuleString text) {
  size_t digits = 0;
  int sum = LuhnSum(View(text), true, &digits);
  if (sum < 0) return Fail(context, Cause::NotDigits);
  return (10 - sum) % 10;
}

uint8_t rule_is_card_number(RuleString text) { return IsLuhn(CardDigits(View(text)).view()) ? 1 : 0; }

RuleString rule_card_brand(rulert_context* context, RuleString text) {
  CardDigits digits(View(text));
  std::string_view brand = digits.view().empty() ? std::string_view() : BrandOf(digits.view());
  if (brand.empty()) return Null(context);
  return Borrow(brand);
}

RuleString rule_card_bin(rulert_context* context, RuleString text, int64_t count) {
  if (count < 6 || count > 8) return Fail(context, Cause::BinOutOfRange);
  CardDigits digits(View(text));
  if (digits.view().empty()) return Null(context);
  return Borrow(digits.view().substr(0, static_cast<size_t>(count)));  // short: nothing is pointed to
}

RuleString rule_card_mask(rulert_context* context, RuleString text) {
  CardDigits digits(View(text));
  if (digits.view().empty()) return Null(context);
  char masked[19];
  size_t size = digits.view().copy(masked, sizeof masked);
  std::fill(masked + 6, masked + size - 4, '*');
  return Copy(context, {masked, size});
}

uint8_t rule_is_iban(RuleString text) { return Iban(View(text)).view().empty() ? 0 : 1; }

RuleString rule_iban_country(rulert_context* context, RuleString text) {
  Iban iban(View(text));
  if (iban.view().empty()) return Null(context);
  return Borrow(iban.view().substr(0, 2));
}

RuleString rule_iban_normalize(rulert_context* context, RuleString text) {
  Iban iban(View(text));
  if (iban.view().empty()) return Null(context);
  return Copy(context, iban.view());
}

uint8_t rule_is_bic(RuleString text) { return IsBic(View(text)) ? 1 : 0; }

RuleString rule_bic_country(rulert_context* context, RuleString text) {
  if (!IsBic(View(text))) return Null(context);
  return Borrow(View(text).substr(4, 2));
}

uint8_t rule_is_isin(RuleString text) { return IsIsin(View(text)) ? 1 : 0; }
uint8_t rule_is_cusip(RuleString text) { return IsCusip(View(text)) ? 1 : 0; }
uint8_t rule_is_sedol(RuleString text) { return IsSedol(View(text)) ? 1 : 0; }

// ISO 17442: 18 letters and digits, two check digits.
uint8_t rule_is_lei(RuleString text) {
  std::string_view lei = View(text);
  if (lei.size() != 20 || !std::all_of(lei.begin(), lei.end(), IsAlphanumeric)) return 0;
  return AllDigits(lei.substr(18)) && Modulo97(lei) == 1 ? 1 : 0;
}

uint8_t rule_is_aba(RuleString text) {
  std::string_view digits = View(text);
  if (digits.size() != 9 || !AllDigits(digits)) return 0;
  static constexpr int kWeights[] = {3, 7, 1};
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) sum += kWeights[i % 3] * (digits[i] - '0');
  return sum % 10 == 0 && digits != "000000000" ? 1 : 0;
}

}  // extern "C"
