#include "compiler/parse/syntax_errors.h"

#include <algorithm>
#include <utility>

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
  const IntervalSet expected = parser->getExpectedTokens();
  if (IsSignOfRowBefore(index) || IsRestOfBraces(index)) return;
  TellUnexpected(expected, RealToken(index), IsMissing(expected, index));
  if (diagnostics_.errors() > kMaxErrors) throw antlr4::ParseCancellationException();
}

// Of an error told before in the same clause, of a bracket there that closes nothing, or of a construct that was
// skipped.
bool SyntaxErrors::IsConsequence(size_t index) const {
  if (index >= quiet_from_ || token(index).begin >= piece_.quiet_from) return true;
  const auto told = std::upper_bound(piece_.told.begin(), piece_.told.end(), token(index).begin);
  if (told != piece_.told.begin() && !ClauseBetween(*(told - 1), index)) return true;
  const auto behind = std::lower_bound(piece_.mismatched.begin(), piece_.mismatched.end(), token(index).begin);
  if (behind == piece_.mismatched.end()) return false;
  size_t last = index;
  while (last < piece_.tokens.size() && token(last).begin < *behind) ++last;
  return !ClauseBetween(token(index).begin, last) && token(index).type != RuleLexer::CLAUSE;
}

// `| a | b |` and `a, b`: a table that is written so has the same mistake in each row.
bool SyntaxErrors::IsSignOfRowBefore(size_t index) {
  const Token& found = token(RealToken(index));
  if (token(0).type != RuleLexer::TEST || (found.type != RuleLexer::PIPE && found.type != RuleLexer::COMMA))
    return false;
  return !row_signs_.insert(found.type).second;
}

// What follows a `}` in the middle of a line that did not fit itself.
bool SyntaxErrors::IsRestOfBraces(size_t index) {
  const size_t before = std::exchange(last_told_, index);
  return before != SIZE_MAX && token(before).type == RuleLexer::RBRACE && before + 1 == index;
}

// Does one begin behind `from`, and in front of the token `to`?
bool SyntaxErrors::ClauseBetween(uint32_t from, size_t to) const {
  for (size_t at = to; at-- > 0 && token(at).begin > from;) {
    if (token(at).type == RuleLexer::CLAUSE) return true;
  }
  return false;
}

// Does what is looked for end before `index`, at the end of a line, a block or the piece? Then the place is there, and
// not where the next thing begins.
bool SyntaxErrors::IsMissing(const IntervalSet& expected, size_t index) const {
  if (Before(RealToken(index)) == RealToken(index)) return false;
  const Token& here = token(index);
  // Where a clause could follow, a binding in the next line does not end anything: it is itself what does not fit.
  const bool clause = expected.contains(ssize_t{RuleLexer::FROM}) && expected.contains(ssize_t{RuleLexer::WINDOW}) &&
                      !expected.contains(ssize_t{RuleLexer::NAME});
  if (here.type == RuleLexer::NEXT_ITEM && clause) return false;
  const bool closes =
      here.type == RuleLexer::RBRACE || here.type == RuleLexer::RPAREN || here.type == RuleLexer::RBRACKET;
  return (here.made && !closes) || here.type == kEndOfPiece || (closes && here.first_on_line);
}

// What stands at an empty token is what follows it.
size_t SyntaxErrors::RealToken(size_t index) const {
  while (token(index).made && (token(index).type == RuleLexer::CLAUSE || token(index).type == RuleLexer::NEXT_ITEM)) {
    ++index;
  }
  return index;
}

void SyntaxErrors::TellUnexpected(const IntervalSet& expected, size_t index, bool missing) {
  const Token& found = token(index);
  const Span span = SpanOf(missing ? token(Before(index)) : found);
  if (found.type == RuleLexer::PARTITION && expected.contains(ssize_t{RuleLexer::FROM})) {
    diagnostics_.Build(span, MisplacedClause, {"`partition`"})
        .Help("`partition by` follows the stream: `from trades partition by symbol`")
        .Emit();
    return;
  }
  const bool name_only = expected.contains(ssize_t{RuleLexer::NAME}) && !expected.contains(ssize_t{RuleLexer::FALSE_});
  // Behind `from` and the like a `where` is the next clause rather than a name.
  const bool name =
      name_only && !missing && found.type != RuleLexer::WHERE && !expected.contains(ssize_t{RuleLexer::DURATION});
  if (IsReservedWord(found.type) && name) {
    const std::string word(TextOf(text_, found));
    diagnostics_.Build(span, ReservedWord, {word})
        .Suggest("any name can stand in backticks", span, "`" + word + "`")
        .Emit();
    return;
  }
  auto builder = diagnostics_.Build(span, UnexpectedToken, {Expected(expected, index, missing), Found(index)});
  TellHabit(expected, index, missing, builder);
  TellRuleEnd(index, builder);
  std::move(builder).Emit();
}

// What other languages write there, a word that was mistyped, or how the construct could stand there.
void SyntaxErrors::TellHabit(const IntervalSet& expected, size_t index, bool missing,
                             Diagnostics::Builder& builder) const {
  const Place place = PlaceOf(expected, index);
  const bool operand = place == Place::Operand || place == Place::Field || place == Place::Name;
  const std::string nearest = operand || missing ? std::string() : Nearest(expected, index);
  const std::optional<Habit> habit = FindHabit(piece_, text_, file_, index, Before(index), place);
  // The text in front alone may be to blame.
  if (missing && !(habit && !habit->replacement.empty() && habit->span.end <= token(index).begin)) return;
  if (habit && !habit->replacement.empty()) {
    std::move(builder).Suggest(habit->help, habit->span, habit->replacement);
  } else if (habit) {
    std::move(builder).Help(habit->help);
  } else {
    std::move(builder).Suggest("a word with a similar name exists", SpanOf(token(index)), nearest);
  }
  const uint16_t type = token(index).type;
  if (type == RuleLexer::NOT && operand) std::move(builder).Help("put `not …` in parentheses here");
  if (type == RuleLexer::IF && operand) std::move(builder).Help("put `if … then … else …` in parentheses here");
}

// A `}` too many leaves the clauses that follow it without a rule.
void SyntaxErrors::TellRuleEnd(size_t index, Diagnostics::Builder& builder) const {
  const uint32_t end = piece_.previous_end;
  if (index > 1 || end == 0 || text_[end - 1] != '}' || IsDeclarationWord(token(index).type)) return;
  std::move(builder).Label({file_, end - 1, end}, "the declaration before ends here");
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
  if (PlaceOf(expected, index) == Place::AfterOperand) {
    for (const char* word : {"and", "or", "not", "in", "is", "like", "matches", "between"}) words.emplace_back(word);
  }
  return NearestName(TextOf(text_, token(index)), words);
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

// The last token of the text in front of `index`; `index` if there is none.
size_t SyntaxErrors::Before(size_t index) const {
  size_t before = index;
  while (before > 0 && token(before - 1).made) --before;
  return before == 0 ? index : before - 1;
}

bool SyntaxErrors::AfterOperand(size_t index) const {
  const bool at_clause = index > 0 && token(index - 1).type == RuleLexer::CLAUSE;
  const size_t before = Before(index);
  return before != index && EndsOperand(token(before).type) && !at_clause;
}

Place SyntaxErrors::PlaceOf(const IntervalSet& expected, size_t index) const {
  const auto has = [&](size_t type) { return expected.contains(static_cast<ssize_t>(type)); };
  if (has(RuleLexer::FALSE_)) return has(RuleLexer::LABEL) && has(RuleLexer::RBRACE) ? Place::Field : Place::Operand;
  if (has(RuleLexer::FROM) && has(RuleLexer::WINDOW) && !has(RuleLexer::NAME)) {
    return AfterOperand(index) ? Place::AfterOperand : Place::Clause;
  }
  if (has(RuleLexer::SCHEMA) && has(RuleLexer::RULE) && !has(RuleLexer::NAME)) {
    return AfterOperand(index) && EndsWithExpression() && !token(index).first_on_line ? Place::AfterOperand
                                                                                      : Place::Declaration;
  }
  if (has(RuleLexer::GIVEN) && !has(RuleLexer::NAME)) return Place::Step;
  if (has(RuleLexer::NAME)) return Place::Name;
  const bool in_expression = has(RuleLexer::NEXT_ITEM) || has(RuleLexer::RPAREN) || has(RuleLexer::RBRACKET) ||
                             has(RuleLexer::THEN) || has(RuleLexer::ELSE) || has(RuleLexer::END) ||
                             has(RuleLexer::AND) || has(RuleLexer::HOLE_CLOSE);
  return in_expression && AfterOperand(index) ? Place::AfterOperand : Place::Other;
}

// "an expression after `where`"
std::string SyntaxErrors::Expected(const IntervalSet& expected, size_t index, bool missing) const {
  const auto has = [&](size_t type) { return expected.contains(static_cast<ssize_t>(type)); };
  const size_t before = Before(index);
  const bool at_clause = index > 0 && token(index - 1).type == RuleLexer::CLAUSE && !missing;
  const bool after_operand = AfterOperand(index);

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
  if (before == index || (at_clause && !has(RuleLexer::FALSE_) && !has(RuleLexer::NAME))) return what;
  const std::string_view text = TextOf(text_, token(before));
  const bool short_enough = text.size() <= kLongestQuote && text.find('\n') == std::string_view::npos;
  return short_enough ? what + " after `" + std::string(text) + "`" : what;
}

}  // namespace rulec
