// The lines of the result: what stands on them, and the comments behind it.
#pragma once

#include <string>
#include <vector>

namespace rulec::format {

inline constexpr size_t kMaxWidth = 120;
inline constexpr size_t kIndent = 2;

struct Line {
  size_t indent = 0;
  std::string text;
  std::string comment;  // behind the text, aligned with those of its neighbours
};

class Lines {
 public:
  void Add(Line line);
  void Add(size_t indent, std::string text) { Add({indent, std::move(text), {}}); }
  // An empty line before the next one, unless it is the first.
  void Blank() { blank_ = !lines_.empty(); }
  size_t size() const { return lines_.size(); }
  // What stands on the lines from `first` on, comments with it.
  std::string Text(size_t first) const;
  // Takes away the lines from `first` on.
  void Drop(size_t first) { lines_.resize(first); }
  // Ends with a line end, unless there is nothing.
  std::string Join() const;

 private:
  size_t CommentColumn(size_t first, size_t end) const;

  std::vector<Line> lines_;  // an empty line has no text
  bool blank_ = false;
};

}  // namespace rulec::format
