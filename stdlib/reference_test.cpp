#include "stdlib/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rulelib {
namespace {

constexpr const char* kPath = RULEC_SOURCE_DIR "/docs/functions.md";

bool WantsUpdate() {
  for (const std::string& argument : testing::internal::GetArgvs()) {
    if (argument == "--update") return true;
  }
  return false;
}

TEST(Reference, IsWhatTheRowsSay) {
  if (WantsUpdate()) std::ofstream(kPath, std::ios::binary) << FunctionReference();
  std::stringstream text;
  text << std::ifstream(kPath, std::ios::binary).rdbuf();
  EXPECT_TRUE(text.str() == FunctionReference()) << kPath << " is not made from functions.def: run stdlib_tests "
                                                 << "--gtest_filter=Reference.* --update";
}

TEST(Reference, NamesEveryGroupAndFunction) {
  std::string text = FunctionReference();
  for (const char* part :
       {"## Math", "## JSON", "## Identifiers", "`levenshtein(string, string): long`",
        "`index_of(string, string): long?`", "`is_blank(string?): bool`", "`year(timestamp, zone): long`",
        "`flatten(list<list<T>>): list<T>`", "`length(list<T>): long`", "*May fail.*"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace rulelib
