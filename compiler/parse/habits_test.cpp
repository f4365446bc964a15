// Mistakes that come from other languages: one message each, which names how rules write it.
#include <gtest/gtest.h>

#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

// "code: the line as it is suggested", or the help; all messages if there is not just one.
std::string Advice(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const FileId id = sources.Add("t.rule", text);
  ParseText(sources, id, diagnostics);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics.all()) all += diagnostic.message + "\n";
  if (diagnostics.all().size() != 1) return all;
  const Diagnostic& told = diagnostics.all().front();
  if (told.edits.size() == 1) {
    const SuggestedEdit& edit = told.edits.front();
    std::string fixed = text;
    fixed.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.replacement);
    const size_t begin = fixed.rfind('\n', edit.span.begin);
    const size_t line = begin == std::string::npos ? 0 : begin + 1;
    return fixed.substr(line, fixed.find('\n', line) - line);
  }
  return told.helps.size() == 1 ? told.helps.front() : all;
}

std::string InRule(const std::string& clause) { return Advice("rule r {\nfrom s\n" + clause + "\nemit o { x }\n}\n"); }
std::string InEmit(const std::string& field) { return Advice("rule r {\nfrom s\nemit o {\n" + field + "\n}\n}\n"); }
std::string InFile(const std::string& text) { return Advice("const a = 1\n" + text + "\n"); }

TEST(Habits, CapitalWords) {
  EXPECT_EQ(InRule("where a > 5 AND b"), "where a > 5 and b");
  EXPECT_EQ(InRule("where a > 5 Or b"), "where a > 5 or b");
  EXPECT_EQ(InRule("where NOT b"), "where not b");
  EXPECT_EQ(InRule("where a IS NULL"), "where a is NULL");
  EXPECT_EQ(InRule("where a is not null AND b IN [1]"), "where a is not null and b IN [1]");
  EXPECT_EQ(InRule("where a NOT IN [1]"), "where a not IN [1]");
  EXPECT_EQ(InRule("where a LIKE \"x\""), "where a like \"x\"");
  EXPECT_EQ(InRule("where a BETWEEN 1 and 2"), "where a between 1 and 2");
  EXPECT_EQ(InRule("let b = CASE when a then 1 else 2 end"), "let b = case when a then 1 else 2 end");
  EXPECT_EQ(InRule("let b = case when a THEN 1 else 2 end"), "let b = case when a then 1 else 2 end");
  EXPECT_EQ(InRule("let b = case when a then 1 else 2 END"), "let b = case when a then 1 else 2 end");
  EXPECT_EQ(InRule("WHERE a"), "where a");
  EXPECT_EQ(InRule("Let b = 1"), "let b = 1");
  EXPECT_EQ(Advice("rule r { FROM s emit o { x } }"), "rule r { from s emit o { x } }");
  EXPECT_EQ(Advice("RULE r { from s emit o { x } }"), "rule r { from s emit o { x } }");
}

TEST(Habits, Quotes) {
  EXPECT_EQ(InRule("where a == 'b'"), "where a == \"b\"");
  EXPECT_EQ(InRule("where a == 'say \"b\"'"), "where a == \"say \\\"b\\\"\"");
  EXPECT_EQ(InRule("where a == f'{b}'"), "where a == f\"{b}\"");
  EXPECT_EQ(InRule("where a matches r'd'"), "where a matches \"d\"");
  EXPECT_EQ(InRule("where a matches r\"x\""), "where a matches \"x\"");
  EXPECT_EQ(InRule("where a in ['b', 'c']"), "where a in [\"b\", 'c']");
  EXPECT_EQ(InFile("import 'x.rule'"), "import \"x.rule\"");
  EXPECT_EQ(InEmit("\"b\": x"), "b: x");
  EXPECT_EQ(Advice("rule r { from \"s\" emit o { x } }"), "rule r { from s emit o { x } }");
  EXPECT_EQ(InFile("stream s : \"a.B\""), "a declared schema is named: `schema T = avro \"full.Name\"`, then `: T`");
}

TEST(Habits, Operators) {
  EXPECT_EQ(InRule("where a ? b : c"), "a choice is `if condition then a else b`");
  EXPECT_EQ(InRule("where a =< 5"), "where a <= 5");
  EXPECT_EQ(InRule("where a !== 5"), "where a != 5");
  EXPECT_EQ(InRule("where a =~ \"x\""), "where a matches \"x\"");
  EXPECT_EQ(InRule("where a !~ \"x\""), "where a not matches \"x\"");
  EXPECT_EQ(InRule("where a ** 2 > 5"), "a power is `pow(a, b)`");
  EXPECT_EQ(InRule("where a & b"), "`and` of conditions, `bit_and(a, b)` of bits");
  EXPECT_EQ(InRule("where a | b"), "conditions are joined by `or`");
  EXPECT_EQ(InRule("where a contains \"x\""), "`contains(text, part)` looks into a text, `x in xs` into a list");
  EXPECT_EQ(InRule("where a MOD 2 == 0"), "the rest of a division is `mod(a, b)`");
  EXPECT_EQ(InRule("where any(xs, x -> x > 5)"), "where any(xs, x => x > 5)");
  EXPECT_EQ(InRule("where a in (1, 2)"), "a list stands in `[ ]`, as in `x in [1, 2]`");
  EXPECT_EQ(InRule("where xs[0:2] == ys"), "where xs[0..2] == ys");
  EXPECT_EQ(InRule("let b = a::double"), "a value is converted as in `double(x)`");
  EXPECT_EQ(InRule("let b = (long) a"), "a value is converted as in `long(a)`");
  EXPECT_EQ(InRule("let b = a as double"),
            "a field's name stands before its value, `name: value`; a value is converted as in `double(x)`");
  EXPECT_EQ(InRule("let b = {\"k\": 1}"),
            "braces hold clauses and fields; a value is `record(a: 1)`, `map(\"k\": v)` or `[1, 2]`");
}

TEST(Habits, Calls) {
  EXPECT_EQ(InRule("let b = CAST(a AS long)"), "let b = CAST(a as long)");
  EXPECT_EQ(InRule("let b = cast(a as long)"),
            "types are called: `long(x)`, `string(x)`; `try_long(x)` is null where that fails");
  EXPECT_EQ(InRule("where a ilike \"b\""), "`fold(a) like \"…\"` compares without case");
  EXPECT_EQ(InRule("let b = [1].length()"), "a function stands before all that it takes: `length([1])`");
}

TEST(Habits, Numbers) {
  EXPECT_EQ(InRule("where a > 1,000"), "where a > 1_000");
  EXPECT_EQ(InRule("where a > .5"), "where a > 0.5");
  EXPECT_EQ(InRule("where a > 5."), "where a > 5.0");
  EXPECT_EQ(InRule("where a > 5L"), "where a > 5");
  EXPECT_EQ(InRule("where a > 5.0f"), "where a > 5.0");
  EXPECT_EQ(InRule("where a > 0x1F"), "`from_base(\"ff\", 16)` reads the digits of another base");
  EXPECT_EQ(InRule("where a > 5 minutes"), "where a > 5m");
  EXPECT_EQ(InRule("where a > 1h 30m"), "where a > 1h30m");
  EXPECT_EQ(InRule("where a > 5 percent"), "where a > 5%");
}

TEST(Habits, Clauses) {
  EXPECT_EQ(InRule("select x"), "`emit output { field, name: value }` says what a rule gives");
  EXPECT_EQ(InRule("filter x"), "`where condition` leaves events out");
  EXPECT_EQ(InRule("if x { emit p { x } }"), "`where condition` leaves events out");
  EXPECT_EQ(InRule("group by x"), "`partition by key` follows the stream in `from`");
  EXPECT_EQ(InRule("var b = 1"), "`let name = value` names a value");
  EXPECT_EQ(InRule("b = 1"), "`let name = value` names a value");
  EXPECT_EQ(InRule("let b := 1"), "let b = 1");
  EXPECT_EQ(InRule("let b: long = 1"), "its type is that of its value: `let b = …`");
  EXPECT_EQ(InRule("where a;"), "nothing stands between clauses");
  EXPECT_EQ(InRule("where a, b"), "nothing stands between clauses; conditions are joined by `and`");
  EXPECT_EQ(Advice("rule r { from s as t emit o { x } }"), "an alias stands right behind the stream: `from trades t`");
  EXPECT_EQ(Advice("rule r { from s[x > 5] emit o { x } }"), "`where condition` leaves events out");
  EXPECT_EQ(Advice("rule r { from s partition by (a, b) emit o { x } }"),
            "several keys stand without brackets: `partition by a, b`");
}

TEST(Habits, Fields) {
  EXPECT_EQ(InEmit("b = x"), "b: x");
  EXPECT_EQ(InEmit("b := x"), "b : x");
  EXPECT_EQ(InEmit("b: record(c = x)"), "b: record(c: x)");
  EXPECT_EQ(InEmit("x as b"),
            "a field's name stands before its value, `name: value`; a value is converted as in `double(x)`");
  EXPECT_EQ(InEmit("b -> x"), "a field's name stands before its value: `name: value`");
  EXPECT_EQ(InEmit("*"), "fields are emitted by name");
  EXPECT_EQ(InEmit("x; y"), "fields are parted by `,`");
}

TEST(Habits, Declarations) {
  EXPECT_EQ(InFile("SELECT a FROM b"), "`rule name { from stream where condition emit output { field } }`");
  EXPECT_EQ(InFile("def f(a): a"), "`fn name(a: double) = expression` is a function");
  EXPECT_EQ(InFile("fn f(a: long): long = a"), "`fn name(a: double) = expression` is a function");
  EXPECT_EQ(InFile("let b = 1"), "`const name = value` names a constant");
  EXPECT_EQ(InFile("param b = 1"), "a param has a type: `param name : double = 0.5`");
  EXPECT_EQ(InFile("enum E { A }"), "types come from Avro schemas: `schema T = avro \"full.Name\"`");
  EXPECT_EQ(InFile("include \"x.rule\""), "`import \"file.rule\"` reads another file");
  EXPECT_EQ(InFile("@version(2)\nrule r { from s emit o { x } }"),
            "annotations stand behind the rule's name: `rule name @version(2) { … }`");
  EXPECT_EQ(InFile("rule r @version 2 { from s emit o { x } }"), "rule r @version(2) { from s emit o { x } }");
  EXPECT_EQ(InFile("rule a-b { from s emit o { x } }"),
            "a name is made of letters, digits and `_`; any other stands in backticks");
  EXPECT_EQ(InFile("schema T = avro \"a.B\" version >= 2"), "`version 2`, `version 2..` from it on, `version 2..7`");
  EXPECT_EQ(InFile("-- a comment"), "a comment begins with `//`");
}

TEST(Habits, TablesOfOtherKindsAreToldOnce) {
  EXPECT_EQ(Advice("test \"t\" for r {\ngiven s {\n| a | b |\n| 1 | 2 |\n| 3 | 4 |\n}\nexpect none\n}"),
            "a row is `a | b`, without a `|` at its begin and end");
  EXPECT_EQ(Advice("test \"t\" for r {\ngiven s {\na, b\n1, 2\n3, 4\n}\nexpect none\n}"), "`|` stands between cells");
}

}  // namespace
}  // namespace rulec
