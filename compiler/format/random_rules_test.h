// Random rule files for tests: every kind of node, with spaces, line ends and comments wherever they may stand.
#pragma once

#include <random>
#include <string>

namespace rulec::format {

class RandomRules {
 public:
  explicit RandomRules(unsigned seed, bool comments = true) : random_(seed), comments_(comments) {}

  std::string File() {
    out_ = Maybe(3) ? "package p.q\n" : "";
    const size_t count = 1 + Below(4);
    for (size_t i = 0; i < count; ++i) Declaration(i);
    return out_;
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  bool Maybe(size_t one_in) { return Below(one_in) == 0; }
  template <size_t n>
  std::string Pick(const char* const (&words)[n]) {
    return words[Below(n)];
  }

  // ---- space ----

  void Put(const std::string& text) { out_ += text; }
  // Any space at all, with comments.
  void Any() {
    if (!comments_) return Put(Maybe(8) && (brackets_ > 0 || free_) ? "\n" : " ");
    switch (Below(brackets_ > 0 || free_ ? 12 : 8)) {
      case 0: Put("  "); break;
      case 1: Put(" /* a  b */ "); break;
      case 8: Put("\n"); break;
      case 9: Put("\n\n      "); break;
      case 10: Put(" // to the end, really\n"); break;
      case 11: Put("\n  // alone\n /* x\n  y */\n "); break;
      default: Put(" ");
    }
  }
  // On the same line, where nothing but a comment can stand.
  void Inline() {
    if (comments_ && Maybe(12)) Put(" /* i */ ");
  }
  void Same() { Put(Maybe(4) ? "   " : " "); }
  // Around an operator: the expression goes on over the line's end.
  void AroundOperator() {
    const bool before = free_;
    free_ = true;
    Any();
    free_ = before;
  }
  void Line() {
    if (comments_) return CommentedLine();
    Put(Maybe(4) ? "\n\n" : "\n");
  }
  void CommentedLine() { Put(Maybe(5) ? " // c\n\n" : Maybe(5) ? "\n\n\n  " : Maybe(4) ? "\n  // above\n  " : "\n  "); }

  // ---- expressions ----

  std::string Name() {
    return Pick({"a", "bb", "symbol", "price_of_it", "window", "matched", "end", "`x y`", "value", "q"});
  }
  std::string Leaf() {
    return Pick({"1", "1_000", "2.5", "5%", "1h30m", "true", "null", "\"t, ; x\"", "@time", "a", "bb",
                 "long_name_of_it", "f\"a {b :.1%} {{}} {m[\"k\"]}\"", "f(t@time)", "a.b", "a?.where",
                 "@headers[\"x\"]"});
  }

  void Operand(size_t depth) {
    if (depth == 0 || Below(5) < 3) {
      Put(Leaf());
      return;
    }
    switch (Below(9)) {
      case 0: Bracketed("(", ")", [&] { Expression(depth - 1); }); break;
      case 1: Bracketed("[", "]", [&] { List(depth); }); break;
      case 2:
        Put(Name());
        Bracketed("(", ")", [&] { Arguments(depth); });
        break;
      case 3:
        Put("xs");
        Bracketed("[", "]", [&] { Expression(depth - 1); });
        break;
      case 4:
        Put("xs");
        Bracketed("[", "]", [&] { Slice(depth); });
        break;
      case 5: Case(depth); break;
      case 6:
        Put("- ");
        Operand(depth - 1);
        break;
      case 7:
        Put("any");
        Bracketed("(", ")", [&] {
          Put("xs,");
          Any();
          Put(Maybe(2) ? "t =>" : "(t, u)  =>");
          Any();
          Expression(depth - 1);
        });
        break;
      default:
        Put("count(xs)");
        if (Maybe(2)) Put(".rest");
    }
  }

  template <class Inner>
  void Bracketed(const char* open, const char* close, Inner inner) {
    Put(open);
    ++brackets_;
    if (Maybe(3)) Any();
    inner();
    if (Maybe(3)) Any();
    --brackets_;
    Put(close);
  }

  // Lines do not break around `..`, so its operands stay short where lines are measured.
  void Slice(size_t depth) {
    if (!comments_) depth = 1;
    if (Maybe(2)) Expression(depth - 1);
    Put(Maybe(2) ? ".." : " .. ");
    if (Maybe(2)) Expression(depth - 1);
  }

  void List(size_t depth) {
    for (size_t i = Below(4); i > 0; --i) {
      Expression(depth - 1);
      if (i > 1) Comma();
    }
  }

  void Arguments(size_t depth) {
    for (size_t i = Below(4); i > 0; --i) {
      if (Maybe(3)) Put(Maybe(2) ? "digits : " : "\"k\":");
      Expression(depth - 1);
      if (i > 1) Comma();
    }
  }

  void Comma() {
    if (Maybe(3)) Any();
    Put(",");
    Any();
  }

  void Case(size_t depth) {
    Put("case");
    for (size_t i = 1 + Below(2); i > 0; --i) {
      AroundOperator();
      Put("when ");
      Expression(depth - 1);
      AroundOperator();
      Put("then ");
      Expression(depth - 1);
    }
    AroundOperator();
    if (Maybe(2)) {
      Put("else ");
      Expression(depth - 1);
      AroundOperator();
    }
    Put("end");
  }

  void Compared(size_t depth) {
    Sum(depth);
    switch (Below(8)) {
      case 0: Operator(Pick({"==", "!=", "<", "<=", ">", ">="})); break;
      case 1: Operator(Pick({"in", "not in", "like", "not like", "matches", "not  matches"})); break;
      case 2: Put(Maybe(2) ? " is null" : " is  not null"); return;
      case 3: Put(Maybe(2) ? " is list<map<long?>>" : " is not market.Side"); return;
      case 4:
        Operator(Maybe(2) ? "between" : "not between");
        Sum(depth);
        Operator("and");
        break;
      default: return;
    }
    Sum(depth);
  }

  void Operator(const std::string& sign) {
    AroundOperator();
    Put(sign);
    AroundOperator();
  }

  void Sum(size_t depth) {
    Operand(depth);
    for (size_t i = Maybe(2) ? Below(3) : 0; i > 0; --i) {
      Operator(Pick({"+", "-", "*", "/", "??"}));
      Operand(depth);
    }
  }

  void Expression(size_t depth) {
    if (depth > 0 && Maybe(8)) {
      Put("if ");
      Expression(depth - 1);
      Operator("then");
      Expression(depth - 1);
      Operator("else");
      Expression(depth - 1);
      return;
    }
    for (size_t i = Maybe(2) ? 1 + Below(3) : 1; i > 0; --i) {
      if (Maybe(5)) Put("not ");
      Compared(depth);
      if (i > 1) Operator(Pick({"and", "or"}));
    }
  }

  // ---- declarations ----

  void Declaration(size_t number) {
    const std::string name = "d" + std::to_string(number);
    switch (Below(7)) {
      case 0:
        Put("const " + name);
        Inline();
        Put("=");
        Expression(3);
        break;
      case 1: Put("param " + name + ":list<map<long?>>= null"); break;
      case 2:
        Put("stream " + name + ":T{time a.b;watermark  5s" + (Maybe(2) && comments_ ? "\n // x\n idle 1m ; }" : "}"));
        break;
      case 3:
        Put("fn " + name + "(a:long,  b : map<list<double>>)=");
        Expression(3);
        break;
      case 4: Test(); break;
      default: Rule(name);
    }
    Line();
    Put("\n");
  }

  void Rule(const std::string& name) {
    const bool derived = Maybe(4);
    Inline();
    Put((derived ? "derive " : "rule ") + name + (Maybe(2) ? "  @version( 1+1 )@quiet" : ""));
    Inline();
    Put("{");
    Line();
    Inline();
    Put("from s t partition by a , k");
    Inline();
    Put("=b");
    Line();
    Inline();
    if (Maybe(3)) Put("expand t.xs as l  partition by l.k");
    Line();
    for (size_t i = Below(3); i > 0; --i) {
      if (Maybe(2)) {
        Put("where ");
        Inline();
        Expression(2);
      } else {
        Inline();
        Put("let ");
        Inline();
        Bindings();
      }
      Line();
    }
    for (size_t i = derived ? 1 : 1 + Below(2); i > 0; --i) Emit(derived);
    Put("}");
  }

  void Bindings() {
    for (size_t i = 1 + Below(3); i > 0; --i) {
      Put(Pick({"one", "two_long", "`th ree`"}));
      Inline();
      Put(" =");
      Same();
      Inline();
      Expression(2);
      if (i == 1) return;
      Inline();
      if (Maybe(2)) Put(",");
      Put(Maybe(2) || !comments_ ? "\n" : " // binding\n");
    }
  }

  void Emit(bool derived) {
    Inline();
    Put(derived ? "emit" : "emit o ");
    Inline();
    Put("{");
    if (Maybe(2)) Line();
    for (size_t i = 1 + Below(4); i > 0; --i) {
      if (Maybe(2)) {
        Put(Pick({"label", "where ", "`x`"}));
        Inline();
        Put(": ");
      }
      Expression(2);
      if (i == 1) break;
      // A field that begins with a sign goes on with the field above, if no comma stands between.
      Put(",");
      if (Maybe(2)) Line();
    }
    if (Maybe(3)) Line();
    Inline();
    Put("}");
    if (Maybe(3)) {
      Inline();
      Put(" where ");
      Expression(1);
    }
    Line();
  }

  void Test() {
    Put("test \"t\" for r");
    Inline();
    Put("{\n given s");
    Inline();
    Put("{\n @time");
    Inline();
    Put("|a.b | c\n 0ms | 1");
    Inline();
    Put("| \"x\"");
    Inline();
    Put(" x5 // five\n\n // row\n+1s|-1 ~ 0.5|[1,2]\n");
    Inline();
    Put("}");
    Line();
    if (Maybe(2)) Put("watermark  10s\n given q=\"f\"\n");
    Put(Maybe(2) ? "expect some o {a}" : "expect none");
    Line();
    Put("}");
  }

  std::mt19937 random_;
  const bool comments_;
  std::string out_;
  size_t brackets_ = 0;
  bool free_ = false;
};

}  // namespace rulec::format
