// Programs that would take for ever, or all memory, to compute when they are compiled: each is one message.

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec::check {
namespace {

using List = std::vector<std::string>;

// The codes told of `text`, before which stands the stream of the tests.
List CodesOf(const std::string& text) {
  List codes;
  for (const std::string& told : CheckText(std::string(kTrades) + text)->Told()) codes.push_back(told.substr(0, 5));
  return codes;
}

std::string Steps(const std::string& first, int count, const std::string& before, const std::string& between,
                  const std::string& after) {
  std::string text = first;
  for (int i = 0; i < count; ++i) {
    const std::string at = std::to_string(i);
    text += before + std::to_string(i + 1) + between;
    for (const char c : after) text += c == '#' ? at : std::string(1, c);
    text += "\n";
  }
  return text;
}

TEST(HostileConstants, DoubledTextsAndLists) {
  EXPECT_EQ(CodesOf("const a = repeat(\"abcdefgh\", 100000000)\n"), List{"R0308"});
  EXPECT_EQ(CodesOf(Steps("const a0 = [1, 2]\n", 60, "const a", " = ", "a# + a#")), List{"R0308"});
  EXPECT_EQ(CodesOf(Steps("const a0 = [1, 2]\n", 60, "const a", " = ", "[a#, a#]")), List{"R0308"});
}

TEST(HostileConstants, DeepAndWideTypes) {
  EXPECT_EQ(CodesOf(Steps("const a0 = [1]\n", 200, "const a", " = ", "[a#]")), List{"R0326"});
  const List records = CodesOf(Steps("const a0 = record(x: 1)\n", 60, "const a", " = ", "record(x: a#, y: a#)"));
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records.front(), "R0326");
}

TEST(HostileConstants, DoubledAndChainedFunctions) {
  EXPECT_EQ(CodesOf(Steps("fn f0(x: long) = x + 1\n", 60, "fn f", "(x: long) = ", "f#(x) + f#(x)")), List{"R0240"});
  std::string chain;
  for (int i = 0; i < 5'000; ++i) {
    chain += "fn f" + std::to_string(i) + "(x: long) = f" + std::to_string(i + 1) + "(x)\n";
  }
  EXPECT_EQ(CodesOf(chain + "fn f5000(x: long) = x + 1\n"), List{"R0240"});
}

TEST(HostileConstants, LongChainsOfConstantsAreComputed) {
  std::string text = "const c5000 = 1\n";
  for (int i = 0; i < 5'000; ++i) text += "const c" + std::to_string(i) + " = c" + std::to_string(i + 1) + " + 1\n";
  EXPECT_EQ(CodesOf(text + "rule r { from trades where size > c0 emit out { symbol } }\n"), List{});
}

TEST(HostileConstants, LambdasWithinLambdas) {
  std::string list = "const a = [0";
  for (int i = 1; i < 300; ++i) list += ", " + std::to_string(i);
  EXPECT_EQ(CodesOf(list + "]\nconst b = any(a, x => any(a, y => any(a, z => any(a, w => x + y + z + w < 0))))\n"),
            List{"R0222"});
}

}  // namespace
}  // namespace rulec::check
