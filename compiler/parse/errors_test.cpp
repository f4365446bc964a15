// One mistake, one message, at the right word; and on at the next clause.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

struct Result {
  std::string messages;  // "line:column message", one a line
  size_t decls = 0;
};

Result ParseAll(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const FileId id = sources.Add("t.rule", text);
  const ast::File file = ParseText(sources, id, diagnostics);
  Result result;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const LineColumn at = sources.file(id).Locate(diagnostic.primary.span.begin);
    result.messages += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + diagnostic.message + "\n";
  }
  result.decls = file.decls.size();
  return result;
}

// The messages for a clause that stands between others.
std::string Clause(const std::string& clause) {
  return ParseAll("rule r {\nfrom s\n" + clause + "\nemit o { x }\n}\nconst good = 1\n").messages;
}

std::string Field(const std::string& field) {
  return ParseAll("rule r { from s emit o {\n" + field + "\n} }").messages;
}

TEST(SyntaxErrors, InClauses) {
  EXPECT_EQ(Clause("where"), "3:1 expected an expression after `where`, found `emit`\n");
  EXPECT_EQ(Clause("where a >"), "3:9 expected an expression after `>`, found `emit`\n");
  EXPECT_EQ(Clause("where a b"), "3:9 expected an operator, a clause or `}` after `a`, found `b`\n");
  EXPECT_EQ(Clause("where (a"), "3:7 `(` is not closed\n");
  EXPECT_EQ(Clause("where a)"), "3:8 `)` closes nothing\n");
  EXPECT_EQ(Clause("where f(a b)"), "3:11 expected `)` after `a`, found `b`\n");
  EXPECT_EQ(Clause("where a.1"), "3:9 expected a name after `.`, found `1`\n");
  EXPECT_EQ(Clause("where in > 3"), "3:7 expected an expression after `where`, found `in`\n");
  EXPECT_EQ(Clause("where a == not b"), "3:12 expected an expression after `==`, found `not`\n");
  EXPECT_EQ(Clause("where a partition by b"), "3:9 `partition` cannot stand here\n");
  EXPECT_EQ(Clause("let"), "3:1 expected a name after `let`, found `emit`\n");
  EXPECT_EQ(Clause("let a 5"), "3:7 expected `=` after `a`, found `5`\n");
  EXPECT_EQ(Clause("let in = 5"), "3:5 `in` is a reserved word and cannot be a name\n");
  EXPECT_EQ(Clause("let a = 1,"), "3:10 expected a name after `,`, found `emit`\n");
  EXPECT_EQ(Clause("emit { a }"), "3:6 expected a name after `emit`, found `{`\n");
  EXPECT_EQ(Clause("emit p a"), "3:8 expected `{` after `p`, found `a`\n");
  EXPECT_EQ(Clause("wher a > 5"), "3:1 expected a clause such as `where` or `emit`, found `wher`\n");
}

TEST(SyntaxErrors, InFields) {
  EXPECT_EQ(Field(""), "3:1 expected a field after `{`, found `}`\n");
  EXPECT_EQ(Field("a,, b"), "2:3 expected a field after `,`, found `,`\n");
  EXPECT_EQ(Field("a b"), "2:3 expected an operator, `,` or `}` after `a`, found `b`\n");
  EXPECT_EQ(Field("a: , b: 3 +"),
            "2:4 expected an expression after `:`, found `,`\n2:11 expected an expression after `+`, found `}`\n");
  EXPECT_EQ(
      Field("a: 1 +\nb: 2 *\nc\nd d\ne"),
      "2:6 expected an expression after `+`, found `b`\n5:3 expected an operator, `,` or `}` after `d`, found `d`\n");
}

TEST(SyntaxErrors, InDeclarations) {
  EXPECT_EQ(ParseAll("const a =\nconst b = 1\n").messages, "1:9 expected an expression after `=`, found `const`\n");
  EXPECT_EQ(ParseAll("const a =").messages, "1:9 expected an expression after `=`, found the end of the file\n");
  EXPECT_EQ(ParseAll("shcema T = avro \"x\"").messages,
            "1:1 expected a declaration such as `rule` or `stream`, found `shcema`\n");
  EXPECT_EQ(ParseAll("schema T avro \"x\"").messages, "1:10 expected `=` after `T`, found `avro`\n");
  EXPECT_EQ(ParseAll("schema T = avro x").messages, "1:17 expected a string in quotes after `avro`, found `x`\n");
  EXPECT_EQ(ParseAll("stream in : T").messages, "1:8 `in` is a reserved word and cannot be a name\n");
  EXPECT_EQ(ParseAll("stream s : { time a }").messages, "1:12 expected a name after `:`, found `{`\n");
  EXPECT_EQ(ParseAll("stream s : T { time a watermark 5 }").messages,
            "1:33 expected a duration such as `5s` after `watermark`, found `5`\n");
  EXPECT_EQ(ParseAll("stream s : T { tim a }").messages,
            "1:16 expected `time`, `watermark`, `idle`, `lateness` or `}` after `{`, found `tim`\n");
  EXPECT_EQ(ParseAll("stream s : T { time a time b idle 1s idle 2s }").messages,
            "1:23 `time` is given twice\n1:38 `idle` is given twice\n");
  EXPECT_EQ(ParseAll("import \"a\"\npackage b\npackage c").messages,
            "2:1 `package` cannot stand here\n3:1 `package` is given twice\n");
  EXPECT_EQ(ParseAll("rule r { emit o { a } }").messages, "1:6 rule `r` has no `from`\n");
  EXPECT_EQ(ParseAll("rule r { from s }").messages, "1:6 rule `r` has no `emit`\n");
  EXPECT_EQ(ParseAll("rule r { where a from s emit o { a } let b = 1 }").messages,
            "1:18 `from` cannot stand here\n1:38 `let` cannot stand here\n");
}

TEST(SyntaxErrors, InTokens) {
  EXPECT_EQ(Clause("where \"abc"), "3:7 a string is not closed\n");
  EXPECT_EQ(Clause("where `abc"), "3:7 a name in backticks is not closed\n");
  EXPECT_EQ(ParseAll("rule \"").messages, "1:6 a string is not closed\n");
  EXPECT_EQ(ParseAll("const a = \"b\nc\"\nconst d = \"e").messages,
            "1:11 a string is not closed\n3:11 a string is not closed\n");
  EXPECT_EQ(ParseAll("rule `").messages, "1:6 a name in backticks is not closed\n");
  EXPECT_EQ(ParseAll("const a = 1 /* b").messages, "1:13 a comment is not closed\n");
  EXPECT_EQ(Clause("where 12abc > 1.5h"),
            "3:7 `12abc` is not a number: `abc` is no unit of a duration\n"
            "3:15 `1.5h` is not a duration: a duration is made of whole numbers\n");
  EXPECT_EQ(Clause("where 1_ > 1__0"),
            "3:7 `1_` is not a number: `_` stands between two digits\n"
            "3:12 `1__0` is not a number: `_` stands between two digits\n");
  EXPECT_EQ(Clause("where a # b"), "3:9 `#` has no meaning here\n");
  EXPECT_EQ(Clause("where a == 'b'\nlet c = 1 # 2"), "3:12 `'` has no meaning here\n4:11 `#` has no meaning here\n");
  EXPECT_EQ(Clause("where a > \xC2\xA0 5"), "3:11 the character U+00A0 has no meaning here\n");
  EXPECT_EQ(Clause("let a = 30m1h"), "3:9 `30m1h` is not a duration: its units do not go from great to small\n");
  EXPECT_EQ(Clause("let a = 99999999999d"), "3:9 `99999999999d` is not a duration: it is longer than 292,000 years\n");
  EXPECT_EQ(Clause(R"(let a = "\q\u{110000}\u{D800}\u")"),
            "3:10 `\\q` is not an escape of a string\n3:12 `\\u{110000}` is not an escape of a string\n"
            "3:22 `\\u{D800}` is not an escape of a string\n3:30 `\\u` is not an escape of a string\n");
  EXPECT_EQ(Clause("where a = 5 && !b || c <> d and e === f"),
            "3:9 `=` is not an operator of rules\n3:13 `&&` is not an operator of rules\n"
            "3:16 `!` is not an operator of rules\n3:19 `||` is not an operator of rules\n"
            "3:24 `<>` is not an operator of rules\n3:35 `===` is not an operator of rules\n");
}

TEST(SyntaxErrors, AForgottenBracketEndsWithItsDeclaration) {
  const Result result =
      ParseAll("rule a { from s\n emit o {\n x: (y\n\nrule b { from s emit o { x } }\nconst c =\nconst d = 1\n");
  EXPECT_EQ(result.messages, "3:5 `(` is not closed\n6:9 expected an expression after `=`, found `const`\n");
  EXPECT_EQ(result.decls, 3U);
}

// The indentation tells which of several brackets has no end.
TEST(SyntaxErrors, AForgottenBraceIsToldWhereItStands) {
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  emit o {\n    x\n}\nconst c = 1\n").messages, "3:10 `{` is not closed\n");
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  emit o { x\n  emit p { y }\n}\n").messages, "3:10 `{` is not closed\n");
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  emit o { { x }\n}\n").messages, "3:10 `{` is not closed\n");
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  emit o { x }\n\nconst c = 1\n").messages, "1:8 `{` is not closed\n");
}

// What follows would be wrong in itself, and is not told.
TEST(SyntaxErrors, ABraceTooManyOrTooFewGivesOneMessage) {
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  where x }\n  emit o { x }\n}\nconst c =\n").messages,
            "4:3 expected a declaration such as `rule` or `stream`, found `emit`\n"
            "6:9 expected an expression after `=`, found the end of the file\n");
  EXPECT_EQ(ParseAll("rule a {\n  from s\n  emit o x }\n  emit p { x }\n}\n").messages,
            "3:10 expected `{` after `o`, found `x`\n");
  EXPECT_EQ(ParseAll("rule a\n  from s\n  emit o { x }\n}\n").messages, "2:3 expected `{` after `a`, found `from`\n");
  EXPECT_EQ(ParseAll("stream s : T\n  time a\n}\n").messages,
            "2:3 expected a declaration such as `rule` or `stream` after `T`, found `time`\n");
  EXPECT_EQ(ParseAll("test \"t\" for r {\n  given s { a\n 1 } }\n  expect none\n}\n").messages,
            "4:3 expected a declaration such as `rule` or `stream`, found `expect`\n");
  EXPECT_EQ(ParseAll("rule a { from s emit o { x } }\n}\n").messages, "2:1 `}` closes nothing\n");
  EXPECT_EQ(ParseAll("rule a { from } s emit o { x } }\n").messages, "1:15 expected a name after `from`, found `}`\n");
}

TEST(SyntaxErrors, ABracketOfAnotherKindGivesOneMessage) {
  EXPECT_EQ(Clause("where f(a]"), "3:10 `]` closes nothing\n");
  EXPECT_EQ(Clause("where g a, b) > 5"), "3:13 `)` closes nothing\n");
  EXPECT_EQ(Clause("where f(a } > 5"), "3:8 `(` is not closed\n");
}

TEST(SyntaxErrors, AWordBehindFromIsNotTakenForItsStream) {
  EXPECT_EQ(ParseAll("rule r {\nfrom\nwhere a\nemit o { x } }").messages,
            "2:1 expected a name after `from`, found `where`\n");
  EXPECT_EQ(ParseAll("stream s : T { time a watermark true }").messages,
            "1:33 expected a duration such as `5s` after `watermark`, found `true`\n");
}

TEST(SyntaxErrors, AllMistakesOfAFileAreFound) {
  const Result result = ParseAll(R"(const a = +
rule r {
  from s
  where )
  let b = 1 + * 2
  where c c
  emit o { x: , y: , z }
  emit p { x } where
}
stream s : T { time 5 watermark 5
  idle x y
  lateness 1s }
const z = 1
)");
  EXPECT_EQ(result.messages,
            "1:11 expected an expression after `=`, found `+`\n"
            "4:9 `)` closes nothing\n"
            "5:15 expected an expression after `+`, found `*`\n"
            "6:11 expected an operator, a clause or `}` after `c`, found `c`\n"
            "7:15 expected an expression after `:`, found `,`\n"
            "7:20 expected an expression after `:`, found `,`\n"
            "8:16 expected an expression after `where`, found `}`\n"
            "10:21 expected a name after `time`, found `5`\n"
            "11:10 expected `time`, `watermark`, `idle`, `lateness` or `}` after `x`, found `y`\n");
}

TEST(SyntaxErrors, ADamagedRuleIsMarked) {
  SourceSet sources;
  Diagnostics diagnostics;
  const FileId id = sources.Add(
      "t.rule", "rule a { from s where }\nrule b { from s emit o { x } }\nrule c { from s window tumbling 1m }");
  const ast::File file = ParseText(sources, id, diagnostics);
  ASSERT_EQ(file.decls.size(), 3U);
  EXPECT_TRUE(std::get<ast::RuleDecl>(file.decls[0].node).incomplete);
  EXPECT_FALSE(std::get<ast::RuleDecl>(file.decls[1].node).incomplete);
  EXPECT_TRUE(std::get<ast::RuleDecl>(file.decls[2].node).incomplete);
  EXPECT_EQ(diagnostics.errors(), 2U);
}

TEST(SyntaxErrors, AWrongBraceIsOneMistake) {
  const std::string rest = "\n  where a > 1\n  emit o { x }\n  emit p { y }\n}\nconst good = 1\n";
  EXPECT_EQ(ParseAll("rule r\n  from s" + rest).messages, "2:3 expected `{` after `r`, found `from`\n");
  EXPECT_EQ(ParseAll("rule r {\n  from s\n  emit q { z } }" + rest).messages,
            "4:3 expected a declaration such as `rule` or `stream`, found `where`\n");
  EXPECT_EQ(ParseAll("stream s : T time a }\nconst b =\nconst good = 1\n").messages,
            "1:14 expected a declaration such as `rule` or `stream` after `T`, found `time`\n"
            "2:9 expected an expression after `=`, found `const`\n");
  EXPECT_EQ(ParseAll("rul a { from s emit o { x } }\nrul b { from s emit o { x } }\n").messages,
            "1:1 expected a declaration such as `rule` or `stream`, found `rul`\n"
            "2:1 expected a declaration such as `rule` or `stream`, found `rul`\n");
}

TEST(SyntaxErrors, ASimilarWordIsSuggested) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add("t.rule", "rule r {\n  from s\n  wher a > 5\n  emit o { x }\n}\n"), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(RenderText(sources, diagnostics.all()[0], false),
            R"(error[R0101]: expected a clause such as `where` or `emit`, found `wher`
 --> t.rule:3:3
  |
3 |   wher a > 5
  |   ^^^^
  |
help: a word with a similar name exists
  |
3 |   where a > 5
  |   ~~~~~
  = note: for more about this error, run `rulec explain R0101`
)");
}

// The first help, or the text of the first suggestion.
std::string HelpFor(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  ParseText(sources, sources.Add("t.rule", text), diagnostics);
  if (diagnostics.all().empty()) return "nothing told";
  const Diagnostic& first = diagnostics.all().front();
  if (!first.helps.empty()) return first.helps.front();
  return first.edits.empty() ? "" : "-> " + first.edits.front().replacement;
}

TEST(SyntaxErrors, SignsAndEscapesHaveTheirHelp) {
  const auto of = [](const std::string& value) { return HelpFor("rule r { from s emit o { x: " + value + " } }"); };
  EXPECT_EQ(of("a ^ 2"), "a power is `pow(a, b)`");
  EXPECT_EQ(of("a & 2"), "`and` of conditions, `bit_and(a, b)` of bits");
  EXPECT_EQ(of("@ time"), "it touches the word behind it: `@time`");
  EXPECT_EQ(of("\"\\u{D800}\""),
            "a character of Unicode is 1 to 6 hexadecimal digits, from 0 to 10FFFF without D800 to DFFF");
}

// ---- Constructs of later versions ----

std::string Later(const std::string& clauses) {
  return ParseAll("rule r {\nfrom s partition by k\n" + clauses + "\nemit o { x }\n}\nconst good = 1\n").messages;
}

std::string NotYet(const std::string& at, const std::string& construct) {
  return at + " " + construct + " is not supported by this version of rulec\n";
}

TEST(LaterConstructs, GiveOneMessage) {
  EXPECT_EQ(Later("window tumbling 1d timezone \"x\"\nlet n = count(), m = sum(a where b)\nhaving n >= 3"),
            NotYet("3:1", "`window`"));
  EXPECT_EQ(Later("match a{5,} where b == C\nthen  any c+ greedy\nnot then d where e\nwithin 5m\nafter match skip past "
                  "last\non timeout emit p { a: b.c + 5m }"),
            NotYet("3:1", "`match`"));
  EXPECT_EQ(Later("left join t q on a.b == q.b and q?.c is not null within -20ms..0s"), NotYet("3:1", "`left join`"));
  EXPECT_EQ(Later("join t q on a.b == q.b within 10s\nwhere a"), NotYet("3:1", "`join`"));
  EXPECT_EQ(Later("not join t q on a.b == q.b within 500ms"), NotYet("3:1", "`not join`"));
  EXPECT_EQ(Later("asof join t q on a == b"), NotYet("3:1", "`asof join`"));
  EXPECT_EQ(Later("state n : decimal(38,18) = 0\nstate at : timestamp? ttl 1h\non event where d == IN { at = @time "
                  "}\non event\nwhere x {\n if n == 1 { emit p { a, b: c } }\n n = n + 1\n}\ntimer idle at @time + 30d "
                  "{ emit q { a } }"),
            NotYet("3:1", "`state`"));
  EXPECT_EQ(Later("dedupe by k within 10m"), NotYet("3:1", "`dedupe`"));
  EXPECT_EQ(Later("raise when a > 80 for 2m clear when a < 75\non raise emit p { a }"), NotYet("3:1", "`raise`"));
  EXPECT_EQ(Later("let n = count() over 5m before\nhaving n > 2"), NotYet("3:17", "`over`"));
  EXPECT_EQ(Later("emit p { a } limit 1 per 1h by a"), NotYet("3:14", "`limit`"));
  EXPECT_EQ(Later("emit early every 1m"), NotYet("3:6", "`emit early`"));
  EXPECT_EQ(Later("from other"), NotYet("3:1", "a second `from`"));
  EXPECT_EQ(ParseAll("rule r { from s.late emit o { x } }").messages, NotYet("1:17", "`.late` of a stream"));
}

TEST(LaterConstructs, InOneLine) {
  EXPECT_EQ(ParseAll("rule r { from s where a window tumbling 1m let n = count() having n > 1 emit o { n } }").messages,
            NotYet("1:25", "`window`"));
}

TEST(LaterConstructs, InExpressions) {
  EXPECT_EQ(Clause("let a = sum(b where c == D)"), NotYet("3:15", "`where` in an argument"));
  EXPECT_EQ(Clause("let a = count(where c)"), NotYet("3:15", "`where` in an argument"));
  EXPECT_EQ(Field("a: case when b\nthen c\nelse d\nend\ne"), "");
}

TEST(LaterConstructs, AsDeclarations) {
  const Result result = ParseAll("table limits : Limit key segment max 1_000\nconst good = 1\n");
  EXPECT_EQ(result.messages, NotYet("1:1", "`table`"));
  EXPECT_EQ(result.decls, 1U);
}

TEST(SyntaxErrors, InDerivedStreams) {
  EXPECT_EQ(ParseAll("derive d { from s emit o { x } }").messages, "1:24 `o` cannot stand here\n");
  EXPECT_EQ(ParseAll("derive d { from s emit { x } emit { y } }").messages, "1:30 `emit` is given twice\n");
  EXPECT_EQ(ParseAll("derive d { from s where x }").messages, "1:8 derive `d` has no `emit`\n");
  EXPECT_EQ(ParseAll("rule r { from s emit { x } }").messages, "1:22 expected a name after `emit`, found `{`\n");
  EXPECT_EQ(Clause("let a = 1\nexpand s.xs as x"), "4:1 `expand` cannot stand here\n");
  EXPECT_EQ(Clause("expand s.xs"), "3:10 expected `as` after `xs`, found `emit`\n");
  EXPECT_EQ(Clause("expand s.xs as"), "3:13 expected a name after `as`, found `emit`\n");
}

TEST(SyntaxErrors, InFunctions) {
  EXPECT_EQ(ParseAll("fn f = 1").messages, "1:6 expected `(` after `f`, found `=`\n");
  EXPECT_EQ(ParseAll("fn f(a) = 1\nfn g(a: long b: long) = 1").messages,
            "1:6 expected a parameter such as `a: double` after `(`, found `a`\n"
            "2:14 expected `)` or `,` after `long`, found `b`\n");
  EXPECT_EQ(ParseAll("fn f(a: list<long) = 1").messages, "1:18 expected `>` or `,` after `long`, found `)`\n");
  EXPECT_EQ(
      ParseAll("fn f(true: bool, where: long) = 1").messages,
      "1:6 `true` is a reserved word and cannot be a name\n1:18 `where` is a reserved word and cannot be a name\n");
  EXPECT_EQ(ParseAll("fn f(`true`: bool, from: long) = `true`").messages, "");
  EXPECT_EQ(ParseAll("fn f(a: long)").messages, "1:13 expected `=` after `)`, found the end of the file\n");
}

std::string Steps(const std::string& steps) { return ParseAll("test \"t\" for r {\n" + steps + "\n}\n").messages; }

TEST(SyntaxErrors, InTests) {
  EXPECT_EQ(Steps("given s { a }"), "1:6 the test has no `expect`\n");
  EXPECT_EQ(ParseAll("test for r { expect none }").messages,
            "1:6 expected a string in quotes after `test`, found `for`\n");
  EXPECT_EQ(ParseAll("test \"t\" { expect none }").messages, "1:10 expected `for` after `\"t\"`, found `{`\n");
  EXPECT_EQ(Steps("given s {\na | b\n1 | 2 | 3\n1\n}\nexpect none"),
            "4:1 the row has 3 cells, and the table 2 columns\n5:1 the row has 1 cell, and the table 2 columns\n");
  EXPECT_EQ(Steps("given s {\na | 1 | b + c\n1 | 2 | 3\n}\nexpect none"),
            "3:5 the first row names the columns, and this is no name\n"
            "3:9 the first row names the columns, and this is no name\n");
  EXPECT_EQ(Steps("given s {\na | b\n1 | | 3\n1 2\n1 | 2 x3\n}\nexpect none"),
            "4:5 expected an expression after `|`, found `|`\n5:3 expected an operator, `|` or the end of the row "
            "after `1`, found `2`\n");
  EXPECT_EQ(Steps("given s {\n}\nexpect none"), "3:1 expected the names of columns, found `}`\n");
  EXPECT_EQ(Steps("given s {\n@time\n+5s\n}\nexpect none"), "4:1 `+` cannot stand here\n");
  EXPECT_EQ(Steps("given s {\na\n1 x0\n2 x99999999\n}\nexpect none"),
            "4:3 `x0` is not a number: a row stands for 1 to 1000000 rows\n"
            "5:3 `x99999999` is not a number: a row stands for 1 to 1000000 rows\n");
  EXPECT_EQ(Steps("expct alerts { a }\nexpect none"),
            "2:1 expected `given`, `watermark`, `expect` or `}`, found `expct`\n");
  EXPECT_EQ(Steps("given s { a }\nexpct alerts { a }\nexpect none"),
            "3:1 expected `given`, `watermark`, `expect` or `}`, found `expct`\n");
  EXPECT_EQ(Steps("expect"), "2:1 `expect` cannot stand here\n");
  EXPECT_EQ(Steps("expect none { a }\nexpect some { a }"), "2:13 `{` cannot stand here\n3:13 `{` cannot stand here\n");
  EXPECT_EQ(Steps("given s = t\nexpect none"), "2:11 expected a string in quotes after `=`, found `t`\n");
}

// Every rule of the reference data parses, or gives only messages of constructs that come later.
TEST(LaterConstructs, ReferenceRulesHaveNoSyntaxErrors) {
  const char* shared = std::getenv("RULEC_SHARED");
  const std::filesystem::path data = std::filesystem::path(shared ? shared : RULEC_SOURCE_DIR "/../shared") / "data";
  if (!std::filesystem::is_directory(data)) GTEST_SKIP() << "no reference data in " << data;
  size_t files = 0, whole = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (entry.path().extension() != ".rule") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    SourceSet sources;
    Diagnostics diagnostics;
    const ast::File file = ParseText(sources, sources.Add(entry.path().filename(), text.str()), diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      EXPECT_EQ(diagnostic.kind->code, "R0102") << RenderText(sources, diagnostic, false);
    }
    EXPECT_GE(file.decls.size(), 3U) << entry.path();
    whole += diagnostics.has_errors() ? 0 : 1;
    ++files;
  }
  EXPECT_GE(files, 50U);
  EXPECT_GE(whole, 7U);
}

}  // namespace
}  // namespace rulec
