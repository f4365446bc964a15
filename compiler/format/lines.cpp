#include "compiler/format/lines.h"

#include <algorithm>

#include "compiler/format/spacing.h"

namespace rulec::format {
namespace {

// Comments whose lines differ more than this in length are not aligned.
constexpr size_t kMaxGap = 50;

size_t EndOf(const Line& line) {
  const size_t last = line.text.rfind('\n');
  const std::string_view text = line.text;
  return last == std::string::npos ? line.indent + Width(text) : Width(text.substr(last + 1));
}

}  // namespace

void Lines::Add(Line line) {
  if (blank_) lines_.push_back({});
  blank_ = false;
  lines_.push_back(std::move(line));
}

std::string Lines::Text(size_t first) const {
  std::string text;
  for (size_t at = first; at < lines_.size(); ++at) text += lines_[at].text + lines_[at].comment;
  return text;
}

// Where the comments of neighbouring lines begin; 0 if each follows its text.
size_t Lines::CommentColumn(size_t first, size_t end) const {
  size_t least = SIZE_MAX, most = 0, longest = 0;
  for (size_t at = first; at < end; ++at) {
    least = std::min(least, EndOf(lines_[at]));
    most = std::max(most, EndOf(lines_[at]));
    longest = std::max(longest, Width(lines_[at].comment));
  }
  const bool fits = most - least <= kMaxGap && most + kIndent + longest <= kMaxWidth;
  return fits ? most + kIndent : 0;
}

std::string Lines::Join() const {
  std::string out;
  size_t column = 0;
  size_t run_end = 0;
  for (size_t at = 0; at < lines_.size(); ++at) {
    const Line& line = lines_[at];
    if (!line.comment.empty() && at >= run_end) {
      for (run_end = at; run_end < lines_.size() && !lines_[run_end].comment.empty();) ++run_end;
      column = CommentColumn(at, run_end);
    }
    if (!line.text.empty()) out.append(line.indent, ' ') += line.text;
    if (!line.comment.empty()) {
      const size_t end = EndOf(line);
      out.append(column > end ? column - end : kIndent, ' ') += line.comment;
    }
    out += '\n';
  }
  return out;
}

}  // namespace rulec::format
