// Cuts the tokens of a file into pieces that are parsed one by one: a declaration, or a few on one line. A mistake then
// never spoils more than its piece, and the parse tree of one piece at a time is in memory.
#pragma once

#include <map>
#include <optional>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/parse/token.h"

namespace rulec {

// More errors of one file are not told.
inline constexpr size_t kMaxErrors = 100;

inline constexpr uint32_t kNeverQuiet = 0xFFFFFFFF;

struct Piece {
  std::vector<Token> tokens;          // brackets pair; ends with kEndOfPiece
  uint32_t previous_end = 0;          // where the token before the piece ends: documentation stands between
  std::vector<uint32_t> told;         // places of what was told already, ascending
  std::vector<uint32_t> mismatched;   // `)` and `]` that close nothing and strings that have no end: what stands before
                                      // them on the line is mostly wrong because of them
  std::vector<Token> lone_braces;     // `}` that close nothing, to be told if nothing else is wrong before them
  uint32_t quiet_from = kNeverQuiet;  // from here on every syntax error would be a consequence of what was told
  bool goes_on = false;               // a clause follows its `}`, as if that had come too early
};

class PieceReader {
 public:
  // `list` and `text` outlive the reader.
  PieceReader(const TokenList& list, std::string_view text, FileId file, Diagnostics& diagnostics)
      : list_(list), text_(text), file_(file), diagnostics_(diagnostics) {}

  std::optional<Piece> Next();

 private:
  bool EndsBefore(size_t index, size_t first, bool inside) const;
  bool BeginsDeclaration(size_t index) const;
  bool SurelyBeginsDeclaration(size_t index) const;
  uint16_t TypeAt(size_t index) const { return index < list_.tokens.size() ? list_.tokens[index].type : kEndOfPiece; }
  void TakeCloser(const Token& token, Piece* piece);
  void TakeText(Token token, Piece* piece);
  void TakeUnknown(const Token& token, Piece* piece);
  void TakeSingleQuoted(Token token, Piece* piece);
  bool IsRestOfDamaged(const Token& first);
  bool GoesOn(const Piece& piece) const;
  size_t IndentOf(const Token& token) const;
  void NoteIndent(const Token& opener, const Token& closer);
  const Token& Forgotten() const;
  bool ToldBehind(const Token& opener, const Piece& piece) const;
  void CloseAll(Piece* piece);
  void Insert(uint16_t type, uint32_t at, Piece* piece);
  void Unclosed(const Token& token, std::string_view what, std::string_view help);
  Span SpanOf(const Token& token) const { return {file_, token.begin, token.end}; }

  const TokenList& list_;
  const std::string_view text_;
  const FileId file_;
  Diagnostics& diagnostics_;
  size_t at_ = 0;
  std::vector<Token> open_;             // brackets of the piece in work
  std::map<uint16_t, size_t> open_of_;  // how many of them wait for each kind of closing bracket
  bool Quiet() const { return quiet_ || diagnostics_.errors() > kMaxErrors; }

  bool quiet_ = false;           // the piece is a declaration that this version does not handle, or the rest of another
  bool rest_ = false;            // the piece before was the rest of one with mistakes
  size_t errors_before_ = 0;     // of the pieces before the last one
  std::optional<Token> askew_;   // the first `{` whose `}` begins a line of another indentation
  bool string_open_ = false;     // a string of the piece had no end on its line, and none since then
  size_t unknown_line_end_ = 0;  // end of the line on which a character without meaning was told
};

}  // namespace rulec
