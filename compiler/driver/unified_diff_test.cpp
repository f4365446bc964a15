#include <gtest/gtest.h>

#include <random>

#include "compiler/driver/unified_diff.h"

namespace rulec {
namespace {

TEST(UnifiedDiff, EqualTextsHaveNone) { EXPECT_EQ(UnifiedDiff("a", "x\ny\n", "x\ny\n"), ""); }

TEST(UnifiedDiff, OneLineWithItsContext) {
  EXPECT_EQ(UnifiedDiff("a.rule", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a.rule\n+++ a.rule\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, FarChangesAreHunksOfTheirOwn) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    after += i == 2 || i == 25 ? "x\n" : std::to_string(i) + "\n";
  }
  const std::string diff = UnifiedDiff("a", before, after);
  EXPECT_NE(diff.find("@@ -1,6 +1,6 @@"), std::string::npos) << diff;
  EXPECT_NE(diff.find("@@ -23,7 +23,7 @@"), std::string::npos) << diff;
}

TEST(UnifiedDiff, EmptyTextsAndMissingLineEnds) {
  EXPECT_EQ(UnifiedDiff("a", "", "x\n"), "--- a\n+++ a\n@@ -0,0 +1 @@\n+x\n");
  EXPECT_EQ(UnifiedDiff("a", "x\n", ""), "--- a\n+++ a\n@@ -1 +0,0 @@\n-x\n");
  EXPECT_EQ(UnifiedDiff("a", "x", "x\n"), "--- a\n+++ a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

// The lines that a diff keeps and adds, in order, are the second text; those that it keeps and takes are the first.
TEST(UnifiedDiff, RandomTextsComeBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string before, after, first, second;
    for (std::string* text : {&before, &after}) {
      for (unsigned i = random() % 12; i > 0; --i)
        *text += std::string(1, static_cast<char>('a' + random() % 3)) + "\n";
    }
    if (before == after) continue;
    const std::string diff = UnifiedDiff("t", before, after);
    // So short texts have one hunk with all of their lines unless equal lines at the ends are out of its context.
    size_t at = diff.find("@@ -");
    ASSERT_NE(at, std::string::npos);
    for (at = diff.find('\n', at) + 1; at < diff.size();) {
      const size_t end = diff.find('\n', at) + 1;
      const std::string line = diff.substr(at + 1, end - at - 1);
      if (diff[at] == '@') break;
      if (diff[at] != '+') first += line;
      if (diff[at] != '-') second += line;
      at = end;
    }
    EXPECT_NE(before.find(first), std::string::npos) << diff;
    EXPECT_NE(after.find(second), std::string::npos) << diff;
  }
}

TEST(UnifiedDiff, TextsThatHaveNothingInCommonAreReplaced) {
  std::string before, after;
  for (int i = 0; i < 5000; ++i)
    (before += "a" + std::to_string(i)) += '\n', (after += "b" + std::to_string(i)) += '\n';
  const std::string diff = UnifiedDiff("a", before, after);
  EXPECT_NE(diff.find("@@ -1,5000 +1,5000 @@"), std::string::npos);
}

}  // namespace
}  // namespace rulec
