#include "compiler/parse/pieces.h"

#include <algorithm>

#include "compiler/parse/nesting.h"
#include "compiler/parse/token_kinds.h"
#include "grammar/RuleLexer.h"

namespace rulec {

using grammar::RuleLexer;

namespace {

uint16_t CloserOf(uint16_t opener) {
  switch (opener) {
    case RuleLexer::LPAREN: return RuleLexer::RPAREN;
    case RuleLexer::LBRACKET: return RuleLexer::RBRACKET;
    case RuleLexer::LBRACE: return RuleLexer::RBRACE;
    case RuleLexer::HOLE_OPEN: return RuleLexer::HOLE_CLOSE;
    case RuleLexer::FORMAT_OPEN: return RuleLexer::FORMAT_CLOSE;
    default: return 0;
  }
}

bool IsCloser(uint16_t type) {
  return type == RuleLexer::RPAREN || type == RuleLexer::RBRACKET || type == RuleLexer::RBRACE ||
         type == RuleLexer::HOLE_CLOSE || type == RuleLexer::FORMAT_CLOSE;
}

bool IsLater(uint16_t type) { return type == RuleLexer::TABLE; }

// "`#`", or "the character U+00A0" for what may be invisible.
std::string NameCharacter(std::string_view bytes) {
  if (static_cast<unsigned char>(bytes[0]) < 0x80) {
    if (static_cast<unsigned char>(bytes[0]) >= 0x20 && bytes[0] != 0x7F)
      return "`" + std::string(bytes.substr(0, 1)) + "`";
  }
  const auto first = static_cast<unsigned char>(bytes[0]);
  const size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  uint32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length && i < bytes.size(); ++i) {
    point = (point << 6) | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string digits;
  for (uint32_t rest = point; rest != 0 || digits.size() < 4; rest >>= 4)
    digits.insert(digits.begin(), kHex[rest & 15]);
  return "the character U+" + digits;
}

// What was meant by a character that a keyboard or an office program put there.
std::string_view HelpOnCharacter(std::string_view bytes) {
  const auto begins = [&](std::string_view with) { return bytes.starts_with(with); };
  if (begins("'")) return "a string stands between double quotes";
  // U+2018 to U+201E, typographic quotes.
  if (begins("\xE2\x80") && bytes.size() > 2 && bytes[2] >= '\x98' && bytes[2] <= '\x9E') {
    return "a string stands between plain double quotes";
  }
  // U+2010 to U+2015 dashes, U+2212 minus.
  if ((begins("\xE2\x80") && bytes.size() > 2 && bytes[2] >= '\x90' && bytes[2] <= '\x95') || begins("\xE2\x88\x92")) {
    return "a minus is the plain `-`";
  }
  if (begins("\xC2\xA0")) return "it looks like a space: put a plain one";
  if (begins("^")) return "a power is `pow(a, b)`";
  if (begins("&")) return "`and` of conditions, `bit_and(a, b)` of bits";
  if (begins("~")) return "bits are turned over by `bit_not(a)`; `matches` compares with a regular expression";
  if (begins("@")) return "it touches the word behind it: `@time`";
  if (begins("#")) return "a comment begins with `//`";
  if (begins("$")) return "a field stands by its bare name, and a value in a text as in `f\"{price}\"`";
  if (begins("\\")) return "an expression goes on over the end of a line by itself";
  if (begins("\xE2\x89\xA5")) return "it is written `>=`";
  if (begins("\xE2\x89\xA4")) return "it is written `<=`";
  if (begins("\xE2\x89\xA0")) return "it is written `!=`";
  if (begins("\xC3\x97")) return "it is written `*`";
  if (begins("\xC3\xB7")) return "it is written `/`";
  if (begins("\xC2\xAB") || begins("\xC2\xBB")) return "a string stands between plain double quotes";
  if (static_cast<unsigned char>(bytes[0]) < 0x80) return {};
  return "names are made of a to z, A to Z, digits and `_`; any other name stands in backticks";
}

}  // namespace

bool PieceReader::BeginsDeclaration(size_t index) const {
  const Token& token = list_.tokens[index];
  if (!token.first_on_line || !IsDeclarationWord(token.type)) return false;
  const uint16_t next = TypeAt(index + 1);
  return next != kEndOfPiece && !list_.tokens[index + 1].first_on_line && (IsWord(next) || BeginsOperand(next));
}

// Within brackets, a word at the very begin of a line and what must follow it: a bracket above was forgotten.
bool PieceReader::SurelyBeginsDeclaration(size_t index) const {
  const Token& token = list_.tokens[index];
  if (token.begin > 0 && text_[token.begin - 1] != '\n') return false;
  if (!BeginsDeclaration(index)) return false;
  const uint16_t next = TypeAt(index + 1);
  const uint16_t after = TypeAt(index + 2);
  switch (token.type) {
    case RuleLexer::PACKAGE: return IsName(next);
    case RuleLexer::IMPORT: return next == RuleLexer::STRING;
    case RuleLexer::SCHEMA:
    case RuleLexer::CONST: return IsName(next) && after == RuleLexer::ASSIGN;
    case RuleLexer::STREAM:
    case RuleLexer::PARAM:
    case RuleLexer::OUTPUT:
    case RuleLexer::TABLE: return IsName(next) && after == RuleLexer::COLON;
    case RuleLexer::RULE:
    case RuleLexer::DERIVE: return IsName(next) && (after == RuleLexer::LBRACE || after == RuleLexer::META);
    case RuleLexer::FN: return IsName(next) && after == RuleLexer::LPAREN;
    case RuleLexer::TEST: return next == RuleLexer::STRING;
    default: return false;
  }
}

bool PieceReader::EndsBefore(size_t index, size_t first, bool inside) const {
  if (index == first) return false;
  if (inside) return SurelyBeginsDeclaration(index);
  return list_.tokens[index - 1].type == RuleLexer::RBRACE || BeginsDeclaration(index);
}

std::optional<Piece> PieceReader::Next() {
  if (at_ >= list_.tokens.size()) return std::nullopt;
  const size_t first = at_;
  Piece piece;
  piece.previous_end = first > 0 ? list_.tokens[first - 1].end : 0;
  open_.clear();
  open_of_.clear();
  rest_ = IsRestOfDamaged(list_.tokens[first]);
  quiet_ = rest_ || IsLater(list_.tokens[first].type);
  if (rest_) piece.quiet_from = 0;
  askew_.reset();
  string_open_ = false;
  unknown_line_end_ = 0;
  for (; at_ < list_.tokens.size() && !EndsBefore(at_, first, !open_.empty()); ++at_) {
    Token token = list_.tokens[at_];
    token.depth = static_cast<uint16_t>(std::min<size_t>(open_.size(), 0xFFFF));
    if (CloserOf(token.type) != 0) {
      open_.push_back(token);
      ++open_of_[CloserOf(token.type)];
      // FindTooDeep tells of it; what is open or not does not matter then.
      if (open_.size() > kMaxNesting) quiet_ = true;
      piece.tokens.push_back(token);
    } else if (IsCloser(token.type)) {
      TakeCloser(token, &piece);
    } else {
      TakeText(token, &piece);
    }
  }
  CloseAll(&piece);
  const bool more = at_ < list_.tokens.size();
  Token end;
  end.type = kEndOfPiece;
  end.begin = more ? list_.tokens[at_].begin : list_.tokens.back().end;
  end.end = more ? list_.tokens[at_].end : end.begin;
  piece.tokens.push_back(end);
  std::sort(piece.told.begin(), piece.told.end());
  piece.goes_on = GoesOn(piece);
  return piece;
}

// What follows a declaration with a mistake and begins none itself is mostly a part of it. At the very begin of a line
// it may be one whose word is mistyped.
bool PieceReader::IsRestOfDamaged(const Token& first) {
  const bool damaged = diagnostics_.errors() > errors_before_;
  errors_before_ = diagnostics_.errors();
  if (IsDeclarationWord(first.type)) return false;
  const bool own_line = first.begin == 0 || text_[first.begin - 1] == '\n';
  return (damaged || rest_) && !(own_line && IsName(first.type));
}

bool PieceReader::GoesOn(const Piece& piece) const {
  if (at_ >= list_.tokens.size() || piece.tokens.size() < 2) return false;
  if (piece.tokens[piece.tokens.size() - 2].type != RuleLexer::RBRACE) return false;
  switch (list_.tokens[at_].type) {
    case RuleLexer::FROM:
    case RuleLexer::WHERE:
    case RuleLexer::LET:
    case RuleLexer::EXPAND:
    case RuleLexer::EMIT: return true;
    case RuleLexer::GIVEN:
    case RuleLexer::WATERMARK:
    case RuleLexer::EXPECT: return piece.tokens.front().type == RuleLexer::TEST;
    default: return false;
  }
}

// The blanks that the token's line begins with.
size_t PieceReader::IndentOf(const Token& token) const {
  const size_t before = text_.substr(0, token.begin).rfind('\n');
  const size_t line = before == std::string_view::npos ? 0 : before + 1;
  const size_t word = text_.find_first_not_of(" \t", line);
  return word - line;
}

void PieceReader::NoteIndent(const Token& opener, const Token& closer) {
  if (askew_ || closer.type != RuleLexer::RBRACE || !closer.first_on_line) return;
  if (IndentOf(opener) != IndentOf(closer)) askew_ = opener;
}

// Of all that is open at the end of a piece. The author's lines tell which `{` has no `}` where the count alone would
// name the outermost one.
const Token& PieceReader::Forgotten() const {
  return open_.back().type == RuleLexer::LBRACE && askew_ ? *askew_ : open_.back();
}

// Was a bracket told behind `opener` that closes nothing? It is the one that should have closed it.
bool PieceReader::ToldBehind(const Token& opener, const Piece& piece) const {
  return opener.type != RuleLexer::LBRACE &&
         std::any_of(piece.mismatched.begin(), piece.mismatched.end(), [&](uint32_t at) { return at > opener.begin; });
}

void PieceReader::Insert(uint16_t type, uint32_t at, Piece* piece) {
  Token token;
  token.type = type;
  token.depth = static_cast<uint16_t>(std::min<size_t>(open_.size(), 0xFFFF));
  token.made = true;
  token.begin = token.end = at;
  piece->tokens.push_back(token);
}

void PieceReader::Unclosed(const Token& token, std::string_view what, std::string_view help) {
  if (Quiet()) return;
  auto builder = diagnostics_.Build(SpanOf(token), UnterminatedText, {what});
  if (!help.empty()) std::move(builder).Help(std::string(help));
  std::move(builder).Emit();
}

void PieceReader::TakeCloser(const Token& token, Piece* piece) {
  // Counted, since a search through all that is open at every bracket that closes nothing would be quadratic.
  if (open_of_[token.type] == 0) {
    const bool consequence = token.begin >= piece->quiet_from;
    piece->told.push_back(token.begin);
    if (token.type != RuleLexer::RBRACE) piece->mismatched.push_back(token.begin);
    if (Quiet() || consequence) return;
    if (token.type == RuleLexer::RBRACE) {
      piece->lone_braces.push_back(token);
    } else {
      diagnostics_.Build(SpanOf(token), UnpairedBracket, {TextOf(text_, token)}).Emit();
    }
    return;
  }
  const auto opener =
      std::find_if(open_.rbegin(), open_.rend(), [&](const Token& o) { return CloserOf(o.type) == token.type; });
  // Of several brackets forgotten here, the innermost is told.
  if (opener != open_.rbegin()) {
    const Token& forgotten = open_.back();
    if (!Quiet() && piece->quiet_from == kNeverQuiet && !ToldBehind(forgotten, *piece)) {
      diagnostics_.Build(SpanOf(forgotten), UnterminatedText, {"`" + std::string(TextOf(text_, forgotten)) + "`"})
          .Label(SpanOf(token), "before this")
          .Emit();
    }
    piece->quiet_from = std::min(piece->quiet_from, forgotten.begin);
  }
  const auto left = static_cast<size_t>(open_.rend() - opener - 1);
  while (open_.size() > left + 1) {
    const uint16_t closer = CloserOf(open_.back().type);
    --open_of_[closer];
    open_.pop_back();
    Insert(closer, token.begin, piece);
  }
  --open_of_[token.type];
  NoteIndent(open_.back(), token);
  open_.pop_back();
  Token closer = token;
  closer.depth = static_cast<uint16_t>(std::min<size_t>(open_.size(), 0xFFFF));
  piece->tokens.push_back(closer);
}

void PieceReader::CloseAll(Piece* piece) {
  if (open_.empty()) return;
  const Token forgotten = Forgotten();
  const bool told = piece->quiet_from != kNeverQuiet || ToldBehind(forgotten, *piece);
  if (!told) Unclosed(forgotten, "`" + std::string(TextOf(text_, forgotten)) + "`", {});
  piece->quiet_from = std::min(piece->quiet_from, forgotten.begin);
  const uint32_t at = piece->tokens.back().end;
  while (!open_.empty()) {
    const uint16_t closer = CloserOf(open_.back().type);
    --open_of_[closer];
    open_.pop_back();
    Insert(closer, at, piece);
  }
}

// Tokens that are wrong by themselves are told here, so that the parser meets whole ones only.
void PieceReader::TakeText(Token token, Piece* piece) {
  switch (token.type) {
    case RuleLexer::OPEN_STRING:
      // Every second one is the end of a string over several lines.
      if (!string_open_) Unclosed(token, "a string", "a string ends on its line; `\\n` stands for a line end in it");
      string_open_ = !string_open_;
      piece->mismatched.push_back(token.begin);
      piece->quiet_from = std::min(piece->quiet_from, token.begin);
      token.type = RuleLexer::STRING;
      break;
    case RuleLexer::OPEN_QUOTED:
      Unclosed(token, "a name in backticks", {});
      piece->mismatched.push_back(token.begin);
      piece->quiet_from = std::min(piece->quiet_from, token.begin);
      break;
    case RuleLexer::OPEN_COMMENT:
      Unclosed({token.type, 0, false, false, token.begin, token.begin + 2}, "a comment", "it ends with `*/`");
      piece->quiet_from = std::min(piece->quiet_from, token.begin);
      return;
    case RuleLexer::UNKNOWN: TakeUnknown(token, piece); return;
    case RuleLexer::SINGLE_QUOTED: TakeSingleQuoted(token, piece); return;
    default: break;
  }
  piece->tokens.push_back(token);
}

// 'abc' and f'abc': told as what it is, and a string for all that follows.
void PieceReader::TakeSingleQuoted(Token token, Piece* piece) {
  std::string right = "\"";
  for (const char c : TextOf(text_, token).substr(1, token.end - token.begin - 2))
    right += c == '"' ? "\\\"" : std::string(1, c);
  right += '"';
  token.type = RuleLexer::STRING;
  const Token quotes = token;
  piece->told.push_back(token.begin);
  const Token prefix = piece->tokens.empty() ? Token{} : piece->tokens.back();
  if (IsName(prefix.type) && prefix.end == token.begin && prefix.end - prefix.begin == 1) {
    piece->tokens.pop_back();
    token.begin = prefix.begin;
    token.first_on_line = prefix.first_on_line;
    if (TextOf(text_, prefix) == "f") right.insert(0, "f");
  }
  piece->tokens.push_back(token);
  if (Quiet() || quotes.begin < unknown_line_end_) return;
  unknown_line_end_ = std::min(text_.find('\n', quotes.begin), text_.size());
  diagnostics_.Build(SpanOf(quotes), UnknownCharacter, {"`'`"})
      .Suggest("a string stands between double quotes", SpanOf(token), right)
      .Emit();
}

// One of a line is told: the others are mostly its fellows, as the second of two quotes.
void PieceReader::TakeUnknown(const Token& token, Piece* piece) {
  piece->told.push_back(token.begin);
  if (Quiet() || token.begin < unknown_line_end_) return;
  unknown_line_end_ = std::min(text_.find('\n', token.begin), text_.size());
  const std::string_view bytes = TextOf(text_, token);
  auto builder = diagnostics_.Build(SpanOf(token), UnknownCharacter, {NameCharacter(bytes)});
  if (const std::string_view help = HelpOnCharacter(bytes); !help.empty()) std::move(builder).Help(std::string(help));
  std::move(builder).Emit();
}

}  // namespace rulec
