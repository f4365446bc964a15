#include "compiler/driver/parse_cache.h"

#include <gtest/gtest.h>

#include <random>

#include "compiler/ast/tree_bytes.h"
#include "compiler/format/random_rules_test.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

std::string Bytes(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  return ast::ToBytes(ParseText(sources, sources.Add("t.rule", text), diagnostics));
}

TEST(TreeBytes, AreTheTree) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    SourceSet sources;
    sources.Add("before.rule", "");
    Diagnostics diagnostics;
    const ast::File tree = ParseText(sources, sources.Add("t.rule", format::RandomRules(seed).File()), diagnostics);
    const std::string bytes = ast::ToBytes(tree);
    const std::optional<ast::File> read = ast::FromBytes(bytes, tree.id);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, tree.id);
    EXPECT_EQ(ast::Print(*read), ast::Print(tree));
    EXPECT_EQ(ast::ToBytes(*read), bytes);
    EXPECT_EQ(read->errors_in_rules, tree.errors_in_rules);
    for (size_t i = 0; i < tree.decls.size(); ++i) {
      EXPECT_EQ(read->decls[i].span.file, tree.id);
      EXPECT_EQ(read->decls[i].span.begin, tree.decls[i].span.begin);
      EXPECT_EQ(read->decls[i].span.end, tree.decls[i].span.end);
    }
  }
}

TEST(TreeBytes, ThatAreCutAreNoTree) {
  const std::string bytes = Bytes(format::RandomRules(3).File());
  ASSERT_GT(bytes.size(), 100u);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(ast::FromBytes(std::string_view(bytes).substr(0, size), 0)) << size;
  }
  EXPECT_FALSE(ast::FromBytes(bytes + '\0', 0));
}

TEST(TreeBytes, OfAnyKindAreReadOrRefused) {
  std::mt19937 random(7);
  size_t refused = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::string bytes = Bytes(format::RandomRules(seed, false).File());
    for (size_t changes = 1 + random() % 3; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const std::optional<ast::File> read = ast::FromBytes(bytes, 0);
    if (read) {
      EXPECT_TRUE(ast::FromBytes(ast::ToBytes(*read), 0)) << seed;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 20u);
}

// `const = - - - … null`, far deeper than a text may be nested.
TEST(TreeBytes, ThatNestWithoutEndAreRefused) {
  using std::string_literals::operator""s;
  for (const size_t times : {size_t{10}, size_t{1'000'000}}) {
    std::string bytes = "\0\0\1\0\0\3\0\0\0\1"s;  // no package, no imports, one constant
    for (size_t i = 0; i < times; ++i) bytes += "\0\0\x0b\0\1"s;
    bytes += "\0\0\1"s;  // the null
    bytes += '\0';       // no errors
    EXPECT_EQ(ast::FromBytes(bytes, 0).has_value(), times == 10) << times;
  }
  // As deep as a text can be made, without brackets.
  std::string chain = "const c = ";
  for (int i = 0; i < 20000; ++i) chain += "1 + ";
  const std::string bytes = Bytes(chain + "1\n");
  EXPECT_TRUE(bytes.empty() || ast::FromBytes(bytes, 0));
}

TEST(ParseCacheInMemory, GivesTheTreeOfEachFileOfATextItsOwnPlace) {
  ParseCache cache("");
  SourceSet sources;
  Diagnostics diagnostics;
  const std::string text = "const c = 1\n";
  const ast::File first = cache.Parse(sources, sources.Add("a.rule", text), diagnostics);
  const ast::File second = cache.Parse(sources, sources.Add("b.rule", text), diagnostics);
  EXPECT_EQ(first.decls.at(0).span.file, 0u);
  EXPECT_EQ(second.decls.at(0).span.file, 1u);
  EXPECT_EQ(ast::Print(first), ast::Print(second));
}

TEST(ParseCacheInMemory, TellsAMistakeEachTime) {
  ParseCache cache("");
  SourceSet sources;
  Diagnostics diagnostics;
  for (const char* path : {"a.rule", "b.rule"}) {
    cache.Parse(sources, sources.Add(path, "const c = = 1\n"), diagnostics);
  }
  ASSERT_EQ(diagnostics.errors(), 2u);
  EXPECT_EQ(diagnostics.all()[1].primary.span.file, 1u);
}

}  // namespace
}  // namespace rulec
