// Every page in docs/diagnostics of a syntax error: its example raises that code and no other, its fix nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

// The rule under a heading; empty if the section has none.
std::string RuleUnder(const std::string& page, const std::string& heading) {
  size_t at = page.find("\n## " + heading + "\n");
  if (at == std::string::npos) return {};
  const size_t end = page.find("\n## ", at + 1);
  constexpr std::string_view kOpen = "```rule\n";
  at = page.find(kOpen, at);
  if (at == std::string::npos || at > end) return {};
  at += kOpen.size();
  return page.substr(at, page.find("```", at) - at);
}

std::vector<std::string> Codes(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add("t.rule", text), diagnostics);
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : diagnostics.all()) codes.emplace_back(diagnostic.kind->code);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

TEST(SyntaxPages, ExamplesRaiseTheirCodeAndFixesNothing) {
  // What a page cannot show: a file of many megabytes, bytes that are no text, a hundred errors. hostile_test has them.
  const std::vector<std::string> without_example = {"R0103", "R0104", "R0105", "R0120", "R0121", "R0123"};
  size_t pages = 0;
  for (const DiagnosticKind* kind : AllDiagnosticKinds()) {
    const std::string code(kind->code);
    if (!code.starts_with("R01")) continue;
    SCOPED_TRACE(code);
    std::stringstream page;
    page << std::ifstream(RULEC_SOURCE_DIR "/docs/diagnostics/" + code + ".md").rdbuf();
    EXPECT_TRUE(page.str().starts_with("# " + code + ": "));
    for (const char* heading : {"What", "Why", "Example", "Fix"}) {
      EXPECT_NE(page.str().find("\n## " + std::string(heading) + "\n"), std::string::npos) << heading;
    }
    ++pages;
    if (std::find(without_example.begin(), without_example.end(), code) != without_example.end()) continue;
    EXPECT_EQ(Codes(RuleUnder(page.str(), "Example")), std::vector<std::string>{code});
    const std::string fix = RuleUnder(page.str(), "Fix");
    EXPECT_FALSE(fix.empty());
    EXPECT_EQ(Codes(fix), std::vector<std::string>{});
  }
  EXPECT_GE(pages, 20U);
}

}  // namespace
}  // namespace rulec
