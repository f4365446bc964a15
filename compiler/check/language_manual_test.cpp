// The rules in docs/language.md compile, without a warning.

#include <fstream>

#include <gtest/gtest.h>

#include "compiler/check/checked_text_test.h"

namespace rulec {
namespace {

TEST(LanguageManual, ItsRulesCompile) {
  std::ifstream stream(std::string(RULEC_SOURCE_DIR) + "/docs/language.md");
  std::string line, text, schema;
  bool inside = false, is_rule = false;
  int rules = 0;
  while (std::getline(stream, line)) {
    if (!line.starts_with("```")) {
      if (inside) text += line + "\n";
      continue;
    }
    inside = !inside;
    if (inside) {
      is_rule = line == "```rule";
      text.clear();
      continue;
    }
    if (!is_rule) {
      schema = text;
      continue;
    }
    ++rules;
    SourceSet sources;
    Diagnostics diagnostics;
    SchemaStore store;
    store.Add("market.Trade", 1, "schemas/market.Trade/1.avsc", schema);
    std::vector<ast::File> files;
    files.push_back(ParseText(sources, sources.Add("language.md", text), diagnostics));
    Check(sources, files, store, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      ADD_FAILURE() << text << RenderText(sources, diagnostic, false);
    }
  }
  EXPECT_GE(rules, 4);
}

}  // namespace
}  // namespace rulec
