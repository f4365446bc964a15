#include "compiler/source/source.h"

#include <gtest/gtest.h>

namespace rulec {
namespace {

TEST(Source, LocatesEveryByte) {
  const SourceFile file("a.rule", "ab\n\ncd");
  EXPECT_EQ(file.line_count(), 3U);
  const LineColumn expected[] = {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {3, 1}, {3, 2}, {3, 3}, {3, 3}};
  for (uint32_t offset = 0; offset < 8; ++offset) {
    EXPECT_EQ(file.Locate(offset).line, expected[offset].line) << offset;
    EXPECT_EQ(file.Locate(offset).column, expected[offset].column) << offset;
  }
}

TEST(Source, LinesComeWithoutTheirEnds) {
  const SourceFile file("a.rule", "ab\r\n\r\ncd\n");
  EXPECT_EQ(file.Line(1), "ab");
  EXPECT_EQ(file.Line(2), "");
  EXPECT_EQ(file.Line(3), "cd");
  EXPECT_EQ(file.Line(4), "");
  EXPECT_EQ(file.Line(5), "");
  EXPECT_EQ(file.Line(0), "");
}

TEST(Source, AnEmptyTextHasOneLine) {
  const SourceFile file("a.rule", "");
  EXPECT_EQ(file.line_count(), 1U);
  EXPECT_EQ(file.Line(1), "");
  EXPECT_EQ(file.Locate(0).column, 1U);
}

TEST(Source, SetKeepsTextsInPlace) {
  SourceSet sources;
  const FileId first = sources.Add("a.rule", "rule a");
  const std::string_view text = sources.Text({first, 5, 6});
  for (int i = 0; i < 100; ++i) sources.Add("b.rule", "x");
  EXPECT_EQ(text, "a");
  EXPECT_EQ(sources.Text({first, 5, 900}), "a");
  EXPECT_EQ(sources.Text({first, 9, 3}), "");
  EXPECT_EQ(sources.size(), 101U);
}

}  // namespace
}  // namespace rulec
