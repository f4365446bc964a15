#include "compiler/parse/nesting.h"

#include "grammar/RuleLexer.h"

namespace rulec {
namespace {

using grammar::RuleLexer;

// What recurses without a bracket is counted for each bracket level by itself: runs of prefix operators, `if`, `case`,
// lambdas, the `<` of types. The count starts again only at tokens that no expression of that level goes across, since
// a count that starts again too early would let the parser overflow its stack.
class Counter {
 public:
  bool Take(const Token& token) {
    const uint16_t previous = std::exchange(previous_, token.type);
    switch (token.type) {
      case RuleLexer::LPAREN:
      case RuleLexer::LBRACKET:
      case RuleLexer::LBRACE:
        levels_.push_back(0);
        ++deep_;
        break;
      case RuleLexer::RPAREN:
      case RuleLexer::RBRACKET: Close(); break;
      case RuleLexer::RBRACE:
        Close();
        StartAgain();
        break;
      case RuleLexer::NOT:
      case RuleLexer::BANG:
      case RuleLexer::MINUS:
        if (previous == RuleLexer::NOT || previous == RuleLexer::BANG || previous == RuleLexer::MINUS) Deeper();
        break;
      case RuleLexer::IF:
      case RuleLexer::CASE:
      case RuleLexer::ARROW: Deeper(); break;
      case RuleLexer::LESS:
        if (levels_.size() == 1) Deeper();
        break;
      case RuleLexer::COMMA:
        // Outside of brackets a comma stands between the arguments of a type, which may nest on.
        if (levels_.size() > 1) StartAgain();
        break;
      case RuleLexer::COLON:
      case RuleLexer::WHERE:
      case RuleLexer::FILTER:
      case RuleLexer::CLAUSE:
      case RuleLexer::NEXT_ITEM: StartAgain(); break;
      default: break;
    }
    return deep_ <= kMaxNesting;
  }

 private:
  void Deeper() {
    ++levels_.back();
    ++deep_;
  }
  void StartAgain() {
    deep_ -= levels_.back();
    levels_.back() = 0;
  }
  void Close() {
    StartAgain();
    if (levels_.size() == 1) return;
    levels_.pop_back();
    --deep_;
  }

  std::vector<size_t> levels_ = {0};
  size_t deep_ = 0;
  uint16_t previous_ = 0;
};

}  // namespace

const Token* FindTooDeep(const std::vector<Token>& tokens) {
  Counter counter;
  for (const Token& token : tokens) {
    if (!counter.Take(token)) return &token;
  }
  return nullptr;
}

}  // namespace rulec
