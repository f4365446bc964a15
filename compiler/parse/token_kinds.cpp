#include "compiler/parse/token_kinds.h"

#include <algorithm>
#include <array>
#include <string>

#include "grammar/RuleLexer.h"

namespace rulec {

using grammar::RuleLexer;

// The types are numbered in the order of RuleLexer.g4: reserved words first, then the others, then NAME.
static_assert(RuleLexer::AND < RuleLexer::NULL_ && RuleLexer::NULL_ < RuleLexer::PACKAGE &&
              RuleLexer::PACKAGE < RuleLexer::END && RuleLexer::END + 1 == RuleLexer::NAME);

bool IsReservedWord(uint16_t type) { return type >= RuleLexer::AND && type <= RuleLexer::NULL_; }

bool IsReservedText(std::string_view word) {
  static const RuleLexer lexer(nullptr);  // any gives the words, which are static
  for (uint16_t type = RuleLexer::AND; IsReservedWord(type); ++type) {
    const std::string literal = lexer.getVocabulary().getLiteralName(type);
    if (literal.size() > 2 && word == std::string_view(literal).substr(1, literal.size() - 2)) return true;
  }
  return false;
}

bool IsWord(uint16_t type) { return type >= RuleLexer::AND && type <= RuleLexer::NAME; }

bool IsName(uint16_t type) {
  return (type >= RuleLexer::PACKAGE && type <= RuleLexer::NAME) || type == RuleLexer::QUOTED ||
         type == RuleLexer::OPEN_QUOTED;
}

bool IsDeclarationWord(uint16_t type) {
  switch (type) {
    case RuleLexer::PACKAGE:
    case RuleLexer::IMPORT:
    case RuleLexer::SCHEMA:
    case RuleLexer::STREAM:
    case RuleLexer::CONST:
    case RuleLexer::PARAM:
    case RuleLexer::OUTPUT:
    case RuleLexer::RULE:
    case RuleLexer::TABLE:
    case RuleLexer::FN:
    case RuleLexer::DERIVE:
    case RuleLexer::TEST: return true;
    default: return false;
  }
}

bool IsWordOfRules(std::string_view word) {
  constexpr std::array<std::string_view, 26> kWords = {
      "and",  "or",   "not",  "in",     "is",   "like",  "matches", "between", "if",
      "then", "else", "case", "where",  "true", "false", "null",    "from",    "partition",
      "by",   "let",  "emit", "expand", "as",   "when",  "end",     "limit"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

namespace {

bool IsLiteral(uint16_t type) {
  switch (type) {
    case RuleLexer::TRUE_:
    case RuleLexer::FALSE_:
    case RuleLexer::NULL_:
    case RuleLexer::INT:
    case RuleLexer::FLOAT:
    case RuleLexer::PERCENT:
    case RuleLexer::DURATION:
    case RuleLexer::BAD_NUMBER:
    case RuleLexer::STRING:
    case RuleLexer::OPEN_STRING: return true;
    default: return false;
  }
}

}  // namespace

bool EndsOperand(uint16_t type) {
  return IsName(type) || IsLiteral(type) || type == RuleLexer::META || type == RuleLexer::META_OF ||
         type == RuleLexer::RPAREN || type == RuleLexer::RBRACKET || type == RuleLexer::FORMAT_CLOSE ||
         type == RuleLexer::TYPE_CLOSE || type == RuleLexer::QUESTION;
}

bool BeginsOperand(uint16_t type) {
  return IsName(type) || IsLiteral(type) || type == RuleLexer::META || type == RuleLexer::LPAREN ||
         type == RuleLexer::LBRACKET || type == RuleLexer::MINUS || type == RuleLexer::NOT || type == RuleLexer::BANG ||
         type == RuleLexer::IF || type == RuleLexer::CASE || type == RuleLexer::LAMBDA ||
         type == RuleLexer::LAMBDA_OPEN || type == RuleLexer::FORMAT_OPEN;
}

}  // namespace rulec
