// What ANTLR's parser does at a token that does not fit: one message in plain words, then on at the next clause, field
// or option. A rule that cannot go on hands the error up to the one that can.
#pragma once

#include <set>

#include "antlr4-runtime.h"
#include "compiler/parse/habits.h"
#include "compiler/parse/pieces.h"

namespace rulec {

class SyntaxErrors final : public antlr4::DefaultErrorStrategy {
 public:
  // The arguments outlive the strategy.
  SyntaxErrors(const Piece& piece, std::string_view text, FileId file, Diagnostics& diagnostics)
      : piece_(piece), text_(text), file_(file), diagnostics_(diagnostics) {}

  void sync(antlr4::Parser* parser) override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;

  // Was there any, told or only a consequence of what was told?
  bool any() const { return any_; }
  // From here on what does not fit is a consequence of a construct that was told as not supported.
  void QuietFrom(size_t index) { quiet_from_ = std::min(quiet_from_, index); }

 private:
  void Tell(antlr4::Parser* parser);
  void TellUnexpected(const antlr4::misc::IntervalSet& expected, size_t index, bool missing);
  void TellHabit(const antlr4::misc::IntervalSet& expected, size_t index, bool missing,
                 Diagnostics::Builder& builder) const;
  void TellRuleEnd(size_t index, Diagnostics::Builder& builder) const;
  bool IsConsequence(size_t index) const;
  bool ClauseBetween(uint32_t from, size_t to) const;
  Place PlaceOf(const antlr4::misc::IntervalSet& expected, size_t index) const;
  std::string Expected(const antlr4::misc::IntervalSet& expected, size_t index, bool missing) const;
  bool AfterOperand(size_t index) const;
  size_t Before(size_t index) const;
  bool IsMissing(const antlr4::misc::IntervalSet& expected, size_t index) const;
  bool IsSignOfRowBefore(size_t index);
  bool IsRestOfBraces(size_t index);
  std::string Found(size_t index) const;
  bool WithVersion(size_t index) const;
  bool EndsWithExpression() const;
  std::string Nearest(const antlr4::misc::IntervalSet& expected, size_t index) const;
  size_t RealToken(size_t index) const;
  const Token& token(size_t index) const { return piece_.tokens[index]; }
  Span SpanOf(const Token& token) const { return {file_, token.begin, token.end}; }
  void SkipTo(antlr4::Parser* parser, size_t rule, size_t depth);

  const Piece& piece_;
  const std::string_view text_;
  const FileId file_;
  Diagnostics& diagnostics_;
  bool any_ = false;
  size_t count_ = 0;
  size_t quiet_from_ = SIZE_MAX;
  size_t last_told_ = SIZE_MAX;
  std::set<uint16_t> row_signs_;  // that were told in tables of the piece
};

}  // namespace rulec
