#include "compiler/format/commented_tokens.h"

#include <algorithm>
#include <utility>

namespace rulec::format {
namespace {

// Reads what stands between two tokens, which is space and comments.
class GapReader {
 public:
  GapReader(std::string_view gap, CommentedToken* previous, CommentedToken* next)
      : gap_(gap), previous_(previous), next_(next), newlines_(previous ? 0 : 1) {}

  void Read() {
    while (at_ < gap_.size()) {
      const char c = gap_[at_];
      if (c == '/') {
        Take(ReadComment());
        continue;
      }
      if (c == '\n') NewLine();
      ++at_;
    }
    next_->blank_before = newlines_ >= 2;
    next_->newline_before = any_newline_;
  }

 private:
  void NewLine() {
    ++newlines_;
    any_newline_ = true;
  }

  std::string ReadComment() {
    const bool line = at_ + 1 < gap_.size() && gap_[at_ + 1] == '/';
    size_t end = line ? gap_.find('\n', at_) : gap_.find("*/", at_ + 2);
    if (end == std::string_view::npos) end = gap_.size();
    if (!line && end < gap_.size()) end += 2;
    std::string text;
    for (const char c : gap_.substr(at_, end - at_)) {
      if (c != '\r') text += c;
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    at_ = end;
    return text;
  }

  // Does nothing but space and comments follow on the line?
  bool EndsLine() const {
    size_t at = at_;
    while (at < gap_.size() && gap_[at] != '\n') {
      if (gap_.substr(at, 2) == "//") return true;
      if (gap_.substr(at, 2) == "/*") {
        const size_t end = gap_.find("*/", at + 2);
        if (end == std::string_view::npos) return true;
        at = end + 2;
        continue;
      }
      ++at;
    }
    return at < gap_.size();
  }

  void Take(std::string comment) {
    const bool block = comment.starts_with("/*");
    const bool several_lines = comment.find('\n') != std::string::npos;
    if (block && !several_lines && !EndsLine() && !next_->text.empty()) {
      next_->inline_before += comment + " ";
      return;
    }
    if (newlines_ == 0 && previous_ && !several_lines && next_->above.empty()) {
      previous_->trailing += (previous_->trailing.empty() ? "" : " ") + comment;
      return;
    }
    next_->above.push_back({std::move(comment), newlines_ >= 2});
    newlines_ = 0;
    any_newline_ = true;
  }

  const std::string_view gap_;
  CommentedToken* const previous_;
  CommentedToken* const next_;
  size_t at_ = 0;
  int newlines_;
  bool any_newline_ = false;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  CommentedText Read() {
    if (text_.starts_with("\xEF\xBB\xBF")) end_ = 3;
    const std::vector<SettledToken> settled = SettledTokens(text_);
    read_.tokens.reserve(settled.size());
    for (const SettledToken& token : settled) Take(token);
    CommentedToken last;
    ReadGap(static_cast<uint32_t>(text_.size()), &last);
    read_.at_end = std::move(last.above);
    return std::move(read_);
  }

 private:
  void Take(const SettledToken& token) {
    if (token.role == TokenRole::Clause) {
      clause_ = true;
    } else if (token.role == TokenRole::NextItem) {
      next_item_ = true;
    } else if (formats_ > 0) {
      if (token.role == TokenRole::FormatOpen) ++formats_;
      if (token.role == TokenRole::FormatClose && --formats_ == 0) CloseFormat(token);
    } else {
      Add(token);
      if (token.role == TokenRole::FormatOpen) formats_ = 1;
    }
  }

  void Add(const SettledToken& token) {
    CommentedToken added;
    added.role = token.role;
    added.text = text_.substr(token.begin, token.end - token.begin);
    added.begin = token.begin;
    added.depth = token.depth;
    added.ends_operand = token.ends_operand;
    added.begins_clause = std::exchange(clause_, false);
    added.next_item = std::exchange(next_item_, false);
    ReadGap(token.begin, &added);
    read_.tokens.push_back(std::move(added));
    end_ = token.end;
  }

  // A formatted string is one text, whatever it holds.
  void CloseFormat(const SettledToken& close) {
    CommentedToken& format = read_.tokens.back();
    format.role = TokenRole::Text;
    format.text = text_.substr(format.begin, close.end - format.begin);
    format.ends_operand = true;
    end_ = close.end;
  }

  void ReadGap(uint32_t until, CommentedToken* next) {
    CommentedToken* previous = read_.tokens.empty() ? nullptr : &read_.tokens.back();
    GapReader(text_.substr(end_, until - end_), previous, next).Read();
  }

  const std::string_view text_;
  CommentedText read_;
  uint32_t end_ = 0;  // of the token before
  bool clause_ = false;
  bool next_item_ = false;
  size_t formats_ = 0;  // formatted strings that are open
};

}  // namespace

CommentedText ReadCommentedText(std::string_view text) { return Reader(text).Read(); }

}  // namespace rulec::format
