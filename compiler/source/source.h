// The texts that are compiled, and places in them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rulec {

using FileId = uint32_t;

// A stretch of bytes [begin, end) of one file. Two ints and an id: copied freely.
struct Span {
  FileId file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  static Span Cover(Span first, Span last) { return {first.file, first.begin, last.end}; }
};

// 1-based; columns count bytes.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

// One text. Its address and content never change while its SourceSet lives.
class SourceFile {
 public:
  SourceFile(std::string path, std::string text);
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  LineColumn Locate(uint32_t offset) const;
  // The text of a 1-based line, without its line end.
  std::string_view Line(uint32_t line) const;
  uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }

 private:
  std::string path_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

class SourceSet {
 public:
  FileId Add(std::string path, std::string text);
  const SourceFile& file(FileId id) const { return *files_[id]; }
  std::string_view Text(Span span) const;
  size_t size() const { return files_.size(); }

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
};

}  // namespace rulec
