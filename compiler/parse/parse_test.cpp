// What each construct becomes.
#include <gtest/gtest.h>

#include "compiler/parse/text_to_ast.h"

namespace rulec {
namespace {

// The printed tree, or the messages if there are any.
std::string Parse(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const ast::File file = ParseText(sources, sources.Add("t.rule", text), diagnostics);
  std::string messages;
  for (const Diagnostic& diagnostic : diagnostics.all()) messages += diagnostic.message + "\n";
  return messages.empty() ? ast::Print(file) : messages;
}

// An expression on one line, with every operation in brackets.
std::string Show(const ast::ExprPtr& expr) {
  return std::visit(
      [](const auto& e) -> std::string {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, ast::NameExpr>) return e.name.text;
        if constexpr (std::is_same_v<T, ast::IntLiteral>) return e.digits;
        if constexpr (std::is_same_v<T, ast::NullLiteral>) return "null";
        if constexpr (std::is_same_v<T, ast::MetaExpr>) return (e.of ? e.of->text : "") + "@" + e.name.text;
        if constexpr (std::is_same_v<T, ast::MemberExpr>) {
          return "(" + Show(e.object) + (e.null_safe ? "?." : ".") + e.member.text + ")";
        }
        if constexpr (std::is_same_v<T, ast::UnaryExpr>) {
          return (e.op == ast::UnaryOp::Not ? "(not " : "(-") + Show(e.operand) + ")";
        }
        if constexpr (std::is_same_v<T, ast::IsNullExpr>) {
          return "(" + Show(e.operand) + (e.negated ? " is not null)" : " is null)");
        }
        if constexpr (std::is_same_v<T, ast::BinaryExpr>) {
          constexpr std::string_view kSigns[] = {
              "*", "/", "+", "-", "??", "==", "!=", "<", "<=", ">", ">=", "and", "or"};
          return "(" + Show(e.left) + " " + std::string(kSigns[static_cast<size_t>(e.op)]) + " " + Show(e.right) + ")";
        }
        if constexpr (std::is_same_v<T, ast::CallExpr>) {
          std::string out = e.callee.text + "(";
          for (size_t i = 0; i < e.arguments.size(); ++i) out += (i == 0 ? "" : ", ") + Show(e.arguments[i]);
          return out + ")";
        }
        return "?";
      },
      expr->node);
}

std::string Expr(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const ast::File file = ParseText(sources, sources.Add("t.rule", "const x = " + text), diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all()) return diagnostic.message;
  if (file.decls.size() != 1) return "no declaration";
  return Show(std::get<ast::ConstDecl>(file.decls[0].node).value);
}

TEST(Parse, Declarations) {
  EXPECT_EQ(Parse(R"(
package market.surveillance
import "streams.rule"
schema Trade = avro "market.Trade" version 2..
schema Quote = avro "market.Quote" version 1..7 schema Old = avro "market.Old" version 3
schema Any = avro "market.Any"
stream trades : Trade {
  time      meta.executed_at   // event time
  watermark 5s
  idle 1h30m lateness 500us
}
stream quotes : Quote { time time; watermark 1_000ms; }
stream bare : Any
output alerts : Alert
param jump : double = 5%
param limits : list<map<string, decimal(10, 2)>>? = null
const c = 1
)"),
            R"(file
  package market.surveillance
  import "streams.rule"
  schema Trade = avro "market.Trade" version 2..
  schema Quote = avro "market.Quote" version 1..7
  schema Old = avro "market.Old" version 3
  schema Any = avro "market.Any"
  stream trades : Trade
    time meta.executed_at
    watermark 5000000us
    idle 5400000000us
    lateness 500us
  stream quotes : Quote
    time time
    watermark 1000000us
  stream bare : Any
  output alerts : Alert
  param jump : double
    percent 5
  param limits : list<map<string, decimal(10, 2)>>?
    null
  const c
    int 1
)");
}

TEST(Parse, AWholeRule) {
  EXPECT_EQ(Parse(R"(
// not documentation
/// The first line.
///   The second.
//// a ruler
rule big @version(3) @severity(high) @owner("x", 1) @quiet {
  from trades t partition by symbol, pair = t.a
  where a
  let x = 1,
      y = 2
      z = 3
  where b
  emit alerts { symbol, at: t@time } where c
  emit `rest` {}
}
)"),
            "expected a field after `{`, found `}`\n");
  EXPECT_EQ(Parse(R"(
// not documentation
/// The first line.
///   The second.
//// a ruler
rule big @version(3) @severity(high) @owner("x", 1) @quiet {
  from trades t partition by symbol, pair = t.a
  where a
  let x = 1,
      y = 2
      z = 3
  where b
  emit alerts { symbol, at: t@time } where c
  emit `rest` { d }
}
)"),
            R"(file
  rule big
    doc "The first line.\n  The second."
    annotation @version
      int 3
    annotation @severity
      name high
    annotation @owner
      string "x"
      int 1
    annotation @quiet
    from trades as t
      key
        name symbol
      key pair
        member a
          name t
    where
      name a
    let x
      int 1
    let y
      int 2
    let z
      int 3
    where
      name b
    emit alerts
      field
        name symbol
      field at
        meta t@time
      where
        name c
    emit rest
      field
        name d
)");
}

TEST(Parse, ARuleOnOneLine) {
  const std::string lines =
      "rule r {\n from s\n where a > 1\n let b = a, c = b\n emit o { a, b, c } where b\n emit p { c }\n}";
  std::string line = lines;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  EXPECT_EQ(Parse(line), Parse(lines));
  EXPECT_EQ(Parse(line).substr(0, 15), "file\n  rule r\n ");
}

TEST(Parse, DocumentationBelongsToTheNextDeclaration) {
  const std::string tree =
      Parse("/// one\nrule a { from s emit o { x } }\n\n/// two\n\n/// three\nrule b { from s emit o { x } }\n");
  EXPECT_NE(tree.find("rule a\n    doc \"one\"\n"), std::string::npos) << tree;
  EXPECT_NE(tree.find("rule b\n    doc \"two\\nthree\"\n"), std::string::npos) << tree;
  EXPECT_EQ(Parse("/// of a constant\nconst c = 1\nrule a { from s emit o { x } }").find("doc"), std::string::npos);
}

TEST(Parse, LineEndsStandForCommas) {
  const std::string commas = Parse("rule r { from s emit o { a, b: c, d.e, @rank, f(g), not h, null } }");
  EXPECT_EQ(Parse("rule r { from s emit o {\n a\n b: c\n d.e\n @rank\n f(g)\n not h\n null\n } }"), commas);
  EXPECT_EQ(Parse("rule r { from s emit o {\n a,\n b: c,\n d.e,\n @rank\n f\n (g)\n not h, null,\n } }"), commas);
  EXPECT_EQ(commas.find("expected"), std::string::npos) << commas;
}

TEST(Parse, AnExpressionGoesOnOverLineEnds) {
  EXPECT_EQ(Parse("rule r {\n from s\n where a\n and b\n or\n c\n emit o { x: a\n - b\n ?? c, y: d is\n null }\n}"),
            Parse("rule r { from s where a and b or c emit o { x: a - b ?? c, y: d is null } }"));
  EXPECT_EQ(Parse("rule r {\n from s\n partition by\n a,\n k = b\n emit o { x } \n where y\n}"),
            Parse("rule r { from s partition by a, k = b emit o { x } where y }"));
}

TEST(Parse, AnyWordIsANameInItsPlace) {
  EXPECT_EQ(Parse(R"(
schema window = avro "x"
stream from : window { time time }
rule rule {
  from from stream
  where where_ > window and state.in.then == `where` and emit
  let let = emit, window = from - 1
      having = `any`
  emit emit { then: from, in: not_, state, where: a.where, window
    match
    time, over }
}
)"),
            R"(file
  schema window = avro "x"
  stream from : window
    time time
  rule rule
    from from as stream
    where
      binary and
        binary and
          binary >
            name where_
            name window
          binary ==
            member then
              member in
                name state
            name where
        name emit
    let let
      name emit
    let window
      binary -
        name from
        int 1
    let having
      name any
    emit emit
      field then
        name from
      field in
        name not_
      field
        name state
      field where
        member where
          name a
      field
        name window
      field
        name match
      field
        name time
      field
        name over
)");
}

TEST(Parse, Literals) {
  EXPECT_EQ(Parse(R"(const a = f(1_000, 99999999999999999999999, 1.5, 1_0.2_5e-3, 2e9, 5%, 2.5%, true, false, null,
  "a\n\t\"\\\u{e9}\u{1F600}é", 500us, 20ms, 1h30m, 1d2h3m4s5ms6us))"),
            R"(file
  const a
    call f
      int 1000
      int 99999999999999999999999
      float 1.5
      float 10.25e-3
      float 2e9
      percent 5
      percent 2.5
      bool true
      bool false
      null
      string "a\n\t\"\\é😀é"
      duration 500us
      duration 20000us
      duration 5400000000us
      duration 93784005006us
)");
}

TEST(Parse, APercentSignTouchesItsNumber) {
  EXPECT_EQ(Expr("f(5%)"), "f(?)");
  EXPECT_EQ(Parse("rule r { from s where a > 5% emit o { a: 5%, b: 5% } }").find("expected"), std::string::npos);
  EXPECT_EQ(Expr("5%b"), "`%` is not an operator");
  EXPECT_EQ(Expr("5 % b"), "`%` is not an operator");
  EXPECT_EQ(Expr("a%b"), "`%` is not an operator");
  EXPECT_EQ(Expr("5%(b)"), "`%` is not an operator");
  EXPECT_EQ(Expr("1.5%2"), "`%` is not an operator");
}

TEST(Parse, RangesAreNotFloats) {
  EXPECT_EQ(Parse("schema T = avro \"x\" version 1..3"), "file\n  schema T = avro \"x\" version 1..3\n");
  EXPECT_EQ(Parse("schema T = avro \"x\" version 1 .. 3"), "file\n  schema T = avro \"x\" version 1..3\n");
  EXPECT_EQ(Parse("schema T = avro \"x\" version 7..2"), "`7..2` accepts no version\n");
  EXPECT_EQ(Parse("schema T = avro \"x\" version 99999999999999999999"),
            "`99999999999999999999` is not a number: it is too great\n");
}

TEST(Parse, MetaOfAnAliasTouchesIt) {
  EXPECT_EQ(Expr("f(t@time)"), "f(t@time)");
  EXPECT_EQ(Expr("f(@window.start)"), "f((@window.start))");
  EXPECT_EQ(Parse("rule r { from s t emit o { t\n @time } }"), Parse("rule r { from s t emit o { t, @time } }"));
  EXPECT_EQ(Parse("rule r { from s t emit o { t @time } }"),
            "expected an operator, `,` or `}` after `t`, found `@time`\n");
}

TEST(Parse, EveryPairOfPrecedence) {
  // From loose to tight; each line's operators bind alike.
  const std::vector<std::vector<std::string>> levels = {{"or"}, {"and"}, {"=="}, {"??"}, {"+", "-"}, {"*", "/"}};
  for (size_t i = 0; i < levels.size(); ++i) {
    for (size_t j = 0; j < levels.size(); ++j) {
      for (const std::string& f : levels[i]) {
        for (const std::string& s : levels[j]) {
          const std::string text = "a " + f + " b " + s + " c";
          const std::string left = "((a " + f + " b) " + s + " c)";
          const std::string right = "(a " + f + " (b " + s + " c))";
          const bool chain = i == j && f == "==";
          EXPECT_EQ(Expr(text), chain ? "comparisons cannot be chained" : i < j ? right : left) << text;
        }
      }
    }
  }
}

TEST(Parse, PrefixAndPostfix) {
  EXPECT_EQ(Expr("-a.b * c"), "((-(a.b)) * c)");
  EXPECT_EQ(Expr("- -a"), "(-(-a))");
  EXPECT_EQ(Expr("a - -b"), "(a - (-b))");
  EXPECT_EQ(Expr("not a == b and c"), "((not (a == b)) and c)");
  EXPECT_EQ(Expr("not not a or b"), "((not (not a)) or b)");
  EXPECT_EQ(Expr("a?.b.c ?? d"), "(((a?.b).c) ?? d)");
  EXPECT_EQ(Expr("a + b is null"), "((a + b) is null)");
  EXPECT_EQ(Expr("not a is not null"), "(not (a is not null))");
  EXPECT_EQ(Expr("f(a, -b)(c)"), "`(` cannot stand here");
  EXPECT_EQ(Expr("(a + b) * c"), "((a + b) * c)");
  EXPECT_EQ(Expr("a < b == c"), "comparisons cannot be chained");
  EXPECT_EQ(Expr("a is null is null"), "comparisons cannot be chained");
  EXPECT_EQ(Expr("(a < b) == c"), "((a < b) == c)");
}

TEST(Parse, SpansCoverWhatWasWritten) {
  SourceSet sources;
  Diagnostics diagnostics;
  const FileId id = sources.Add("t.rule", "\xEF\xBB\xBFrule r { from s where (a + b) * -c.d emit o { x: f(y) } }");
  const ast::File file = ParseText(sources, id, diagnostics);
  ASSERT_EQ(file.decls.size(), 1U);
  EXPECT_EQ(sources.Text(file.decls[0].span), sources.file(id).text().substr(3));
  const auto& rule = std::get<ast::RuleDecl>(file.decls[0].node);
  const auto& where = std::get<ast::WhereClause>(rule.stages[0]);
  EXPECT_EQ(sources.Text(where.condition->span), "(a + b) * -c.d");
  const auto& product = std::get<ast::BinaryExpr>(where.condition->node);
  EXPECT_EQ(sources.Text(product.op_span), "*");
  EXPECT_EQ(sources.Text(product.left->span), "(a + b)");
  EXPECT_EQ(sources.Text(product.right->span), "-c.d");
  const auto& emit = std::get<ast::EmitClause>(rule.stages[1]);
  EXPECT_EQ(sources.Text(emit.span), "emit o { x: f(y) }");
  EXPECT_EQ(sources.Text(emit.fields[0].value->span), "f(y)");
}

TEST(Parse, AnEmptyFileIsNoMistake) {
  EXPECT_EQ(Parse(""), "file\n");
  EXPECT_EQ(Parse("\xEF\xBB\xBF// only a comment /* \n/* another **/"), "file\n");
}

}  // namespace
}  // namespace rulec
