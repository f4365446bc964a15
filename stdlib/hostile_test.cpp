// What an event may hold to take a rule's time or memory. Each of these would take minutes or crash if the functions
// were not bounded; none asserts a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "stdlib/edit_distance.h"
#include "stdlib/example_evaluator.h"
#include "stdlib/search.h"

namespace rulelib {
namespace {

constexpr size_t kLarge = size_t{10} << 20;

// Calls the first row of a name that takes so many texts, and gives what came of it.
std::string Call(std::string_view name, std::initializer_list<std::string_view> texts, const void* prepared = nullptr) {
  TestArena arena;
  const FunctionRow* row = nullptr;
  for (const FunctionRow* candidate : FunctionsNamed(name)) {
    auto takes_texts = candidate->parameters.first(std::min(texts.size(), candidate->parameters.size()));
    bool fits = candidate->parameters.size() == texts.size() + (prepared != nullptr ? 1 : 0) &&
                std::all_of(takes_texts.begin(), takes_texts.end(), [](auto& p) { return p.kind == Kind::String; });
    if (row == nullptr && fits) row = candidate;
  }
  std::vector<Cell> cells;
  for (std::string_view text : texts) cells.push_back(ToCell(Borrow(text)));
  if (prepared != nullptr) cells.push_back(ToCell(prepared));
  rulert_context* context = arena.context();
  Cell result = InvokeWithNulls(*row, context, cells, std::vector<uint8_t>(cells.size(), 1), {});
  if (context->outcome == RULERT_ERROR) return "error: " + std::string(rule_cause_text(context->cause));
  return TextOf({row->result, context->outcome == RULERT_NULL, 0, result});
}

TEST(Hostile, TextsOfTenMegabytes) {
  std::string ascii(kLarge, 'A'), wide, some_ascii(kLarge / 10, 'A');
  while (wide.size() < kLarge) wide += "Ä日Σ";
  std::string some_wide = wide.substr(0, kLarge / 70 * 7);
  EXPECT_EQ(Call("length", {wide}), std::to_string(wide.size() / 7 * 3));
  for (const char* name : {"lower", "trim", "words", "sha256", "crc32", "url_encode", "is_letters"}) {
    EXPECT_FALSE(Call(name, {wide}).starts_with("error")) << name;
    EXPECT_FALSE(Call(name, {ascii}).starts_with("error")) << name;
  }
  for (const char* name : {"upper", "fold", "title", "capitalize", "squeeze", "reverse", "normalize", "strip_accents",
                           "keccak256", "json_quote", "soundex", "metaphone"}) {
    EXPECT_FALSE(Call(name, {some_wide}).starts_with("error")) << name;
    EXPECT_FALSE(Call(name, {some_ascii}).starts_with("error")) << name;
  }
  for (const char* name : {"is_json", "is_ip", "is_url", "is_email", "is_iban", "is_card_number", "is_luhn", "is_uuid",
                           "is_eth_address", "is_btc_address", "is_cidr", "is_isin", "is_lei"}) {
    EXPECT_EQ(Call(name, {wide}), "false") << name;
    EXPECT_EQ(Call(name, {ascii}), "false") << name;
  }
  for (const char* name : {"long", "double", "timestamp", "date", "timeofday", "uuid", "bool"}) {
    EXPECT_TRUE(Call(name, {ascii}).starts_with("error: n")) << name;
  }
  for (const char* name : {"levenshtein", "damerau_levenshtein", "jaro", "jaro_winkler", "token_similarity"}) {
    EXPECT_EQ(Call(name, {ascii, wide}), "error: text too long") << name;
  }
  EXPECT_EQ(Call("long", {std::string(kLarge, '9')}), "error: integer overflow");
  EXPECT_EQ(Call("double", {std::string(kLarge, '9')}), "error: not a number");
  EXPECT_EQ(Call("double", {"0." + std::string(kLarge, '0') + "1"}), "0.0");
}

// Their square for what brings each to its place by swapping neighbours.
TEST(Hostile, MarksInNoOrder) {
  std::string text = "a", ordered = "a", above;
  for (size_t size = 0; size < kLarge / 4; size += 4) {
    text += "\u0301\u0323";
    ordered += "\u0323";
    above += "\u0301";
  }
  ordered += above;
  std::string composed = "\u1ea1" + ordered.substr(3);  // a with a dot below
  EXPECT_TRUE(Call("normalize", {text, "NFD"}) == "\"" + ordered + "\"");
  EXPECT_TRUE(Call("normalize", {text}) == "\"" + composed + "\"");
  EXPECT_TRUE(Call("fold", {text}) == "\"" + composed + "\"");
  EXPECT_EQ(Call("strip_accents", {text}), "\"a\"");
  EXPECT_EQ(Call("soundex", {text}), "\"A000\"");
}

// The product of the lengths for a search that tries each place.
TEST(Hostile, SearchesAreLinear) {
  std::string text(kLarge, 'a'), part(kLarge / 4, 'a');
  part[part.size() / 2] = 'b';
  for (const char* name : {"index_of", "last_index_of", "before", "after"})
    EXPECT_EQ(Call(name, {text, part}), "null") << name;
  EXPECT_EQ(Call("contains", {text, part}), "false");
  EXPECT_EQ(Call("count_of", {text, part}), "0");
  EXPECT_EQ(Call("trim", {text, std::string(kLarge, 'b') + "a"}), "\"\"");
  std::string accents;
  while (accents.size() < kLarge) accents += "éü";
  EXPECT_EQ(Call("trim", {accents, accents}), "\"\"");
}

TEST(Hostile, SearchAgreesWithTheLibrary) {
  std::mt19937 random(23);
  for (int i = 0; i < 5000; ++i) {
    std::string text, part;
    for (size_t n = random() % 400; n > 0; --n) text += "ab"[random() % 8 == 0];
    for (size_t n = random() % (i % 2 == 0 ? 6 : 100); n > 0; --n) part += "ab"[random() % 8 == 0];
    if (i % 3 == 0 && text.size() > 150) part = text.substr(random() % 60, 70);
    size_t from = random() % (text.size() + 1);
    EXPECT_EQ(FindFirst(text, part, from), text.find(part, from)) << text << " " << part;
    EXPECT_EQ(FindLast(text, part), text.rfind(part)) << text << " " << part;
  }
}

TEST(Hostile, DeepJsonIsRefused) {
  std::string open(kLarge, '[');
  EXPECT_EQ(Call("is_json", {open}), "false");
  EXPECT_EQ(Call("json_string", {open, "$[0]"}), "error: not JSON");
  auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(Call("is_json", {nested(1000)}), "true");
  EXPECT_EQ(Call("is_json", {nested(1001)}), "false");
  std::string path = "$";
  for (int i = 0; i < 999; ++i) path += "[0]";
  EXPECT_EQ(Call("json_text", {nested(1000), path}), "\"[]\"");
  path += "[0][0]";
  EXPECT_EQ(Call("json_text", {nested(1000), path}), "error: not a JSON path");
}

TEST(Hostile, RegularExpressions) {
  std::string error;
  EXPECT_EQ(Prepare(kRegex, std::string(70'000, 'a'), &error), nullptr);
  EXPECT_EQ(error, "the regular expression is longer than 64 KiB");
  EXPECT_EQ(Prepare(kRegex, "((\\pL{30}){30}){30}", &error), nullptr);
  EXPECT_NE(error, "");
  EXPECT_EQ(Prepare(kRegex, "(\\pL{100}|\\pN{100}|\\PS{99}){9}", &error), nullptr);
  EXPECT_EQ(error, "the regular expression is too large: compiled, it takes more than 8 MiB of memory");
  std::string groups;
  for (int i = 0; i < 101; ++i) groups += "()";
  EXPECT_EQ(Prepare(kRegex, groups, &error), nullptr);
  EXPECT_EQ(error, "the regular expression has more than 100 groups");
  // Exponential in engines that go back.
  auto regex = Prepare(kRegex, "(x+x+)+y|(.*){20}z", &error);
  ASSERT_NE(regex, nullptr) << error;
  EXPECT_EQ(Call("regex_count", {std::string(1'000'000, 'x')}, regex.get()), "0");
  // Each match may look to the end: a budget ends it.
  auto each = Prepare(kRegex, "x", &error);
  EXPECT_EQ(Call("regex_count", {std::string(500'000, 'x')}, each.get()), "500000");
  EXPECT_EQ(Call("regex_count", {std::string(600'000, 'x')}, each.get()), "error: text too long");
  EXPECT_EQ(Call("regex_split", {std::string(600'000, 'x')}, each.get()), "error: text too long");
  EXPECT_EQ(Call("regex_extract_all", {std::string(600'000, 'x')}, each.get()), "error: text too long");
}

TEST(Hostile, PatternsOfLike) {
  std::string error, pattern;
  for (int i = 0; i < 1000; ++i) pattern += "%a_a";
  auto like = Prepare(kLike, pattern + "b", &error);
  std::string text(1'000'000, 'a');
  EXPECT_EQ(rule_like_match(Borrow(text), like.get()), 0);
  // As they come with an event: one part of the pattern may be compared at each place of the text.
  TestArena arena;
  rulert_context* context = arena.context();
  const std::string part = "%" + std::string(5'000, 'a') + "b";
  EXPECT_EQ(rule_like_text(context, Borrow(std::string_view(text).substr(0, 100'000)), Borrow(part)), 0);
  EXPECT_EQ(context->outcome, RULERT_VALUE);
  const std::string long_part = "%" + std::string(20'000, 'a') + "b";
  EXPECT_EQ(rule_like_text(context, Borrow(text), Borrow(long_part)), 0);
  EXPECT_EQ(context->outcome, RULERT_ERROR);
  EXPECT_EQ(context->cause, static_cast<uint32_t>(Cause::TextTooLong));
}

// 64 rows at a time against row by row, which has no blocks.
TEST(Hostile, EditDistanceOverManyBlocks) {
  std::mt19937 random(29);
  auto slow = [](Codes a, Codes b) {
    std::vector<int64_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int64_t>(j);
    for (size_t i = 1; i <= a.size(); ++i) {
      int64_t corner = std::exchange(row[0], static_cast<int64_t>(i));
      for (size_t j = 1; j <= b.size(); ++j) {
        int64_t replaced = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
        corner = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      }
    }
    return row.back();
  };
  for (int i = 0; i < 400; ++i) {
    std::vector<uint32_t> a, b;
    uint32_t letters = i % 3 == 0 ? 300 : 3;
    for (size_t n = random() % 200; n > 0; --n) a.push_back(static_cast<uint32_t>(random() % letters));
    b = a;
    for (size_t n = random() % 60; n > 0 && !b.empty(); --n)
      b[random() % b.size()] = static_cast<uint32_t>(random() % letters);
    for (size_t n = random() % 60; n > 0; --n) b.push_back(static_cast<uint32_t>(random() % letters));
    EXPECT_EQ(EditDistance(a, b), slow(a, b)) << i;
    EXPECT_EQ(EditDistance(b, a), slow(a, b)) << i;
    EXPECT_LE(AlignmentDistance(a, b), slow(a, b)) << i;
  }
}

// Not to be met, since every string of a rule is UTF-8.
TEST(Hostile, BytesThatAreNoText) {
  std::mt19937 random(31);
  for (int i = 0; i < 300; ++i) {
    std::string a, b;
    for (size_t n = random() % 40; n > 0; --n) a += static_cast<char>(random());
    for (size_t n = random() % 4; n > 0; --n) b += static_cast<char>(random() | 0x80);
    for (const FunctionRow& row : Functions()) {
      bool texts = std::all_of(row.parameters.begin(), row.parameters.end(),
                               [](const Parameter& p) { return p.kind == Kind::String; });
      if (!texts) continue;
      TestArena arena;
      std::vector<Cell> cells;
      for (size_t k = 0; k < row.parameters.size(); ++k) cells.push_back(ToCell(Borrow(k == 0 ? a : b)));
      InvokeWithNulls(row, arena.context(), cells, std::vector<uint8_t>(cells.size(), 1), {});
    }
  }
}

}  // namespace
}  // namespace rulelib
