#include "compiler/parse/settled_tokens.h"

#include "compiler/parse/pieces.h"
#include "compiler/parse/text_to_tokens.h"
#include "compiler/parse/token_context.h"
#include "compiler/parse/token_kinds.h"
#include "grammar/RuleLexer.h"

namespace rulec {
namespace {

using grammar::RuleLexer;

TokenRole RoleOfSign(uint16_t type) {
  switch (type) {
    case RuleLexer::LPAREN: return TokenRole::OpenRound;
    case RuleLexer::LAMBDA_OPEN: return TokenRole::OpenLambda;
    case RuleLexer::RPAREN: return TokenRole::CloseRound;
    case RuleLexer::LBRACKET: return TokenRole::OpenSquare;
    case RuleLexer::RBRACKET: return TokenRole::CloseSquare;
    case RuleLexer::LBRACE: return TokenRole::OpenBrace;
    case RuleLexer::RBRACE: return TokenRole::CloseBrace;
    case RuleLexer::FORMAT_OPEN: return TokenRole::FormatOpen;
    case RuleLexer::FORMAT_TEXT:
    case RuleLexer::FORMAT_SPEC: return TokenRole::FormatPart;
    case RuleLexer::FORMAT_CLOSE: return TokenRole::FormatClose;
    case RuleLexer::HOLE_OPEN: return TokenRole::HoleOpen;
    case RuleLexer::HOLE_CLOSE: return TokenRole::HoleClose;
    case RuleLexer::TYPE_OPEN: return TokenRole::TypeOpen;
    case RuleLexer::TYPE_CLOSE: return TokenRole::TypeClose;
    case RuleLexer::COMMA: return TokenRole::Comma;
    case RuleLexer::SEMICOLON: return TokenRole::Semicolon;
    case RuleLexer::COLON: return TokenRole::Colon;
    case RuleLexer::DOT:
    case RuleLexer::SAFE_DOT: return TokenRole::Dot;
    case RuleLexer::RANGE: return TokenRole::Range;
    case RuleLexer::QUESTION: return TokenRole::Question;
    case RuleLexer::ASSIGN: return TokenRole::Assign;
    case RuleLexer::ARROW: return TokenRole::Arrow;
    case RuleLexer::EQUAL:
    case RuleLexer::NOT_EQUAL:
    case RuleLexer::LESS:
    case RuleLexer::LESS_EQUAL:
    case RuleLexer::GREATER:
    case RuleLexer::GREATER_EQUAL: return TokenRole::Compare;
    case RuleLexer::COALESCE: return TokenRole::Coalesce;
    case RuleLexer::PLUS: return TokenRole::Plus;
    case RuleLexer::MINUS: return TokenRole::Minus;
    case RuleLexer::STAR:
    case RuleLexer::SLASH: return TokenRole::Times;
    case RuleLexer::PIPE: return TokenRole::Pipe;
    case RuleLexer::TILDE: return TokenRole::Tilde;
    case RuleLexer::CLAUSE: return TokenRole::Clause;
    case RuleLexer::NEXT_ITEM: return TokenRole::NextItem;
    default: return TokenRole::Other;
  }
}

TokenRole RoleOf(uint16_t type) {
  if (IsName(type)) return TokenRole::Word;
  switch (type) {
    case RuleLexer::OR: return TokenRole::Or;
    case RuleLexer::AND: return TokenRole::And;
    case RuleLexer::NOT:
    case RuleLexer::NOT_STEP: return TokenRole::Not;
    case RuleLexer::IN:
    case RuleLexer::IS:
    case RuleLexer::LIKE:
    case RuleLexer::MATCHES: return TokenRole::WordCompare;
    case RuleLexer::BETWEEN: return TokenRole::Between;
    case RuleLexer::IF: return TokenRole::If;
    case RuleLexer::THEN: return TokenRole::Then;
    case RuleLexer::ELSE: return TokenRole::Else;
    case RuleLexer::CASE: return TokenRole::Case;
    case RuleLexer::WHERE: return TokenRole::Where;
    case RuleLexer::FILTER: return TokenRole::Filter;
    case RuleLexer::TRUE_:
    case RuleLexer::FALSE_:
    case RuleLexer::NULL_: return TokenRole::Constant;
    case RuleLexer::INT:
    case RuleLexer::FLOAT:
    case RuleLexer::PERCENT:
    case RuleLexer::DURATION:
    case RuleLexer::BAD_NUMBER: return TokenRole::Number;
    case RuleLexer::STRING: return TokenRole::Text;
    case RuleLexer::META: return TokenRole::Meta;
    case RuleLexer::META_OF: return TokenRole::MetaOf;
    case RuleLexer::LABEL: return TokenRole::Label;
    case RuleLexer::BOUND: return TokenRole::Bound;
    case RuleLexer::LAMBDA: return TokenRole::Lambda;
    case RuleLexer::REPEAT: return TokenRole::Repeat;
    default: return RoleOfSign(type);
  }
}

}  // namespace

std::vector<SettledToken> SettledTokens(std::string_view text) {
  Diagnostics ignored;
  const TokenList list = LexText(text, 0, ignored);
  PieceReader reader(list, text, 0, ignored);
  std::vector<SettledToken> settled;
  settled.reserve(list.tokens.size() + list.tokens.size() / 4);
  while (std::optional<Piece> piece = reader.Next()) {
    SettleContext(text, &*piece);
    for (const Token& token : piece->tokens) {
      if (token.type == kEndOfPiece) continue;
      settled.push_back(
          {RoleOf(token.type), token.depth, token.first_on_line, EndsOperand(token.type), token.begin, token.end});
    }
  }
  return settled;
}

}  // namespace rulec
