// Text, Unicode, patterns, similarity: by expressions of the rule language.
#include <gtest/gtest.h>

#include <random>

#include "stdlib/example_evaluator.h"
#include "stdlib/like.h"

namespace rulelib {
namespace {

struct Case {
  const char* expression;
  const char* result;
};

void Check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(Evaluate(c.expression), c.result) << c.expression;
}

TEST(Text, CountsAndCutsCodePoints) {
  Check({{R"(length(""))", "0"},
         {R"(length("日本語テキスト、とても長い"))", "13"},
         {R"(length("👍🏽"))", "2"},
         {R"(byte_length("👍"))", "4"},
         {R"(substring("日本語", 1, 1))", "\"本\""},
         {R"(substring("abc", 5))", "\"\""},
         {R"(substring("abc", -2))", "\"abc\""},
         {R"(substring("abc", -1, 2))", "\"a\""},
         {R"(substring("abc", 1, -1))", "\"\""},
         {R"(substring("abcdefghijklmnopqrstuvwxyz", 3, 20))", "\"defghijklmnopqrstuvw\""},
         {R"(substring("abc", 1, 9223372036854775807))", "\"bc\""},
         {R"(left("👍👎x", 1))", "\"👍\""},
         {R"(left("abc", -1))", "\"\""},
         {R"(right("日本語", 5))", "\"日本語\""},
         {R"(right("abc", 0))", "\"\""},
         {R"(char_at("日本語", 2))", "\"語\""},
         {R"(char_at("abc", 3))", "error: index out of range"},
         {R"(char_at("abc", -1))", "error: index out of range"},
         {R"(reverse("日本👍"))", "\"👍本日\""},
         {R"(code_point("👍"))", "128077"},
         {R"(code_point(""))", "null"},
         {R"(from_code_point(128077))", "\"👍\""},
         {R"(from_code_point(55296))", "error: not a code point"},
         {R"(from_code_point(1114112))", "error: not a code point"}});
}

TEST(Text, FindsParts) {
  Check({{R"(index_of("", ""))", "0"},
         {R"(index_of("abc", "x"))", "null"},
         {R"(index_of("日本語", "語"))", "2"},
         {R"(last_index_of("日本日", "日"))", "2"},
         {R"(count_of("aaaa", "aa"))", "2"},
         {R"(count_of("aaaa", ""))", "0"},
         {R"(contains("abc", ""))", "true"},
         {R"(starts_with("ab", "abc"))", "false"},
         {R"(starts_with("a long text, more than twelve bytes", "a long text, more"))", "true"},
         {R"(starts_with("a long text, more than twelve bytes", "a long text, mode"))", "false"},
         {R"(ends_with("a long text, more than twelve bytes", "twelve bytes"))", "true"},
         {R"(before("a=b=c", "="))", "\"a\""},
         {R"(before("abc", "="))", "null"},
         {R"(after("a=b=c", "="))", "\"b=c\""},
         {R"(split_part("a/b/c", "/", 1))", "\"b\""},
         {R"(split_part("a/b/c", "/", 3))", "null"},
         {R"(split_part("a/b/c", "/", -3))", "\"a\""},
         {R"(split_part("a/b/c", "/", -4))", "null"},
         {R"(split_part("日本", "", -1))", "\"本\""}});
}

TEST(Text, TrimsAndBuilds) {
  Check({{R"(trim("\u{3000}\u{a0} a\u{2003}b \t\n"))", "\"a\u2003b\""},
         {R"(trim(" "))", "\"\""},
         {R"(trim("ééaé", "é"))", "\"a\""},
         {R"(ltrim("000"  , "0"))", "\"\""},
         {R"(is_blank("\u{2003}"))", "true"},
         {R"(is_blank("x"))", "false"},
         {R"(squeeze(""))", "\"\""},
         {R"(split("", ","))", "[\"\"]"},
         {R"(split("", ""))", "[]"},
         {R"(split("añb", ""))", "[\"a\", \"ñ\", \"b\"]"},
         {R"(split("a, b, c, a long last part", ", "))", "[\"a\", \"b\", \"c\", \"a long last part\"]"},
         {R"(words(""))", "[]"},
         {R"(join(split("a-b-c", "-"), ", "))", "\"a, b, c\""},
         {R"(replace("aaa", "aa", "b"))", "\"ba\""},
         {R"(replace("abc", "", "x"))", "\"abc\""},
         {R"(replace("日本日本", "本", ""))", "\"日日\""},
         {R"(pad_left("日", 3, "本語"))", "\"本語日\""},
         {R"(pad_left("abc", 2, "x"))", "\"abc\""},
         {R"(pad_left("a", 3, ""))", "\"a\""},
         {R"(pad_right("a", 9223372036854775807, "x"))", "error: text too long"},
         {R"(repeat("ab", 0))", "\"\""},
         {R"(repeat("ab", 9223372036854775807))", "error: text too long"},
         {R"(length(repeat("abcdefgh", 2000000)))", "16000000"},
         {R"(repeat("abcdefgh", 3000000))", "error: text too long"},
         {R"(mask("日本語", 1))", "\"**語\""},
         {R"(mask("ab", 5))", "\"ab\""},
         {R"(concat("", ""))", "\"\""}});
}

TEST(Text, KnowsCase) {
  Check({{R"(upper("straße"))", "\"STRASSE\""},
         {R"(lower("ΑΒΓ"))", "\"αβγ\""},
         {R"(lower("SOME ASCII TEXT OF LENGTH"))", "\"some ascii text of length\""},
         {R"(fold("ΣΑΣ"))", "\"σασ\""},
         {R"(fold("ﬁ"))", "\"fi\""},
         {R"(title("o'neill's élan vital"))", "\"O'neill's Élan Vital\""},
         {R"(capitalize("éLAN VITAL"))", "\"Élan vital\""},
         {R"(is_upper("ÄB"))", "true"},
         {R"(is_upper("12"))", "false"},
         {R"(is_lower("aB"))", "false"},
         {R"(is_letters("日本"))", "true"},
         {R"(is_letters(""))", "false"},
         {R"(is_digits("１２"))", "false"},
         {R"(is_digits(""))", "false"},
         {R"(is_alphanumeric("é9"))", "true"},
         {R"(is_alphanumeric("a b"))", "false"},
         {R"(strip_accents("naïve Žižek"))", "\"naive Zizek\""},
         {R"(normalize("é", "NFD") == "")", "error: something behind the expression at: == \"\""},
         {R"(length(normalize("é", "NFD")))", "2"},
         {R"(normalize("a", "NFX"))", "error: unknown normalization form"}});
}

TEST(Patterns, Extract) {
  Check({{R"(regex_extract("abc", "x"))", "null"},
         {R"(regex_extract("abc", "a(x)?"))", "null"},
         {R"(regex_extract("abc", "b"))", "\"b\""},
         {R"~(regex_extract("ab-12", "([a-z]+)-([0-9]+)", 0))~", "\"ab-12\""},
         {R"~(regex_extract("ab-12", "([a-z]+)", 2))~", "error: no such group in the regular expression"},
         {R"~(regex_extract("ab-12", "([a-z]+)", -1))~", "error: no such group in the regular expression"},
         {R"(regex_extract_all("日1本22語333", "[0-9]+"))", "[\"1\", \"22\", \"333\"]"},
         {R"~(regex_extract_all("a=1;b=2", "([a-z])=([0-9])"))~", "[\"a\", \"b\"]"},
         {R"(regex_count("日本", ""))", "3"},
         {R"(regex_count("aaa", "a*"))", "1"},
         {R"(regex_count("baac", "a*"))", "3"},
         {R"(regex_replace("日本", "", "-"))", "\"-日-本-\""},
         {R"~(regex_replace("john smith", "(\\w+) (\\w+)", "\\2, \\1"))~", "\"smith, john\""},
         {R"(regex_replace("abc", "b", "\\1"))", "error: no such group in the regular expression"},
         {R"(regex_replace("abc", "x", "\\1"))", "\"abc\""},
         {R"(regex_split("a1b2", "[0-9]"))", "[\"a\", \"b\", \"\"]"},
         {R"(regex_split("abc", ""))", "[\"abc\"]"}});
  EXPECT_TRUE(Evaluate(R"~(regex_count("a", "("))~").starts_with("error: missing"));
}

TEST(Patterns, CatastrophesAreBounded) {
  // Exponential in engines that go back; too large for RE2's memory.
  EXPECT_EQ(Evaluate(R"(regex_count(repeat("a", 100000), "(a*)*b"))"), "0");
  EXPECT_TRUE(Evaluate(R"(regex_count("a", "((a{100}){100}){100}"))").starts_with("error:"));
}

bool Like(const char* text, const char* pattern) {
  std::string error;
  auto like = Prepare(kLike, pattern, &error);
  EXPECT_NE(like, nullptr) << error;
  std::string owned(text);
  const bool matches = rule_like_match(Borrow(owned), like.get()) != 0;
  EXPECT_EQ(MatchesLike(text, pattern), matches) << text << " like " << pattern;
  return matches;
}

// Made ready or not, a pattern means the same.
TEST(Patterns, LikeOfAnyPattern) {
  const std::vector<std::string> pieces = {"a", "b", "%", "_", "\\%", "\\_", "\\\\", "\u00fc", "\U0001F600"};
  const std::vector<std::string> texts = {"", "a", "ab", "aab", "abab", "a%b", "_", "\\", "\u00fca", "b\U0001F600a"};
  for (size_t i = 0; i < pieces.size() * pieces.size() * pieces.size() * pieces.size(); ++i) {
    std::string pattern;
    for (size_t rest = i; rest > 0; rest /= pieces.size()) pattern += pieces[rest % pieces.size()];
    for (const std::string& text : texts) Like(text.c_str(), pattern.c_str());
  }
}

TEST(Patterns, Like) {
  EXPECT_TRUE(Like("", ""));
  EXPECT_TRUE(Like("", "%"));
  EXPECT_FALSE(Like("", "_"));
  EXPECT_TRUE(Like("日本", "__"));
  EXPECT_FALSE(Like("日本", "_"));
  EXPECT_TRUE(Like("abcabd", "%ab_"));
  EXPECT_TRUE(Like("abcabd", "a%b%d"));
  EXPECT_FALSE(Like("ab", "ab%b"));
  EXPECT_TRUE(Like("100%", "100\\%"));
  EXPECT_FALSE(Like("1000", "100\\%"));
  EXPECT_TRUE(Like("a\nb", "a%b"));
  EXPECT_TRUE(Like("xay", "%_a_%"));
  EXPECT_FALSE(Like("ay", "%_a_%"));
  std::string error;
  EXPECT_EQ(Prepare(kLike, "a\\", &error), nullptr);
  EXPECT_NE(error, "");
  EXPECT_EQ(MatchesLike("a", "a\\"), std::nullopt);
  EXPECT_TRUE(Like("a\\", "a\\\\"));
}

// By trying everything.
bool SlowLike(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (SlowLike(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern[0] == '_' || pattern[0] == text[0]) && SlowLike(text.substr(1), pattern.substr(1));
}

TEST(Patterns, LikeAgreesWithTryingEverything) {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string text, pattern;
    for (size_t n = random() % 8; n > 0; --n) text += "ab"[random() % 2];
    for (size_t n = random() % 6; n > 0; --n) pattern += "ab_%"[random() % 4];
    EXPECT_EQ(Like(text.c_str(), pattern.c_str()), SlowLike(text, pattern)) << text << " like " << pattern;
  }
}

TEST(Similarity, KnownAnswers) {
  Check({{R"(levenshtein("", "abc"))", "3"},
         {R"(levenshtein("saturday", "sunday"))", "3"},
         {R"(levenshtein("日本", "日木"))", "1"},
         {R"(damerau_levenshtein("ca", "abc"))", "3"},
         {R"(levenshtein("ab", "ba"))", "2"},
         {R"(levenshtein_similarity("", ""))", "1.0"},
         {R"(levenshtein(repeat("a", 10001), "b"))", "error: text too long"},
         {R"(hamming("ab", "abc"))", "error: lengths differ"},
         {R"(hamming("日本", "日木"))", "1"},
         {R"(round(jaro("DIXON", "DICKSONX"), 4))", "0.7667"},
         {R"(round(jaro_winkler("DIXON", "DICKSONX"), 4))", "0.8133"},
         {R"(round(jaro_winkler("DWAYNE", "DUANE"), 2))", "0.84"},
         {R"(round(jaro_winkler("JELLYFISH", "SMELLYFISH"), 4))", "0.8963"},
         {R"(jaro("", ""))", "1.0"},
         {R"(jaro("a", ""))", "0.0"},
         {R"(jaro("abc", "xyz"))", "0.0"},
         {R"(jaro("日本語", "日本語"))", "1.0"},
         {R"(ngram_similarity("a", "a", 2))", "1.0"},
         {R"(ngram_similarity("a", "b", 2))", "0.0"},
         {R"(ngram_similarity("a", "b", 0))", "error: length of runs outside of 1 to 16"},
         {R"(token_similarity("", ""))", "1.0"},
         {R"(token_similarity("a b c", "b-c-d"))", "0.5"}});
}

// By its definition, without rows.
int64_t SlowDistance(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return static_cast<int64_t>(a.size() + b.size());
  int64_t replaced = SlowDistance(a.substr(1), b.substr(1)) + (a[0] == b[0] ? 0 : 1);
  return std::min({replaced, SlowDistance(a.substr(1), b) + 1, SlowDistance(a, b.substr(1)) + 1});
}

TEST(Similarity, LevenshteinAgreesWithItsDefinition) {
  std::mt19937 random(11);
  for (int i = 0; i < 500; ++i) {
    std::string a, b;
    for (size_t n = random() % 7; n > 0; --n) a += "abc"[random() % 3];
    for (size_t n = random() % 7; n > 0; --n) b += "abc"[random() % 3];
    EXPECT_EQ(Evaluate("levenshtein(\"" + a + "\", \"" + b + "\")"), std::to_string(SlowDistance(a, b)))
        << a << " " << b;
  }
}

TEST(Similarity, Soundex) {
  // The National Archives' own examples, and some beyond A to Z.
  for (auto [name, code] : std::initializer_list<std::pair<std::string, std::string>>{{"Washington", "W252"},
                                                                                      {"Lee", "L000"},
                                                                                      {"Gutierrez", "G362"},
                                                                                      {"Pfister", "P236"},
                                                                                      {"Jackson", "J250"},
                                                                                      {"Tymczak", "T522"},
                                                                                      {"VanDeusen", "V532"},
                                                                                      {"Robert", "R163"},
                                                                                      {"Rupert", "R163"},
                                                                                      {"Müller", "M460"},
                                                                                      {"日本", ""}}) {
    EXPECT_EQ(Evaluate("soundex(\"" + name + "\")"), "\"" + code + "\"") << name;
  }
}

TEST(Similarity, Metaphone) {
  // The words of a pangram and others, as the common implementations give them.
  for (auto [word, code] : std::initializer_list<std::pair<std::string, std::string>>{{"The", "0"},
                                                                                      {"quick", "KK"},
                                                                                      {"brown", "BRN"},
                                                                                      {"fox", "FKS"},
                                                                                      {"jumped", "JMPT"},
                                                                                      {"over", "OFR"},
                                                                                      {"lazy", "LS"},
                                                                                      {"dogs", "TKS"},
                                                                                      {"howl", "HL"},
                                                                                      {"knight", "NT"},
                                                                                      {"wrack", "RK"},
                                                                                      {"science", "SNS"},
                                                                                      {"edge", "EJ"},
                                                                                      {"phone", "FN"},
                                                                                      {"nation", "NXN"},
                                                                                      {"catch", "KX"},
                                                                                      {"日本", ""},
                                                                                      {"", ""}}) {
    EXPECT_EQ(Evaluate("metaphone(\"" + word + "\")"), "\"" + code + "\"") << word;
  }
}

TEST(Utf8, OnlyWellFormedIsValid) {
  auto valid = [](std::string_view text) { return rule_utf8_valid(text.data(), text.size()) != 0; };
  for (const char* text : {"", "abc", "é", "日本語", "👍", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF",
                           "a text that is longer than eight bytes é and more"}) {
    EXPECT_TRUE(valid(text)) << text;
  }
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x91",
                           "eight by\xC3", "eight bytes and \xE2\x28\xA1"}) {
    EXPECT_FALSE(valid(text)) << text;
  }
}

// Encodes every code point, and cuts or changes one byte.
TEST(Utf8, AgreesWithTheEncoderOnEveryCodePoint) {
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    char bytes[4];
    uint32_t size = WriteCodePoint(code, bytes);
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    ASSERT_EQ(rule_utf8_valid(bytes, size) != 0, !surrogate) << code;
    if (size > 1) {
      ASSERT_EQ(rule_utf8_valid(bytes, size - 1), 0) << code;
    }
    size_t at = 0;
    ASSERT_EQ(NextCodePoint({bytes, size}, &at), code);
    ASSERT_EQ(at, size);
  }
}

TEST(Prepared, StringSetHoldsShortAndLong) {
  std::vector<std::string> texts = {""};
  for (int i = 0; i < 1000; ++i) texts.push_back("key" + std::to_string(i) + (i % 2 == 0 ? "" : " and a long rest"));
  texts.push_back("key1 and a long rest");  // twice
  std::vector<std::string_view> views(texts.begin(), texts.end());
  std::string error;
  auto set = Prepare(kStringSet, views, &error);
  ASSERT_NE(set, nullptr);
  for (const std::string& text : texts) EXPECT_EQ(rule_set_contains(Borrow(text), set.get()), 1) << text;
  for (const char* text : {"key1000", "key1 and a long resu", "k", "key0 "}) {
    EXPECT_EQ(rule_set_contains(Borrow(text), set.get()), 0) << text;
  }
  auto empty = Prepare(kStringSet, std::span<const std::string_view>(), &error);
  EXPECT_EQ(rule_set_contains(Borrow(""), empty.get()), 0);
}

TEST(Prepared, WhatIsWrongIsTold) {
  char error[64];
  RuleText text{"(", 1};
  EXPECT_EQ(rule_prepare(kRegex, &text, 1, error, sizeof error), nullptr);
  EXPECT_STRNE(error, "");
  EXPECT_EQ(rule_prepare(kRegex, &text, 1, error, 1), nullptr);
  EXPECT_STREQ(error, "");
  EXPECT_EQ(rule_prepare(99, &text, 1, error, sizeof error), nullptr);
  EXPECT_EQ(rule_prepare(kRegex, nullptr, 0, error, sizeof error), nullptr);
  rule_release(kRegex, nullptr);
}

}  // namespace
}  // namespace rulelib
