// The layout, and that it changes nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/format/format_rules.h"
#include "compiler/format/random_rules_test.h"
#include "compiler/parse/settled_tokens.h"
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

TEST(Format, ACommentOfACommaIsNoPartOfTheOneBefore) {
  EXPECT_EQ(Format("rule r {\n  from s\n  emit o { a // x\n  , // z\n  b }\n}\n"),
            "rule r {\n  from s\n  emit o {\n    a  // x\n    // z\n    b\n  }\n}\n");
  ExpectStable("rule r {\n  from s\n  /* c */ emit // d\n  o // e\n{ a // f\n, b // g\n, c }\n}\n");
}

// Every construct that there is, once.
constexpr std::string_view kWhole = R"(package a.b
import "c.rule"
schema T = avro "a.T" version 2..7
stream s : T { time x.at watermark 5s; idle g lateness 1m }
output o : T
const k = [1, -2, 5%]
param p : decimal(10, 2)? = 1.5
fn f(a: list<long>, b: map<string>) = a[0] + 1
derive d @version(2) { from s t partition by y = t.u, v expand w as i partition by i where not z emit { i } }
rule r @severity(high) @owner("q") {
  from d
  let l = if a and b or c then d.e else f?.g, m = case when n then 1 when q then 2 else 3 end
  where h in [A, B] and j not like "x%" and u between 1 and 2 and (v is not null or w is long)
  let n = any(xs, x => x > 1 ?? 2), t = map("k": 1, "l": 2), e = record(a: 1).a * xs[1..2] / t@time
  emit o { l, g: f"{m:>3} of {n}", n + 1
    p
    q: -@time } where n != 3
  emit z { l }
}
test "t" for r {
  given s {
    @time | a
    0ms   | 1   x5
    +1s   | "b"
  }
  watermark 5s
  expect some o { a
    1 ~ 0.1
  }
  expect none
})";

// The comments of a text, one a line; those in strings and formatted strings apart.
std::vector<std::string> CommentsOf(const std::string& text) {
  std::vector<std::string> comments;
  size_t end = 0;
  const auto read = [&](size_t until) {
    for (size_t at = end; at + 1 < until; ++at) {
      if (text[at] != '/' || (text[at + 1] != '/' && text[at + 1] != '*')) continue;
      const bool line = text[at + 1] == '/';
      const size_t last = line ? text.find('\n', at) : text.find("*/", at) + 2;
      std::string comment = text.substr(at, std::min(last, text.size()) - at);
      comment.erase(std::remove_if(comment.begin(), comment.end(), [](char c) { return c == ' ' || c == '\n'; }),
                    comment.end());
      comments.push_back(std::move(comment));
      at += last - at - 1;
    }
  };
  for (const SettledToken& token : SettledTokens(text)) {
    read(token.begin);
    end = std::max<size_t>(end, token.end);
  }
  read(text.size());
  return comments;
}

TEST(Format, ACommentStandsBetweenAnyTwoTokens) {
  const std::string whole(kWhole);
  std::vector<uint32_t> gaps;
  for (const SettledToken& token : SettledTokens(whole)) {
    const bool in_format = token.role == TokenRole::FormatPart || token.role == TokenRole::FormatClose;
    if (token.end > token.begin && !in_format) gaps.push_back(token.begin);
  }
  size_t formatted = 0;
  constexpr std::string_view kComments[] = {" /* c */ ", " // c\n", "\n// c\n", "\n\n/* c\n  d */\n",
                                            " /* c */ // d\n/* e */ "};
  for (size_t i = 0; i < 2 * gaps.size(); ++i) {
    std::string text = whole;
    text.insert(gaps[i / 2], kComments[(i / 2 + i % 2 * 2) % std::size(kComments)]);
    SourceSet sources;
    Diagnostics diagnostics;
    // The end of a line or of a word may make it another text.
    const std::optional<std::string> once = FormatRules(sources, sources.Add("t.rule", text), diagnostics);
    if (!once) continue;
    SCOPED_TRACE(text);
    ExpectStable(text);
    EXPECT_EQ(CommentsOf(*once), CommentsOf(text));
    if (HasFailure()) return;
    ++formatted;
  }
  EXPECT_GE(formatted, 2 * gaps.size() * 9 / 10);
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
