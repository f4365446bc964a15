#include "compiler/parse/habits.h"

#include <algorithm>
#include <array>

#include "compiler/parse/literals.h"
#include "compiler/parse/token_kinds.h"
#include "grammar/RuleLexer.h"

namespace rulec {
namespace {

using grammar::RuleLexer;

struct Word {
  std::string_view word;  // in small letters
  std::string_view help;
};

constexpr std::string_view kWhere = "`where condition` leaves events out";
constexpr std::string_view kEmit = "`emit output { field, name: value }` says what a rule gives";
constexpr std::string_view kLet = "`let name = value` names a value";
constexpr std::string_view kPartition = "`partition by key` follows the stream in `from`";
constexpr std::string_view kExpand = "`expand list as item` gives one row for each element";
constexpr std::string_view kNoOrder = "records come in the order of the events";
constexpr std::string_view kMatches = "`text matches \"expression\"` holds a text against a regular expression";

constexpr std::array kClauseWords = {
    Word{"select", kEmit},    Word{"insert", kEmit},     Word{"return", kEmit},
    Word{"print", kEmit},     Word{"publish", kEmit},    Word{"yield", kEmit},
    Word{"output", kEmit},    Word{"alert", kEmit},      Word{"filter", kWhere},
    Word{"if", kWhere},       Word{"unless", kWhere},    Word{"require", kWhere},
    Word{"when", kWhere},     Word{"group", kPartition}, Word{"partitioned", kPartition},
    Word{"key", kPartition},  Word{"keyby", kPartition}, Word{"order", kNoOrder},
    Word{"sort", kNoOrder},   Word{"var", kLet},         Word{"val", kLet},
    Word{"const", kLet},      Word{"set", kLet},         Word{"def", kLet},
    Word{"define", kLet},     Word{"auto", kLet},        Word{"int", kLet},
    Word{"long", kLet},       Word{"double", kLet},      Word{"string", kLet},
    Word{"bool", kLet},       Word{"unnest", kExpand},   Word{"flatten", kExpand},
    Word{"explode", kExpand}, Word{"for", kExpand},      Word{"foreach", kExpand},
    Word{"lateral", kExpand},
};

constexpr std::string_view kRule = "`rule name { from stream where condition emit output { field } }`";
constexpr std::string_view kConst = "`const name = value` names a constant";
constexpr std::string_view kFn = "`fn name(a: double) = expression` is a function";
constexpr std::string_view kImport = "`import \"file.rule\"` reads another file";
constexpr std::string_view kSchema = "types come from Avro schemas: `schema T = avro \"full.Name\"`";

constexpr std::array kDeclarationWords = {
    Word{"select", kRule},
    Word{"insert", kRule},
    Word{"from", kRule},
    Word{"every", kRule},
    Word{"where", kRule},
    Word{"emit", kRule},
    Word{"when", kRule},
    Word{"if", kRule},
    Word{"let", kConst},
    Word{"var", kConst},
    Word{"val", kConst},
    Word{"set", kConst},
    Word{"def", kFn},
    Word{"function", kFn},
    Word{"func", kFn},
    Word{"fun", kFn},
    Word{"include", kImport},
    Word{"use", kImport},
    Word{"using", kImport},
    Word{"require", kImport},
    Word{"type", kSchema},
    Word{"enum", kSchema},
    Word{"record", kSchema},
    Word{"struct", kSchema},
    Word{"class", kSchema},
    Word{"message", kSchema},
    Word{"create", "`stream s : T` declares an input, `output o : T` an output, `derive d { … }` a stream of rows"},
    Word{"define", "`stream s : T` declares an input, `output o : T` an output, `derive d { … }` a stream of rows"},
    Word{"view", "`derive d { … }` is a stream that other rules read"},
    Word{"namespace", "`package a.b` stands first in a file"},
    Word{"module", "`package a.b` stands first in a file"},
};

constexpr std::array kOperatorWords = {
    Word{"contains", "`contains(text, part)` looks into a text, `x in xs` into a list"},
    Word{"includes", "`contains(text, part)` looks into a text, `x in xs` into a list"},
    Word{"has", "`contains(text, part)` looks into a text, `x in xs` into a list"},
    Word{"starts", "`starts_with(text, part)` asks for the begin of a text"},
    Word{"starts_with", "`starts_with(text, part)` asks for the begin of a text"},
    Word{"startswith", "`starts_with(text, part)` asks for the begin of a text"},
    Word{"ends", "`ends_with(text, part)` asks for the end of a text"},
    Word{"ends_with", "`ends_with(text, part)` asks for the end of a text"},
    Word{"endswith", "`ends_with(text, part)` asks for the end of a text"},
    Word{"equals", "two values are compared with `==`"},
    Word{"eq", "two values are compared with `==`"},
    Word{"ne", "it is written `!=`"},
    Word{"mod", "the rest of a division is `mod(a, b)`"},
    Word{"rem", "the rest of a division is `mod(a, b)`"},
    Word{"div", "a division of whole numbers is `div(a, b)`"},
    Word{"xor", "of two bools `!=` is true where one of them is"},
    Word{"regexp", kMatches},
    Word{"rlike", kMatches},
    Word{"similar", kMatches},
    Word{"ilike", "`fold(a) like \"…\"` compares without case"},
    Word{"instanceof", "`x is T` asks which of its types a union holds"},
    Word{"unless", "`not condition`, joined by `and`"},
    Word{"elif", "`if a then b else if c then d else e`"},
    Word{"elsif", "`if a then b else if c then d else e`"},
    Word{"group", kPartition},
    Word{"order", kNoOrder},
    Word{"for", "`any(xs, x => …)`, and so `all`, `map`, `filter`, ask each element of a list"},
    Word{"as", "a field's name stands before its value, `name: value`; a value is converted as in `double(x)`"},
};

constexpr std::string_view kTernary = "a choice is `if condition then a else b`";
constexpr std::string_view kBraces =
    "braces hold clauses and fields; a value is `record(a: 1)`, `map(\"k\": v)` or `[1, 2]`";

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

template <size_t N>
std::string_view HelpOn(const std::array<Word, N>& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.word == word; });
  return found == words.end() ? std::string_view{} : found->help;
}

class HabitFinder {
 public:
  HabitFinder(const Piece& piece, std::string_view text, FileId file, size_t at, size_t before)
      : piece_(piece), text_(text), file_(file), at_(at), before_(before) {}

  std::optional<Habit> Find(Place place) const {
    if (std::optional<Habit> habit = OfCapitals(place)) return habit;
    if (std::optional<Habit> habit = OfNumber()) return habit;
    if (std::optional<Habit> habit = OfSigns(place)) return habit;
    if (std::optional<Habit> habit = OfText(place)) return habit;
    return OfWords(place);
  }

 private:
  const Token& token(size_t index) const { return piece_.tokens[index]; }
  uint16_t Type(size_t index) const { return index < piece_.tokens.size() ? token(index).type : kEndOfPiece; }
  std::string_view TextAt(size_t index) const {
    return index < piece_.tokens.size() ? TextOf(text_, token(index)) : std::string_view{};
  }
  bool Touches(size_t left) const {
    return left + 1 < piece_.tokens.size() && token(left).end == token(left + 1).begin;
  }
  bool HasBefore() const { return before_ != at_; }
  Span SpanOf(size_t first, size_t last) const { return {file_, token(first).begin, token(last).end}; }

  static Habit Help(std::string_view help) { return {std::string(help), {}, {}}; }

  Habit Replace(std::string_view help, size_t first, size_t last, std::string replacement) const {
    return {std::string(help), SpanOf(first, last), std::move(replacement)};
  }

  // `AND`, `Is`: of the words that an expression or a clause is made of.
  bool IsCapital(size_t index, std::string* word) const {
    if (Type(index) != RuleLexer::NAME) return false;
    *word = Lower(TextAt(index));
    return *word != TextAt(index) && IsWordOfRules(*word);
  }

  std::optional<Habit> OfCapitals(Place place) const {
    constexpr std::string_view kSmall = "keywords are lower case";
    if (place == Place::Declaration || place == Place::Step) return std::nullopt;
    std::string word;
    if (IsCapital(at_, &word)) return Replace(kSmall, at_, at_, word);
    if (place == Place::AfterOperand && HasBefore() && IsCapital(before_, &word)) {
      return Replace(kSmall, before_, before_, word);
    }
    return std::nullopt;
  }

  std::optional<Habit> OfNumber() const {
    if (!HasBefore()) return std::nullopt;
    const std::string_view unit = TextAt(at_) == "percent" ? "%" : UnitCalled(TextAt(at_));
    if (Type(before_) == RuleLexer::INT && IsName(Type(at_)) && !unit.empty()) {
      return Replace("a unit touches its number", before_, at_, std::string(TextAt(before_)) + std::string(unit));
    }
    if (Type(before_) == RuleLexer::DURATION && Type(at_) == RuleLexer::DURATION) {
      return Replace("a duration is one word", before_, at_, std::string(TextAt(before_)) + std::string(TextAt(at_)));
    }
    if (Type(at_) == RuleLexer::COMMA && Type(before_) == RuleLexer::INT && Type(at_ + 1) == RuleLexer::INT &&
        Touches(before_) && Touches(at_) && TextAt(at_ + 1).size() == 3) {
      return Replace("thousands are set off by `_`", before_, at_ + 1,
                     std::string(TextAt(before_)) + "_" + std::string(TextAt(at_ + 1)));
    }
    if (Type(at_) == RuleLexer::DOT && Type(at_ + 1) == RuleLexer::INT && Touches(at_)) {
      return Replace("a number has a digit on both sides of its point", at_, at_ + 1,
                     "0." + std::string(TextAt(at_ + 1)));
    }
    if (Type(before_) == RuleLexer::DOT && before_ > 0 && Type(before_ - 1) == RuleLexer::INT && Touches(before_ - 1)) {
      return Replace("a number has a digit on both sides of its point", before_ - 1, before_,
                     std::string(TextAt(before_ - 1)) + ".0");
    }
    return std::nullopt;
  }

  // Signs of two characters that are two tokens here: the second one does not fit.
  std::optional<Habit> OfPair() const {
    if (!HasBefore() || !Touches(before_)) return std::nullopt;
    const std::string pair = std::string(TextAt(before_)) + std::string(TextAt(at_));
    if (pair == "->") {
      const bool label = before_ > 0 && IsName(Type(before_ - 1)) && InEmit();
      return label ? Help("a field's name stands before its value: `name: value`")
                   : Replace("a lambda is written `x => …`", before_, at_, "=>");
    }
    if (pair == "=<") return Replace("it is written `<=`", before_, at_, "<=");
    if (pair == "=!" || pair == "!==") return Replace("it is written `!=`", before_, at_, "!=");
    if (pair == "=~") return Replace(kMatches, before_, at_, "matches");
    if (pair == "!~") return Replace(kMatches, before_, at_, "not matches");
    if (pair == "**") return Help("a power is `pow(a, b)`");
    if (pair == "<<" || pair == ">>") return Help("bits are moved by `shift_left(a, n)` and `shift_right(a, n)`");
    if (pair == "++" || pair == "+=" || pair == "-=")
      return Help("values do not change: `let name = value` names a new one");
    if (pair == ":=") {
      return InEmit() ? Replace("a field's name stands before `:`", before_, at_, ":")
                      : Replace("a value is bound with `=`", before_, at_, "=");
    }
    if (pair == "--") return Help("a comment begins with `//`");
    return std::nullopt;
  }

  // The bracket that `at` stands in; 0 if there is none.
  size_t Opener() const {
    size_t index = at_;
    const uint16_t depth = token(at_).depth;
    while (index > 0 && token(index).depth >= depth) --index;
    return index;
  }

  bool InEmit() const { return Type(Opener()) == RuleLexer::LBRACE && token(at_).depth == 2 && !InTest(); }
  bool InTest() const { return Type(0) == RuleLexer::TEST; }
  bool InTable() const { return InTest() && token(at_).depth == 2; }

  std::optional<Habit> OfSigns(Place place) const {
    if (std::optional<Habit> habit = OfPair()) return habit;
    switch (Type(at_)) {
      case RuleLexer::QUESTION: return Help(kTernary);
      case RuleLexer::SEMICOLON: return Help(InEmit() ? "fields are parted by `,`" : "nothing stands between clauses");
      case RuleLexer::LBRACE:
        if (place == Place::Operand || place == Place::AfterOperand || place == Place::Field) return Help(kBraces);
        return std::nullopt;
      case RuleLexer::STAR:
        if (place == Place::Operand && HasBefore() && Type(before_) == RuleLexer::LPAREN)
          return Help("`count()` counts rows, `count(xs)` the elements of a list");
        return place == Place::Field ? std::optional(Help("fields are emitted by name")) : std::nullopt;
      case RuleLexer::COMMA: return OfComma(place);
      case RuleLexer::COLON: return OfColon(place);
      case RuleLexer::PIPE:
        if (InTable()) return Help("a row is `a | b`, without a `|` at its begin and end");
        if (place == Place::Step || place == Place::Other) return std::nullopt;
        return Help(place == Place::Operand ? "a lambda is written `x => …`" : "conditions are joined by `or`");
      case RuleLexer::PLUS: return Help("a `+` stands between two values");
      case RuleLexer::LBRACKET:
      case RuleLexer::LPAREN:
        if (before_ > 0 && Type(before_ - 1) == RuleLexer::FROM) return Help(kWhere);
        return std::nullopt;
      case RuleLexer::TILDE: return place == Place::AfterOperand ? std::optional(Help(kMatches)) : std::nullopt;
      case RuleLexer::BANG:
        if (place != Place::AfterOperand) return std::nullopt;
        if (Type(at_ + 1) == RuleLexer::TILDE && Touches(at_)) {
          return Replace(kMatches, at_, at_ + 1, "not matches");
        }
        return Help("`x ?? other` gives a value where x is null, `x?.field` null where x is");
      case RuleLexer::MINUS:
        if (Type(at_ + 1) == RuleLexer::MINUS && Touches(at_)) return Help("a comment begins with `//`");
        if (place == Place::Other && at_ == 2) {
          return Help("a name is made of letters, digits and `_`; any other stands in backticks");
        }
        return std::nullopt;
      case RuleLexer::META:
      case RuleLexer::META_OF:
        if (place != Place::Declaration && place != Place::Clause) return std::nullopt;
        return Help("annotations stand behind the rule's name: `rule name @version(2) { … }`");
      default: return std::nullopt;
    }
  }

  std::optional<Habit> OfComma(Place place) const {
    if (place == Place::Clause) return Help("nothing stands between clauses");
    if (place != Place::AfterOperand && place != Place::Other) return std::nullopt;
    const size_t open = Opener();
    if (Type(open) == RuleLexer::LPAREN && open > 0 && Type(open - 1) == RuleLexer::BY) {
      return Help("several keys stand without brackets: `partition by a, b`");
    }
    const bool call = open > 0 && EndsOperand(Type(open - 1)) && !token(open).first_on_line;
    if (Type(open) == RuleLexer::LPAREN && !call) return Help("a list stands in `[ ]`, as in `x in [1, 2]`");
    if (InTable()) return Help("`|` stands between cells");
    if (token(at_).depth == 1) return Help("nothing stands between clauses; conditions are joined by `and`");
    return std::nullopt;
  }

  std::optional<Habit> OfColon(Place place) const {
    if (!HasBefore()) return std::nullopt;
    if (Type(at_ + 1) == RuleLexer::COLON && Touches(at_)) return Help("a value is converted as in `double(x)`");
    if (Type(before_) == RuleLexer::STRING && InEmit()) {
      const std::string_view quoted = TextAt(before_);
      return Replace("a field's name has no quotes", before_, before_,
                     std::string(quoted.substr(1, quoted.size() - 2)));
    }
    if (Type(Opener()) == RuleLexer::LBRACKET) return Replace("a part of a list is `xs[from..to]`", at_, at_, "..");
    if (Type(at_ + 1) == RuleLexer::ASSIGN && Touches(at_))
      return Replace("a value is bound with `=`", at_, at_ + 1, "=");
    return place == Place::Other && before_ > 0 &&
                   (Type(before_ - 1) == RuleLexer::LET || Type(before_ - 1) == RuleLexer::CONST)
               ? std::optional(Help("its type is that of its value: `" + std::string(TextAt(before_ - 1)) + " " +
                                    std::string(TextAt(before_)) + " = …`"))
               : std::nullopt;
  }

  std::optional<Habit> OfText(Place place) const {
    if (Type(at_) != RuleLexer::STRING || !HasBefore()) return std::nullopt;
    const std::string_view quoted = TextAt(at_);
    const std::string_view inner = quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : std::string_view{};
    if (place == Place::Name && Type(before_) == RuleLexer::COLON) {
      return Help("a declared schema is named: `schema T = avro \"full.Name\"`, then `: T`");
    }
    if (place == Place::Name && IsPlainName(inner))
      return Replace("names have no quotes", at_, at_, std::string(inner));
    if (place != Place::AfterOperand) return std::nullopt;
    if (Type(before_) == RuleLexer::STRING) return Help("texts are put together by `f\"{a} {b}\"` or `concat(a, b)`");
    if (Touches(before_) && IsName(Type(before_)))
      return Replace("a string has no prefix but `f`", before_, at_, std::string(quoted));
    return std::nullopt;
  }

  static bool IsPlainName(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && letter(text[0]) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
  }

  // `double x`, `(long) x`
  bool IsTypeWord(std::string_view word) const {
    constexpr std::array<std::string_view, 10> kTypes = {"bool",    "int",    "long", "float",     "double",
                                                         "decimal", "string", "date", "timestamp", "bytes"};
    return std::find(kTypes.begin(), kTypes.end(), word) != kTypes.end();
  }

  std::optional<Habit> OfWords(Place place) const {
    const std::string word = Lower(TextAt(at_));
    switch (place) {
      case Place::Clause: return AtClause(word);
      case Place::AfterOperand: return AfterOperand(word);
      case Place::Declaration: {
        const std::string_view help = HelpOn(kDeclarationWords, word);
        return help.empty() ? std::nullopt : std::optional(Help(help));
      }
      default: return InPart();
    }
  }

  std::optional<Habit> AtClause(const std::string& word) const {
    if (const std::string_view help = HelpOn(kClauseWords, word); !help.empty()) return Help(help);
    if (HasBefore() && Type(before_) == RuleLexer::LBRACE)
      return Help("a rule begins with the stream that it reads: `from trades`");
    return std::nullopt;
  }

  // Of a construct with an order of its own.
  std::optional<Habit> InPart() const {
    if (!HasBefore()) return std::nullopt;
    switch (Type(before_)) {
      case RuleLexer::CASE: return Help("each branch has a condition: `case when x == 1 then a else b end`");
      case RuleLexer::VERSION: return Help("`version 2`, `version 2..` from it on, `version 2..7`");
      case RuleLexer::NOT:
        if (Type(at_) == RuleLexer::NULL_) return Help("`a is not null` asks whether there is a value");
        break;
      case RuleLexer::IS: return Help("`==` compares values, `is` asks for null or for a type");
      case RuleLexer::META:
        if (Type(at_) != RuleLexer::INT && Type(at_) != RuleLexer::STRING && !IsName(Type(at_))) break;
        return Replace("the value of an annotation stands in brackets", before_, at_,
                       std::string(TextAt(before_)) + "(" + std::string(TextAt(at_)) + ")");
      default: break;
    }
    const uint16_t front = before_ > 0 ? Type(before_ - 1) : uint16_t{0};
    if ((front == RuleLexer::LET || front == RuleLexer::CONST) && IsTypeWord(TextAt(before_)) && IsName(Type(at_))) {
      return Help(kLet);
    }
    if (Type(0) == RuleLexer::FN && Type(before_) == RuleLexer::RPAREN) return Help(kFn);
    if (Type(0) == RuleLexer::PARAM && Type(at_) == RuleLexer::ASSIGN) {
      return Help("a param has a type: `param name : double = 0.5`");
    }
    return std::nullopt;
  }

  std::optional<Habit> AfterOperand(const std::string& word) const {
    if (!HasBefore()) return std::nullopt;
    const std::string_view previous = TextAt(before_);
    if (word == "as" && before_ > 0 && Type(before_ - 1) == RuleLexer::FROM) {
      return Help("an alias stands right behind the stream: `from trades t`");
    }
    if (word == "by" && token(before_).depth == 1) {
      if (const std::string_view help = HelpOn(kClauseWords, Lower(previous)); !help.empty()) return Help(help);
    }
    if (const size_t open = Opener(); word == "as" && Type(open) == RuleLexer::LPAREN && open > 0) {
      const std::string callee = Lower(TextAt(open - 1));
      if (callee == "cast" || callee == "try_cast") {
        return Help("types are called: `long(x)`, `string(x)`; `try_long(x)` is null where that fails");
      }
    }
    if (const std::string_view help = HelpOn(kOperatorWords, word); !help.empty()) return Help(help);
    if (token(at_).depth == 1) {
      if (const std::string_view help = HelpOn(kClauseWords, word); !help.empty()) return Help(help);
    }
    if (Type(before_) == RuleLexer::RPAREN && before_ >= 2 && Type(before_ - 2) == RuleLexer::LPAREN &&
        IsTypeWord(TextAt(before_ - 1)) && IsName(Type(at_))) {
      return Help("a value is converted as in `" + std::string(TextAt(before_ - 1)) + "(" + std::string(TextAt(at_)) +
                  ")`");
    }
    if (Type(at_) == RuleLexer::BOUND && token(at_).depth == 1) return Help(kLet);
    return InLineComment() ? std::optional(Help("a comment begins with `//`")) : std::nullopt;
  }

  // Do two minus signs stand in front, on the line?
  bool InLineComment() const {
    for (size_t at = at_; at > 1 && !token(at).first_on_line; --at) {
      if (Type(at - 1) == RuleLexer::MINUS && Type(at - 2) == RuleLexer::MINUS && Touches(at - 2)) return true;
    }
    return false;
  }

  const Piece& piece_;
  const std::string_view text_;
  const FileId file_;
  const size_t at_;
  const size_t before_;
};

}  // namespace

std::optional<Habit> FindHabit(const Piece& piece, std::string_view text, FileId file, size_t at, size_t before,
                               Place place) {
  return HabitFinder(piece, text, file, at, before).Find(place);
}

bool NamesField(const Piece& piece, std::string_view text, size_t sign) {
  if (sign < 2 || !IsName(piece.tokens[sign - 1].type)) return false;
  const uint16_t front = piece.tokens[sign - 2].type;
  if (front != RuleLexer::LBRACE && front != RuleLexer::LPAREN && front != RuleLexer::COMMA &&
      front != RuleLexer::NEXT_ITEM) {
    return false;
  }
  size_t open = sign;
  while (open > 0 && piece.tokens[open].depth >= piece.tokens[sign].depth) --open;
  if (piece.tokens[open].type == RuleLexer::LBRACE) return true;
  return piece.tokens[open].type == RuleLexer::LPAREN && open > 0 && TextOf(text, piece.tokens[open - 1]) == "record";
}

}  // namespace rulec
