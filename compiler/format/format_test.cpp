// The layout, and that it changes nothing else.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/format/format_rules.h"
#include "compiler/format/random_rules_test.h"
#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

// The layout, or the messages.
std::string Format(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const std::optional<std::string> formatted = FormatRules(sources, sources.Add("t.rule", text), diagnostics);
  if (formatted) return *formatted;
  std::string messages;
  for (const Diagnostic& diagnostic : diagnostics.all()) messages += diagnostic.message + "\n";
  return messages;
}

std::string Tree(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  return ast::Print(ParseText(sources, sources.Add("t.rule", text), diagnostics));
}

// All but space and the separators that a layout adds or leaves out.
std::string Signs(const std::string& text) {
  std::string signs;
  for (const char c : text) {
    if (std::string_view(" \t\r\n\f,;").find(c) == std::string_view::npos) signs += c;
  }
  return signs.starts_with("\xEF\xBB\xBF") ? signs.substr(3) : signs;
}

void ExpectStable(const std::string& text) {
  const std::string once = Format(text);
  EXPECT_EQ(Tree(once), Tree(text)) << text;
  EXPECT_EQ(Signs(once), Signs(text)) << text;
  EXPECT_EQ(Format(once), once) << text;
}

TEST(Format, Declarations) {
  EXPECT_EQ(Format(R"(

// of the file
package   a.b
import   "x.rule" schema T=avro "x.T" version 2 .. // any
schema  Q = avro "x.Q"

stream s:T{time a . b ;watermark 5s}
stream q : Q {
  time at // when

  // own
  watermark   grace ;
}
output o:T


param p:list<map<long?>>?=[ 1,2 ]
const c = -1 + - 2 * f( a ,b )[ 0 ] [1 ..2]
fn f(a:long,b:double?)=a+b
// end)"),
            R"(// of the file
package a.b
import "x.rule"
schema T = avro "x.T" version 2..  // any
schema Q = avro "x.Q"

stream s : T { time a.b; watermark 5s }
stream q : Q {
  time      at  // when

  // own
  watermark grace
}
output o : T

param p : list<map<long?>>? = [1, 2]
const c = -1 + -2 * f(a, b)[0][1..2]
fn f(a: long, b: double?) = a + b
// end
)");
}

TEST(Format, Rules) {
  EXPECT_EQ(Format(R"(/// Docs.
rule r @version(3)@owner( "x" ) { from s t partition by a,k=b where not(x) and y in [1] let a=1,b=2 emit o{a,l:b} where c }
derive d { from s
  expand s.xs as l // why
  let a=1, // one
    // two
    bbb = 2
  emit { l.n, } }
rule e { from s
  emit o {
    a, -b // minus

    // about c
    where:c , // see
    long_one : f"{x :.1f}" , "x"
    // last
  }
}
)"),
            R"(/// Docs.
rule r @version(3) @owner("x") {
  from  s t partition by a, k = b
  where not (x) and y in [1]
  let   a = 1, b = 2
  emit  o { a, l: b } where c
}

derive d {
  from   s
  expand s.xs as l  // why
  let    a   = 1,   // one
         // two
         bbb = 2
  emit   { l.n }
}

rule e {
  from s
  emit o {
    a,
    -b  // minus

    // about c
    where    : c  // see
    long_one : f"{x :.1f}"
    "x"
    // last
  }
}
)");
}

TEST(Format, LongLines) {
  EXPECT_EQ(Format("const a = if some_condition_is_true(a, b) and other then \"a string that is rather long, so long\" "
                   "else case when a then b else \"another string that is quite long\" end\n"
                   "rule r { from s where the_very_first_condition == 1 and second_condition between 1 and 2 and "
                   "third_condition "
                   "not in [1, 2] and fourth == 4 emit o { text: function_of_many(argument_number_one, "
                   "argument_number_two + 1, argument_number_three, argument_four_) } }"),
            R"(const a = if some_condition_is_true(a, b) and other
    then "a string that is rather long, so long"
    else case when a then b else "another string that is quite long" end

rule r {
  from  s
  where the_very_first_condition == 1
        and second_condition between 1 and 2
        and third_condition not in [1, 2]
        and fourth == 4
  emit  o {
    text : function_of_many(argument_number_one, argument_number_two + 1, argument_number_three, argument_four_)
  }
}
)");
}

TEST(Format, Tests) {
  EXPECT_EQ(Format(R"(test "t" for r {
  given trades {
    @time | symbol | price
    0ms | "é"|1 x5 // five
    // gap
    + 1s   | "BBBB"    | -2~0.1
  }
  given q="q.csv"
  watermark   10s
  expect some o { a|b }
  expect none })"),
            R"(test "t" for r {
  given trades {
    @time | symbol | price
    0ms   | "é"    | 1         x5  // five
    // gap
    +1s   | "BBBB" | -2 ~ 0.1
  }
  given q = "q.csv"
  watermark 10s
  expect some o { a | b }
  expect none
}
)");
}

TEST(Format, ConstructsOfLaterVersionsStayAsTheyAre) {
  EXPECT_EQ(
      Format("table  limits : L   key k\nrule w { from   a\n  window sliding 10m   every 1m\n  having count() > 1\n"
             "     and x{5,}\n  emit o { c } limit  1 per 1h by c }"),
      "table  limits : L   key k\n\nrule w {\n  from   a\n  window sliding 10m   every 1m\n"
      "  having count() > 1\n     and x{5,}\n  emit   o { c } limit 1 per 1h by c\n}\n");
}

TEST(Format, FilesWithSyntaxErrorsAreRefused) {
  EXPECT_EQ(Format("const a =\nconst b = 1"), "expected an expression after `=`, found `const`\n");
  EXPECT_EQ(Format("rule r { from s where x }"), "rule `r` has no `emit`\n");
}

TEST(Format, NothingIsNothing) {
  EXPECT_EQ(Format(""), "");
  EXPECT_EQ(Format(" \n\n"), "");
  EXPECT_EQ(Format("\n\n// a\r\n\r\n/* b */"), "// a\n\n/* b */\n");
}

std::vector<std::filesystem::path> RuleFiles() {
  const char* shared = std::getenv("RULEC_SHARED");
  const std::filesystem::path root = RULEC_SOURCE_DIR;
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& folder :
       {root / "tests", root / "examples", std::filesystem::path(shared ? shared : (root / "../shared").string())}) {
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() == ".rule") files.push_back(entry.path());
    }
  }
  return files;
}

// Those with mistakes in them, which are refused, apart.
TEST(Format, EveryRuleFileOfTheRepository) {
  size_t formatted = 0;
  for (const std::filesystem::path& path : RuleFiles()) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    SourceSet sources;
    Diagnostics diagnostics;
    if (!FormatRules(sources, sources.Add("t.rule", text.str()), diagnostics)) {
      for (const Diagnostic& diagnostic : diagnostics.all()) EXPECT_NE(diagnostic.kind, &NotSupportedYet) << path;
      continue;
    }
    SCOPED_TRACE(path.string());
    ExpectStable(text.str());
    ++formatted;
  }
  EXPECT_GE(formatted, 30U);
}

// Lines that end with a comment stay as long as their author made them; all others are broken where they can be.
TEST(Format, RandomRules) {
  std::string longest;
  for (unsigned seed = 0; seed < 1'500; ++seed) {
    const bool comments = seed % 3 != 0;
    const std::string text = format::RandomRules(seed, comments).File();
    SCOPED_TRACE("seed " + std::to_string(seed));
    SourceSet sources;
    Diagnostics diagnostics;
    const FileId id = sources.Add("t.rule", text);
    const std::optional<std::string> formatted = FormatRules(sources, id, diagnostics);
    if (!formatted) {
      ADD_FAILURE() << text << RenderText(sources, diagnostics.all().front(), false);
      return;
    }
    ExpectStable(text);
    if (HasFailure()) return;
    if (comments) continue;
    std::stringstream lines(*formatted);
    for (std::string line; std::getline(lines, line);)
      longest = std::max(longest, line, [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  }
  EXPECT_LE(longest.size(), 240U) << longest;
}

}  // namespace
}  // namespace rulec
