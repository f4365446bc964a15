// The tokens of a piece as ANTLR's parser reads them.
#pragma once

#include "antlr4-runtime.h"
#include "compiler/parse/token.h"

namespace rulec {

// A token for ANTLR: its index is its place in the piece.
class PieceToken final : public antlr4::Token {
 public:
  PieceToken(const rulec::Token* token, size_t index) : token_(token), index_(index) {}
  std::string getText() const override { return {}; }
  size_t getType() const override { return token_->type == kEndOfPiece ? EOF : token_->type; }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() const override { return 0; }
  size_t getChannel() const override { return DEFAULT_CHANNEL; }
  size_t getTokenIndex() const override { return index_; }
  size_t getStartIndex() const override { return token_->begin; }
  size_t getStopIndex() const override { return token_->end; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

 private:
  const rulec::Token* token_;
  size_t index_;
};

class PieceStream final : public antlr4::TokenStream {
 public:
  // `tokens` outlive the stream; the last one is kEndOfPiece.
  explicit PieceStream(const std::vector<rulec::Token>& tokens) {
    tokens_.reserve(tokens.size());
    for (const rulec::Token& token : tokens) tokens_.emplace_back(&token, tokens_.size());
  }

  antlr4::Token* LT(ssize_t k) override {
    const ssize_t at = static_cast<ssize_t>(at_) + (k > 0 ? k - 1 : k);
    if (k == 0 || at < 0) return nullptr;
    return &tokens_[std::min(static_cast<size_t>(at), tokens_.size() - 1)];
  }
  size_t LA(ssize_t k) override {
    const antlr4::Token* token = LT(k);
    return token ? token->getType() : 0;
  }
  antlr4::Token* get(size_t index) const override { return const_cast<PieceToken*>(&tokens_[index]); }
  void consume() override {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = std::min(index, tokens_.size() - 1); }
  size_t size() override { return tokens_.size(); }
  std::string getSourceName() const override { return "piece"; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  std::vector<PieceToken> tokens_;
  size_t at_ = 0;
};

}  // namespace rulec
