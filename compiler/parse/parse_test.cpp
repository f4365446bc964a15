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

std::string ShowType(const ast::TypeRef& type) {
  std::string out = type.name.text;
  for (const std::string& number : type.numbers) out += "/" + number;
  for (const ast::TypeRef& argument : type.arguments) out += "<" + ShowType(argument) + ">";
  return out + (type.nullable ? "?" : "");
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
          for (size_t i = 0; i < e.arguments.size(); ++i) {
            const ast::Argument& argument = e.arguments[i];
            if (i > 0) out += ", ";
            if (argument.name) out += argument.name->text + ": ";
            if (argument.key) out += Show(argument.key) + ": ";
            out += Show(argument.value);
          }
          return out + ")";
        }
        if constexpr (std::is_same_v<T, ast::StringLiteral>) return "\"" + e.value + "\"";
        if constexpr (std::is_same_v<T, ast::IsTypeExpr>) {
          return "(" + Show(e.operand) + (e.negated ? " is not " : " is ") + ShowType(e.type) + ")";
        }
        if constexpr (std::is_same_v<T, ast::RelationExpr>) {
          constexpr std::string_view kWords[] = {"in", "like", "matches"};
          return "(" + Show(e.left) + (e.negated ? " not " : " ") + std::string(kWords[static_cast<size_t>(e.op)]) +
                 " " + Show(e.right) + ")";
        }
        if constexpr (std::is_same_v<T, ast::BetweenExpr>) {
          return "(" + Show(e.operand) + (e.negated ? " not" : "") + " between " + Show(e.low) + " and " +
                 Show(e.high) + ")";
        }
        if constexpr (std::is_same_v<T, ast::ListExpr>) {
          std::string out = "[";
          for (size_t i = 0; i < e.items.size(); ++i) out += (i == 0 ? "" : ", ") + Show(e.items[i]);
          return out + "]";
        }
        if constexpr (std::is_same_v<T, ast::IndexExpr>) return Show(e.object) + "[" + Show(e.index) + "]";
        if constexpr (std::is_same_v<T, ast::SliceExpr>) {
          return Show(e.object) + "[" + (e.from ? Show(e.from) : "") + ".." + (e.to ? Show(e.to) : "") + "]";
        }
        if constexpr (std::is_same_v<T, ast::LambdaExpr>) {
          std::string out = "(";
          for (const ast::Name& name : e.parameters) out += name.text + " ";
          return out + "=> " + Show(e.body) + ")";
        }
        if constexpr (std::is_same_v<T, ast::IfExpr>) {
          return "(if " + Show(e.condition) + " then " + Show(e.then) + " else " + Show(e.otherwise) + ")";
        }
        if constexpr (std::is_same_v<T, ast::CaseExpr>) {
          std::string out = "(case";
          for (const ast::CaseBranch& b : e.branches) out += " when " + Show(b.condition) + " then " + Show(b.value);
          return out + (e.otherwise ? " else " + Show(e.otherwise) : "") + " end)";
        }
        if constexpr (std::is_same_v<T, ast::FormatExpr>) {
          std::string out = "f<";
          for (const ast::FormatPart& part : e.parts) {
            out += part.value ? "{" + Show(part.value) + (part.spec ? ":" + *part.spec : "") + "}" : part.text;
          }
          return out + ">";
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

TEST(Parse, WordsThatCompare) {
  EXPECT_EQ(Expr("a in b and c not in d"), "((a in b) and (c not in d))");
  EXPECT_EQ(Expr("a + 1 like b ?? c"), "((a + 1) like (b ?? c))");
  EXPECT_EQ(Expr("not a not matches \"x\""), "(not (a not matches \"x\"))");
  EXPECT_EQ(Expr("a between b and c and d"), "((a between b and c) and d)");
  EXPECT_EQ(Expr("a not between b + 1 and c ?? d or e"), "((a not between (b + 1) and (c ?? d)) or e)");
  EXPECT_EQ(Expr("a in [1, b]"), "(a in [1, b])");
  EXPECT_EQ(Expr("a is Trade and b"), "((a is Trade) and b)");
  EXPECT_EQ(Expr("a is not market.Side or b < c"), "((a is not market.Side) or (b < c))");
  EXPECT_EQ(Expr("a is list<map<decimal(10, 2)?>> and b > c"), "((a is list<map<decimal/10/2?>>) and (b > c))");
  EXPECT_EQ(Expr("a ?? b is null"), "((a ?? b) is null)");
  EXPECT_EQ(Expr("a in b in c"), "comparisons cannot be chained");
  EXPECT_EQ(Expr("a is Foo == b"), "comparisons cannot be chained");
  EXPECT_EQ(Expr("a between b and c == d"), "comparisons cannot be chained");
  EXPECT_EQ(Expr("a in b ?? c"), "(a in (b ?? c))");
}

TEST(Parse, IfCaseAndLambdasReachFarRight) {
  EXPECT_EQ(Expr("if a then b else c or d"), "(if a then b else (c or d))");
  EXPECT_EQ(Expr("if a then if b then c else d else e"), "(if a then (if b then c else d) else e)");
  EXPECT_EQ(Expr("if a then b else if c then d else e"), "(if a then b else (if c then d else e))");
  EXPECT_EQ(Expr("1 + (if a then b else c)"), "(1 + (if a then b else c))");
  EXPECT_EQ(Expr("case when a then b end"), "(case when a then b end)");
  EXPECT_EQ(Expr("case when a then b when c or d then e else f end + 1"),
            "((case when a then b when (c or d) then e else f end) + 1)");
  EXPECT_EQ(Expr("case when case when a then b end then c else if d then e else f end"),
            "(case when (case when a then b end) then c else (if d then e else f) end)");
  EXPECT_EQ(Expr("any(xs, t => t.name == \"x\" or b)"), "any(xs, (t => (((t.name) == \"x\") or b)))");
  EXPECT_EQ(Expr("fold(xs, 0, (a, b) => a + b)"), "fold(xs, 0, (a b => (a + b)))");
  EXPECT_EQ(Expr("f((a) => a, (b))"), "f((a => a), b)");
  EXPECT_EQ(Expr("a => b => a + b"), "(a => (b => (a + b)))");
  EXPECT_EQ(Expr("f((end, then_) => end)"), "f((end then_ => end))");
}

TEST(Parse, ListsIndexesAndSlices) {
  EXPECT_EQ(Expr("[]"), "[]");
  EXPECT_EQ(Expr("[1, [a, b], c == d]"), "[1, [a, b], (c == d)]");
  EXPECT_EQ(Expr("xs[0].a[b + 1]"), "(xs[0].a)[(b + 1)]");
  EXPECT_EQ(Expr("xs[1..3]"), "xs[1..3]");
  EXPECT_EQ(Expr("xs[1..]"), "xs[1..]");
  EXPECT_EQ(Expr("xs[..n - 1]"), "xs[..(n - 1)]");
  EXPECT_EQ(Expr("xs[..]"), "xs[..]");
  EXPECT_EQ(Expr("xs[a..b][0]"), "xs[a..b][0]");
  EXPECT_EQ(Expr("f(@headers[\"x\"])"), "f(@headers[\"x\"])");
  EXPECT_EQ(Expr("f(x)[0]?.b ?? [1][0]"), "((f(x)[0]?.b) ?? [1][0])");
  EXPECT_EQ(Expr("xs[0, 1]"), "expected `]` or `..` after `0`, found `,`");
}

TEST(Parse, NamesAndKeysOfArguments) {
  EXPECT_EQ(Expr("record(a: 1, in: b, `x y`: c)"), "record(a: 1, in: b, x y: c)");
  EXPECT_EQ(Expr("map(\"k\": v, a + b: 2)"), "map(\"k\": v, (a + b): 2)");
  EXPECT_EQ(Expr("round(x, digits: 2)"), "round(x, digits: 2)");
  EXPECT_EQ(Expr("record(a: b < c, d: e > f)"), "record(a: (b < c), d: (e > f))");
}

TEST(Parse, FormattedStrings) {
  EXPECT_EQ(Expr("f\"\""), "f<>");
  EXPECT_EQ(Expr("f\"{symbol} moved {change:.1%}\""), "f<{symbol} moved {change:.1%}>");
  EXPECT_EQ(Expr("f\"a{{b}}\\n{c}\""), "f<a{b}\n{c}>");
  EXPECT_EQ(Expr("f\"{m[\"k\"]} {f(\"}\", \"{\")}\""), "f<{m[\"k\"]} {f(\"}\", \"{\")}>");
  EXPECT_EQ(Expr("f\"{f\"<{a}>\" + b:>10}|\""), "f<{(f<<{a}>> + b):>10}|>");
  EXPECT_EQ(Expr("f\"{record(a: 1).a:,.2}\""), "f<{(record(a: 1).a):,.2}>");
  EXPECT_EQ(Expr("f\"{t:%Y-%m-%d %H:%M}\""), "f<{t:%Y-%m-%d %H:%M}>");
  EXPECT_EQ(Expr("f\"{if a then b else c}\""), "f<{(if a then b else c)}>");
  EXPECT_EQ(Expr("f\"{a:}\""), "f<{a:}>");
  EXPECT_EQ(Expr("f\"{{{a}}}\""), "f<{{a}}>");
  EXPECT_EQ(Expr("f \"x\""), "expected an operator or a declaration after `f`, found `\"x\"`");
  EXPECT_EQ(Expr("f\"{a b}\""), "expected `:` or `}` after `a`, found `b`");
  EXPECT_EQ(Expr("f\"{}\""), "expected an expression after `{`, found `}`");
  EXPECT_EQ(Expr("f\"{:x}\""), "expected an expression after `{`, found `:x`");
  EXPECT_EQ(Expr("f\"{a + }\""), "expected an expression after `+`, found `}`");
  EXPECT_EQ(Expr("f\"{(a}\""), "`(` is not closed");
  EXPECT_EQ(Expr("f\"{a)}\""), "`)` closes nothing");
  EXPECT_EQ(Expr("f\"{a\""), "`{` is not closed");
  EXPECT_EQ(Expr("f\"a}\""), "a single `}` in a formatted string");
  EXPECT_EQ(Expr("f\"{a"), "a string is not closed");
  EXPECT_EQ(Expr("f\"\\q\""), "`\\q` is not an escape of a string");
  EXPECT_EQ(Expr("f\"\\u{41}{a}\\u{1F600}\""), "f<A{a}\U0001F600>");
  EXPECT_EQ(Expr("f\"{f\"\\u{7D}\"}\""), "f<{f<}>}>");
  EXPECT_EQ(Expr("f\"\\u{110000}\""), "`\\u{110000}` is not an escape of a string");
  EXPECT_EQ(Expr("f\"{a /* b}\""), "a comment is not closed");
}

TEST(Parse, FunctionsDerivedStreamsAndExpand) {
  EXPECT_EQ(Parse(R"(
const grace = 5s
stream trades : Trade { time at watermark grace idle 30s lateness grace }
fn spread(a: double, b: list<map<long?>>?) = abs(a - b) / a
fn one() = 1
/// Only the lines.
derive lines @version(1 + 1) {
  from orders o
  where o.open
  expand o.lines as l partition by l.sku, k = o.id
  where l.n > 0
  expand l.taxes as tax
  let x = l.n
  emit { l.sku, x } where x > 1
}
)"),
            R"(file
  const grace
    duration 5000000us
  stream trades : Trade
    time at
    watermark grace
    idle 30000000us
    lateness grace
  fn spread
    parameter a : double
    parameter b : list<map<long?>>?
    body
      binary /
        call abs
          binary -
            name a
            name b
        name a
  fn one
    body
      int 1
  derive lines
    doc "Only the lines."
    annotation @version
      binary +
        int 1
        int 1
    from orders as o
    where
      member open
        name o
    expand as l
      member lines
        name o
      key
        member sku
          name l
      key k
        member id
          name o
    where
      binary >
        member n
          name l
        int 0
    expand as tax
      member taxes
        name l
    let x
      member n
        name l
    emit
      field
        member sku
          name l
      field
        name x
      where
        binary >
          name x
          int 1
)");
}

TEST(Parse, Tests) {
  EXPECT_EQ(Parse(R"(
test "a jump" for r {
  given trades {
    @time  | symbol | buyer.country | price    // of four columns
    0ms    | "A"    | null          | -1.5

    +100ms | "A"    | f("x",
                        "y")        | x5      x5
  }
  given quotes = "quotes.csv"
  watermark 10s
  expect alerts {
    symbol | opened
    "A"    | 100.0 ~ 0.001
  }
  expect some errors { cause }
  expect none rest
  expect none
  expect errors
  expect some
}
)"),
            R"(file
  test "a jump" for r
    given trades
      columns @time symbol buyer.country price
      row
        cell
          duration 0us
        cell
          string "A"
        cell
          null
        cell
          unary -
            float 1.5
      row x5
        cell +
          duration 100000us
        cell
          string "A"
        cell
          call f
            string "x"
            string "y"
        cell
          name x5
    given quotes = "quotes.csv"
    watermark
      duration 10000000us
    expect alerts
      columns symbol opened
      row
        cell
          string "A"
        cell
          float 100.0
          tolerance
            float 0.001
    expect some errors
      columns cause
    expect none rest
    expect none
    expect some errors
    expect some
)");
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
