#include "compiler/parse/nesting.h"

#include "grammar/RuleLexer.h"

namespace rulec {
namespace {

using grammar::RuleLexer;

// What recurses without a bracket is counted for each bracket level by itself: runs of prefix operators, `if`, `case`,
// lambdas, the `<` of types (with the `>` not taken off: a type has few of them). The count starts again only at tokens
// that no expression of that level goes across, since a count that starts again too early would let the parser overflow
// its stack.
class Counter {
 public:
  bool Take(const Token& token) {
    const uint16_t previous = std::exchange(previous_, token.type);
    switch (token.type) {
      case RuleLexer::LPAREN:
      case RuleLexer::LAMBDA_OPEN:
      case RuleLexer::HOLE_OPEN:
      case RuleLexer::LBRACKET:
      case RuleLexer::LBRACE:
        levels_.push_back(0);
        ++deep_;
        break;
      case RuleLexer::RPAREN:
      case RuleLexer::HOLE_CLOSE:
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
      case RuleLexer::TYPE_OPEN:
        ++open_types_;
        Deeper();
        break;
      case RuleLexer::COMMA:
        // Between the arguments of a type, which may nest on, it ends nothing.
        if (open_types_ == 0) StartAgain();
        break;
      case RuleLexer::TYPE_CLOSE:
        if (open_types_ > 0) --open_types_;
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
    open_types_ = 0;
  }
  void Close() {
    StartAgain();
    if (levels_.size() == 1) return;
    levels_.pop_back();
    --deep_;
  }

  std::vector<size_t> levels_ = {0};
  size_t deep_ = 0;
  size_t open_types_ = 0;  // `<` of types without their `>` yet
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
