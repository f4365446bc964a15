// Every text that a function gives is UTF-8 if those it takes are: nobody looks at it again before it is written.
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "stdlib/decimal.h"
#include "stdlib/example_evaluator.h"

namespace rulelib {
namespace {

// Meaningful to some function: cut and mixed, they reach deeper than letters alone. Some have a second that goes with
// them.
struct Seed {
  std::string_view text, second;
};
constexpr std::string_view kJson = "{\"é\": [\"\\ud83d\\ude00\", \"日\\u00e9\", {\"a\": \"本\"}], \"k\": null}";
constexpr Seed kSeeds[] = {{kJson, "$"},
                           {kJson, "$[\"é\"][0]"},
                           {kJson, "$.é[2]"},
                           {"[\"é\", \"\\u65e5\"]", "$"},
                           {"https://us%C3%A9r@münchen.example:80/straße?q=%F0%9F%98%80&é=%C3#ü", "q"},
                           {"ann.é+tag@Gmail.com"},
                           {"DE89 3704 0044 0532 0130 00"},
                           {"4111-1111-1111-1111"},
                           {"DEUTDEFF"},
                           {"2001:db8::ffff:1.2.3.4"},
                           {"10.0.0.0/8"},
                           {"29 Feb 2024 12:30 é"},
                           {"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
                           {"%E6%97%A5+%C3"},
                           {"e697a5e69cac"},
                           {"5pel5pys"},
                           {"00112233-4455-6677-8899-aabbccddeeff"},
                           {"2024-02-29T12:30:15Z"},
                           {"u4pruydqqvj"},
                           {"日é本", "NFKD"},
                           {"month"}};
constexpr std::string_view kPieces[] = {"a",      "Z",      "7",      " ",          "\t",
                                        "ß",      "İ",      "ı",      "ς",          "Σ",
                                        "é",      "日",     "한",     "👍",         "👨‍👩‍👧",
                                        "ǆ",      "ﬁ",      "ﷺ",      "\u0301",     "\u0323",
                                        "\u200d", "\u00a0", "\u3000", "\U0010ffff", "-",
                                        ".",      "%",      "\\",     "\"",         "\u0085"};
constexpr std::string_view kRegexes[] = {".",     "",     "\\B",    "\\b",      "(é)|(.)",
                                         "(?i)ß", "[^a]", "(?s).*", "\\pL+",    "日?",
                                         "(a)?",  "$",    "\\C",    "(?:\\C)é", "[^\\x{80}-\\x{10FFFF}]*"};
constexpr std::string_view kFormats[] = {"%Y-%m-%d é", "%A %B 日", "%d %b %Y %R é", "%Z%z", "%%é"};
constexpr std::string_view kZones[] = {"Europe/Berlin", "UTC", "+05:30", "Asia/Kolkata"};

class RandomArguments {
 public:
  RandomArguments(std::mt19937* random, TestArena* arena) : random_(*random), arena_(*arena) {}

  bool Add(const Parameter& parameter) {
    switch (parameter.kind) {
      case Kind::Bool: return Put(static_cast<uint8_t>(Below(2)));
      case Kind::Int:
      case Kind::Date: return Put(static_cast<int32_t>(Number()));
      case Kind::TimeOfDay: return Put(static_cast<int64_t>(random_()));
      case Kind::Long:
      case Kind::Timestamp:
      case Kind::Duration: return Put(Number());
      case Kind::Float: return Put(static_cast<float>(Number()));
      case Kind::Double: return Put(static_cast<double>(Number()) / 7);
      case Kind::Decimal: forms.push_back(MakeForm(20, 3)); return Put(ToDecimal(Number() % 1'000'000));
      case Kind::Uuid: return Put(RuleUuid{random_(), random_()});
      case Kind::String:
      case Kind::Bytes: return Put(arena_.Text(Text()));
      case Kind::List:
      case Kind::Map: return AddList(parameter.kind == Kind::Map ? Kind::String : parameter.element);
      case Kind::Regex: return Prepared(kRegex, Pick(kRegexes));
      case Kind::TimeFormat: return Prepared(kTimeFormat, Pick(kFormats));
      case Kind::Zone: return Prepared(kZone, Pick(kZones));
      default: return false;
    }
  }

  std::string Text() {
    if (!second_.empty()) return std::string(std::exchange(second_, {}));
    std::string text;
    size_t form = Below(4);
    if (form < 2) {
      const Seed& seed = kSeeds[Below(std::size(kSeeds))];
      if (form == 0) {
        second_ = seed.second;
        return std::string(seed.text);
      }
      // From one code point to another of it.
      size_t from = ByteOfCodePoint(seed.text, Below(seed.text.size()));
      size_t to = ByteOfCodePoint(seed.text, Below(seed.text.size()));
      if (from < to) text = seed.text.substr(from, to - from);
    }
    for (size_t n = Below(12); n > 0; --n) text += Pick(kPieces);
    return text;
  }

  std::vector<Cell> cells;
  std::vector<uint32_t> forms;

 private:
  size_t Below(size_t limit) { return random_() % limit; }
  template <size_t kCount>
  std::string_view Pick(const std::string_view (&texts)[kCount]) {
    return texts[Below(kCount)];
  }
  int64_t Number() {
    if (Below(8) == 0) return static_cast<int64_t>(uint64_t{random_()} << 32 | random_());
    return static_cast<int64_t>(Below(40)) - 8;
  }
  template <class T>
  bool Put(T value) {
    cells.push_back(ToCell(value));
    return true;
  }
  bool AddList(Kind element) {
    lists_.emplace_back();
    size_t length = Below(6);
    for (size_t i = 0; i < length; ++i) {
      Cell cell = element == Kind::String ? ToCell(arena_.Text(Text())) : ToCell(Number());
      lists_.back().push_back(cell.low);
      if (element == Kind::String) lists_.back().push_back(cell.high);
    }
    return Put(ListOfItems(lists_.back().data(), length));
  }
  // False where the text is refused: such a rule is not loaded.
  bool Prepared(uint32_t kind, std::string_view text) {
    std::string error;
    prepared_.push_back(Prepare(kind, text, &error));
    return prepared_.back() != nullptr && Put(prepared_.back().get());
  }

  std::mt19937& random_;
  TestArena& arena_;
  std::string_view second_;
  std::deque<std::vector<uint64_t>> lists_;
  std::vector<std::shared_ptr<const void>> prepared_;
};

bool IsUtf8(RuleString text) { return rule_utf8_valid(View(text).data(), View(text).size()) != 0; }

bool GivesUtf8(const FunctionRow& row, Cell result) {
  if (row.result.kind == Kind::String) return IsUtf8(FromCell<RuleString>(result));
  if (row.result.kind != Kind::List || row.result.element != Kind::String) return true;
  auto items = Items<RuleString>(FromCell<RuleList>(result));
  return std::all_of(items.begin(), items.end(), IsUtf8);
}

TEST(TextsStayUtf8, OfEveryFunction) {
  std::mt19937 random(47);
  for (const FunctionRow& row : Functions()) {
    const bool gives_text = row.result.kind == Kind::String || row.result.kind == Kind::List;
    int values = 0, calls = gives_text && !row.parameters.empty() ? 1500 : 20;
    for (int i = 0; i < calls; ++i) {
      TestArena arena;
      RandomArguments arguments(&random, &arena);
      bool made = std::all_of(row.parameters.begin(), row.parameters.end(),
                              [&](const Parameter& parameter) { return arguments.Add(parameter); });
      if (!made) continue;
      rulert_context* context = arena.context();
      std::vector<uint8_t> valid(arguments.cells.size(), 1);
      Cell result = InvokeWithNulls(row, context, arguments.cells, valid, arguments.forms);
      if (context->outcome != RULERT_VALUE) continue;
      ++values;
      ASSERT_TRUE(GivesUtf8(row, result)) << row.symbol << " " << TextOf({row.result, false, 0, result});
    }
    // The arguments are such that functions have something to say.
    EXPECT_TRUE(!gives_text || values > 0) << row.symbol;
  }
}

TEST(TextsStayUtf8, OfFormattedStrings) {
  std::mt19937 random(53);
  for (int i = 0; i < 2000; ++i) {
    TestArena arena;
    RandomArguments arguments(&random, &arena);
    for (std::string_view spec : {"", "é>9", "日^7.3", ".2", ">5", "<.0"}) {
      rulert_context* context = arena.context();
      context->outcome = RULERT_VALUE;
      RuleString made = rule_format_string(context, arena.Text(arguments.Text()), Borrow(spec));
      ASSERT_TRUE(context->outcome == RULERT_ERROR || IsUtf8(made)) << spec;
    }
  }
}

}  // namespace
}  // namespace rulelib
