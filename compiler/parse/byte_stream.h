// A text as ANTLR's lexer reads it: one symbol a byte, nothing copied, so that positions are byte offsets.
#pragma once

#include <string_view>

#include "antlr4-runtime.h"

namespace rulec {

class ByteStream final : public antlr4::CharStream {
 public:
  // `text` outlives the stream.
  explicit ByteStream(std::string_view text) : text_(text), limit_(text.size()) {}

  // Only what stands before it is read.
  size_t limit() const { return limit_; }
  void set_limit(size_t limit) { limit_ = limit; }

  void consume() override {
    if (at_ < limit_) ++at_;
  }
  size_t LA(ssize_t i) override {
    if (i == 0) return 0;
    const auto at = static_cast<size_t>(static_cast<ssize_t>(at_) + (i > 0 ? i - 1 : i));
    return at < limit_ ? static_cast<unsigned char>(text_[at]) : EOF;
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = std::min(index, limit_); }
  size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval& interval) override {
    if (interval.a < 0 || static_cast<size_t>(interval.a) >= text_.size()) return {};
    return std::string(text_.substr(static_cast<size_t>(interval.a), static_cast<size_t>(interval.b - interval.a + 1)));
  }
  std::string toString() const override { return std::string(text_); }

 private:
  const std::string_view text_;
  size_t limit_;
  size_t at_ = 0;
};

}  // namespace rulec
