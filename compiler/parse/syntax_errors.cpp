#include "compiler/parse/syntax_errors.h"

#include <algorithm>

#include "compiler/parse/token_kinds.h"
#include "grammar/RuleLexer.h"
#include "grammar/RuleParser.h"

namespace rulec {

using antlr4::misc::IntervalSet;
using grammar::RuleLexer;
using grammar::RuleParser;

namespace {

constexpr size_t kLongestQuote = 40;

// The lists of which one item may be wrong without the others.
bool IsList(size_t rule) {
  return rule == RuleParser::RuleRuleBody || rule == RuleParser::RuleEmitBlock || rule == RuleParser::RuleStreamBlock ||
         rule == RuleParser::RuleTestBody || rule == RuleParser::RuleTable;
}

bool IsItem(size_t rule) {
  return rule == RuleParser::RuleClause || rule == RuleParser::RuleField || rule == RuleParser::RuleStreamOption ||
         rule == RuleParser::RuleTestStep || rule == RuleParser::RuleRow;
}

size_t ListOf(size_t item) {
  switch (item) {
    case RuleParser::RuleClause: return RuleParser::RuleRuleBody;
    case RuleParser::RuleField: return RuleParser::RuleEmitBlock;
    case RuleParser::RuleTestStep: return RuleParser::RuleTestBody;
    case RuleParser::RuleRow: return RuleParser::RuleTable;
    default: return RuleParser::RuleStreamBlock;
  }
}

// Any parser gives it; it is a static of the generated class.
const antlr4::dfa::Vocabulary& Vocabulary() {
  static const RuleLexer lexer(nullptr);
  return lexer.getVocabulary();
}

std::string_view TokenWords(size_t type) {
  switch (type) {
    case RuleLexer::NAME: return "a name";
    case RuleLexer::INT: return "a whole number";
    case RuleLexer::FORMAT_SPEC: return "`:`";
    case RuleLexer::HOLE_CLOSE: return "`}`";
    case RuleLexer::TYPE_OPEN: return "`<`";
    case RuleLexer::TYPE_CLOSE: return "`>`";
    case RuleLexer::STRING: return "a string in quotes";
    case antlr4::Token::EOF: return "the end of the file";
    default: return {};
  }
}

bool StreamOptionWord(uint16_t type) {
  return type == RuleLexer::TIME || type == RuleLexer::WATERMARK || type == RuleLexer::IDLE ||
         type == RuleLexer::LATENESS;
}

}  // namespace

void SyntaxErrors::sync(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  antlr4::atn::ATNState* state = parser->getATN().states[parser->getState()];
  const IntervalSet next = parser->getATN().nextTokens(state);
  if (next.contains(antlr4::Token::EPSILON) || next.contains(parser->getTokenStream()->LA(1))) return;
  Tell(parser);
  const size_t rule = parser->getContext()->getRuleIndex();
  if (!IsList(rule)) throw antlr4::InputMismatchException(parser);
  const size_t open = parser->getContext()->getStart()->getTokenIndex();
  SkipTo(parser, rule, token(open).depth + size_t{1});
  endErrorCondition(parser);
}

antlr4::Token* SyntaxErrors::recoverInline(antlr4::Parser* parser) {
  Tell(parser);
  throw antlr4::InputMismatchException(parser);
}

void SyntaxErrors::reportError(antlr4::Parser* parser, const antlr4::RecognitionException&) { Tell(parser); }

void SyntaxErrors::recover(antlr4::Parser* parser, std::exception_ptr error) {
  const antlr4::ParserRuleContext* context = parser->getContext();
  const size_t rule = context->getRuleIndex();
  if (rule == RuleParser::RulePiece) {
    parser->getTokenStream()->seek(piece_.tokens.size() - 1);
    return;
  }
  if (!IsItem(rule)) std::rethrow_exception(error);
  SkipTo(parser, ListOf(rule), token(context->start->getTokenIndex()).depth);
  endErrorCondition(parser);
}

// To the begin of the list's next item, or to the bracket that closes it.
void SyntaxErrors::SkipTo(antlr4::Parser* parser, size_t list, size_t depth) {
  size_t at = parser->getTokenStream()->index();
  for (; at + 1 < piece_.tokens.size(); ++at) {
    const Token& here = token(at);
    if (here.depth < depth) break;
    if (here.depth > depth) continue;
    if (list == RuleParser::RuleRuleBody && here.type == RuleLexer::CLAUSE) break;
    if (list == RuleParser::RuleEmitBlock && (here.type == RuleLexer::COMMA || here.type == RuleLexer::NEXT_ITEM))
      break;
    if (list == RuleParser::RuleTestBody && here.type == RuleLexer::CLAUSE) break;
    if (list == RuleParser::RuleTable && here.type == RuleLexer::NEXT_ITEM) break;
    if (list == RuleParser::RuleStreamBlock && here.first_on_line && StreamOptionWord(here.type) &&
        at > parser->getContext()->getStart()->getTokenIndex()) {
      break;
    }
  }
  parser->getTokenStream()->seek(at);
}

void SyntaxErrors::Tell(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  any_ = true;
  // Errors that are not told cost time too.
  if (++count_ > 2 * kMaxErrors) throw antlr4::ParseCancellationException();
  const size_t index = parser->getTokenStream()->index();
  if (IsConsequence(index)) return;
  TellUnexpected(parser->getExpectedTokens(), RealToken(index));
  if (diagnostics_.errors() > kMaxErrors) throw antlr4::ParseCancellationException();
}

// Of an error told before in the same clause, or of a construct that was skipped.
bool SyntaxErrors::IsConsequence(size_t index) const {
  if (index >= quiet_from_ || token(index).begin >= piece_.quiet_from) return true;
  const auto told = std::upper_bound(piece_.told.begin(), piece_.told.end(), token(index).begin);
  if (told == piece_.told.begin()) return false;
  for (size_t at = index; at-- > 0 && token(at).begin > *(told - 1);) {
    if (token(at).type == RuleLexer::CLAUSE) return false;
  }
  return true;
}

// What stands at an empty token is what follows it.
size_t SyntaxErrors::RealToken(size_t index) const {
  while (token(index).made && (token(index).type == RuleLexer::CLAUSE || token(index).type == RuleLexer::NEXT_ITEM)) {
    ++index;
  }
  return index;
}

void SyntaxErrors::TellUnexpected(const IntervalSet& expected, size_t index) {
  const Token& found = token(index);
  const Span span = SpanOf(found);
  if (found.type == RuleLexer::PARTITION && expected.contains(ssize_t{RuleLexer::FROM})) {
    diagnostics_.Build(span, MisplacedClause, {"`partition`"})
        .Help("`partition by` follows the stream: `from trades partition by symbol`")
        .Emit();
    return;
  }
  const bool name_only = expected.contains(ssize_t{RuleLexer::NAME}) && !expected.contains(ssize_t{RuleLexer::FALSE_});
  if (IsReservedWord(found.type) && name_only) {
    const std::string word(TextOf(text_, found));
    diagnostics_.Build(span, ReservedWord, {word})
        .Suggest("any name can stand in backticks", span, "`" + word + "`")
        .Emit();
    return;
  }
  auto builder = diagnostics_.Build(span, UnexpectedToken, {Expected(expected, index), Found(index)});
  const bool operand = expected.contains(ssize_t{RuleLexer::FALSE_}) || name_only;
  if (!operand) std::move(builder).Suggest("a word with a similar name exists", span, Nearest(expected, index));
  if (found.type == RuleLexer::NOT && operand) std::move(builder).Help("put `not …` in parentheses here");
  if (found.type == RuleLexer::IF && operand) std::move(builder).Help("put `if … then … else …` in parentheses here");
  // `IF a THEN b`, `NOT a`: the word in front was taken for a name.
  const std::string_view before = index > 0 ? TextOf(text_, token(index - 1)) : std::string_view();
  if (before == "IF" || before == "NOT" || before == "CASE") {
    const std::string_view lower = before == "IF" ? "if" : before == "NOT" ? "not" : "case";
    std::move(builder).Suggest("keywords are lower case", SpanOf(token(index - 1)), std::string(lower));
  } else if (const std::string_view help = HelpOnHabit(expected, index, operand); !help.empty()) {
    std::move(builder).Help(std::string(help));
  }
  std::move(builder).Emit();
}

// Operators and forms of calls that are functions here, or written otherwise.
std::string_view SyntaxErrors::HelpOnOperator(size_t index, bool operand) const {
  const auto type_at = [&](size_t back) { return index >= back ? token(index - back).type : uint16_t{0}; };
  const auto is = [&](size_t at, std::string_view word) {
    const std::string_view text = TextOf(text_, token(at));
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a | 32 : a) == b; });
  };
  const uint16_t type = type_at(0);
  if (operand && type == RuleLexer::GREATER && type_at(1) == RuleLexer::MINUS) return "a lambda is written `x => …`";
  if (operand && type == RuleLexer::LESS && type_at(1) == RuleLexer::LESS)
    return "bits are moved by `shift_left(a, n)`";
  if (operand && type == RuleLexer::GREATER && type_at(1) == RuleLexer::GREATER) {
    return "bits are moved by `shift_right(a, n)`";
  }
  if (operand) return {};
  if (type == RuleLexer::COMMA && type_at(2) == RuleLexer::LPAREN && type_at(3) == RuleLexer::IN) {
    return "a list stands in brackets: `x in [1, 2]`";
  }
  if (is(index, "as") && type_at(2) == RuleLexer::LPAREN && index >= 3 &&
      (is(index - 3, "cast") || is(index - 3, "try_cast"))) {
    return "types are called: `long(x)`, `string(x)`; `try_long(x)` is null where that fails";
  }
  if (is(index, "div")) return "`div(a, b)` is the quotient without its fraction";
  if (is(index, "mod")) return "the rest of a division is `mod(a, b)`";
  if (is(index, "ilike")) return "`fold(a) like \"…\"` compares without case";
  if (type_at(1) == RuleLexer::CASE) return "each `when` has a condition: `case when a == 1 then b else c end`";
  return {};
}

// What other languages write in this place.
std::string_view SyntaxErrors::HelpOnHabit(const IntervalSet& expected, size_t index, bool operand) const {
  const uint16_t type = token(index).type;
  const uint16_t before = index > 0 ? token(index - 1).type : type;
  const uint16_t behind = index + 1 < piece_.tokens.size() ? token(index + 1).type : type;
  if (type == RuleLexer::SEMICOLON) return "clauses and declarations need nothing between them, fields a `,`";
  if (type == RuleLexer::LBRACE && operand) return "values are written `record(a: 1)`, `map(\"k\": 1)`, `[1, 2]`";
  if (type == RuleLexer::QUESTION && !operand) return "a choice is written `if a then b else c`";
  if (const std::string_view help = HelpOnOperator(index, operand); !help.empty()) return help;
  if (type == RuleLexer::AS && before == RuleLexer::NAME) return "an alias stands behind its stream: `from trades t`";
  if (type == RuleLexer::STAR && before == RuleLexer::STAR) return "a power is `pow(a, b)`";
  if (type == RuleLexer::META && token(index).first_on_line && !operand) {
    return "annotations stand behind the rule's name: `rule large @version(2) { … }`";
  }
  if (type == RuleLexer::COMMA && expected.contains(ssize_t{RuleLexer::RPAREN})) {
    return "a list stands in brackets: `[a, b]`";
  }
  if (before == RuleLexer::CASE && expected.contains(ssize_t{RuleLexer::WHEN})) {
    return "each arm has its own condition: `case when a == 1 then b when a == 2 then c else d end`";
  }
  if (type == RuleLexer::NULL_ && before == RuleLexer::NOT) return "`a is not null` asks whether there is a value";
  const std::string_view text = TextOf(text_, token(index));
  if (!operand && (text == "mod" || text == "div")) return "it is a function: `div(a, b)`, `mod(a, b)` is the rest";
  if (!operand && (text == "ilike" || text == "ILIKE")) return "`fold(a) like \"…\"` compares without case";
  const bool half_number = (type == RuleLexer::DOT && behind == RuleLexer::INT && operand) ||
                           (before == RuleLexer::DOT && index > 1 && token(index - 2).type == RuleLexer::INT);
  return half_number ? "a number has a digit on both sides of its point: `0.5`, `1.0`" : "";
}

// The operator that a word in capital letters is, or "".
std::string SyntaxErrors::InLowerCase(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == word) return {};
  for (const size_t type : {RuleLexer::AND, RuleLexer::OR, RuleLexer::NOT, RuleLexer::IN, RuleLexer::IS,
                            RuleLexer::LIKE, RuleLexer::MATCHES, RuleLexer::BETWEEN}) {
    if (Vocabulary().getLiteralName(type) == "'" + lower + "'") return lower;
  }
  return {};
}

std::string SyntaxErrors::Nearest(const IntervalSet& expected, size_t index) const {
  if (!IsName(token(index).type) || token(index).type == RuleLexer::QUOTED) return {};
  std::vector<std::string> words;
  for (size_t type = RuleLexer::AND; type < RuleLexer::NAME; ++type) {
    if (!expected.contains(static_cast<ssize_t>(type))) continue;
    const std::string literal = Vocabulary().getLiteralName(type);
    if (literal.size() > 2) words.push_back(literal.substr(1, literal.size() - 2));
  }
  if (WithVersion(index)) words.emplace_back("version");
  std::string nearest = NearestName(TextOf(text_, token(index)), words);
  return nearest.empty() ? InLowerCase(TextOf(text_, token(index))) : nearest;
}

std::string SyntaxErrors::Found(size_t index) const {
  const Token& found = token(index);
  if (found.begin == found.end) return "the end of the file";
  std::string_view text = TextOf(text_, found);
  text = text.substr(0, text.find('\n'));
  if (text.size() <= kLongestQuote) return "`" + std::string(text) + "`";
  size_t cut = kLongestQuote;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
  return "`" + std::string(text.substr(0, cut)) + "…`";
}

// Could `version` stand here? The parser has left the declaration already and does not know.
bool SyntaxErrors::WithVersion(size_t index) const {
  return token(0).type == RuleLexer::SCHEMA && index > 0 && token(index - 1).type == RuleLexer::STRING;
}

// Is the piece a declaration whose end is an expression?
bool SyntaxErrors::EndsWithExpression() const {
  return token(0).type == RuleLexer::CONST || token(0).type == RuleLexer::PARAM;
}

// "an expression after `where`"
std::string SyntaxErrors::Expected(const IntervalSet& expected, size_t index) const {
  const auto has = [&](size_t type) { return expected.contains(static_cast<ssize_t>(type)); };
  size_t before = index;
  while (before > 0 && token(before - 1).made) --before;
  const bool at_clause = index > 0 && token(index - 1).type == RuleLexer::CLAUSE;
  const bool after_operand = before > 0 && EndsOperand(token(before - 1).type) && !at_clause;

  std::string what;
  if (has(RuleLexer::FALSE_)) {
    what = has(RuleLexer::LABEL) && has(RuleLexer::RBRACE) ? "a field" : "an expression";
  } else if (has(RuleLexer::FROM) && has(RuleLexer::WINDOW) && !has(RuleLexer::NAME)) {
    what = after_operand ? "an operator, a clause or `}`" : "a clause such as `where` or `emit`";
  } else if (has(RuleLexer::SCHEMA) && has(RuleLexer::RULE) && !has(RuleLexer::NAME)) {
    what = WithVersion(index)                      ? "`version` or a declaration"
           : after_operand && EndsWithExpression() ? "an operator or a declaration"
                                                   : "a declaration such as `rule` or `stream`";
  } else if (has(RuleLexer::GIVEN) && !has(RuleLexer::NAME)) {
    what = "`given`, `watermark`, `expect` or `}`";
  } else if (has(RuleLexer::LABEL)) {
    what = "a parameter such as `a: double`";
  } else if (has(RuleLexer::LATENESS) && !has(RuleLexer::NAME)) {
    what = "`time`, `watermark`, `idle`, `lateness` or `}`";
  } else if (has(RuleLexer::DURATION)) {
    what = "a duration such as `5s`";
  } else if (has(RuleLexer::NAME)) {
    what = "a name";
  } else if (has(RuleLexer::NEXT_ITEM) && !has(RuleLexer::COMMA)) {
    what = after_operand ? "an operator, `|` or the end of the row" : "a row or `}`";
  } else if (has(RuleLexer::NEXT_ITEM)) {
    what = after_operand ? "an operator, `,` or `}`" : "`,` or `}`";
  } else {
    std::vector<std::string> words;
    for (const antlr4::misc::Interval& interval : expected.getIntervals()) {
      for (ssize_t type = interval.a; type <= interval.b && words.size() < 5; ++type) {
        const std::string literal = Vocabulary().getLiteralName(static_cast<size_t>(type));
        const std::string_view plain = TokenWords(static_cast<size_t>(type));
        if (type == RuleLexer::EVERY || type == RuleLexer::LIMIT) continue;  // not supported, so not offered
        if (!plain.empty()) words.emplace_back(plain);
        if (plain.empty() && literal.size() > 2) words.push_back("`" + literal.substr(1, literal.size() - 2) + "`");
      }
    }
    for (size_t i = 0; i < words.size(); ++i) {
      what += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    }
    if (what.empty()) what = "something else";
  }
  if (before == 0 || (at_clause && !has(RuleLexer::FALSE_) && !has(RuleLexer::NAME))) return what;
  const std::string_view text = TextOf(text_, token(before - 1));
  const bool short_enough = text.size() <= kLongestQuote && text.find('\n') == std::string_view::npos;
  return short_enough ? what + " after `" + std::string(text) + "`" : what;
}

}  // namespace rulec
