#include "compiler/parse/token_context.h"

#include "compiler/parse/token_kinds.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using grammar::RuleLexer;

namespace {

// What a bracket holds. Handlers, quantifiers and everything else of later versions is Opaque.
enum class Scope : uint8_t { File, Stream, Rule, Emit, Test, Table, Parentheses, Opaque };

struct Level {
  Scope scope = Scope::File;
  size_t pending_then = 0;  // `if` and `when` without their `then` yet
  size_t open_cases = 0;
};

class ContextSettler {
 public:
  ContextSettler(std::string_view text, Piece* piece) : text_(text), piece_(piece), in_(std::move(piece->tokens)) {
    out_.reserve(in_.size() + in_.size() / 4);
  }

  void Run() {
    for (at_ = 0; at_ < in_.size(); ++at_) Take(in_[at_]);
    piece_->tokens = std::move(out_);
  }

 private:
  uint16_t Type(size_t ahead) const { return at_ + ahead < in_.size() ? in_[at_ + ahead].type : kEndOfPiece; }
  bool OnSameLine(size_t ahead) const { return at_ + ahead < in_.size() && !in_[at_ + ahead].first_on_line; }
  uint16_t Previous() const { return out_.empty() ? uint16_t{0} : out_.back().type; }
  Level& level() { return levels_.back(); }
  const Level& level() const { return levels_.back(); }

  void Take(Token token) {
    if (!token.made && level().scope != Scope::Opaque) {
      if (token.first_on_line || token.type == RuleLexer::NOT) InsertBefore(token);
      if (SplitPercent(token)) return;
      if (token.type == RuleLexer::GREATER_EQUAL && open_types_ > 0) token = SplitGreaterEqual(token);
      token.type = Retype(token);
    } else if (Previous() == RuleLexer::DOT && IsWord(token.type)) {
      token.type = RuleLexer::NAME;
    }
    Count(token.type);
    NoteType(token.type);
    Nest(token.type);
    out_.push_back(token);
  }

  // ---- types ----

  uint16_t Retype(const Token& token) {
    const uint16_t type = token.type;
    const Scope scope = level().scope;
    const bool any_name = IsWord(type) || type == RuleLexer::QUOTED;
    if (any_name && (Previous() == RuleLexer::DOT || Previous() == RuleLexer::SAFE_DOT)) return RuleLexer::NAME;
    if (any_name && Type(1) == RuleLexer::COLON && (scope == Scope::Emit || BeginsArgument())) return RuleLexer::LABEL;
    if (IsName(type) && Type(1) == RuleLexer::ASSIGN && MayBind()) return RuleLexer::BOUND;
    if (IsName(type) && Type(1) == RuleLexer::ARROW) return RuleLexer::LAMBDA;
    if (type == RuleLexer::LPAREN && OpensLambda()) return RuleLexer::LAMBDA_OPEN;
    if (type == RuleLexer::LESS && in_type_) return RuleLexer::TYPE_OPEN;
    if (type == RuleLexer::GREATER && open_types_ > 0) return RuleLexer::TYPE_CLOSE;
    if (type == RuleLexer::META && scope != Scope::File && TouchesName(token)) return RuleLexer::META_OF;
    if (type == RuleLexer::WHERE) {
      if (scope == Scope::Parentheses) return RuleLexer::FILTER;
      if (scope == Scope::Rule && after_emit_block_) return RuleLexer::FILTER;
    }
    if (type == RuleLexer::NOT && IsNotStep(token)) return RuleLexer::NOT_STEP;
    if (type == RuleLexer::NAME && scope == Scope::Table && IsRepeat(token)) return RuleLexer::REPEAT;
    return type;
  }

  // `(a, b) =>`. Stops at the next bracket, so that all of it looks at each token once or twice.
  bool OpensLambda() const {
    size_t ahead = 1;
    for (; IsName(Type(ahead)) || Type(ahead) == RuleLexer::COMMA; ++ahead) {
    }
    return ahead > 1 && Type(ahead) == RuleLexer::RPAREN && Type(ahead + 1) == RuleLexer::ARROW;
  }

  // A type stands behind `is`, and behind the colon of a param and of a function's parameter.
  void NoteType(uint16_t type) {
    switch (type) {
      case RuleLexer::FN:
        in_type_ = false;
        if (level().scope == Scope::File && IsName(Type(1)) && Type(2) == RuleLexer::LPAREN) in_header_ = true;
        break;
      case RuleLexer::ASSIGN: in_header_ = in_type_ = false; break;
      case RuleLexer::IS: in_type_ = true; break;
      case RuleLexer::COLON: in_type_ = in_header_ || level().scope == Scope::File; break;
      case RuleLexer::TYPE_OPEN: ++open_types_; break;
      case RuleLexer::TYPE_CLOSE:
        --open_types_;
        in_type_ = in_type_ && open_types_ > 0;
        break;
      case RuleLexer::NOT:
      case RuleLexer::DOT: break;
      case RuleLexer::COMMA:
      case RuleLexer::LPAREN:
      case RuleLexer::RPAREN:
      case RuleLexer::INT:
      case RuleLexer::QUESTION: in_type_ = in_type_ && open_types_ > 0; break;
      default: in_type_ = in_type_ && IsName(type) && !IsName(Previous());
    }
    if (!in_type_) open_types_ = 0;
  }

  // `x5` behind a cell, at the end of its line.
  bool IsRepeat(const Token& token) const {
    const std::string_view word = TextOf(text_, token);
    if (!EndsOperand(Previous()) || token.first_on_line || word.size() < 2 || word[0] != 'x') return false;
    if (word.find_first_not_of("0123456789", 1) != std::string_view::npos) return false;
    return Type(1) == RuleLexer::RBRACE || !OnSameLine(1);
  }

  bool BeginsArgument() const {
    return level().scope == Scope::Parentheses && (Previous() == RuleLexer::LPAREN || Previous() == RuleLexer::COMMA);
  }

  bool MayBind() const {
    const Scope scope = levels_.back().scope;
    if (scope != Scope::File && scope != Scope::Rule) return false;
    switch (Previous()) {
      case RuleLexer::LET:
      case RuleLexer::CONST:
      case RuleLexer::SCHEMA:
      case RuleLexer::BY:
      case RuleLexer::COMMA:
      case RuleLexer::NEXT_ITEM: return true;
      default: return false;
    }
  }

  bool TouchesName(const Token& token) const {
    return !out_.empty() && out_.back().end == token.begin && IsName(out_.back().type);
  }

  bool IsNotStep(const Token& token) const {
    if (levels_.back().scope != Scope::Rule) return false;
    const uint16_t next = Type(1);
    if (next != RuleLexer::JOIN && next != RuleLexer::THEN && next != RuleLexer::NEXT) return false;
    return token.first_on_line || EndsOperand(Previous()) || Previous() == RuleLexer::CLAUSE;
  }

  // `5%b`: the sign belongs to nothing, which the tree's builder tells.
  bool SplitPercent(const Token& token) {
    if (token.type != RuleLexer::PERCENT || at_ + 1 >= in_.size()) return false;
    const Token& next = in_[at_ + 1];
    if (next.begin != token.end || next.made) return false;
    if (!IsName(next.type) && next.type != RuleLexer::LPAREN && next.type != RuleLexer::INT) return false;
    Token number = token;
    number.end = token.end - 1;
    number.type = TextOf(text_, number).find('.') == std::string_view::npos ? RuleLexer::INT : RuleLexer::FLOAT;
    Token sign = token;
    sign.type = RuleLexer::PERCENT_SIGN;
    sign.begin = token.end - 1;
    sign.first_on_line = false;
    out_.push_back(number);
    out_.push_back(sign);
    return true;
  }

  // `param p : list<long>= …`: what is left of it.
  Token SplitGreaterEqual(const Token& token) {
    Token close = token;
    close.type = RuleLexer::TYPE_CLOSE;
    close.end = token.end - 1;
    NoteType(close.type);
    out_.push_back(close);
    Token assign = token;
    assign.type = RuleLexer::ASSIGN;
    assign.begin = close.end;
    assign.first_on_line = false;
    return assign;
  }

  // ---- line ends ----

  void InsertBefore(const Token& token) {
    if (level().scope == Scope::Rule && IsClause(token)) {
      level().pending_then = level().open_cases = 0;
      Insert(RuleLexer::CLAUSE, token);
    } else if (level().scope == Scope::Rule && token.first_on_line && IsBinding(token)) {
      Insert(RuleLexer::NEXT_ITEM, token);
    } else if (level().scope == Scope::Test && token.first_on_line && IsTestStep(token)) {
      Insert(RuleLexer::CLAUSE, token);
    } else if (level().scope == Scope::Table && token.first_on_line && token.type != RuleLexer::RBRACE) {
      if (Previous() != RuleLexer::LBRACE) Insert(RuleLexer::NEXT_ITEM, token);
    } else if (level().scope == Scope::Emit && token.first_on_line && IsField(token)) {
      Insert(RuleLexer::NEXT_ITEM, token);
    }
  }

  void Insert(uint16_t type, const Token& before) {
    Token token;
    token.type = type;
    token.depth = before.depth;
    token.made = true;
    token.begin = token.end = before.begin;
    out_.push_back(token);
  }

  // Does this word of a rule begin a clause, whatever stands before it? Told by what follows on its line, so that an
  // expression which breaks off at a line's end is told there and not by the next line.
  bool IsClause(const Token& token) const {
    if (token.type == RuleLexer::NOT) return token.first_on_line && IsNotStep(token);
    if (!token.first_on_line) return false;
    if (token.type == RuleLexer::WHERE) return !after_emit_block_;
    if (token.type == RuleLexer::THEN) return levels_.back().pending_then == 0;
    if (!OnSameLine(1)) return false;
    const uint16_t next = Type(1);
    switch (token.type) {
      case RuleLexer::FROM:
      case RuleLexer::LET:
      case RuleLexer::EXPAND:
      case RuleLexer::JOIN:
      case RuleLexer::WINDOW:
      case RuleLexer::STATE:
      case RuleLexer::ON:
      case RuleLexer::TIMER:
      case RuleLexer::RAISE: return IsName(next);
      case RuleLexer::EMIT: return IsName(next) || next == RuleLexer::LBRACE;
      case RuleLexer::HAVING: return BeginsOperand(next) && next != RuleLexer::MINUS && next != RuleLexer::LBRACKET;
      case RuleLexer::DEDUPE: return next == RuleLexer::BY;
      case RuleLexer::LEFT:
      case RuleLexer::ASOF:
      case RuleLexer::LOOKUP: return next == RuleLexer::JOIN;
      case RuleLexer::MATCH:
      case RuleLexer::NEXT: return IsName(next) || next == RuleLexer::LPAREN;
      case RuleLexer::WITHIN: return IsName(next) || next == RuleLexer::DURATION;
      case RuleLexer::AFTER: return next == RuleLexer::MATCH;
      case RuleLexer::TOP: return next == RuleLexer::INT;
      // Nothing goes on like this: a clause with its word mistyped.
      case RuleLexer::NAME:
        return EndsBefore() && (IsName(next) || next == RuleLexer::INT || next == RuleLexer::STRING);
      default: return false;
    }
  }

  bool IsTestStep(const Token& token) const {
    switch (token.type) {
      case RuleLexer::GIVEN:
      case RuleLexer::EXPECT:
      case RuleLexer::WATERMARK: return true;
      // Nothing goes on like this: a step with its word mistyped.
      case RuleLexer::NAME: return EndsBefore() && IsName(Type(1)) && OnSameLine(1);
      default: return false;
    }
  }

  bool EndsBefore() const {
    return EndsOperand(Previous()) || Previous() == RuleLexer::LBRACE || Previous() == RuleLexer::RBRACE;
  }

  bool IsBinding(const Token& token) const {
    if (!IsName(token.type) || Type(1) != RuleLexer::ASSIGN) return false;
    return Previous() != RuleLexer::COMMA && Previous() != RuleLexer::LET && Previous() != RuleLexer::BY;
  }

  bool IsField(const Token& token) const {
    if (Previous() == RuleLexer::LBRACE || Previous() == RuleLexer::COMMA) return false;
    if (Previous() == RuleLexer::DOT || Previous() == RuleLexer::SAFE_DOT) return false;
    const bool any_name = IsWord(token.type) || token.type == RuleLexer::QUOTED;
    if (any_name && Type(1) == RuleLexer::COLON) return true;
    return EndsOperand(Previous()) && BeginsField(token);
  }

  // Reserved words, operators and brackets go on with the field above, and so do the parts of a `case` or an `over`.
  bool BeginsField(const Token& token) const {
    const uint16_t type = token.type;
    if (type == RuleLexer::LPAREN || type == RuleLexer::LBRACKET || type == RuleLexer::MINUS) return false;
    if (type == RuleLexer::NOT) {
      const uint16_t next = Type(1);
      return next != RuleLexer::IN && next != RuleLexer::LIKE && next != RuleLexer::MATCHES &&
             next != RuleLexer::BETWEEN;
    }
    if ((type == RuleLexer::WHEN || type == RuleLexer::END) && levels_.back().open_cases > 0) return false;
    if (type == RuleLexer::OVER) return Type(1) != RuleLexer::DURATION && Type(1) != RuleLexer::INT;
    return BeginsOperand(type);
  }

  // ---- brackets ----

  void Count(uint16_t type) {
    Level& here = level();
    // Where an operand must follow, `when` and `end` are names.
    const bool after_operand =
        Previous() == RuleLexer::CASE || (EndsOperand(Previous()) && Previous() != RuleLexer::WHEN);
    switch (type) {
      case RuleLexer::IF: ++here.pending_then; break;
      case RuleLexer::CASE: ++here.open_cases; break;
      case RuleLexer::WHEN:
        if (here.open_cases > 0 && after_operand) ++here.pending_then;
        break;
      case RuleLexer::THEN:
        if (here.pending_then > 0) --here.pending_then;
        break;
      case RuleLexer::END:
        if (here.open_cases > 0 && after_operand) --here.open_cases;
        break;
      default: break;
    }
    const bool named = IsWord(Type(1)) || Type(1) == RuleLexer::QUOTED || Type(1) == RuleLexer::STRING;
    if (here.scope == Scope::File && IsDeclarationWord(type) && named) declaration_ = type;
  }

  void Nest(uint16_t type) {
    after_emit_block_ = false;
    switch (type) {
      case RuleLexer::LPAREN:
      case RuleLexer::LAMBDA_OPEN:
      case RuleLexer::HOLE_OPEN:
      case RuleLexer::LBRACKET: levels_.push_back({Scope::Parentheses}); break;
      case RuleLexer::LBRACE: levels_.push_back({ScopeOfBrace()}); break;
      case RuleLexer::RPAREN:
      case RuleLexer::RBRACKET:
      case RuleLexer::HOLE_CLOSE:
      case RuleLexer::RBRACE:
        after_emit_block_ = level().scope == Scope::Emit;
        if (levels_.size() > 1) levels_.pop_back();
        break;
      default: break;
    }
  }

  Scope ScopeOfBrace() const {
    const Scope scope = levels_.back().scope;
    if (scope == Scope::File) {
      if (declaration_ == RuleLexer::RULE || declaration_ == RuleLexer::DERIVE) return Scope::Rule;
      if (declaration_ == RuleLexer::TEST) return Scope::Test;
      return declaration_ == RuleLexer::STREAM ? Scope::Stream : Scope::Opaque;
    }
    if (scope == Scope::Test) return Scope::Table;
    if (scope != Scope::Rule || out_.empty()) return Scope::Opaque;
    if (Previous() == RuleLexer::EMIT) return Scope::Emit;
    const bool named = IsName(Previous()) && out_.size() >= 2 && out_[out_.size() - 2].type == RuleLexer::EMIT;
    return named ? Scope::Emit : Scope::Opaque;
  }

  const std::string_view text_;
  Piece* const piece_;
  const std::vector<Token> in_;
  std::vector<Token> out_;
  std::vector<Level> levels_ = {{}};
  size_t at_ = 0;
  uint16_t declaration_ = 0;
  bool in_header_ = false;         // of a function: what stands behind a colon is a type
  bool in_type_ = false;           // here `<` holds the arguments of a type
  size_t open_types_ = 0;          // `<` of the type without their `>` yet
  bool after_emit_block_ = false;  // the token before closed an emit's block
};

}  // namespace

void SettleContext(std::string_view text, Piece* piece) { ContextSettler(text, piece).Run(); }

}  // namespace rulec
